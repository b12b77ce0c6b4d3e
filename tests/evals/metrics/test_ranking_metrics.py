import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.ranking import all_gold_at, ndcg_at, recall_at, reciprocal_rank

IDS = st.lists(st.sampled_from("abcdefghij"), max_size=12)
CUTS = (1, 2, 5, 10, 20)
CASES = 1500


def test_a_ranking_by_hand() -> None:
    ranked, gold = ["x", "a", "y", "b"], {"a", "b"}
    assert recall_at(2, ranked, gold) == 0.5
    assert recall_at(4, ranked, gold) == 1
    assert reciprocal_rank(ranked, gold) == 0.5
    assert ndcg_at(4, ranked, gold) == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3)))
    assert [all_gold_at(k, ranked, gold) for k in (3, 4)] == [0, 1]


def test_the_ideal_is_what_k_places_can_hold() -> None:
    assert ndcg_at(2, ["a", "b", "c"], ["a", "b", "c"]) == 1


def test_a_repeated_id_counts_once_where_it_comes_first() -> None:
    assert recall_at(2, ["x", "x", "a"], ["a"]) == 1
    assert reciprocal_rank(["x", "x", "a"], ["a"]) == 0.5
    assert ndcg_at(3, ["a", "a", "a"], ["a", "b"]) == ndcg_at(3, ["a"], ["a", "b"])


@pytest.mark.parametrize(("ranked", "gold"), [([], ["a"]), (["a"], []), ([], [])])
def test_nothing_found_or_nothing_to_find_is_0(ranked: list[str], gold: list[str]) -> None:
    scores = [recall_at(5, ranked, gold), ndcg_at(5, ranked, gold), all_gold_at(5, ranked, gold)]
    assert [*scores, reciprocal_rank(ranked, gold)] == [0, 0, 0, 0]


def test_agrees_with_trec_eval() -> None:
    pytrec_eval = pytest.importorskip("pytrec_eval")
    chance = random.Random(5)
    ids = [f"d{number}" for number in range(40)]
    rankings = {f"q{row}": chance.sample(ids, chance.randint(1, 30)) for row in range(CASES)}
    golds = {row: chance.sample(ids, chance.randint(1, 12)) for row in rankings}
    measures = {f"{name}.{','.join(map(str, CUTS))}" for name in ("recall", "ndcg_cut")} | {"recip_rank"}
    evaluator = pytrec_eval.RelevanceEvaluator(
        {row: dict.fromkeys(gold, 1) for row, gold in golds.items()},
        measures,
    )
    reference = evaluator.evaluate(
        {row: {id_: float(-place) for place, id_ in enumerate(ranked)} for row, ranked in rankings.items()}
    )
    assert len(reference) == CASES
    for row, expected in reference.items():
        ranked, gold = rankings[row], golds[row]
        assert reciprocal_rank(ranked, gold) == pytest.approx(expected["recip_rank"], abs=1e-9)
        for k in CUTS:
            assert recall_at(k, ranked, gold) == pytest.approx(expected[f"recall_{k}"], abs=1e-9)
            assert ndcg_at(k, ranked, gold) == pytest.approx(expected[f"ndcg_cut_{k}"], abs=1e-9)
            assert all_gold_at(k, ranked, gold) == float(expected[f"recall_{k}"] == 1)


@given(st.integers(-2, 15), IDS, IDS)
def test_all_lie_from_0_to_1_and_recall_grows_with_k(k: int, ranked: list[str], gold: list[str]) -> None:
    scores = [measure(k, ranked, gold) for measure in (recall_at, ndcg_at, all_gold_at)]
    assert all(0 <= score <= 1 + 1e-12 for score in [*scores, reciprocal_rank(ranked, gold)])
    assert recall_at(k, ranked, gold) <= recall_at(k + 1, ranked, gold)
    assert all_gold_at(k, ranked, gold) <= all_gold_at(k + 1, ranked, gold)


@given(IDS.filter(bool), IDS.filter(bool), st.data())
def test_a_gold_document_further_in_front_is_never_worse(
    ranked: list[str], gold: list[str], data: st.DataObject
) -> None:
    ranked = list(dict.fromkeys(ranked))
    place = data.draw(st.integers(0, len(ranked) - 1))
    if place == 0 or ranked[place] not in gold:
        return
    better = [*ranked[: place - 1], ranked[place], ranked[place - 1], *ranked[place + 1 :]]
    assert ndcg_at(len(ranked), better, gold) >= ndcg_at(len(ranked), ranked, gold) - 1e-12
    assert reciprocal_rank(better, gold) >= reciprocal_rank(ranked, gold)
