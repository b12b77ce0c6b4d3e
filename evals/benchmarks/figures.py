"""A measured figure beside its goal, and how it is printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True, slots=True)
class Figure:
    """`goal` is the most that `value` may be, or None where nothing was promised. `note`: how it was measured."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    note: str = ""

    @property
    def reached(self) -> bool:
        """Whether the goal, if there is one, is kept."""
        return self.goal is None or self.value <= self.goal


def table(title: str, figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = [f"### {title}", "", "| figure | measured | goal | |", "|---|---|---|---|"]
    for figure in figures:
        goal = "" if figure.goal is None else f"≤ {figure.goal:g} {figure.unit}"
        mark = "" if figure.goal is None else ("reached" if figure.reached else "**missed**")
        note = " — ".join(part for part in (mark, figure.note) if part)
        lines.append(f"| {figure.name} | {figure.value:.4g} {figure.unit} | {goal} | {note} |")
    return "\n".join([*lines, ""])


def median(values: Sequence[float]) -> float:
    """The 50th percentile."""
    return percentile(values, 50)


def percentile(values: Sequence[float], percent: int) -> float:
    """A percentile from 1 to 99, interpolated; of one value, that value."""
    if len(values) < 2:
        return values[0]
    return quantiles(values, n=100, method="inclusive")[percent - 1]
