"""Two runs that are kept in folders, compared over the rows that both have."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from agent.settings import read_settings
from evals.records import Record
from evals.reports.as_json import read_report
from evals.reports.compare import RunsCompared, compare_runs
from evals.run_folders import REPORT, evaluation_folder, find_run, read_records
from evals.task import Task
from evals.tasks.own import own_task
from evals.tasks.registry import TASKS


def compare_folders(before: str, after: str) -> RunsCompared:
    """The runs of these names, as `find_run` reads them. Raises NotFoundError, and FileError for a damaged one."""
    folder = evaluation_folder(read_settings().home_folder)
    runs = find_run(folder, before), find_run(folder, after)
    before_records, after_records = told_apart(*(read_records(run) for run in runs))
    headers = read_report(runs[0] / REPORT).header, read_report(runs[1] / REPORT).header
    tasks = [_without_verdicts_on_time(task) for task in (*TASKS, own_task(()))]
    return compare_runs(tasks, by_task(before_records), by_task(after_records), headers=headers)


def _without_verdicts_on_time(task: Task) -> Task:
    """Milliseconds of two runs differ by what else the machine did: neither more nor less of them is better."""
    metrics = tuple(replace(metric, better="neither") if metric.unit == "ms" else metric for metric in task.metrics)
    return replace(task, metrics=metrics)


def told_apart(before: Sequence[Record], after: Sequence[Record]) -> tuple[list[Record], list[Record]]:
    """The records of two runs, with ids of their own where the same id was given to different questions."""
    asked = {(record["task"], record["id"]): record["given"] for record in before}
    changed = {
        (record["task"], record["id"])
        for record in after
        if asked.get((record["task"], record["id"]), record["given"]) != record["given"]
    }

    def renamed(records: Sequence[Record], suffix: str) -> list[Record]:
        return [
            {**record, "id": f"{record['id']} {suffix}"} if (record["task"], record["id"]) in changed else record
            for record in records
        ]

    return renamed(before, "(before)"), renamed(after, "(after)")


def by_task(records: Sequence[Record]) -> dict[str, list[Record]]:
    """The records of each task, which stand together."""
    return {name: list(group) for name, group in groupby(records, key=lambda record: record["task"])}
