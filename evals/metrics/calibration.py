"""Does the confidence of an answer say how often such answers are right?

Pairs of (confidence, was it right); lower is better. NotComputed without pairs, and when a confidence is no number
from 0 to 1.
"""

from bisect import bisect_left
from collections.abc import Sequence

from evals.records import NotComputed, Score

Pairs = Sequence[tuple[float, bool]]
"""(confidence from 0 to 1, was the answer right) of each answer."""


def expected_calibration_error(pairs: Pairs, bins: int = 10) -> Score:
    """Σ over bins of |bin| / n · |share right in it - mean confidence in it| (Guo et al., 2017). Range: 0 to 1.

    bins: of equal width, each with its upper border: (0, 0.1], (0.1, 0.2] …; a confidence of 0 falls into the first.
    """
    if fault := _fault(pairs):
        return fault
    borders = [number / bins for number in range(1, bins)]
    gaps = [0.0] * bins
    for confidence, was_right in pairs:
        gaps[bisect_left(borders, confidence)] += was_right - confidence
    return sum(map(abs, gaps)) / len(pairs)


def brier(pairs: Pairs) -> Score:
    """Mean of (confidence - 1 if right else 0)² (Brier, 1950). Range: 0 to 1."""
    if fault := _fault(pairs):
        return fault
    return sum((confidence - was_right) ** 2 for confidence, was_right in pairs) / len(pairs)


def _fault(pairs: Pairs) -> NotComputed | None:
    if not pairs:
        return NotComputed("no answers")
    if not all(0 <= confidence <= 1 for confidence, _ in pairs):
        return NotComputed("a confidence is no number from 0 to 1")
    return None
