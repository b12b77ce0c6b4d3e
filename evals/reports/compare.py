"""Two runs beside each other: every measure that both have, and what was different about the runs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evals.records import Record
from evals.reports.report import Header
from evals.statistics import Comparison, compared
from evals.task import Task

Run = Mapping[str, Sequence[Record]]
"""The records of each task, by its name."""


@dataclass(frozen=True, slots=True)
class RunsCompared:
    """only_before, only_after: tasks of one run alone. versions: what differs between the runs, (before, after)."""

    comparisons: tuple[Comparison, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    versions: Mapping[str, tuple[str, str]]


def compare_runs(
    tasks: Sequence[Task],
    before: Run,
    after: Run,
    *,
    headers: tuple[Header, Header] | None = None,
) -> RunsCompared:
    """All measures of the tasks that both runs have, in the tasks' order."""
    return RunsCompared(
        tuple(
            compared(metric, task.name, before[task.name], after[task.name])
            for task in tasks
            if task.name in before and task.name in after
            for metric in task.metrics
        ),
        tuple(name for name in before if name not in after),
        tuple(name for name in after if name not in before),
        _different(*headers) if headers else {},
    )


def comparison_as_json(runs: RunsCompared) -> dict[str, Any]:
    """JSON-able; null for what could not be had."""
    return {
        "comparisons": [{**asdict(each), "missing": dict(each.missing)} for each in runs.comparisons],
        "only_before": list(runs.only_before),
        "only_after": list(runs.only_after),
        "versions": {name: {"before": before, "after": after} for name, (before, after) in runs.versions.items()},
    }


def _different(before: Header, after: Header) -> dict[str, tuple[str, str]]:
    earlier = {**before.versions, **{f"seed {name}": str(seed) for name, seed in before.seeds.items()}}
    later = {**after.versions, **{f"seed {name}": str(seed) for name, seed in after.seeds.items()}}
    names = dict.fromkeys([*earlier, *later])
    pairs = {name: (earlier.get(name, ""), later.get(name, "")) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
