"""Answers of several parts, each of which may be said in several ways, as RGB has them (Chen et al., 2024)."""

from collections.abc import Mapping, Sequence
from typing import Any

from evals.metric import RowMetric
from evals.records import Record, Score
from evals.tasks.answers import says_one_of
from evals.tasks.fields import UnusableRowError
from tools.shapes import Language

Parts = list[list[str]]
"""Each part with the ways to say it."""


def parts_in(values: Mapping[str, Any], name: str) -> Parts:
    """The parts of a field: a text, or a list of parts, each a text or a list of ways to say it.

    Raises UnusableRowError when there is none, or something else.
    """
    if name not in values:
        raise UnusableRowError(f"has no {name}")
    value = values[name]
    return parts_of(value if isinstance(value, list) else [value], name)


def parts_of(value: Sequence[Any], name: str) -> Parts:
    """As `parts_in`, of a list that the field `name` holds."""
    parts = [part for each in value if (part := _ways(each, name))]
    if not parts:
        raise UnusableRowError(f"{name} is empty")
    return parts


def gold_of(parts: Parts, language: Language, *, must_refuse: bool = False) -> dict[str, Any]:
    """The gold of a question over given passages: every way to say a part is one of the answers."""
    ways = [way for part in parts for way in part]
    return {"answers": ways, "parts": parts, "documents": [], "must_refuse": must_refuse, "language": language}


def share_said(record: Record, parts: Sequence[Sequence[str]]) -> float:
    """Share of the parts that stand in the answer in one of their ways."""
    return sum(says_one_of(record, part) for part in parts) / len(parts)


def _all_said(record: Record) -> Score | None:
    return float(share_said(record, record["gold"]["parts"]) == 1)


ACCURACY = RowMetric("accuracy", _all_said, "every part of the right answer stands in the answer; not answered: 0")


def _ways(part: Any, name: str) -> list[str]:
    ways = part if isinstance(part, list) else [part]
    if not all(isinstance(way, str) for way in ways):
        raise UnusableRowError(f"{name} is no list of texts, or of lists of them")
    return [way for way in ways if way.strip()]
