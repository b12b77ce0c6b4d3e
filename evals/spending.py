"""What an evaluation has spent on models, and whether the next row may be run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.errors import InputError
from tools.models.usage import Price


@dataclass(slots=True)
class Spending:
    """budget: the most that may be spent, None for no bound. money: None once a model was called whose price is not
    known."""

    budget: float | None = None
    money: float | None = 0.0
    tokens: dict[str, int] = field(default_factory=lambda: {"input": 0, "output": 0})
    dearest: float = 0.0

    def add(self, read: int, written: int, calls: int, money: float | None) -> None:
        """Counts what one row took: tokens that models read and wrote, requests, and money where that is known."""
        self.tokens["input"] += read
        self.tokens["output"] += written
        if not calls:
            return
        if money is None or self.money is None:
            self.money = None
        else:
            self.money += money
            self.dearest = max(self.dearest, money)

    @property
    def is_used_up(self) -> bool:
        """Whether a row as dear as the dearest so far could exceed the budget."""
        return self.budget is not None and self.money is not None and self.money + self.dearest > self.budget

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


def receipt_of(observed: Mapping[str, Any]) -> Mapping[str, Any]:
    """The receipt of the answer that was observed; empty where there is none."""
    answer = observed.get("answer")
    receipt = answer.get("receipt") if isinstance(answer, Mapping) else None
    return receipt if isinstance(receipt, Mapping) else {}
