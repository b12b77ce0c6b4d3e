import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.text.fusion import reciprocal_rank_fusion


def test_scores_are_sums_of_reciprocal_ranks() -> None:
    fused = reciprocal_rank_fusion([["a", "b", "c"], ["b", "d"]])
    assert [identifier for identifier, _ in fused] == ["b", "a", "d", "c"]
    assert dict(fused) == pytest.approx({"b": 1 / 62 + 1 / 61, "a": 1 / 61, "d": 1 / 62, "c": 1 / 63})


def test_equal_scores_keep_the_order_of_first_appearance() -> None:
    fused = reciprocal_rank_fusion([["z"], ["a"], ["m"]])
    assert [identifier for identifier, _ in fused] == ["z", "a", "m"]


def test_a_small_k_favours_the_first() -> None:
    assert reciprocal_rank_fusion([["a", "b"]], k=0) == [("a", 1.0), ("b", 0.5)]


def test_nothing_fuses_to_nothing() -> None:
    assert reciprocal_rank_fusion([]) == reciprocal_rank_fusion([[], []]) == []


def test_a_repeated_id_counts_once_at_its_best_rank() -> None:
    assert reciprocal_rank_fusion([["a", "a", "b"]]) == reciprocal_rank_fusion([["a", "b"]])


@given(st.lists(st.lists(st.sampled_from("abcdef"), unique=True), max_size=5))
def test_every_id_once_best_first_within_the_bounds(rankings: list[list[str]]) -> None:
    fused = reciprocal_rank_fusion(rankings)
    assert {identifier for identifier, _ in fused} == {identifier for ranking in rankings for identifier in ranking}
    assert len(fused) == len({identifier for identifier, _ in fused})
    scores = [score for _, score in fused]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= len(rankings) / 61 + 1e-12 for score in scores)


@given(st.lists(st.sampled_from("abcdef"), unique=True))
def test_one_ranking_stays_as_it_is(ranking: list[str]) -> None:
    assert [identifier for identifier, _ in reciprocal_rank_fusion([ranking])] == ranking
