import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.set_overlap import micro_f1, micro_precision, micro_recall
from evals.records import NotComputed

SETS = st.lists(st.integers(0, 5), max_size=8)


def test_one_text_by_hand() -> None:
    found, gold = (
        [("a", "in", "b"), ("a", "in", "c"), ("a", "in", "b")],
        [("a", "in", "b"), ("b", "in", "d"), ("x", "y", "z")],
    )
    assert micro_precision([(found, gold)]) == 0.5
    assert micro_recall([(found, gold)]) == pytest.approx(1 / 3)
    assert micro_f1([(found, gold)]) == pytest.approx(0.4)


def test_micro_adds_sizes_up_before_it_divides() -> None:
    pairs: list[tuple[set[str], set[str]]] = [({"a", "b", "c"}, {"a"}), (set(), {"x"}), ({"y"}, {"y"})]
    assert micro_precision(pairs) == 0.5
    assert micro_recall(pairs) == pytest.approx(2 / 3)
    assert micro_f1(pairs) == pytest.approx(4 / 7)
    assert micro_f1(iter(pairs)) == pytest.approx(4 / 7)


def test_what_would_be_0_of_0_says_why() -> None:
    assert micro_precision([([], ["a"])]) == NotComputed("nothing was found")
    assert micro_recall([(["a"], [])]) == NotComputed("nothing to find")
    assert micro_f1([([], [])]) == micro_f1([]) == NotComputed("nothing to find, and nothing was found")
    assert micro_f1([([], ["a"])]) == 0


@given(SETS, SETS)
def test_precision_of_one_way_is_recall_of_the_other(found: list[int], gold: list[int]) -> None:
    forth, back = micro_precision([(found, gold)]), micro_recall([(gold, found)])
    assert isinstance(forth, NotComputed) == isinstance(back, NotComputed)
    if isinstance(forth, float):
        assert forth == back
        assert 0 <= forth <= 1
    assert micro_f1([(found, gold)]) == micro_f1([(gold, found)])


@given(SETS.filter(bool), SETS.filter(bool))
def test_f1_is_the_harmonic_mean(found: list[int], gold: list[int]) -> None:
    precision, recall = micro_precision([(found, gold)]), micro_recall([(found, gold)])
    assert isinstance(precision, float)
    assert isinstance(recall, float)
    expected = 2 * precision * recall / (precision + recall) if precision + recall else 0
    assert micro_f1([(found, gold)]) == pytest.approx(expected)
