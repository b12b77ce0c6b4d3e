"""A measured figure: a value with its interval, and what could not be counted, in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from evals.metric import Better, Unit


@dataclass(frozen=True, slots=True)
class Measure:
    """value: None when no row had a score; then `missing` says why. low, high: the 95 % interval.

    n: rows, or pairs of them, that `value` is of. missing: why how many further rows have no score. method: how the
    interval was found ("Wilson", "bootstrap", "bootstrap, few rows", …), empty where there is none.
    """

    task: str
    metric: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    unit: Unit
    better: Better
    method: str = ""
    missing: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How gates and comparisons call it: "zh_single_hop_cmrc/recall@5"."""
        return f"{self.task}/{self.metric}"
