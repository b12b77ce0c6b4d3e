"""How good a tuned model is: beside Rouge-L (evals.metrics.overlap), what is measured of models themselves."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from evals.records import NotComputed, Score

Verdict = Literal["a", "b", "tie"]
"""Which of two models wrote the better answer, whichever of them was shown first."""


@dataclass(frozen=True, slots=True)
class WinRate:
    """Shares of `n` pairs that model a won, tied and lost. consistency: where both positions gave one verdict."""

    win: float
    tie: float
    loss: float
    consistency: float
    n: int


def perplexity(token_log_probabilities: Sequence[float]) -> Score:
    """exp(-mean of the natural logarithms of the tokens' probabilities) (Jelinek et al., 1977); 1 or more.

    Lower is better. NotComputed without tokens, when a logarithm is above 0 or no finite number, and when the result is
    too large to be written as a number.
    """
    if not token_log_probabilities:
        return NotComputed("no tokens")
    if not all(math.isfinite(value) and value <= 0 for value in token_log_probabilities):
        return NotComputed("a token has no logarithm of a probability")
    try:
        return math.exp(-fmean(token_log_probabilities))
    except OverflowError:
        return NotComputed("too large")


def win_rate(verdicts: Sequence[tuple[Verdict, Verdict]]) -> WinRate | NotComputed:
    """Shares of pairs that model a won, tied and lost against b, each pair judged twice with positions swapped.

    verdicts: of one pair, that with a's answer first and that with b's first. Two that do not agree make a tie, since
    judges favour a position (Zheng et al., 2023). NotComputed without pairs.
    """
    if not verdicts:
        return NotComputed("no pairs were judged")
    n = len(verdicts)
    ended = Counter(first if first == second else "tie" for first, second in verdicts)
    agreed = sum(first == second for first, second in verdicts)
    return WinRate(ended["a"] / n, ended["tie"] / n, ended["b"] / n, agreed / n, n)


def rate(outcomes: Sequence[bool]) -> Score:
    """Share of rows that came out so: of a task's those done right, of harmful requests those refused; 0 to 1.

    NotComputed without rows.
    """
    return fmean(outcomes) if outcomes else NotComputed("no rows")


def forgetting(before: Mapping[str, float], after: Mapping[str, float]) -> Score:
    """Mean of (score before - score after) over what was right before, that is, scored above 0.

    After Chaudhry et al. (2018). before, after: scores from 0 to 1 of a general set's rows or tasks, by name. Range: -1
    (all got better, where scores were between) to 1 (all is lost). NotComputed when nothing was right before, or when
    something that was is missing in `after`.
    """
    known = [name for name, score in before.items() if score > 0]
    if not known:
        return NotComputed("nothing was right before")
    missing = sum(name not in after for name in known)
    if missing:
        return NotComputed(f"{missing} of {len(known)} not measured after")
    return fmean(before[name] - after[name] for name in known)
