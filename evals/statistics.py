"""How sure a figure is: 95 % intervals of one run, and of the difference between two.

Wilson (1927) for proportions, and for means of few scores from 0 to 1, where it is wider than it need be: among a
handful of good rows the rare bad one may be missing, and no resampling finds it. The bootstrap (Efron, 1979) for
everything else: the percentile one of many rows, and of few, for means, the bootstrap-t (Hall, 1988). Rows that say
much the same are drawn as a cluster. Two runs are compared over the rows that both have, so that easy and hard rows
cancel out.
"""

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from evals.measure import Measure
from evals.metric import Better, Metric, RowMetric, SetMetric, Unit, cluster_of
from evals.records import NotComputed, Record, Score

CONFIDENCE = 0.95
SEED = 20
RESAMPLES = 2000
SET_RESAMPLES = 500
"""A SetMetric is worked out anew for each of these."""

FEWEST_CHANGED = 6
"""Rows, draws of a set or clusters that must score differently, each alone, before two runs are said to: of fewer, not
even all going one way would be a 5 % chance (sign test, two-sided: 2 × 0.5⁶ = 0.03)."""

FEW = 30
"""Of fewer rows or clusters, the percentiles of a mean hold less than they say: of five skewed ones, 77 % instead of
95 %."""

_FEWEST_DRAWS = 5
"""Of a SetMetric: what so few give has no interval."""
_FEWEST_SCORED = 0.9
"""Share of the resamples that must have a score: without the others, an interval would be that of luckier rows."""
_ROUNDING = 1e-12
"""So small a part of the largest value is no standard error."""
_BLOCK = 2_000_000
"""Row numbers drawn at a time, to bound the memory."""

_T = TypeVar("_T")

Verdict = Literal["better", "worse", "differs", "too few rows differ", "no difference shown", "not compared"]
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


def bootstrap_mean(
    values: Sequence[float], clusters: Sequence[Hashable] | None = None, seed: int = SEED
) -> Interval | None:
    """The bootstrap's interval of a mean: the percentile one, or the bootstrap-t of fewer than `FEW`.

    clusters: of each value what it is drawn together with; without them each is drawn alone. None where the bootstrap-t
    has nothing to go by, since the few are all alike or nearly so. Raises ValueError for no values.
    """
    if not values:
        raise ValueError("no values to resample")
    sums, sizes = _sums_and_sizes(values, range(len(values)) if clusters is None else clusters)
    return (_bootstrap_t if len(sums) < FEW else _percentile_bootstrap)(sums, sizes, seed)


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
    clusters: list[Hashable] = []
    missing: Counter[str] = Counter()
    for number, record in enumerate(records):
        score = _row_score(metric, record)
        if isinstance(score, NotComputed):
            missing[score.why] += 1
        elif score is not None:
            scores.append(score)
            clusters.append(cluster_of(record) or number)
    if not scores:
        missing = missing or _nothing(records)
        return Measure(task_name, metric.name, None, None, None, 0, metric.unit, metric.better, missing=dict(missing))
    value = math.fsum(scores) / len(scores)
    units = len(set(clusters))
    has_wilson = metric.unit in ("share", "score") and all(0 <= score <= 1 for score in scores)
    is_proportion = metric.unit == "share" and units == len(scores) and all(score in (0, 1) for score in scores)
    drawn = None if is_proportion or (has_wilson and units < FEW) else bootstrap_mean(scores, clusters)
    if drawn and min(scores) >= 0:
        drawn = drawn._replace(low=max(0.0, drawn.low))
    interval, method = _interval(
        drawn, "bootstrap-t" if units < FEW else "bootstrap", value, units, has_wilson=has_wilson
    )
    return _measure(metric, task_name, value, interval, _over(method, units, len(scores)), len(scores), missing)


def _measured_as_set(metric: SetMetric, task_name: str, records: Sequence[Record]) -> Measure:
    kept = [record for record in records if not record["failure"]]
    missing = Counter(_failed(record).why for record in records if record["failure"])
    value = _number(metric.score(kept)) if kept else NotComputed("no rows")
    if isinstance(value, NotComputed):
        if kept or not missing:
            missing[value.why] += len(kept)
        return Measure(task_name, metric.name, None, None, None, 0, metric.unit, metric.better, missing=dict(missing))
    draws = metric.draws(kept)
    units = _clustered(draws, [cluster_of(draw[0]) for draw in draws])
    is_wilson = metric.is_proportion and (len(units) == len(draws) or len(units) < FEW)
    drawn = None if is_wilson or len(units) < _FEWEST_DRAWS else _set_interval(units, metric.score)
    few = "bootstrap, few rows" if len(units) < FEW else "bootstrap"
    interval, method = _interval(drawn, few, value, len(units), has_wilson=metric.is_proportion)
    return _measure(metric, task_name, value, interval, _over(method, len(units), len(draws)), len(draws), missing)


def _clustered(draws: Sequence[Sequence[_T]], clusters: Sequence[str | None]) -> list[list[_T]]:
    """The draws, those of one cluster as one."""
    grouped: dict[Hashable, list[_T]] = {}
    for number, (draw, cluster) in enumerate(zip(draws, clusters, strict=True)):
        grouped.setdefault(cluster or number, []).extend(draw)
    return list(grouped.values())


def _over(method: str, units: int, n: int) -> str:
    return f"{method} over {units} clusters" if method and units < n else method


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


def _interval(
    drawn: Interval | None, method: str, value: float, units: int, *, has_wilson: bool
) -> tuple[Interval | None, str]:
    """The bootstrap's interval if there is one and what it drew was not all alike, which would make any figure look
    certain; otherwise Wilson's, where each unit scores from 0 to 1 and `value` is their mean. And how it was found."""
    if drawn and drawn.low < drawn.high:
        return drawn, method
    return (wilson(value * units, units), "Wilson") if has_wilson else (None, "")


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
    """changed: rows or clusters that score differently, alone."""

    before: float | None = None
    after: float | None = None
    interval: Interval | None = None
    n: int = 0
    changed: int = 0
    missing: Mapping[str, int] = field(default_factory=dict)


def _paired_rows(metric: RowMetric, both: Sequence[tuple[Record, Record]]) -> _Paired:
    pairs: list[tuple[float, float]] = []
    clusters: list[Hashable] = []
    missing: Counter[str] = Counter()
    for number, (earlier, later) in enumerate(both):
        scores = _row_score(metric, earlier), _row_score(metric, later)
        match _both(*scores):
            case NotComputed(why):
                missing[why] += 1
            case (first, second):
                pairs.append((first, second))
                clusters.append(cluster_of(earlier) or number)
    if not pairs:
        return _Paired(missing=missing)
    before, after = (math.fsum(side) / len(pairs) for side in zip(*pairs, strict=True))
    differences = [later - earlier for earlier, later in pairs]
    changed = {cluster for cluster, difference in zip(clusters, differences, strict=True) if difference}
    # Few that all change alike have no t, and yet have changed: how many must is bounded by FEWEST_CHANGED.
    interval = bootstrap_mean(differences, clusters) or _percentile_bootstrap(*_sums_and_sizes(differences, clusters))
    return _Paired(before, after, interval, len(pairs), len(changed), missing)


def _paired_sets(metric: SetMetric, both: Sequence[tuple[Record, Record]]) -> _Paired:
    kept = [pair for pair in both if not _has_failed(pair)]
    missing = Counter(
        _failed(next(record for record in pair if record["failure"])).why for pair in both if _has_failed(pair)
    )
    sides = [{record["id"]: record for record in side} for side in zip(*kept, strict=True)]

    def scores(ids: Sequence[str]) -> list[Score]:
        """Of these rows in each run."""
        return [_number(metric.score([side[id_] for id_ in ids])) for side in sides]

    def difference(ids: Sequence[str]) -> Score:
        match _both(*scores(ids)):
            case (first, second):
                return second - first
            case _:
                return NotComputed("no score in one run")

    if not kept:
        return _Paired(missing=missing)
    match _both(*scores(list(sides[0]))):
        case (before, after):
            # What counts in one run alone counts too: a passage may be predicted in one and not in the other.
            draws = list(dict.fromkeys(_ids(draw) for side in sides for draw in metric.draws(list(side.values()))))
            units = _clustered(draws, [cluster_of(sides[0][draw[0]]) for draw in draws])
            changed = sum(before_ != after_ for before_, after_ in map(scores, units))
            return _Paired(before, after, _set_interval(units, difference), len(draws), changed, missing)
        case NotComputed(why):
            missing[why] += len(kept)
    return _Paired(missing=missing)


def _ids(records: Sequence[Record]) -> tuple[str, ...]:
    return tuple(record["id"] for record in records)


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
    if interval is None or interval.low <= 0 <= interval.high:
        return "no difference shown"
    if paired.changed < FEWEST_CHANGED:
        return "too few rows differ"
    if better == "neither":
        return "differs"
    return "better" if (interval.low > 0) == (better == "higher") else "worse"


def _set_interval(units: Sequence[Sequence[_T]], score: Callable[[Sequence[_T]], Score]) -> Interval | None:
    """The percentile bootstrap's interval of what `score` gives of the units that are drawn, each as a whole; None
    where it mostly cannot."""

    def of(numbers: Sequence[int]) -> Score:
        return _number(score([each for number in numbers for each in units[number]]))

    drawn = [of(numbers.tolist()) for block in _drawn(len(units), SET_RESAMPLES, SEED) for numbers in block]
    scores = [score for score in drawn if not isinstance(score, NotComputed)]
    return _percentiles(np.asarray(scores)) if len(scores) >= _FEWEST_SCORED * len(drawn) else None


def _sums_and_sizes(
    values: Sequence[float], clusters: Iterable[Hashable]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each cluster the sum of its values, and how many they are."""
    grouped: dict[Hashable, list[float]] = {}
    for cluster, value in zip(clusters, values, strict=True):
        grouped.setdefault(cluster, []).append(value)
    sums = [math.fsum(group) for group in grouped.values()]
    return np.asarray(sums), np.asarray([len(group) for group in grouped.values()], dtype=np.float64)


def _percentile_bootstrap(sums: NDArray[np.float64], sizes: NDArray[np.float64], seed: int = SEED) -> Interval:
    drawn = _drawn(len(sums), RESAMPLES, seed)
    return _percentiles(np.concatenate([sums[each].sum(axis=1) / sizes[each].sum(axis=1) for each in drawn]))


def _bootstrap_t(sums: NDArray[np.float64], sizes: NDArray[np.float64], seed: int) -> Interval | None:
    """Mean - t·s, with the quantiles of t = (a resample's mean - mean) / its s, and s a mean's standard error.

    Of clusters, that of a ratio, Σ sums / Σ sizes (Cochran, 1977). A resample that is all alike has no t.
    """
    (mean,), (error,) = _mean_and_error(sums[np.newaxis], sizes[np.newaxis])
    numbers = np.concatenate(list(_drawn(len(sums), RESAMPLES, seed)))
    means, errors = _mean_and_error(sums[numbers], sizes[numbers])
    differ = errors > _ROUNDING * np.abs(sums).max()
    if differ.mean() < _FEWEST_SCORED:
        return None
    low, high = _percentiles((means[differ] - mean) / errors[differ])
    return Interval(float(mean - high * error), float(mean - low * error))


def _mean_and_error(
    sums: NDArray[np.float64], sizes: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each row of sums and sizes the mean of all values and its standard error; of one cluster, an error of 0."""
    count = sums.shape[1]
    means = sums.sum(axis=1) / sizes.sum(axis=1)
    rest = sums - means[:, np.newaxis] * sizes
    errors = np.sqrt((rest**2).sum(axis=1) * count / max(1, count - 1)) / sizes.sum(axis=1)
    return means, errors


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
