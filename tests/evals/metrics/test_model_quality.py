import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.model_quality import (
    Verdict,
    WinRate,
    forgetting,
    perplexity,
    rate,
    win_rate,
)
from evals.records import NotComputed

SWAPPED: dict[Verdict, Verdict] = {"a": "b", "b": "a", "tie": "tie"}
VERDICT: st.SearchStrategy[Verdict] = st.sampled_from(["a", "b", "tie"])


def test_perplexity_of_even_chances_is_their_number() -> None:
    assert perplexity([math.log(1 / 50)] * 7) == pytest.approx(50)
    assert perplexity([0.0, 0.0]) == 1


@pytest.mark.parametrize(
    ("logarithms", "why"),
    [
        ([], "no tokens"),
        ([-1.0, math.nan], "a token has no logarithm of a probability"),
        ([-math.inf], "a token has no logarithm of a probability"),
        ([0.5], "a token has no logarithm of a probability"),
        ([-1e6], "too large"),
    ],
)
def test_a_perplexity_that_cannot_be_had_says_why(logarithms: list[float], why: str) -> None:
    assert perplexity(logarithms) == NotComputed(why)


@given(st.lists(st.floats(-700, 0), min_size=1))
def test_perplexity_is_at_least_1(logarithms: list[float]) -> None:
    value = perplexity(logarithms)
    assert isinstance(value, float)
    assert value >= 1
    assert math.isfinite(value)


def test_two_positions_that_disagree_are_a_tie() -> None:
    assert win_rate([("a", "a"), ("a", "b"), ("tie", "tie"), ("b", "b"), ("a", "tie")]) == WinRate(
        0.2, 0.6, 0.2, 0.6, 5
    )
    assert win_rate([]) == NotComputed("no pairs were judged")


@given(st.lists(st.tuples(VERDICT, VERDICT), min_size=1))
def test_swapping_the_models_swaps_wins_and_losses(verdicts: list[tuple[Verdict, Verdict]]) -> None:
    ended = win_rate(verdicts)
    swapped = win_rate([(SWAPPED[second], SWAPPED[first]) for first, second in verdicts])
    assert isinstance(ended, WinRate)
    assert isinstance(swapped, WinRate)
    assert (ended.win, ended.tie, ended.loss, ended.consistency) == (
        swapped.loss,
        swapped.tie,
        swapped.win,
        swapped.consistency,
    )
    assert ended.win + ended.tie + ended.loss == pytest.approx(1)


def test_a_judge_who_always_favours_the_first_decides_nothing() -> None:
    assert win_rate([("a", "b")] * 10) == WinRate(0, 1, 0, 0, 10)


def test_forgetting_is_of_what_was_right_before() -> None:
    assert forgetting({"x": 1, "y": 1, "z": 0}, {"x": 1, "y": 0, "z": 1}) == 0.5
    assert forgetting({"x": 0.8}, {"x": 0.9}) == pytest.approx(-0.1)
    assert forgetting({"x": 0}, {"x": 1}) == forgetting({}, {}) == NotComputed("nothing was right before")
    assert forgetting({"x": 1, "y": 1}, {"x": 1}) == NotComputed("1 of 2 not measured after")


@given(st.dictionaries(st.text(), st.floats(0, 1)), st.floats(0, 1))
def test_forgetting_lies_from_minus_1_to_1(before: dict[str, float], after: float) -> None:
    score = forgetting(before, dict.fromkeys(before, after))
    if isinstance(score, float):
        assert -1 <= score <= 1
    assert forgetting(before, before) in (0, NotComputed("nothing was right before"))


def test_shares_of_rows() -> None:
    assert rate([True, False, True, True]) == 0.75
    assert rate([]) == NotComputed("no rows")
