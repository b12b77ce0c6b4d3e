from collections.abc import Callable, Mapping
from typing import Any

import pytest

from evals.metrics.cost import answer_characters, latency, model_calls, money, searches, tokens
from evals.records import NotComputed, Record, Score

RECEIPT: dict[str, Any] = {
    "llm_calls": 3,
    "tokens": {"input": 100, "output": 20},
    "ms": {"route": 1.0, "total": 250.5},
    "cost": 0.002,
    "rounds": [{"queries": [{}, {}], "sources": [{}, {}]}, {"queries": [{}], "sources": [{}]}],
}
ALL = (model_calls, tokens, money, latency, searches, answer_characters)


def record(**observed: Any) -> Record:
    return Record(task="t", id="1", given={}, gold={}, observed=observed, judged={}, ms=1.0, failure="")


def answered(receipt: Mapping[str, Any], **values: Any) -> Record:
    return record(answer={"answer": "Paris.[1]", "status": "answered", "receipt": receipt, **values})


def test_a_receipt_is_read() -> None:
    assert [measure(answered(RECEIPT)) for measure in ALL] == [3, 120, 0.002, 250.5, 3, len("Paris.")]


@pytest.mark.parametrize("measure", ALL)
def test_without_an_answer_nothing_applies(measure: Callable[[Record], Score | None]) -> None:
    assert measure(record()) is None
    assert measure(record(found=["a"])) is None


def test_only_an_unknown_price_is_not_computed() -> None:
    without = {name: value for name, value in RECEIPT.items() if name != "cost"}
    assert money(answered(without)) == NotComputed("the model's price is not known")
    assert money(answered({**without, "llm_calls": 0})) == 0


def test_a_refusal_costs_but_has_no_length() -> None:
    refused = answered(RECEIPT, status="refused")
    assert latency(refused) == 250.5
    assert answer_characters(refused) is None


def test_an_incomplete_receipt_says_so() -> None:
    assert model_calls(answered({})) == NotComputed("no llm_calls in the receipt")
    assert isinstance(tokens(answered({})), NotComputed)
    assert isinstance(latency(answered({})), NotComputed)
    assert searches(answered({})) == 0
