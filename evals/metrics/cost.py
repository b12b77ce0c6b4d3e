"""What an answer cost, from its receipt. None where a record has no answer."""

from collections.abc import Mapping
from typing import Any

from evals.records import NotComputed, Record, Score
from tools.text.citations import without_marks


def model_calls(record: Record) -> Score | None:
    """Calls of the chat model for one question, repeats for unreadable replies included."""
    return _number(_receipt(record), "llm_calls")


def tokens(record: Record) -> Score | None:
    """Tokens that the chat model read and wrote for one question."""
    receipt = _receipt(record)
    if receipt is None:
        return None
    spent = receipt.get("tokens") or {}
    read, written = _number(spent, "input"), _number(spent, "output")
    return read + written if isinstance(read, float) and isinstance(written, float) else NotComputed("no tokens known")


def money(record: Record) -> Score | None:
    """Price of one question, in the currency of the prices that are set; 0 without model calls.

    NotComputed when a model was called and its price is not known.
    """
    receipt = _receipt(record)
    if receipt is None or "cost" in receipt:
        return _number(receipt, "cost")
    return 0.0 if receipt.get("llm_calls") == 0 else NotComputed("the model's price is not known")


def latency(record: Record) -> Score | None:
    """Milliseconds from the question to the end of its answer."""
    receipt = _receipt(record)
    return None if receipt is None else _number(receipt.get("ms") or {}, "total")


def searches(record: Record) -> Score | None:
    """Searches for one question: each query to each source in each round."""
    receipt = _receipt(record)
    return None if receipt is None else float(sum(len(each["queries"]) for each in receipt.get("rounds", ())))


def answer_characters(record: Record) -> Score | None:
    """Length of the answer's text without its marks; None for what was not answered."""
    answer = record["observed"].get("answer")
    if not answer or answer.get("status") != "answered":
        return None
    return float(len(without_marks(answer["answer"]).strip()))


def _receipt(record: Record) -> Mapping[str, Any] | None:
    answer = record["observed"].get("answer")
    return answer.get("receipt", {}) if answer else None


def _number(values: Mapping[str, Any] | None, name: str) -> Score | None:
    if values is None:
        return None
    value = values.get(name)
    return float(value) if isinstance(value, int | float) else NotComputed(f"no {name} in the receipt")
