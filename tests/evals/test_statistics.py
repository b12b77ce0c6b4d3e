"""Intervals hold what they say they hold, and nothing is averaged over silently."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import NormalDist, fmean

import numpy as np
import pytest

from evals.metric import Better, RowMetric, SetMetric, Unit
from evals.records import NotComputed, Record, Score
from evals.statistics import FEWEST_CHANGED, bootstrap_mean, compared, measured, wilson


def record(id_: int | str, score: float | str | None = None, *, failure: str = "", ms: float = 0.0) -> Record:
    """score: a text says why there is none."""
    return Record(
        task="t", id=str(id_), given={}, gold={}, observed={"score": score}, judged={}, ms=ms, failure=failure
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


def test_the_bootstrap_holds_a_skewed_mean_in_about_95_of_100() -> None:
    samples = np.random.default_rng(2).beta(1, 4, size=(400, 60))
    intervals = [bootstrap_mean(sample.tolist()) for sample in samples]
    held = fmean(low <= 0.2 <= high for low, high in intervals)
    assert 0.91 <= held <= 0.98


def test_the_bootstrap_agrees_with_the_normal_interval_on_many_values() -> None:
    """Of so many values that the rows are drawn in several blocks."""
    values = np.random.default_rng(3).normal(10, 2, size=5000)
    half = NormalDist().inv_cdf(0.975) * values.std() / math.sqrt(len(values))
    low, high = bootstrap_mean(values.tolist())
    assert (low + high) / 2 == pytest.approx(values.mean(), abs=half / 10)
    assert high - low == pytest.approx(2 * half, rel=0.1)


def test_the_bootstrap_depends_on_its_seed_alone() -> None:
    values = [0.1, 0.4, 0.35, 0.8, 0.9]
    assert bootstrap_mean(values, 1) == bootstrap_mean(values, 1)
    assert bootstrap_mean(values, 1) != bootstrap_mean(values, 2)
    with pytest.raises(ValueError, match="no values"):
        bootstrap_mean([])


def test_a_share_of_zeros_and_ones_is_a_proportion() -> None:
    measure = measured(by_row(), "t", records([1, 1, 1, 0]))
    assert (measure.name, measure.value, measure.n, measure.method) == ("t/m", 0.75, 4, "Wilson")
    assert (measure.low, measure.high) == wilson(3, 4)


@pytest.mark.parametrize(("unit", "scores"), [("share", [1, 0.5, 0, 0.25]), ("score", [1, 1, 0, 0])])
def test_other_means_are_bootstrapped(unit: Unit, scores: list[float]) -> None:
    measure = measured(by_row(unit=unit), "t", records(scores))
    assert measure.method == "bootstrap"
    assert measure.value == fmean(scores)
    assert (measure.low, measure.high) == bootstrap_mean(scores)


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
    assert measured(as_set(fmean), "t", records([1.0] * 10)).low == wilson(10, 10).low
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
    ("changed", "verdict"), [(FEWEST_CHANGED - 1, "no difference shown"), (FEWEST_CHANGED, "better")]
)
def test_a_handful_of_rows_shows_no_difference(changed: int, verdict: str) -> None:
    before = records([0.0] * 100)
    after = records([1.0] * changed + [0.0] * (100 - changed))
    assert compared(by_row(), "t", before, after).verdict == verdict


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
