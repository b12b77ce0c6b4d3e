"""How sure a figure is: 95 % intervals of one run, and of the difference between two.

Wilson (1927) for proportions; the percentile bootstrap (Efron, 1979) for everything else, over rows. Two runs are
compared over the rows that both have, so that easy and hard rows cancel out.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evals.measure import Measure
from evals.metric import Better, Metric, RowMetric, SetMetric, Unit
from evals.records import NotComputed, Record, Score

CONFIDENCE = 0.95
SEED = 20
RESAMPLES = 2000
SET_RESAMPLES = 500
"""A SetMetric is worked out anew for each of these."""

FEWEST_CHANGED = 6
"""Rows that must differ before two runs are said to: of fewer, not even all going one way would be a 5 % chance
(sign test, two-sided: 2 × 0.5⁶ = 0.03)."""

_FEWEST_SCORED = 0.9
"""Share of the resamples that must have a score: without the others, an interval would be that of luckier rows."""
_BLOCK = 2_000_000
"""Row numbers drawn at a time, to bound the memory."""

Verdict = Literal["better", "worse", "differs", "no difference shown", "not compared"]
"""differs: of a metric of which neither direction is better. not compared: no row has a score in both runs."""


class Interval(NamedTuple):
    """Both ends belong to it."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """One metric of two runs, over the `n` rows that have a score in both: `before` and `after` may therefore differ
    from the runs' own figures.

    difference: after - before, with its 95 % interval. only_before, only_after: rows of one run alone. missing: why
    how many rows of both runs have no score in one.
    """

    task: str
    metric: str
    before: float | None
    after: float | None
    difference: float | None
    low: float | None
    high: float | None
    n: int
    only_before: int
    only_after: int
    unit: Unit
    better: Better
    verdict: Verdict
    missing: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How reports call it: "zh_single_hop_cmrc/recall@5"."""
        return f"{self.task}/{self.metric}"


def wilson(successes: float, n: int) -> Interval:
    """Wilson's score interval of a proportion, without continuity correction (Wilson, 1927).

    successes: of `n` trials; a sum of scores from 0 to 1 may stand for it, which makes the interval too wide if
    anything, since no such scores vary more than zeros and ones do. Raises ValueError for n < 1.
    """
    if n < 1 or not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no proportion")
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    share = successes / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # The ends of 0 and n successes are 0 and 1 but for rounding.
    return Interval(0.0 if successes == 0 else middle - half, 1.0 if successes == n else middle + half)


def bootstrap_mean(values: Sequence[float], seed: int = SEED) -> Interval:
    """The percentile bootstrap's interval of a mean. Raises ValueError for no values."""
    if not values:
        raise ValueError("no values to resample")
    array = np.asarray(values, dtype=np.float64)
    return _percentiles(np.concatenate([array[drawn].mean(axis=1) for drawn in _drawn(len(array), RESAMPLES, seed)]))


def measured(metric: Metric, task_name: str, records: Sequence[Record]) -> Measure:
    """The metric over the records of one task; what has no score is counted by its reason, never averaged over."""
    if isinstance(metric, RowMetric):
        return _measured_by_row(metric, task_name, records)
    return _measured_as_set(metric, task_name, records)


def compared(metric: Metric, task_name: str, before: Sequence[Record], after: Sequence[Record]) -> Comparison:
    """The metric of two runs of one task, paired by row id."""
    earlier = {record["id"]: record for record in before}
    later = {record["id"]: record for record in after}
    both = [(record, later[id_]) for id_, record in earlier.items() if id_ in later]
    paired = _paired_rows(metric, both) if isinstance(metric, RowMetric) else _paired_sets(metric, both)
    return Comparison(
        task_name,
        metric.name,
        paired.before,
        paired.after,
        None if paired.before is None or paired.after is None else paired.after - paired.before,
        paired.interval.low if paired.interval else None,
        paired.interval.high if paired.interval else None,
        paired.n,
        len(earlier) - len(both),
        len(later) - len(both),
        metric.unit,
        metric.better,
        _verdict(metric.better, paired),
        paired.missing,
    )


def _measured_by_row(metric: RowMetric, task_name: str, records: Sequence[Record]) -> Measure:
    scores: list[float] = []
    missing: Counter[str] = Counter()
    for record in records:
        score = _row_score(metric, record)
        if isinstance(score, NotComputed):
            missing[score.why] += 1
        elif score is not None:
            scores.append(score)
    if not scores:
        missing = missing or _nothing(records)
        return Measure(task_name, metric.name, None, None, None, 0, metric.unit, metric.better, missing=dict(missing))
    value = math.fsum(scores) / len(scores)
    is_proportion = metric.unit == "share" and all(score in (0, 1) for score in scores)
    drawn = None if is_proportion else bootstrap_mean(scores)
    interval, method = _interval(drawn, metric.unit, value, len(scores))
    return _measure(metric, task_name, value, interval, method, len(scores), missing)


def _measured_as_set(metric: SetMetric, task_name: str, records: Sequence[Record]) -> Measure:
    kept = [record for record in records if not record["failure"]]
    missing = Counter(_failed(record).why for record in records if record["failure"])
    value = _number(metric.score(kept)) if kept else NotComputed("no rows")
    if isinstance(value, NotComputed):
        if kept or not missing:
            missing[value.why] += len(kept)
        return Measure(task_name, metric.name, None, None, None, 0, metric.unit, metric.better, missing=dict(missing))
    draws = metric.draws(kept)
    drawn = _set_interval(draws, metric.score)
    interval, method = _interval(drawn, metric.unit, value, len(draws)) if drawn else (None, "")
    return _measure(metric, task_name, value, interval, method, len(draws), missing)


def _measure(
    metric: Metric,
    task_name: str,
    value: float,
    interval: Interval | None,
    method: str,
    n: int,
    missing: Mapping[str, int],
) -> Measure:
    low, high = interval or (None, None)
    return Measure(
        task_name, metric.name, value, low, high, n, metric.unit, metric.better, method=method, missing=dict(missing)
    )


def _interval(drawn: Interval | None, unit: Unit, value: float, n: int) -> tuple[Interval | None, str]:
    """The bootstrap's interval if there is one and its rows were not all alike, which would make any figure look
    certain; Wilson's otherwise, which is wide enough for any scores from 0 to 1. And how it was found."""
    if drawn and drawn.low < drawn.high:
        return drawn, "bootstrap"
    if unit in ("share", "score") and 0 <= value <= 1:
        return wilson(value * n, n), "Wilson"
    return None, ""


def _nothing(records: Sequence[Record]) -> Counter[str]:
    """Why there is no score where nothing has failed."""
    return Counter({"applies to no row" if records else "no rows": len(records)})


def _row_score(metric: RowMetric, record: Record) -> Score | None:
    if record["failure"]:
        return _failed(record)
    score = metric.score(record)
    return None if score is None else _number(score)


def _failed(record: Record) -> NotComputed:
    return NotComputed(f"failed: {record['failure']}")


def _number(score: Score) -> Score:
    """`score`, if it is a number or says why not."""
    if isinstance(score, NotComputed):
        return score
    return float(score) if math.isfinite(score) else NotComputed("not a number")


@dataclass(frozen=True, slots=True)
class _Paired:
    """changed: rows whose scores differ, or all where that cannot be told."""

    before: float | None = None
    after: float | None = None
    interval: Interval | None = None
    n: int = 0
    changed: int = 0
    missing: Mapping[str, int] = field(default_factory=dict)


def _paired_rows(metric: RowMetric, both: Sequence[tuple[Record, Record]]) -> _Paired:
    pairs: list[tuple[float, float]] = []
    missing: Counter[str] = Counter()
    for earlier, later in both:
        scores = _row_score(metric, earlier), _row_score(metric, later)
        match _both(*scores):
            case NotComputed(why):
                missing[why] += 1
            case (first, second):
                pairs.append((first, second))
    if not pairs:
        return _Paired(missing=missing)
    before, after = (math.fsum(side) / len(pairs) for side in zip(*pairs, strict=True))
    differences = [later - earlier for earlier, later in pairs]
    changed = sum(difference != 0 for difference in differences)
    return _Paired(before, after, bootstrap_mean(differences), len(pairs), changed, missing)


def _paired_sets(metric: SetMetric, both: Sequence[tuple[Record, Record]]) -> _Paired:
    kept = [pair for pair in both if not _has_failed(pair)]
    missing = Counter(
        _failed(next(record for record in pair if record["failure"])).why for pair in both if _has_failed(pair)
    )

    later_of = {earlier["id"]: later for earlier, later in kept}

    def scores(records: Sequence[Record]) -> tuple[float, float] | NotComputed | None:
        """Of records of the earlier run, and of the same rows of the later one."""
        return _both(_number(metric.score(records)), _number(metric.score([later_of[each["id"]] for each in records])))

    def difference(records: Sequence[Record]) -> Score:
        match scores(records):
            case (first, second):
                return second - first
            case _:
                return NotComputed("no score in one run")

    if not kept:
        return _Paired(missing=missing)
    earlier = [record for record, _ in kept]
    match scores(earlier):
        case (before, after):
            draws = metric.draws(earlier)
            return _Paired(before, after, _set_interval(draws, difference), len(draws), len(draws), missing)
        case NotComputed(why):
            missing[why] += len(kept)
    return _Paired(missing=missing)


def _has_failed(pair: tuple[Record, Record]) -> bool:
    return any(record["failure"] for record in pair)


def _both(earlier: Score | None, later: Score | None) -> tuple[float, float] | NotComputed | None:
    """The two scores of a row; why there is one at most; None where the metric does not apply to it."""
    for score in (earlier, later):
        if isinstance(score, NotComputed):
            return score
    if isinstance(earlier, float) and isinstance(later, float):
        return earlier, later
    return None if earlier is later else NotComputed("applies in one run only")


def _verdict(better: Better, paired: _Paired) -> Verdict:
    if paired.before is None:
        return "not compared"
    interval = paired.interval
    if interval is None or interval.low <= 0 <= interval.high or paired.changed < FEWEST_CHANGED:
        return "no difference shown"
    if better == "neither":
        return "differs"
    return "better" if (interval.low > 0) == (better == "higher") else "worse"


def _set_interval(draws: Sequence[Sequence[Record]], score: Callable[[Sequence[Record]], Score]) -> Interval | None:
    """The percentile bootstrap's interval of what `score` gives of the records that are drawn, those of one draw
    together; None where it mostly cannot."""

    def of(numbers: Sequence[int]) -> Score:
        return _number(score([record for number in numbers for record in draws[number]]))

    drawn = [of(numbers.tolist()) for block in _drawn(len(draws), SET_RESAMPLES, SEED) for numbers in block]
    scores = [score for score in drawn if not isinstance(score, NotComputed)]
    return _percentiles(np.asarray(scores)) if len(scores) >= _FEWEST_SCORED * len(drawn) else None


def _drawn(n: int, resamples: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Row numbers below `n`, drawn with replacement: blocks of shape (some resamples, n)."""
    random = np.random.default_rng(seed)
    at_a_time = max(1, _BLOCK // n)
    for done in range(0, resamples, at_a_time):
        yield random.integers(0, n, size=(min(at_a_time, resamples - done), n))


def _percentiles(scores: NDArray[np.float64]) -> Interval:
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(scores, [tail, 1 - tail])
    return Interval(float(low), float(high))
