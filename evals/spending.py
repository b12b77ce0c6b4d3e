"""What an evaluation has spent on models, and whether the next row may be run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.judge import MODEL
from graph.retrieve import FAILED
from tools.errors import InputError
from tools.models.usage import Price, Usage


class Spent(Usage):
    """money: None where it is not known."""

    money: float | None


@dataclass(slots=True)
class Spending:
    """budget: the most that may be spent, None for no bound. money: None once a model was called whose price is not
    known. What a row costs is known when the first one has been run: that one may exceed a budget."""

    budget: float | None = None
    money: float | None = 0.0
    tokens: dict[str, int] = field(default_factory=lambda: {"input": 0, "output": 0})
    _dearest: float = 0.0
    _before_row: float = 0.0

    def add(self, usage: Usage, money: float | None) -> None:
        """Counts what was asked of models."""
        for name in ("input", "output"):
            self.tokens[name] += usage[name]
        if usage["calls"]:
            self.money = None if money is None or self.money is None else self.money + money

    def end_row(self) -> None:
        """All that one row takes has been added."""
        money = self.money or 0.0
        self._dearest = max(self._dearest, money - self._before_row)
        self._before_row = money

    @property
    def is_used_up(self) -> bool:
        """Whether a row as dear as the dearest so far would exceed the budget."""
        if self.budget is None or self.money is None:
            return False
        return self.money >= self.budget or self.money + self._dearest > self.budget

    @property
    def left(self) -> float | None:
        """Of the budget; None without one."""
        return None if self.budget is None or self.money is None else max(0.0, self.budget - self.money)


def check_budget(budget: float | None, models: set[str], prices: Mapping[str, Price]) -> None:
    """Raises InputError when a budget is set and a model's price is not known: it could not be kept."""
    unknown = sorted(models - set(prices))
    if budget is not None and unknown:
        raise InputError(
            "The budget could not be kept.",
            why=f"No price is known of {', '.join(unknown)}.",
            next_step='Set SIGNPOST_PRICES={"provider:model": {"input": 0.4, "output": 1.6}}, for a million tokens.',
        )


def spent_on(observed: Mapping[str, Any]) -> list[Spent]:
    """What was asked of models for an observation: by the answer's receipt, and for what else was observed."""
    receipt = _receipt_of(observed)
    tokens = receipt.get("tokens", {"input": 0, "output": 0})
    calls, money = receipt.get("llm_calls", 0), receipt.get("cost")
    spent = [Spent(calls=calls, input=tokens["input"], output=tokens["output"], money=money)]
    if "spent" in observed:
        beside: Spent = observed["spent"]
        spent.append(beside)
    return spent


def is_incidental(observed: Mapping[str, Any]) -> bool:
    """Whether a model or a source failed, so that the answer would be another one with both well."""
    reasons = [step["reason"] for step in _receipt_of(observed).get("degraded", ())]
    return any(reason.startswith(MODEL) or reason in FAILED for reason in reasons)


def _receipt_of(observed: Mapping[str, Any]) -> Mapping[str, Any]:
    answer = observed.get("answer")
    receipt = answer.get("receipt") if isinstance(answer, Mapping) else None
    return receipt if isinstance(receipt, Mapping) else {}
