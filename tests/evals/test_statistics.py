"""Intervals hold what they say they hold, and nothing is averaged over silently."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import NormalDist, fmean

import numpy as np
import pytest

from evals.metric import Better, RowMetric, SetMetric, Unit, each_that
from evals.records import NotComputed, Record, Score
from evals.statistics import FEW, FEWEST_CHANGED, SEED, Interval, bootstrap_mean, compared, measured, wilson


def record(id_: int | str, score: float | str | None = None, *, failure: str = "", cluster: str = "") -> Record:
    """score: a text says why there is none."""
    gold = {"cluster": cluster} if cluster else {}
    return Record(
        task="t", id=str(id_), given={}, gold=gold, observed={"score": score}, judged={}, ms=0.0, failure=failure
    )


def score_of(record: Record) -> Score | None:
    score = record["observed"]["score"]
    return NotComputed(score) if isinstance(score, str) else score


def by_row(*, unit: Unit = "share", better: Better = "higher") -> RowMetric:
    return RowMetric("m", score_of, "", unit=unit, better=better)


def as_set(score: Callable[[Sequence[float]], Score], *, unit: Unit = "share", better: Better = "higher") -> SetMetric:
    def of_records(records: Sequence[Record]) -> Score:
        return score([record["observed"]["score"] for record in records])

    return SetMetric("m", of_records, "", unit=unit, better=better)


def records(scores: Sequence[float | str | None]) -> list[Record]:
    return [record(number, score) for number, score in enumerate(scores)]


# Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_published_intervals(successes: int, n: int, low: float, high: float) -> None:
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


def test_wilson_is_symmetric_and_stays_within_0_and_1() -> None:
    assert wilson(20, 20).high == 1
    assert wilson(0, 20).low == 0
    assert wilson(19, 20) == pytest.approx(tuple(1 - end for end in reversed(wilson(1, 20))))


@pytest.mark.parametrize(("successes", "n"), [(0, 0), (3, 2), (-1, 2)])
def test_wilson_refuses_what_is_no_proportion(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        wilson(successes, n)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_wilson_holds_the_truth_in_95_of_100(share: float) -> None:
    drawn = np.random.default_rng(1).binomial(50, share, size=3000)
    intervals = [wilson(int(successes), 50) for successes in drawn]
    held = fmean(low <= share <= high for low, high in intervals)
    assert 0.93 <= held <= 0.975


def bootstrapped(values: Sequence[float], clusters: Sequence[int] | None = None, seed: int = 1) -> Interval:
    interval = bootstrap_mean(values, clusters, seed)
    assert interval is not None
    return interval


@pytest.mark.parametrize("n", [5, 10, FEW - 1, FEW, 60])
def test_the_bootstrap_holds_a_skewed_mean_in_about_95_of_100(n: int) -> None:
    samples = np.random.default_rng(2).beta(1, 4, size=(400, n))
    intervals = [bootstrapped(sample.tolist()) for sample in samples]
    held = fmean(low <= 0.2 <= high for low, high in intervals)
    assert 0.9 <= held <= 0.99


@pytest.mark.parametrize("n", [5, 10, 20])
def test_the_bootstrap_holds_the_mean_of_few_with_a_long_tail(n: int) -> None:
    samples = np.random.default_rng(12).exponential(1, size=(400, n))
    intervals = [bootstrapped(sample.tolist()) for sample in samples]
    assert fmean(low <= 1 <= high for low, high in intervals) >= 0.9


@pytest.mark.parametrize("count", [8, 40])
def test_the_bootstrap_of_clusters_holds_the_mean_in_about_95_of_100(count: int) -> None:
    """Each cluster of 5 has a level of its own: as single rows, the interval would hold in half of the cases."""
    random = np.random.default_rng(10)
    held = []
    for _ in range(300):
        values = np.repeat(random.normal(0, 1, count), 5) + random.normal(0, 0.2, 5 * count)
        low, high = bootstrapped(values.tolist(), np.repeat(range(count), 5).tolist())
        held.append(low <= 0 <= high)
    assert 0.9 <= fmean(held) <= 0.985


@pytest.mark.parametrize("values", [[0.5] * 10, [1.0, 1.0, 1.0, 1.0, 0.5], [0.3]])
def test_few_that_hardly_differ_have_no_interval(values: list[float]) -> None:
    assert bootstrap_mean(values) is None


def test_the_bootstrap_agrees_with_the_normal_interval_on_many_values() -> None:
    """Of so many values that the rows are drawn in several blocks."""
    values = np.random.default_rng(3).normal(10, 2, size=5000)
    half = NormalDist().inv_cdf(0.975) * values.std() / math.sqrt(len(values))
    low, high = bootstrapped(values.tolist())
    assert (low + high) / 2 == pytest.approx(values.mean(), abs=half / 10)
    assert high - low == pytest.approx(2 * half, rel=0.1)


def test_the_bootstrap_depends_on_its_seed_alone() -> None:
    values = [0.1, 0.4, 0.35, 0.8, 0.9]
    assert bootstrapped(values, seed=1) == bootstrapped(values, seed=1)
    assert bootstrapped(values, seed=1) != bootstrapped(values, seed=2)
    with pytest.raises(ValueError, match="no values"):
        bootstrap_mean([])


def test_a_share_of_zeros_and_ones_is_a_proportion() -> None:
    measure = measured(by_row(), "t", records([1, 1, 1, 0]))
    assert (measure.name, measure.value, measure.n, measure.method) == ("t/m", 0.75, 4, "Wilson")
    assert (measure.low, measure.high) == wilson(3, 4)


@pytest.mark.parametrize(("unit", "some"), [("share", [1, 0.5, 0, 0.25]), ("score", [1, 1, 0, 0]), ("count", [2, 5])])
def test_other_means_are_bootstrapped(unit: Unit, some: list[float]) -> None:
    scores = some * 20
    measure = measured(by_row(unit=unit), "t", records(scores))
    assert measure.method == "bootstrap"
    assert measure.value == fmean(scores)
    assert (measure.low, measure.high) == bootstrap_mean(scores)


def test_means_of_few_have_wider_intervals() -> None:
    scores = [0.25, 0.5, 1.0, 0.0, 0.25, 0.7]
    share = measured(by_row(unit="score"), "t", records(scores))
    assert (share.low, share.high, share.method) == (*wilson(math.fsum(scores), 6), "Wilson")
    count = measured(by_row(unit="count"), "t", records(scores))
    assert (count.low, count.high, count.method) == (*bootstrapped(scores, seed=SEED), "bootstrap-t")


@pytest.mark.parametrize("n", [5, 10, 20])
@pytest.mark.parametrize("rare", [0.0, 0.15, 0.5])
def test_the_interval_of_few_scores_holds_the_truth(n: int, rare: float) -> None:
    """Good ones, among which bad ones are rare."""
    random = np.random.default_rng(13)
    truth = rare / 3 + (1 - rare) * 20 / 21
    held = []
    for _ in range(300):
        scores = np.where(random.random(n) < rare, random.beta(1, 2, n), random.beta(20, 1, n))
        measure = measured(by_row(unit="score"), "t", records(scores.tolist()))
        assert measure.low is not None
        assert measure.high is not None
        held.append(measure.low <= truth <= measure.high)
    assert fmean(held) >= 0.9


def test_a_mean_of_what_is_never_below_0_is_not_either() -> None:
    scores = [5.0, 5.0, 4.0, 5.0, 0.0]
    assert bootstrapped(scores).low < 0
    assert measured(by_row(unit="count"), "t", records(scores)).low == 0


def in_clusters(scores: Sequence[float], size: int) -> list[Record]:
    return [record(number, score, cluster=f"c{number // size}") for number, score in enumerate(scores)]


@pytest.mark.parametrize("kind", ["row", "set"])
def test_rows_of_a_cluster_are_drawn_together(kind: str) -> None:
    """Rows of a cluster that say the same are worth one: the interval is that of one of each."""
    metric = by_row(unit="score") if kind == "row" else as_set(fmean, unit="score")
    values = np.random.default_rng(11).uniform(0, 1, size=50).tolist()
    repeated = [value for value in values for _ in range(4)]
    once, all_rows = measured(metric, "t", records(values)), measured(metric, "t", in_clusters(repeated, 4))
    assert (all_rows.low, all_rows.high) == pytest.approx((once.low, once.high))
    assert (all_rows.n, all_rows.method) == (200, "bootstrap over 50 clusters")


def test_zeros_and_ones_of_clusters_are_no_proportion_of_rows() -> None:
    scores = [float(number % 8 < 4) for number in range(160)]
    clustered, alone = measured(by_row(), "t", in_clusters(scores, 4)), measured(by_row(), "t", records(scores))
    assert (alone.method, clustered.method) == ("Wilson", "bootstrap over 40 clusters")
    assert clustered.low is not None
    assert alone.low is not None
    assert clustered.low < alone.low - 0.05
    alike = measured(by_row(), "t", in_clusters([1.0] * 40, 4))
    assert (alike.low, alike.n, alike.method) == (wilson(10, 10).low, 40, "Wilson over 10 clusters")


@pytest.mark.parametrize("kind", ["row", "set"])
def test_clusters_are_compared_as_one(kind: str) -> None:
    """Many rows of few clusters have changed: too few to say so."""
    metric = by_row(unit="score") if kind == "row" else as_set(fmean, unit="score")
    changed = 4 * (FEWEST_CHANGED - 1)
    before, after = in_clusters([0.0] * 200, 4), in_clusters([1.0] * changed + [0.0] * (200 - changed), 4)
    assert compared(metric, "t", before, after).verdict == "too few rows differ"
    assert compared(metric, "t", records([0.0] * 200), [*after]).verdict == "better", "as single rows"


def test_rows_without_a_score_are_counted_by_reason() -> None:
    rows = [
        *records([1.0, 0.0, None, "no judge model", "no judge model", math.nan]),
        record(6, 1.0, failure="TimeoutError"),
    ]
    measure = measured(by_row(), "t", rows)
    assert (measure.value, measure.n) == (0.5, 2)
    assert measure.missing == {"no judge model": 2, "not a number": 1, "failed: TimeoutError": 1}


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ([], {"no rows": 0}),
        (records([None, None]), {"applies to no row": 2}),
        (records(["no judge model"]), {"no judge model": 1}),
        ([record(1, 1.0, failure="KeyError")], {"failed: KeyError": 1}),
    ],
)
def test_without_any_score_there_is_no_value_but_a_reason(rows: list[Record], missing: dict[str, int]) -> None:
    measure = measured(by_row(), "t", rows)
    assert (measure.value, measure.low, measure.high, measure.n) == (None, None, None, 0)
    assert measure.missing == missing


@pytest.mark.parametrize(
    ("rows", "missing"), [([], {"no rows": 0}), ([record(1, 1.0, failure="KeyError")], {"failed: KeyError": 1})]
)
def test_a_set_of_no_rows_has_no_value_but_a_reason(rows: list[Record], missing: dict[str, int]) -> None:
    measure = measured(as_set(fmean), "t", rows)
    assert (measure.value, measure.low, measure.high, measure.n) == (None, None, None, 0)
    assert measure.missing == missing


def test_rows_that_are_all_alike_do_not_make_a_figure_certain() -> None:
    alike = records([0.5] * 10)
    assert measured(by_row(), "t", alike).method == "Wilson"
    perfect = measured(by_row(unit="score"), "t", records([1.0] * 10))
    assert (perfect.low, perfect.high) == wilson(10, 10)
    share = replace(as_set(fmean), is_proportion=True)
    assert measured(share, "t", records([1.0] * 10)).low == wilson(10, 10).low
    no_share = measured(as_set(fmean), "t", records([1.0] * 10))
    assert (no_share.low, no_share.high, no_share.method) == (None, None, ""), "an F1 of 1 is no proportion of rows"
    calls = measured(by_row(unit="calls"), "t", alike)
    assert (calls.value, calls.low, calls.high, calls.method) == (0.5, None, None, "")


def percentile_95(ms: Sequence[float]) -> Score:
    return float(np.percentile(ms, 95))


def test_percentiles_of_a_set_are_bootstrapped() -> None:
    values = np.random.default_rng(4).exponential(100, size=400)
    measure = measured(as_set(percentile_95, unit="ms", better="lower"), "t", records(values.tolist()))
    assert measure.value == pytest.approx(np.percentile(values, 95))
    assert measure.low is not None
    assert measure.high is not None
    # The truth is -100 ln 0.05 = 299.6.
    assert measure.low < 299.6 < measure.high
    assert 30 < measure.high - measure.low < 200
    assert (measure.method, measure.n) == ("bootstrap", 400)


def test_the_interval_of_a_set_holds_the_truth_in_about_95_of_100() -> None:
    samples = np.random.default_rng(5).normal(0.5, 0.1, size=(150, 50))
    measures = [measured(as_set(fmean, unit="score"), "t", records(sample.tolist())) for sample in samples]
    held = fmean(measure.low <= 0.5 <= measure.high for measure in measures if measure.low and measure.high)
    assert 0.9 <= held <= 0.99


def test_a_set_is_scored_without_its_failures() -> None:
    rows = [*records([1.0, 0.0, 0.5]), record(3, 1.0, failure="OSError"), record(4, 1.0, failure="OSError")]
    measure = measured(as_set(fmean), "t", rows)
    assert (measure.value, measure.n, measure.missing) == (0.5, 3, {"failed: OSError": 2})


def test_a_set_that_cannot_be_scored_says_why() -> None:
    measure = measured(as_set(lambda _: NotComputed("never predicted: web")), "t", records([1.0, 0.0]))
    assert (measure.value, measure.n, measure.missing) == (None, 0, {"never predicted: web": 2})


def test_no_interval_where_most_resamples_cannot_be_scored() -> None:
    """One row in five carries the metric: a third of the resamples lack it."""

    def of_marked(scores: Sequence[float]) -> Score:
        marked = [score for score in scores if score > 1]
        return fmean(marked) / 10 if marked else NotComputed("none is marked")

    measure = measured(as_set(of_marked), "t", records([2, 1, 1, 1, 1]))
    assert (measure.value, measure.low, measure.high, measure.method) == (0.2, None, None, "")


def of_ones(scores: Sequence[float]) -> Score:
    """Share of 1 among those that are not 9."""
    counted = [score for score in scores if score != 9]
    return fmean(score == 1 for score in counted) if counted else NotComputed("none")


PREDICTED = replace(as_set(of_ones), draws=each_that(lambda record: record["observed"]["score"] != 9))


def test_a_set_is_of_the_rows_that_count() -> None:
    """5 right of 5 predicted ones say no more because 495 others were not predicted."""
    rows = records([1.0] * 5 + [9.0] * 495)
    share = measured(replace(PREDICTED, is_proportion=True), "t", rows)
    assert (share.value, share.n, share.low, share.high) == (1, 5, *wilson(5, 5))
    few = measured(PREDICTED, "t", records([1.0, 0.0] * 10 + [9.0] * 400))
    assert (few.n, few.method) == (20, "bootstrap, few rows")
    fewest = measured(PREDICTED, "t", records([1.0, 0.0, 1.0, 1.0] + [9.0] * 400))
    assert (fewest.n, fewest.low, fewest.method) == (4, None, "")
    many = measured(PREDICTED, "t", records([1.0, 0.0] * 20 + [9.0] * 400))
    assert (many.n, many.method) == (40, "bootstrap")
    assert many.low == pytest.approx(wilson(20, 40).low, abs=0.03)


def test_rows_that_count_in_one_run_alone_are_compared_too() -> None:
    before = records([1.0] * 40 + [9.0] * 60)
    after = records([1.0] * 40 + [0.0] * 40 + [9.0] * 20)
    comparison = compared(PREDICTED, "t", before, after)
    assert (comparison.before, comparison.after, comparison.n) == (1.0, 0.5, 80)
    assert comparison.verdict == "worse"


def in_twos(records: Sequence[Record]) -> list[list[Record]]:
    return [[records[at], records[at + 1]] for at in range(0, len(records), 2)]


def test_records_that_belong_together_are_drawn_together() -> None:
    """Twins that say the same are worth half as many rows: their interval is wider by √2."""
    values = np.random.default_rng(9).uniform(0, 1, size=100).tolist()
    twins = records([value for value in values for _ in range(2)])
    alone = measured(as_set(fmean, unit="score"), "t", twins)
    together = measured(replace(as_set(fmean, unit="score"), draws=in_twos), "t", twins)
    assert (alone.n, together.n) == (200, 100)
    assert alone.value == together.value
    widths = [measure.high - measure.low for measure in (alone, together) if measure.low and measure.high]
    assert widths[1] / widths[0] == pytest.approx(math.sqrt(2), rel=0.15)


def test_records_that_belong_together_are_compared_together() -> None:
    before, after = before_and_after(lambda value: value + 0.1)
    comparison = compared(replace(as_set(fmean, unit="score"), draws=in_twos), "t", before, after[::-1])
    assert (comparison.n, comparison.verdict) == (30, "better")
    assert comparison.difference == pytest.approx(0.1)


def before_and_after(change: Callable[[float], float], n: int = 60) -> tuple[list[Record], list[Record]]:
    values = np.random.default_rng(6).uniform(0.2, 0.6, size=n).tolist()
    return records(values), records([change(value) for value in values])


@pytest.mark.parametrize(
    ("better", "shift", "verdict"),
    [
        ("higher", 0.1, "better"),
        ("higher", -0.1, "worse"),
        ("lower", 0.1, "worse"),
        ("lower", -0.1, "better"),
        ("neither", 0.1, "differs"),
        ("higher", 0.0, "no difference shown"),
    ],
)
@pytest.mark.parametrize("kind", ["row", "set"])
def test_the_verdict_respects_what_is_better(better: Better, shift: float, verdict: str, kind: str) -> None:
    metric = by_row(unit="score", better=better) if kind == "row" else as_set(fmean, unit="score", better=better)
    comparison = compared(metric, "t", *before_and_after(lambda value: value + shift))
    assert comparison.verdict == verdict
    assert comparison.difference == pytest.approx(shift, abs=1e-12)
    assert comparison.before is not None
    assert comparison.after == pytest.approx(comparison.before + shift)


def test_rows_are_paired_by_id_whatever_their_order() -> None:
    before = [record("a", 0.0), record("b", 1.0), record("gone", 1.0)]
    after = [record("new", 0.0), record("newer", 0.0), record("b", 1.0), record("a", 0.0)]
    comparison = compared(by_row(), "t", before, after)
    assert (comparison.before, comparison.after, comparison.difference) == (0.5, 0.5, 0.0)
    assert (comparison.n, comparison.only_before, comparison.only_after) == (2, 1, 2)


def test_rows_with_a_score_in_one_run_alone_are_counted() -> None:
    before = records([1.0, None, "no judge model", 1.0, None])
    after = [*records([1.0, 1.0, 1.0]), record(3, 1.0, failure="OSError"), record(4, None)]
    comparison = compared(by_row(), "t", before, after)
    assert comparison.n == 1
    assert comparison.missing == {"applies in one run only": 1, "no judge model": 1, "failed: OSError": 1}


@pytest.mark.parametrize("metric", [by_row(), as_set(fmean)])
def test_runs_without_a_common_row_are_not_compared(metric: RowMetric | SetMetric) -> None:
    comparison = compared(metric, "t", [record("a", 1.0)], [record("b", 1.0)])
    assert comparison.verdict == "not compared"
    assert (comparison.before, comparison.difference, comparison.low, comparison.n) == (None, None, None, 0)


def test_a_set_is_compared_without_rows_that_failed_in_either_run() -> None:
    before, after = before_and_after(lambda value: value + 0.1)
    after[0] = record(0, 1.0, failure="OSError")
    comparison = compared(as_set(fmean, unit="score"), "t", before, after)
    assert (comparison.n, comparison.missing) == (59, {"failed: OSError": 1})
    assert comparison.difference == pytest.approx(0.1)


def test_a_set_that_cannot_be_scored_is_not_compared() -> None:
    metric = as_set(lambda _: NotComputed("never predicted: web"))
    comparison = compared(metric, "t", records([1.0]), records([1.0]))
    assert (comparison.verdict, comparison.missing) == ("not compared", {"never predicted: web": 1})


@pytest.mark.parametrize(
    ("changed", "verdict"), [(FEWEST_CHANGED - 1, "too few rows differ"), (FEWEST_CHANGED, "better")]
)
def test_a_handful_of_rows_shows_no_difference(changed: int, verdict: str) -> None:
    before = records([0.0] * 100)
    after = records([1.0] * changed + [0.0] * (100 - changed))
    assert compared(by_row(), "t", before, after).verdict == verdict
    assert compared(as_set(fmean), "t", before, after).verdict == verdict
    in_pairs = [value for value in (1.0,) * changed + (0.0,) * (100 - changed) for _ in range(2)]
    twos = replace(as_set(fmean), draws=in_twos)
    assert compared(twos, "t", records([0.0] * 200), records(in_pairs)).verdict == verdict


@pytest.mark.parametrize("unchanged", [0, 1])
def test_few_that_all_change_alike_have_changed(unchanged: int) -> None:
    after = records([1.0] * (10 - unchanged) + [0.0] * unchanged)
    assert compared(by_row(), "t", records([0.0] * 10), after).verdict == "better"


def test_pairing_shows_what_two_intervals_alone_would_not() -> None:
    before, after = before_and_after(lambda value: value + 0.01)
    first, second = (measured(by_row(unit="score"), "t", run) for run in (before, after))
    assert first.high is not None
    assert second.low is not None
    assert first.high > second.low
    assert compared(by_row(unit="score"), "t", before, after).verdict == "better"


def test_runs_that_differ_by_chance_alone_are_rarely_told_apart() -> None:
    random = np.random.default_rng(7)
    told = 0
    for _ in range(200):
        before, after = (random.binomial(1, 0.6, size=60).astype(float).tolist() for _ in range(2))
        told += compared(by_row(), "t", records(before), records(after)).verdict != "no difference shown"
    assert told <= 200 * 0.1


def test_the_interval_of_a_difference_holds_it_in_about_95_of_100() -> None:
    random = np.random.default_rng(8)
    held = []
    for _ in range(200):
        before = random.normal(0.4, 0.1, size=50)
        after = before + random.normal(0.05, 0.08, size=50)
        comparison = compared(by_row(unit="score"), "t", records(before.tolist()), records(after.tolist()))
        assert comparison.low is not None
        assert comparison.high is not None
        held.append(comparison.low <= 0.05 <= comparison.high)
    assert 0.9 <= fmean(held) <= 0.99
