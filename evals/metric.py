"""A metric: how a score is worked out of records. Measuring it gives a figure with its interval (evals/measure.py)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from evals.records import Record, Score

Better = Literal["higher", "lower", "neither"]
Unit = Literal["share", "score", "ms", "calls", "tokens", "money", "characters", "count"]
"""share: 0 to 1 and a proportion of rows or things; score: 0 to 1 or as the metric says, and no proportion."""


Draws = Callable[[Sequence[Record]], Sequence[Sequence[Record]]]
"""Of records those that count, and in one draw those that only say something together."""


def cluster_of(record: Record) -> str | None:
    """What a row shares with others that say much the same, such as a question asked of ten passages: its gold's
    "cluster". Intervals are found by drawing all rows of a cluster together."""
    cluster: str | None = record["gold"].get("cluster")
    return cluster


@dataclass(frozen=True, slots=True)
class RowMetric:
    """The mean of a score over the rows that have one.

    score: of one record; None where the metric does not apply to the row (recall of a question without an answer),
    NotComputed where it should and could not be had. about: the formula and its source, for reports.
    """

    name: str
    score: Callable[[Record], Score | None]
    about: str
    unit: Unit = "share"
    better: Better = "higher"


def each_alone(records: Sequence[Record]) -> Sequence[Sequence[Record]]:
    """Every record is a draw of its own."""
    return [[record] for record in records]


def each_that(counts: Callable[[Record], bool]) -> Draws:
    """Every record that counts is a draw of its own."""
    return lambda records: [[record] for record in records if counts(record)]


@dataclass(frozen=True, slots=True)
class SetMetric:
    """A score of many records at once, such as a macro-F1. score: given the records that did not fail.

    draws: of these records, those that the score is of: the answered ones of an error of their confidence; those that
    only say something together, such as a question and its twin, as one. An interval is found by drawing them, and n
    counts them; the score of all draws' records is that of all records. is_proportion: the score is the share of draws
    that score 1 alone, all others 0.
    """

    name: str
    score: Callable[[Sequence[Record]], Score]
    about: str
    unit: Unit = "share"
    better: Better = "higher"
    draws: Draws = each_alone
    is_proportion: bool = False


Metric = RowMetric | SetMetric
