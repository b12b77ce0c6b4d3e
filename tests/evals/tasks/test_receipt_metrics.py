"""The way and the price of an answer, from its receipt."""

from typing import Any

import pytest

from evals.metric import RowMetric
from evals.statistics import measured
from evals.tasks.receipt_metrics import COSTS, reached_metric
from tests.evals.tasks.made_records import answered, record


def receipt(total: float, *rounds: list[tuple[str, str]]) -> dict[str, Any]:
    """rounds: of each its searches, as source and status."""
    return {
        "rounds": [
            {
                "queries": [{"text": "tide book", "source": source} for source, _ in searches],
                "sources": [{"source": source, "status": status, "hits": 1} for source, status in searches],
            }
            for searches in rounds
        ],
        "llm_calls": 2,
        "tokens": {"input": 30, "output": 12},
        "ms": {"total": total},
    }


def test_searches_and_rounds_are_counted() -> None:
    made = record(answered("Ines.", receipt=receipt(5, [("vector", "ok")], [("vector", "ok"), ("graph", "empty")])), {})
    scores = {metric.name: metric.score(made) for metric in COSTS if isinstance(metric, RowMetric)}
    assert (scores["rounds"], scores["searches"]) == (2, 3)
    assert (scores["model_calls"], scores["tokens"]) == (2, 42)


@pytest.mark.parametrize(
    ("searches", "reached"),
    [([("vector", "ok")], 0), ([("graph", "empty")], 0), ([("vector", "empty"), ("graph", "ok")], 1)],
)
def test_a_source_is_reached_when_it_found_something(searches: list[tuple[str, str]], reached: float) -> None:
    made = record(answered("Ines.", receipt=receipt(5, searches)), {})
    assert reached_metric("graph").score(made) == reached
    made["gold"] = {**made["gold"], "must_refuse": True}
    assert reached_metric("graph").score(made) is None


def test_latency_is_given_by_its_middle_and_its_tail() -> None:
    records = [record(answered("Ines.", receipt=receipt(time)), {}) for time in range(1, 102)]
    by_name = {metric.name: measured(metric, "made", records).value for metric in COSTS}
    assert (by_name["latency_p50"], by_name["latency_p95"]) == (51, 96)
