"""Counts what a question's model calls use, and ends them when their number or the time is used up."""

import time
from dataclasses import dataclass, field

from tools.models.usage import Usage, merge_usage, no_usage


@dataclass(slots=True)
class Meter:
    """The budget of one step. `calls_left`: requests that may still be sent, retries included.

    deadline: in seconds since the epoch, or None when only each request's own timeout bounds it.
    usage: by the model's name, what was used so far.
    """

    calls_left: int
    deadline: float | None = None
    usage: dict[str, Usage] = field(default_factory=dict)

    def take(self, model: str) -> bool:
        """Counts one request; False when none is left."""
        if self.calls_left < 1:
            return False
        self.calls_left -= 1
        self.usage = merge_usage(self.usage, {model: {**no_usage(), "calls": 1}})
        return True

    def count(self, model: str, *, input_tokens: int, output_tokens: int) -> None:
        """Adds the tokens of a request that was taken."""
        self.usage = merge_usage(self.usage, {model: Usage(calls=0, input=input_tokens, output=output_tokens)})

    def seconds_left(self, most: float) -> float:
        """Seconds that a request may take, at most `most`; never below zero."""
        return most if self.deadline is None else max(0.0, min(most, self.deadline - time.time()))
