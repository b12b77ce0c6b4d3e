"""A run from its rows to its report: measured, kept in a folder of its own, and shown."""

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from agent.settings import Settings
from evals.judge import judge_of
from evals.pack import Pack
from evals.product import Product
from evals.record_cache import RecordCache
from evals.reports.as_json import as_json
from evals.reports.gathered import task_report, worst_rows
from evals.reports.html import as_html
from evals.reports.report import Header, Report, TaskReport
from evals.run_folders import PAGE, REPORT, new_run_folder, write, write_records
from evals.running import Judging, Pace, Progress, Runner, TaskRecords, TaskRows
from evals.spending import Spending, check_budget
from evals.statistics import SEED
from evals.task import Task
from evals.tasks.routing import ROUTING, route_pairs
from evals.versions import key_of, machine_versions, observing_version, product_versions
from tools.errors import InputError

CACHE = "records.db"
_TOGETHER = 10
"""Rows that a subject is given before it is the next one's turn."""


@dataclass(frozen=True, slots=True)
class Choices:
    """How a run is made. concurrency: rows at a time. budget: the most that models may cost, None for no bound."""

    report: Callable[[Progress], None]
    concurrency: int = 1
    budget: float | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that has ended: its report, and the folder where it is kept. stopped: by the user, before its end."""

    report: Report
    folder: Path
    stopped: bool = False


def read_tasks(pack: Pack, tasks: Iterable[Task], *, has_model: bool) -> list[TaskRows]:
    """The rows of the tasks whose files the pack has and that mean something without a model, if there is none.

    Raises FileError, and InputError when nothing is left.
    """
    found = [task for task in tasks if pack.has(task.file)]
    runnable = [task for task in found if has_model or not task.needs_model]
    if not runnable:
        raise InputError(
            "None of these tasks can be run." if found else f"{pack.folder} holds no file of these tasks.",
            why="They need a language model." if found else "",
            next_step="Set SIGNPOST_CHAT_MODEL." if found else "All tasks: signpost eval tasks",
        )
    return [TaskRows(task, *task.read(pack)) for task in runnable]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured. label: of its run. versions: of what the product holds, and of how it was changed."""

    product: Product
    label: str
    versions: Mapping[str, str]


async def evaluate(
    subjects: Sequence[Subject], rows: Sequence[TaskRows], folder: Path, settings: Settings, choices: Choices
) -> list[Ended]:
    """Runs the rows, measures the records and writes report, page and records of each subject into a new folder.

    Several subjects are run side by side, a few rows each in turn: what else the machine does slows all of them.
    Stopped by being cancelled, it ends with what there is. Raises InputError for a budget that could not be kept,
    FileError and StoreError.
    """
    began, started = datetime.now().astimezone(), time.perf_counter()
    models = settings.chat_models
    names = {name for each in subjects for name in each.product.resources.models.names}
    check_budget(choices.budget, names, models.prices)
    pace = Pace(choices.report, Spending(choices.budget), choices.concurrency)
    cache = RecordCache(folder / CACHE)
    try:
        runners = [_runner(each, cache, settings, pace) for each in subjects]
        stopped = await _run(runners, rows)
    finally:
        cache.close()
    seconds = time.perf_counter() - started
    return [
        _keep(
            _header(subject, settings, began, seconds, pace.spending),
            runner.records(rows),
            new_run_folder(folder, subject.label, began),
            stopped=stopped,
        )
        for subject, runner in zip(subjects, runners, strict=True)
    ]


def _runner(subject: Subject, cache: RecordCache, settings: Settings, pace: Pace) -> Runner:
    version = key_of({**subject.versions, **product_versions(settings), "observing": observing_version()})
    return Runner(subject.product, cache, version, pace, judging=_judging(subject.product, settings))


async def _run(runners: Sequence[Runner], rows: Sequence[TaskRows]) -> bool:
    """Whether the user has stopped it before its end."""
    for runner in runners:
        runner.expect(rows)
    try:
        for each in rows:
            together = _TOGETHER if len(runners) > 1 else max(1, len(each.rows))
            for start in range(0, len(each.rows), together):
                for runner in runners:
                    await runner.run(each.task, each.rows[start : start + together])
    except asyncio.CancelledError:
        return True
    return False


def _header(subject: Subject, settings: Settings, began: datetime, seconds: float, spending: Spending) -> Header:
    judging = _judging(subject.product, settings)
    judge = {"judge": judging.name if judging else "none"}
    return Header(
        when=began.astimezone(UTC).isoformat(timespec="seconds"),
        label=subject.label,
        versions={**subject.versions, **product_versions(settings), **judge, **machine_versions()},
        seeds={"bootstrap": SEED},
        seconds=round(seconds, 1),
        tokens=dict(spending.tokens),
        money=spending.money,
    )


def _keep(header: Header, done: Sequence[TaskRecords], run: Path, *, stopped: bool) -> Ended:
    report = Report(
        header,
        tuple(_task_report(each) for each in done),
        tuple(worst_rows([(each.task, each.records) for each in done])),
    )
    write_records(run, chain.from_iterable(each.records for each in done))
    write(run / REPORT, json.dumps(as_json(report), ensure_ascii=False, indent=1))
    write(run / PAGE, as_html(report))
    return Ended(report, run, stopped)


def _judging(product: Product, settings: Settings) -> Judging | None:
    chat = product.resources.models.get("judge")
    return None if chat is None else Judging(judge_of(chat), chat.name, settings.prices.get(chat.name))


def _task_report(done: TaskRecords) -> TaskReport:
    ran = [record for record in done.records if not record["failure"]]
    routes = route_pairs(ran) if done.task is ROUTING else ()
    return task_report(done.task, done.records, faults=done.faults, seconds=round(done.seconds, 1), routes=routes)
