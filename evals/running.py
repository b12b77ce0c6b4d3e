"""Runs the rows of tasks, from the cache where they were run before, and goes on where a row fails."""

import asyncio
import functools
import inspect
import json
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.judge import NONSENSE, QUANTITIES, judged
from evals.product import Product
from evals.record_cache import RecordCache
from evals.records import Record, Row, RowFault
from evals.spending import Spending, receipt_of
from evals.task import Task
from evals.versions import key_of
from tools.models.usage import Price, Usage, cost, no_usage

BUDGET_USED_UP = "the budget is used up"
NOT_RUN = "stopped before it was run"


@dataclass(frozen=True, slots=True)
class Judging:
    """judge: what a judge model says of a record, as `Record["judged"]`; "spent" in it says what that took. name: of
    the model. price: of its tokens; None where it is not known.
    """

    judge: Callable[[Record], Awaitable[dict[str, Any]]]
    name: str
    price: Price | None = None


@dataclass(frozen=True, slots=True)
class TaskRows:
    """What of a task is to be run, and what of it could not be read."""

    task: Task
    rows: Sequence[Row]
    faults: Sequence[RowFault] = ()


@dataclass(frozen=True, slots=True)
class TaskRecords:
    """What running a task gave. seconds: of this run. fresh: rows that were run now and not before."""

    task: Task
    records: Sequence[Record]
    faults: Sequence[RowFault]
    seconds: float
    fresh: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, in rows of all tasks. seconds_left: None until some rows have been run. money: spent so far, as
    in Spending; money_left: of the budget, None without one.
    """

    task: str
    done: int
    total: int
    seconds_left: float | None
    money: float | None
    money_left: float | None


Report = Callable[[Progress], None]


class Runner:
    """product: what is measured. version: of all that it depends on but the row: a record of another is run again.

    judging: every answer is judged, if there is a judge. concurrency: rows at a time.
    """

    def __init__(
        self,
        product: Product,
        cache: RecordCache,
        version: str,
        spending: Spending,
        report: Report,
        *,
        judging: Judging | None = None,
        concurrency: int = 1,
    ) -> None:
        self._product = product
        self._cache = cache
        self._version = version
        self._spending = spending
        self._report = report
        self._judging = judging
        self._concurrency = concurrency
        self._seconds = 0.0
        self._fresh = 0
        self._due = 0
        self._done = 0
        self._total = 0
        self._records: dict[tuple[str, str], Record] = {}

    async def run(self, tasks: Sequence[TaskRows]) -> list[TaskRecords]:
        """A task after the other, each row's record in the order of the rows.

        A row that raises has a record that says what; nothing of it is kept for the next run. Raises StoreError when
        what was run cannot be kept.
        """
        self._due = sum(self._is_due(each.task, row) for each in tasks for row in each.rows)
        self._total = sum(len(each.rows) for each in tasks)
        return [await self._run_task(each) for each in tasks]

    def so_far(self, tasks: Sequence[TaskRows]) -> list[TaskRecords]:
        """What there is of a run that was stopped: rows that were not run have records that say so."""
        return [
            TaskRecords(
                each.task,
                [self._records.get((each.task.name, row.id)) or _not_run(each.task, row) for row in each.rows],
                each.faults,
                0.0,
                0,
            )
            for each in tasks
        ]

    async def _run_task(self, given: TaskRows) -> TaskRecords:
        began = time.perf_counter()
        fresh_before = self._fresh
        # Rows that are run at once could exceed a budget together.
        places = asyncio.Semaphore(self._concurrency if self._spending.budget is None else 1)

        async def one(row: Row) -> Record:
            async with places:
                record = await self._record(given.task, row)
            self._records[given.task.name, row.id] = record
            self._done += 1
            left, spent = self._seconds_left(), self._spending
            self._report(Progress(given.task.name, self._done, self._total, left, spent.money, spent.left))
            return record

        records = await asyncio.gather(*map(one, given.rows))
        seconds = time.perf_counter() - began
        return TaskRecords(given.task, records, given.faults, seconds, self._fresh - fresh_before)

    async def _record(self, task: Task, row: Row) -> Record:
        key = self._key(task, row)
        kept = self._cache.get(key)
        record = _record_of(task, row)
        if kept is not None:
            record["observed"], record["ms"] = kept["observed"], kept["ms"]
        elif self._spending.is_used_up:
            record["failure"] = BUDGET_USED_UP
        else:
            await self._observe(task, row, record, key)
        if self._judging and not record["failure"] and "answer" in record["observed"]:
            record["judged"] = await self._judged(self._judging, record, key)
        return record

    async def _observe(self, task: Task, row: Row, record: Record, key: str) -> None:
        began = time.perf_counter()
        try:
            observed = await task.observe(row, self._product)
        except Exception as error:  # one row's failure is that row's result
            record["failure"] = type(error).__name__
            return
        finally:
            record["ms"] = round((time.perf_counter() - began) * 1000, 3)
            self._seconds += record["ms"] / 1000
            self._fresh += 1
        record["observed"] = observed
        receipt = receipt_of(observed)
        tokens = receipt.get("tokens", {"input": 0, "output": 0})
        self._spending.add(tokens["input"], tokens["output"], receipt.get("llm_calls", 0), receipt.get("cost"))
        self._cache.put(key, {"observed": observed, "ms": record["ms"]})

    async def _judged(self, judging: Judging, record: Record, key: str) -> dict[str, Any]:
        judge = f"{judging.name}\n{_source_of(judged)}"
        gold = json.dumps(record["gold"], ensure_ascii=False, sort_keys=True, default=str)
        judged_key = key_of({"observed": key, "gold": gold, "judge": judge})
        kept = self._cache.get(judged_key)
        if kept is not None:
            return kept
        if self._spending.is_used_up:
            return {name: {"missing": BUDGET_USED_UP} for name in QUANTITIES}
        said = await judging.judge(record)
        spent = Usage(**{**no_usage(), **said.get("spent", {})})
        prices = {} if judging.price is None else {judging.name: judging.price}
        self._spending.add(spent["input"], spent["output"], spent["calls"], cost({judging.name: spent}, prices))
        if not any(isinstance(each, Mapping) and each.get("missing", NONSENSE) != NONSENSE for each in said.values()):
            self._cache.put(judged_key, said)  # a judge that was away is asked again
        return said

    def _is_due(self, task: Task, row: Row) -> bool:
        return self._cache.get(self._key(task, row)) is None

    def _key(self, task: Task, row: Row) -> str:
        return key_of(
            {
                "task": task.name,
                "observe": _source_of(task.observe),
                "version": self._version,
                "row": json.dumps([row.id, row.given], ensure_ascii=False, sort_keys=True, default=str),
            }
        )

    def _seconds_left(self) -> float | None:
        if not self._fresh:
            return None
        return self._seconds / self._fresh * max(0, self._due - self._fresh) / self._concurrency


def _record_of(task: Task, row: Row, failure: str = "") -> Record:
    return Record(
        task=task.name, id=row.id, given=row.given, gold=row.gold, observed={}, judged={}, ms=0.0, failure=failure
    )


def _not_run(task: Task, row: Row) -> Record:
    return _record_of(task, row, NOT_RUN)


@functools.cache
def _source_of(observe: Callable[..., Any]) -> str:
    """The file that says what is observed: when it changes, records are made anew."""
    module = inspect.getmodule(observe.func if isinstance(observe, functools.partial) else observe)
    assert module is not None
    return inspect.getsource(module)


def named(tasks: Sequence[Task], patterns: Sequence[str]) -> Iterator[Task]:
    """The tasks that one of `patterns` names: the one of that name, else all whose name or file begins so. All without
    patterns."""
    names = {task.name for task in tasks}
    for task in tasks:
        if not patterns or any(_is_named(task, each, names) for each in patterns):
            yield task


def _is_named(task: Task, pattern: str, names: Collection[str]) -> bool:
    if pattern in names:
        return task.name == pattern
    return task.name.startswith(pattern) or task.file.startswith(pattern)
