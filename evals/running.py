"""Runs the rows of tasks, from the cache where they were run before, and goes on where a row fails."""

import asyncio
import functools
import inspect
import json
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.judge import NONSENSE, QUANTITIES
from evals.product import Product
from evals.record_cache import RecordCache
from evals.records import Record, Row, RowFault
from evals.spending import Spending, is_incidental, spent_on
from evals.task import Task
from evals.tasks.judge_metrics import is_judged
from evals.versions import judging_version, key_of
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
    """What running a task gave. seconds: that it took."""

    task: Task
    records: Sequence[Record]
    faults: Sequence[RowFault]
    seconds: float


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


class Pace:
    """How far a run is, over all that takes part in it, told to `report` after each row."""

    def __init__(self, report: Report, spending: Spending, concurrency: int = 1) -> None:
        self.spending = spending
        # Rows that are run at once could exceed a budget together.
        self.concurrency = concurrency if spending.budget is None else 1
        self._report = report
        self._total = 0
        self._done = 0
        self._due = 0
        self._fresh = 0
        self._seconds = 0.0

    def expect(self, rows: int, due: int) -> None:
        """So many rows more, of which so many have to be run."""
        self._total += rows
        self._due += due

    def ran(self, seconds: float) -> None:
        """A row was run, and not found in the cache."""
        self._fresh += 1
        self._seconds += seconds

    def done(self, task: str) -> None:
        """A row has its record."""
        self._done += 1
        self.tell(task)

    def tell(self, what: str) -> None:
        """Tells how far it is, and what comes now: a task, or what else is done."""
        spent = self.spending
        self._report(Progress(what, self._done, self._total, self._seconds_left(), spent.money, spent.left))

    def _seconds_left(self) -> float | None:
        if not self._fresh:
            return None
        return self._seconds / self._fresh * max(0, self._due - self._fresh) / self.concurrency


class Runner:
    """product: what is measured. version: of all that it depends on but the row: a record of another is run again.

    judging: every answer is judged, if there is a judge.
    """

    def __init__(
        self,
        product: Product,
        cache: RecordCache,
        version: str,
        pace: Pace,
        *,
        judging: Judging | None = None,
    ) -> None:
        self._product = product
        self._cache = cache
        self._version = version
        self._pace = pace
        self._spending = pace.spending
        self._judging = judging
        self._records: dict[tuple[str, str], Record] = {}
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def expect(self, tasks: Sequence[TaskRows]) -> None:
        """Tells the pace what is to be run."""
        for each in tasks:
            due = sum(self._cache.get(self._key(each.task, row)) is None for row in each.rows)
            self._pace.expect(len(each.rows), due)

    async def run(self, task: Task, rows: Sequence[Row]) -> None:
        """Makes the rows' records.

        A row that raises has a record that says what; nothing of it is kept for the next run. Raises StoreError when
        what was run cannot be kept.
        """
        began = time.perf_counter()
        places = asyncio.Semaphore(self._pace.concurrency)

        async def one(row: Row) -> None:
            async with places:
                record = await self._record(task, row)
            self._records[task.name, row.id] = record
            self._pace.done(task.name)

        try:
            await asyncio.gather(*map(one, rows))
        finally:
            self._seconds[task.name] += time.perf_counter() - began

    def records(self, tasks: Sequence[TaskRows]) -> list[TaskRecords]:
        """What there is, in the order of the rows: those that were not run have records that say so."""
        return [
            TaskRecords(
                each.task,
                [self._records.get((each.task.name, row.id)) or _not_run(each.task, row) for row in each.rows],
                each.faults,
                self._seconds[each.task.name],
            )
            for each in tasks
        ]

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
        if self._judging and not record["failure"] and is_judged(task) and "answer" in record["observed"]:
            record["judged"] = await self._judged(self._judging, record, key)
        self._spending.end_row()
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
            self._pace.ran(record["ms"] / 1000)
        record["observed"] = observed
        for spent in spent_on(observed):
            self._spending.add(spent, spent["money"])
        if not is_incidental(observed):
            self._cache.put(key, {"observed": observed, "ms": record["ms"]})

    async def _judged(self, judging: Judging, record: Record, key: str) -> dict[str, Any]:
        judge = f"{judging.name}\n{judging_version()}"
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
        self._spending.add(spent, cost({judging.name: spent}, prices))
        if not any(isinstance(each, Mapping) and each.get("missing", NONSENSE) != NONSENSE for each in said.values()):
            self._cache.put(judged_key, said)  # a judge that was away is asked again
        return said

    def _key(self, task: Task, row: Row) -> str:
        return key_of(
            {
                "task": task.name,
                "observe": _source_of(task.observe),
                "version": self._version,
                "row": json.dumps([row.id, row.given], ensure_ascii=False, sort_keys=True, default=str),
            }
        )


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
