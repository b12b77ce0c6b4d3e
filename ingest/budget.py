"""What models may cost while documents are added, in the money of the price table."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tools.errors import SignpostError
from tools.models.usage import Price, Usage, total
from tools.text.token_estimate import estimate_tokens

ESTIMATE_ERROR = 0.25
"""By how much of itself an estimate of tokens may be wrong: see `estimate_tokens`."""


PICTURE = Usage(calls=1, input=1500, output=300)
"""What describing a picture takes, most often: providers count a picture as 250 to 1,600 tokens."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What the models cost that are used while documents are added; None where there is none, or nobody knows.

    embedding: money for a million tokens.
    """

    embedding: float | None = None
    vision: Price | None = None

    @property
    def of_picture(self) -> float:
        """About what describing a picture costs."""
        return 0.0 if self.vision is None else _cost(PICTURE, self.vision)


class BudgetSpentError(SignpostError):
    """What comes next could cost more than is left."""


@dataclass(slots=True)
class Budget:
    """Counts what is spent, and keeps it within `limit` (None: any sum). Usable from any thread."""

    prices: Prices = field(default_factory=Prices)
    limit: float | None = None
    spent: float = 0.0
    _counting: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @property
    def is_counted(self) -> bool:
        """Whether anything has a price."""
        return self.prices != Prices()

    def embed(self, texts: Iterable[str]) -> None:
        """Counts passages that are to be embedded. Raises BudgetSpentError instead where they could exceed `limit`."""
        if self.prices.embedding is not None:
            self.spend(sum(map(estimate_tokens, texts)) * self.prices.embedding / 1e6)

    def begin_picture(self) -> None:
        """Counts a picture that is to be described. Raises BudgetSpentError instead where it could exceed `limit`."""
        self.spend(self.prices.of_picture)

    def end_picture(self, usage: Mapping[str, Usage]) -> None:
        """Puts what was used in the place of the estimate."""
        if self.prices.vision is not None:
            with self._counting:
                self.spent += _cost(total(usage), self.prices.vision) - self.prices.of_picture

    def spend(self, cost: float) -> None:
        """Counts an estimated cost. Raises BudgetSpentError instead where it could exceed `limit`."""
        with self._counting:
            highest = (self.spent + cost) * (1 + ESTIMATE_ERROR)
            if self.limit is not None and highest > self.limit:
                raise BudgetSpentError(
                    f"The budget of {self.limit:g} is used up.",
                    why=f"About {self.spent:.4g} is spent, and the next document could cost more than what is left.",
                    next_step="The same command with a larger --budget goes on where this one ended.",
                )
            self.spent += cost


def _cost(usage: Usage, price: Price) -> float:
    return (usage["input"] * price["input"] + usage["output"] * price["output"]) / 1e6
