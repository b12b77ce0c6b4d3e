"""What models may cost while documents are added, in the money of the price table."""

from collections.abc import Iterable
from dataclasses import dataclass

from tools.errors import SignpostError
from tools.text.token_estimate import estimate_tokens

ESTIMATE_ERROR = 0.25
"""By how much of itself an estimate of tokens may be wrong: see `estimate_tokens`."""


class BudgetSpentError(SignpostError):
    """What comes next could cost more than is left."""


@dataclass(slots=True)
class Budget:
    """Counts what is spent, and keeps it within `limit` (None: any sum).

    embedding_price: money for a million tokens, None where no passages are embedded or nobody knows what it costs.
    """

    embedding_price: float | None
    limit: float | None = None
    spent: float = 0.0

    def embed(self, texts: Iterable[str]) -> None:
        """Counts passages that are to be embedded. Raises BudgetSpentError instead where they could exceed `limit`."""
        if self.embedding_price is not None:
            self.spend(sum(map(estimate_tokens, texts)) * self.embedding_price / 1e6)

    def spend(self, cost: float) -> None:
        """Counts an estimated cost. Raises BudgetSpentError instead where it could exceed `limit`."""
        highest = (self.spent + cost) * (1 + ESTIMATE_ERROR)
        if self.limit is not None and highest > self.limit:
            raise BudgetSpentError(
                f"The budget of {self.limit:g} is used up.",
                why=f"About {self.spent:.4g} is spent, and the next document could cost more than what is left.",
                next_step="The same command with a larger --budget goes on where this one ended.",
            )
        self.spent += cost
