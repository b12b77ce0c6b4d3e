"""From some of the files to all of them: totals with a range."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_FEW = 5
_UNKNOWN_FACTOR = 3.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure that lies between `low` and `high`, most likely. All three are the same where it is known."""

    expected: float
    low: float
    high: float

    def __add__(self, other: "Estimate") -> "Estimate":
        return Estimate(self.expected + other.expected, self.low + other.low, self.high + other.high)

    def times(self, factor: float, error: float = 0.0) -> "Estimate":
        """This many times as much; `error`: by how much of itself the factor may be wrong."""
        return self.by(Estimate(factor, factor * (1 - error), factor * (1 + error)))

    def by(self, factor: "Estimate") -> "Estimate":
        """The product of two."""
        return Estimate(self.expected * factor.expected, self.low * factor.low, self.high * factor.high)


def known(value: float) -> Estimate:
    """A figure that is certain."""
    return Estimate(value, value, value)


def total(
    seen: Sequence[tuple[float, float]], similar: Sequence[tuple[float, float]], all_bytes: float, count: int
) -> Estimate:
    """The total of a figure over `count` files of `all_bytes` together.

    `seen`: bytes and figure of those looked into; `similar`: of files that they may be like, where there are none. The
    ratio of figure to bytes is taken for all, and the range is three standard errors of that (Cochran, Sampling
    Techniques, 1977, 6.3), as sizes of files are skewed; of few files it is a third to three times what the others
    may hold.
    """
    figure = sum(value for _, value in seen)
    if len(seen) >= count:
        return known(figure)
    ratio = _ratio(seen or similar)
    unseen = ratio * max(0.0, all_bytes - sum(size for size, _ in seen))
    if len(seen) < _FEW:
        return Estimate(figure + unseen, figure + unseen / _UNKNOWN_FACTOR, figure + unseen * _UNKNOWN_FACTOR)
    squares = sum((value - ratio * size) ** 2 for size, value in seen) / (len(seen) - 1)
    error = 3 * count * math.sqrt((1 - len(seen) / count) / len(seen) * squares)
    return Estimate(figure + unseen, max(figure, figure + unseen - error), figure + unseen + error)


def _ratio(pairs: Sequence[tuple[float, float]]) -> float:
    return sum(value for _, value in pairs) / max(1.0, sum(size for size, _ in pairs))
