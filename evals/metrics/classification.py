"""Right and wrong labels: pairs of (gold, predicted).

F1 = 2TP / (2TP + FP + FN), with what is predicted and is (TP), is predicted and is not (FP), is and is not predicted
(FN); formulas as in scikit-learn. All range from 0 to 1. What would be 0/0 is NotComputed.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from evals.records import NotComputed, Score

Pairs = Sequence[tuple[str, str]]
"""(gold, predicted) of each row."""

_NOTHING = NotComputed("no rows")


@dataclass(frozen=True, slots=True)
class Confusion:
    """labels: all that occur, sorted. counts: a row for each gold label, in it a column for each predicted one."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


def macro_f1(pairs: Pairs, labels: Sequence[str]) -> Score:
    """Mean F1 of those of `labels` that occur as gold or as predicted. NotComputed when none does.

    What is predicted and none of them is an error of the right label alone.
    """
    scores = [score for label in labels if not isinstance(score := f1(pairs, label), NotComputed)]
    return fmean(scores) if scores else _NOTHING


def balanced_accuracy(pairs: Pairs) -> Score:
    """Mean recall of all gold labels (Brodersen et al., 2010). NotComputed without rows."""
    if not pairs:
        return _NOTHING
    right, is_, _ = _counts(pairs)
    return fmean(right[label] / is_[label] for label in is_)


def precision(pairs: Pairs, positive: str) -> Score:
    """TP / (TP + FP) of one label. NotComputed when it was never predicted."""
    right, _, said = _counts(pairs)
    return right[positive] / said[positive] if said[positive] else NotComputed(f"never predicted: {positive}")


def f1(pairs: Pairs, positive: str) -> Score:
    """F1 of one label. NotComputed when no row has it and it was never predicted."""
    right, is_, said = _counts(pairs)
    either = is_[positive] + said[positive]
    return 2 * right[positive] / either if either else NotComputed(f"no rows of {positive}")


def confusion(pairs: Pairs) -> Confusion:
    """How often each gold label was predicted to be each label; without rows, no labels."""
    labels = tuple(sorted({label for pair in pairs for label in pair}))
    counted = Counter(pairs)
    return Confusion(labels, tuple(tuple(counted[gold, said] for said in labels) for gold in labels))


def _counts(pairs: Pairs) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """How often each label is right, is gold, and is predicted."""
    return (
        Counter(gold for gold, predicted in pairs if gold == predicted),
        Counter(gold for gold, _ in pairs),
        Counter(predicted for _, predicted in pairs),
    )
