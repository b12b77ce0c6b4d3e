"""What is kept of one row of an evaluation: what was asked, what is right, and what the product did."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from typing_extensions import TypedDict


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a set. `given`: what the product gets to see. `gold`: what is right, which it never sees."""

    id: str
    given: Mapping[str, Any]
    gold: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that cannot be used, and why. `line` counts from 1; 0: the fault is that of the whole file."""

    line: int
    id: str
    why: str


class Record(TypedDict):
    """One row after it was run; JSON-able, so that metrics can be worked out again without running anything.

    observed: what the product did, as the task describes it; empty when `failure` says why there is nothing.
    judged: what a judge model said of it, by the name of the judgement; a judgement that could not be had is
    {"missing": why}. ms: how long the product took. failure: the class of what was raised, or a reason; else empty.
    """

    task: str
    id: str
    given: Mapping[str, Any]
    gold: Mapping[str, Any]
    observed: Mapping[str, Any]
    judged: Mapping[str, Any]
    ms: float
    failure: str


@dataclass(frozen=True, slots=True)
class NotComputed:
    """Stands in for a score that cannot be had. `why`: in a few words that can be counted ("no judge model")."""

    why: str


Score = float | NotComputed
