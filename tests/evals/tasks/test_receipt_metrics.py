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
    ("searches", "found", "cited", "reached"),
    [
        ([("vector", "ok")], ["g"], ["g"], 0),
        ([("graph", "empty")], ["g"], [], 0),
        ([("vector", "empty"), ("graph", "ok")], ["other", "g"], ["other"], 1),
        ([("graph", "ok")], [], ["g"], 1),
        ([("graph", "ok")], ["other"], ["other"], 0),
    ],
)
def test_the_evidence_is_reached_when_its_source_was_searched_and_it_was_found(
    searches: list[tuple[str, str]], found: list[str], cited: list[str], reached: float
) -> None:
    made = record(answered("Ines.", cited=cited, receipt=receipt(5, searches)), {"documents": ["g"]}, found=found)
    assert reached_metric("graph").score(made) == reached


@pytest.mark.parametrize("gold", [{"documents": []}, {"documents": ["g"], "must_refuse": True}])
def test_without_evidence_there_is_none_to_reach(gold: dict[str, Any]) -> None:
    made = record(answered("Ines.", receipt=receipt(5, [("graph", "ok")])), gold, found=["g"])
    assert reached_metric("graph").score(made) is None


def test_latency_is_given_by_its_middle_and_its_tail() -> None:
    records = [record(answered("Ines.", receipt=receipt(time)), {}) for time in range(1, 102)]
    by_name = {metric.name: measured(metric, "made", records).value for metric in COSTS}
    assert (by_name["latency_p50"], by_name["latency_p95"]) == (51, 96)
    untimed = record(answered("Ines."), {})
    assert {measured(metric, "made", [*records, untimed]).n for metric in COSTS if "latency" in metric.name} == {101}
