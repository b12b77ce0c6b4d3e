"""The search's figures count the questions that have gold documents and an answer."""

import pytest

from evals.metric import RowMetric
from evals.tasks.search_metrics import MRR, NDCG_10, all_gold_metric, recall_metric
from tests.evals.tasks.made_records import answered, record

FOUND = ["en:4", "en:1", "en:3", "en:2"]


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        (recall_metric(1), 0),
        (recall_metric(2), 0.5),
        (recall_metric(5), 1),
        (all_gold_metric(2), 0),
        (all_gold_metric(5), 1),
        (MRR, 0.5),
    ],
    ids=lambda value: value.name if isinstance(value, RowMetric) else "",
)
def test_gold_documents_are_looked_for_in_what_was_found(metric: RowMetric, value: float) -> None:
    made = record(answered("Ines."), {"documents": ["en:1", "en:2"]}, found=FOUND)
    assert metric.score(made) == value


def test_the_order_matters_to_ndcg() -> None:
    score = NDCG_10.score(record(answered("Ines."), {"documents": ["en:1"]}, found=FOUND))
    assert score == pytest.approx(0.6309, abs=1e-4)


@pytest.mark.parametrize("gold", [{"documents": []}, {"documents": ["en:1"], "must_refuse": True}])
def test_other_questions_are_left_out(gold: dict[str, object]) -> None:
    assert recall_metric(5).score(record(answered("Ines."), gold, found=FOUND)) is None
