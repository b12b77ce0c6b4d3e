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
from evals.run_folders import CACHE, PAGE, REPORT, new_run_folder, write, write_records
from evals.running import Judging, Pace, Progress, Runner, TaskRecords, TaskRows
from evals.spending import Spending, check_budget
from evals.statistics import SEED
from evals.task import Task
from evals.tasks.routing import route_pairs
from evals.versions import key_of, machine_versions, observing_version, product_versions
from tools.errors import InputError

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


def read_tasks(pack: Pack, tasks: Iterable[Task], *, has_model: bool) -> tuple[list[TaskRows], list[str]]:
    """The rows of the tasks that can be run, and in words why others are not.

    Raises FileError, and InputError when no row is left.
    """
    found = [task for task in tasks if pack.has(task.file)]
    runnable = [task for task in found if has_model or not task.needs_model]
    not_run = [f"{task.name} is not run: it needs a language model" for task in found if task not in runnable]
    rows = [TaskRows(task, *task.read(pack)) for task in runnable]
    if not any(each.rows for each in rows):
        reasons = [*not_run, *(fault.why for each in rows for fault in each.faults)]
        raise InputError(
            f"Nothing of {pack.folder} can be run.",
            why="; ".join(dict.fromkeys(reasons[:3])) or "It holds no file of these tasks.",
            next_step="Set SIGNPOST_CHAT_MODEL." if not_run else "All tasks: signpost eval tasks",
        )
    return rows, not_run


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
    ended = []
    pace.tell("working out figures")
    for subject, runner in zip(subjects, runners, strict=True):
        done = runner.records(rows)
        tasks = tuple(_task_report(each) for each in done)
        header = _header(subject, settings, choices, began, time.perf_counter() - started, pace.spending)
        report = Report(header, tasks, tuple(worst_rows([(each.task, each.records) for each in done])))
        run = new_run_folder(folder, subject.label, began)
        _keep(report, done, run)
        ended.append(Ended(report, run, stopped))
    return ended


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
            for turn, start in enumerate(range(0, len(each.rows), together)):
                # Whoever comes first pays for what is then kept in memory: texts cut into words, and the like.
                first = turn % len(runners)
                for runner in (*runners[first:], *runners[:first]):
                    await runner.run(each.task, each.rows[start : start + together])
    except asyncio.CancelledError:
        return True
    return False


def _header(
    subject: Subject, settings: Settings, choices: Choices, began: datetime, seconds: float, spending: Spending
) -> Header:
    judging = _judging(subject.product, settings)
    how = {"judge": judging.name if judging else "none", "concurrency": str(choices.concurrency)}
    return Header(
        when=began.astimezone(UTC).isoformat(timespec="seconds"),
        label=subject.label,
        versions={**subject.versions, **product_versions(settings), **how, **machine_versions()},
        seeds={"bootstrap": SEED},
        seconds=round(seconds, 1),
        tokens=dict(spending.tokens),
        money=spending.money,
    )


def _keep(report: Report, done: Sequence[TaskRecords], run: Path) -> None:
    write_records(run, chain.from_iterable(each.records for each in done))
    write(run / REPORT, json.dumps(as_json(report), ensure_ascii=False, indent=1))
    write(run / PAGE, as_html(report))


def _judging(product: Product, settings: Settings) -> Judging | None:
    chat = product.resources.models.get("judge")
    return None if chat is None else Judging(judge_of(chat), chat.name, settings.prices.get(chat.name))


def _task_report(done: TaskRecords) -> TaskReport:
    routed = [record for record in done.records if "routes" in record["observed"] and record["gold"].get("route")]
    seconds = round(done.seconds, 1)
    return task_report(done.task, done.records, faults=done.faults, seconds=seconds, routes=route_pairs(routed))
