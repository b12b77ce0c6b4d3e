import math
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.classification import (
    Confusion,
    balanced_accuracy,
    confusion,
    f1,
    macro_f1,
    precision,
)
from evals.records import NotComputed

PAIRS = [("a", "a"), ("a", "b"), ("a", "a"), ("b", "b"), ("c", "b")]
SOME = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abcd")))


def test_a_set_by_hand() -> None:
    assert precision(PAIRS, "b") == pytest.approx(1 / 3)
    assert f1(PAIRS, "a") == pytest.approx(0.8)
    assert macro_f1(PAIRS, "abc") == pytest.approx((0.8 + 0.5 + 0) / 3)
    assert balanced_accuracy(PAIRS) == pytest.approx((2 / 3 + 1 + 0) / 3)
    assert confusion(PAIRS) == Confusion(("a", "b", "c"), ((2, 1, 0), (0, 1, 0), (0, 1, 0)))


def test_a_label_that_is_only_predicted_lowers_the_macro_f1_alone() -> None:
    pairs = [("a", "a"), ("a", "z")]
    assert macro_f1(pairs, "az") == pytest.approx((2 / 3 + 0) / 2)
    assert macro_f1(pairs, "a") == pytest.approx(2 / 3), "no label of which a mean is wanted"
    assert balanced_accuracy(pairs) == 0.5


def test_what_would_be_0_of_0_says_why() -> None:
    assert precision(PAIRS, "c") == NotComputed("never predicted: c")
    assert f1(PAIRS, "z") == NotComputed("no rows of z")
    assert f1(PAIRS, "c") == 0
    assert {macro_f1([], "a"), macro_f1(PAIRS, "z"), balanced_accuracy([])} == {NotComputed("no rows")}
    assert confusion([]) == Confusion((), ())


@given(SOME.filter(bool))
def test_all_lie_from_0_to_1_and_follow_from_the_confusion(pairs: list[tuple[str, str]]) -> None:
    table = confusion(pairs)
    counts = {
        (gold, said): table.counts[row][column]
        for row, gold in enumerate(table.labels)
        for column, said in enumerate(table.labels)
    }
    scores = []
    for label in table.labels:
        right = counts[label, label]
        is_, said = sum(table.counts[table.labels.index(label)]), sum(counts[gold, label] for gold in table.labels)
        assert precision(pairs, label) == (right / said if said else NotComputed(f"never predicted: {label}"))
        scores.append(2 * right / (is_ + said))
    macro, balanced = macro_f1(pairs, "abcd"), balanced_accuracy(pairs)
    assert isinstance(macro, float)
    assert isinstance(balanced, float)
    assert macro == pytest.approx(sum(scores) / len(scores))
    assert 0 <= macro <= 1
    assert 0 <= balanced <= 1 + 1e-12


@given(SOME.filter(bool))
def test_order_does_not_matter(pairs: list[tuple[str, str]]) -> None:
    for measure in (partial(macro_f1, labels="abcd"), balanced_accuracy):
        one, other = measure(pairs), measure(pairs[::-1])
        assert isinstance(one, float)
        assert isinstance(other, float)
        assert math.isclose(one, other)
    assert confusion(pairs) == confusion(pairs[::-1])
