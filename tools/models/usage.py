"""What model calls use, and what that costs."""

from collections.abc import Mapping

# In settings it is read by its types, which on Python 3.11 needs this TypedDict.
from typing_extensions import TypedDict


class Usage(TypedDict):
    """Requests sent (retries and failed ones included) and tokens, as the provider counts them or estimated."""

    calls: int
    input: int
    output: int


class Price(TypedDict):
    """Money for a million tokens, in whatever currency the table is written in."""

    input: float
    output: float


def no_usage() -> Usage:
    """Nothing used."""
    return Usage(calls=0, input=0, output=0)


def added(left: Usage, right: Usage) -> Usage:
    """The sum of two."""
    return Usage(
        calls=left["calls"] + right["calls"],
        input=left["input"] + right["input"],
        output=left["output"] + right["output"],
    )


def merge_usage(left: Mapping[str, Usage], right: Mapping[str, Usage]) -> dict[str, Usage]:
    """Sums by the model's name."""
    return {name: added(left.get(name, no_usage()), right.get(name, no_usage())) for name in {**left, **right}}


def total(usage: Mapping[str, Usage]) -> Usage:
    """The sum over all models."""
    summed = no_usage()
    for each in usage.values():
        summed = added(summed, each)
    return summed


def cost(usage: Mapping[str, Usage], prices: Mapping[str, Price]) -> float | None:
    """Money for `usage`; None when no model was used, or the price of one that was is not known."""
    used = {name: each for name, each in usage.items() if each["calls"]}
    if not used or not set(used) <= set(prices):
        return None
    return sum(
        (each["input"] * prices[name]["input"] + each["output"] * prices[name]["output"]) / 1e6
        for name, each in used.items()
    )
