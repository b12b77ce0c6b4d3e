"""Two runs that are kept in folders, compared over the rows that both have."""

from collections.abc import Sequence
from itertools import groupby

from agent.settings import read_settings
from evals.records import Record
from evals.reports.as_json import read_report
from evals.reports.compare import RunsCompared, compare_runs
from evals.run_folders import REPORT, evaluation_folder, find_run, read_records
from evals.tasks.own import own_task
from evals.tasks.registry import TASKS


def compare_folders(before: str, after: str) -> RunsCompared:
    """The runs of these names, as `find_run` reads them. Raises NotFoundError, and FileError for a damaged one."""
    folder = evaluation_folder(read_settings().home_folder)
    runs = find_run(folder, before), find_run(folder, after)
    records = [by_task(read_records(run)) for run in runs]
    headers = read_report(runs[0] / REPORT).header, read_report(runs[1] / REPORT).header
    return compare_runs([*TASKS, own_task(())], *records, headers=headers)


def by_task(records: Sequence[Record]) -> dict[str, list[Record]]:
    """The records of each task, which stand together."""
    return {name: list(group) for name, group in groupby(records, key=lambda record: record["task"])}
