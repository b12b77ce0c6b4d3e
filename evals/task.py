"""A task: rows of a set, what the product does with each, and the metrics of that."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.metric import Metric
from evals.pack import Pack
from evals.product import Product
from evals.records import Row, RowFault

Rows = tuple[Sequence[Row], Sequence[RowFault]]
"""The rows that can be used, and those that cannot."""


@dataclass(frozen=True, slots=True)
class Task:
    """One measurement of a pack.

    name: one of a kind; a file that is measured in several ways has several tasks. file: the pack's file that `read`
    reads, without ".jsonl". about: in a sentence, what is done and what it shows. observe: runs one row and returns
    what the record keeps as `observed`; it may raise. needs_model: the task means nothing without a chat model.
    """

    name: str
    file: str
    about: str
    read: Callable[[Pack], Rows]
    observe: Callable[[Row, Product], Awaitable[Mapping[str, Any]]]
    metrics: tuple[Metric, ...]
    needs_model: bool = False
