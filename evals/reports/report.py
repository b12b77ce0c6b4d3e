"""What one run has shown, as reports show it: plain values, so that it can be written, read back and compared."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from evals.measure import Measure
from evals.records import Record, RowFault

HEADLINES = ("contains", "refusal_recall", "false_refusals", "pairs_right", "recall@5")
"""Metrics that say more of a question than what its search has found, the most telling first."""


@dataclass(frozen=True, slots=True)
class Header:
    """What was run, with what, and what it took.

    when: ISO 8601, of the start. label: what the user calls the run. versions: of code, prompts, models, index,
    Python, machine: whatever could change a figure. tokens: {"input", "output"}. money: None where a model was called
    whose price is not known; in the currency of the prices that are set.
    """

    when: str
    label: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    seeds: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    tokens: Mapping[str, int] = field(default_factory=dict)
    money: float | None = 0.0


@dataclass(frozen=True, slots=True)
class TaskReport:
    """One task, of which one measure stands for all (see `main_measure`).

    n: rows that were run. failed: those of them that raised. faults: rows that could not be read. formulas: what each
    metric is, by its name. latencies: milliseconds of each row that did not fail. routes: (right, chosen) of each row
    that was routed. confidences: (confidence, was it right) of each answer.
    """

    name: str
    about: str
    n: int
    failed: int
    measures: tuple[Measure, ...]
    seconds: float = 0.0
    faults: tuple[RowFault, ...] = ()
    formulas: Mapping[str, str] = field(default_factory=dict)
    latencies: tuple[float, ...] = ()
    routes: tuple[tuple[str, str], ...] = ()
    confidences: tuple[tuple[float, bool], ...] = ()

    @property
    def unusable(self) -> int:
        """Rows that could not be read: a fault of the whole file is none."""
        return sum(fault.line > 0 for fault in self.faults)


@dataclass(frozen=True, slots=True)
class WorstRow:
    """A row with a low score of `metric`, whole, so that the way taken can be seen."""

    metric: str
    score: float
    record: Record


@dataclass(frozen=True, slots=True)
class Report:
    """One run. worst: the worst first."""

    header: Header
    tasks: tuple[TaskReport, ...]
    worst: tuple[WorstRow, ...] = ()

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Of all tasks, in their order: what gates and pages read."""
        return tuple(measure for task in self.tasks for measure in task.measures)


def main_measure(task: TaskReport) -> Measure | None:
    """The measure that stands for the task where there is room for one: its headline, else its first quality.

    None where no quality has a value.
    """
    listed = [measure for measure in task.measures if is_quality(measure) and measure.value is not None]
    return min(listed, key=lambda measure: headline_rank(measure.metric), default=None)


def headline_rank(metric: str) -> int:
    """Lower for metrics that stand for others; the same for all that are no headline, whose order decides."""
    return HEADLINES.index(metric) if metric in HEADLINES else len(HEADLINES)


def is_quality(measure: Measure) -> bool:
    """Whether it ranges from 0 to 1, and more of it is better."""
    return measure.unit in ("share", "score") and measure.better == "higher"


def first_of(task: TaskReport, unit: str) -> Measure | None:
    """The task's first measure in a unit that has a value."""
    return next((measure for measure in task.measures if measure.unit == unit and measure.value is not None), None)
