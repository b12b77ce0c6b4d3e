"""Evidence bands: how sure the agent may be of what it found. All constants stand here until they are calibrated.

The bands are read from how much of the question the evidence covers (`tools.text.coverage`), never from search
scores, which mean nothing across sources.
"""

from collections.abc import Sequence

from graph.state import Band, Part
from tools.text.coverage import Coverage

STRONG_COVERAGE = 0.6
WEAK_COVERAGE = 0.33
"""Below this share of the question's terms the evidence is about something else."""
LEAST_NAMES = 0.5
"""At least this share of its names, codes and numbers must stand in the evidence…"""
LEAST_WORDS = 0.2
"""…and this share of its other terms close together: a passage on the right thing may not say what is asked."""
ENOUGH_WINDOW = 0.35
"""An unclear part is enough when two neighbouring sentences cover this share of it…"""
ENOUGH_NAMES = 0.6
"""…and this share of its names, codes and numbers stands in the sentences that would answer it."""

CONFIDENCE: dict[Band, float] = {"strong": 0.85, "unclear": 0.6, "weak": 0.15}
"""Chance that an answer on this band's evidence is right; a refusal has the weak band's."""

_ORDER: tuple[Band, ...] = ("weak", "unclear", "strong")


def band_of(covered: Coverage, names: float, answers: bool) -> Band:
    """The band of one part of a question: by what its evidence covers, and by the sentences that would answer it.

    names, answers: as in `Part`.
    """
    if covered.score < WEAK_COVERAGE or covered.names < LEAST_NAMES or covered.words < LEAST_WORDS:
        return "weak"
    is_strong = covered.score >= STRONG_COVERAGE and covered.names >= 1 and names >= ENOUGH_NAMES and answers
    return "strong" if is_strong else "unclear"


def band_of_parts(parts: Sequence[Part]) -> Band:
    """The weakest part's band: a question is covered when all of it is. No evidence is weak."""
    return min((part["band"] for part in parts), key=_ORDER.index, default="weak")


def is_enough(part: Part) -> bool:
    """The grade of one part without a model: strong, or unclear with the right kind of answer close together."""
    if part["band"] == "strong":
        return True
    if part["for_model"]:
        return False
    return (
        part["band"] == "unclear"
        and part["answers"]
        and part["window"] >= ENOUGH_WINDOW
        and part["names"] >= ENOUGH_NAMES
    )


def graded(parts: Sequence[Part]) -> list[Part]:
    """The parts with `enough` set by rule, where nothing has said it yet."""
    return [part if part["judged_by"] else {**part, "enough": is_enough(part), "judged_by": "rule"} for part in parts]
