"""Running rows: what was run is not run again, what fails is counted, what is stopped goes on, the budget is kept."""

import asyncio
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evals.metric import RowMetric
from evals.product import Product
from evals.record_cache import RecordCache
from evals.records import Record, Row, RowFault
from evals.running import BUDGET_USED_UP, NOT_RUN, Judging, Pace, Progress, Runner, TaskRows, named
from evals.spending import Spending, check_budget
from evals.task import Rows, Task
from evals.tasks.judge_metrics import JUDGED
from tools.errors import InputError, StoreError
from tools.models.usage import Price

PRODUCT: Any = None
ROWS = [Row(str(number), {"question": f"Q{number}"}, {"answers": [f"A{number}"]}) for number in range(5)]


class Asked:
    """What was asked. `fails`: of these ids an error is raised; `cost`: of each answer."""

    def __init__(self, fails: Sequence[str] = (), cost: float | None = None) -> None:
        self.ids: list[str] = []
        self.fails = set(fails)
        self.cost = cost
        self.stop_at: str | None = None
        self.degraded = ""
        self.beside: dict[str, Any] = {}

    async def __call__(self, row: Row, product: Product) -> Mapping[str, Any]:
        if row.id == self.stop_at:
            await asyncio.sleep(60)
        self.ids.append(row.id)
        if row.id in self.fails:
            raise StoreError("It is away.")
        receipt: dict[str, Any] = {"llm_calls": int(self.cost is not None), "tokens": {"input": 10, "output": 2}}
        if self.degraded:
            receipt["degraded"] = [{"component": "generate", "reason": self.degraded}]
        if self.cost:
            receipt["cost"] = self.cost
        observed: dict[str, Any] = {"answer": {"answer": f"A{row.id}", "receipt": receipt}}
        return {**observed, "spent": self.beside} if self.beside else observed


def task(asked: Asked, name: str = "task") -> Task:
    def read(_: object) -> Rows:
        raise NotImplementedError

    right = RowMetric("right", lambda record: 1.0, "one")
    # A function, as tasks have them: its module is what the cache looks at.
    return Task(name, name, "asks", read, lambda row, product: asked(row, product), (right, *JUDGED))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "records.db"


async def run(
    file: Path,
    asked: Asked,
    *,
    rows: Sequence[Row] = ROWS,
    version: str = "1",
    spending: Spending | None = None,
    judging: Judging | None = None,
    concurrency: int = 1,
    told: list[Progress] | None = None,
) -> list[Record]:
    cache = RecordCache(file)
    report = (told if told is not None else []).append
    try:
        pace = Pace(report, spending or Spending(), concurrency)
        runner = Runner(PRODUCT, cache, version, pace, judging=judging)
        given = TaskRows(task(asked), rows)
        runner.expect([given])
        await runner.run(given.task, given.rows)
        (done,) = runner.records([given])
    finally:
        cache.close()
    return list(done.records)


async def test_what_was_run_is_not_run_again(file: Path) -> None:
    asked = Asked()
    first = await run(file, asked)
    assert [record["observed"]["answer"]["answer"] for record in first] == [f"A{n}" for n in range(5)]
    assert await run(file, asked) == first
    assert asked.ids == [row.id for row in ROWS]


async def test_another_version_and_a_changed_row_are_run_again(file: Path) -> None:
    asked = Asked()
    await run(file, asked)
    await run(file, asked, version="2")
    assert len(asked.ids) == 10
    changed = [Row("0", {"question": "other"}, {}), *ROWS[1:]]
    await run(file, asked, rows=changed)
    assert len(asked.ids) == 11
    # What is right is no part of what was run: it is corrected without a new run.
    (record, *_) = await run(file, asked, rows=[Row("0", ROWS[0].given, {"answers": ["corrected"]})])
    assert record["gold"] == {"answers": ["corrected"]}
    assert len(asked.ids) == 11


async def test_a_row_that_fails_is_told_and_tried_again(file: Path) -> None:
    asked = Asked(fails=["1", "3"])
    records = await run(file, asked)
    assert [record["failure"] for record in records] == ["", "StoreError", "", "StoreError", ""]
    asked.fails = {"3"}
    records = await run(file, asked)
    assert [record["failure"] for record in records] == ["", "", "", "StoreError", ""]
    assert asked.ids[5:] == ["1", "3"]


async def test_a_run_that_is_stopped_gives_what_there_is_and_goes_on(file: Path) -> None:
    asked = Asked()
    asked.stop_at = "3"
    cache = RecordCache(file)
    runner = Runner(PRODUCT, cache, "1", Pace(lambda _: None, Spending()))
    rows = [TaskRows(task(asked), ROWS, [RowFault(9, "", "not JSON")])]
    running = asyncio.create_task(runner.run(rows[0].task, ROWS))
    while len(asked.ids) < 3:
        await asyncio.sleep(0)
    await asyncio.sleep(0.05)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    (so_far,) = runner.records(rows)
    cache.close()
    assert [record["failure"] for record in so_far.records] == ["", "", "", NOT_RUN, NOT_RUN]
    assert so_far.faults == rows[0].faults
    asked.stop_at = None
    assert not any(record["failure"] for record in await run(file, asked))
    assert asked.ids == ["0", "1", "2", "3", "4"]


async def test_the_budget_is_not_exceeded(file: Path) -> None:
    asked = Asked(cost=0.4)
    spending = Spending(budget=1.0)
    records = await run(file, asked, spending=spending)
    assert [record["failure"] for record in records] == ["", "", BUDGET_USED_UP, BUDGET_USED_UP, BUDGET_USED_UP]
    assert spending.money == pytest.approx(0.8)
    assert spending.tokens == {"input": 20, "output": 4}
    # What was paid for once is not paid for again.
    again = Spending(budget=1.0)
    records = await run(file, asked, spending=again)
    assert [record["failure"] for record in records] == ["", "", "", "", BUDGET_USED_UP]


async def test_money_that_is_not_known_is_not_called_nothing(file: Path) -> None:
    spending = Spending()
    await run(file, Asked(cost=0.0), spending=spending)
    assert spending.money is None
    with pytest.raises(InputError, match="budget"):
        check_budget(1.0, {"openai:m"}, {})
    check_budget(1.0, {"openai:m"}, {"openai:m": {"input": 1.0, "output": 1.0}})
    check_budget(None, {"openai:m"}, {})


async def test_a_judge_is_asked_once_for_each_answer_and_judge(file: Path) -> None:
    asked, judged = Asked(fails=["1"]), list[str]()

    async def judge(record: Record) -> dict[str, Any]:
        judged.append(record["id"])
        away = {"missing": "judge is away"} if record["id"] == "3" and len(judged) < 4 else 1.0
        return {"faithfulness": away, "spent": {"calls": 2, "input": 500_000, "output": 0}}

    price = Price(input=0.2, output=1.0)
    spending = Spending()
    records = await run(file, asked, judging=Judging(judge, "a", price), spending=spending)
    said = [record["judged"].get("faithfulness") for record in records]
    assert said == [1.0, None, 1.0, {"missing": "judge is away"}, 1.0]
    assert spending.money == pytest.approx(0.4)
    assert spending.tokens["input"] == 2_000_050 - 10
    records = await run(file, asked, judging=Judging(judge, "a", price))
    assert judged == ["0", "2", "3", "4", "3"]  # only the one that was away
    assert records[3]["judged"]["faithfulness"] == 1.0
    await run(file, asked, judging=Judging(judge, "b"), spending=spending)
    assert len(judged) == 9
    assert spending.money is None


async def test_rows_at_a_time_keep_their_order_and_tell_how_far_they_are(file: Path) -> None:
    told: list[Progress] = []
    records = await run(file, Asked(), concurrency=3, told=told)
    assert [record["id"] for record in records] == [row.id for row in ROWS]
    assert [(each.done, each.total) for each in told] == [(n, 5) for n in range(1, 6)]
    assert told[-1].seconds_left == 0


def test_tasks_are_named_by_how_they_begin() -> None:
    tasks = [task(Asked(), name) for name in ("multihop_a", "multihop_b", "routing")]
    assert [each.name for each in named(tasks, ["multihop"])] == ["multihop_a", "multihop_b"]
    assert [each.name for each in named(tasks, ["routing", "multihop_b"])] == ["multihop_b", "routing"]
    assert [each.name for each in named(tasks, [])] == ["multihop_a", "multihop_b", "routing"]


def test_the_whole_name_of_a_task_names_it_alone() -> None:
    tasks = [task(Asked(), name) for name in ("squad", "squad_closed_book", "routing")]
    assert [each.name for each in named(tasks, ["squad"])] == ["squad"]
    assert [each.name for each in named(tasks, ["squad_"])] == ["squad_closed_book"]
    assert [each.name for each in named(tasks, ["squad", "squa"])] == ["squad", "squad_closed_book"]


async def test_what_a_model_that_was_away_has_left_is_not_kept(file: Path) -> None:
    asked = Asked()
    asked.degraded = "model_down"
    await run(file, asked)
    asked.degraded = "other_language"  # which it would be again
    await run(file, asked)
    assert len(asked.ids) == 10
    await run(file, asked)
    assert len(asked.ids) == 10


async def test_what_is_spent_beside_an_answer_counts(file: Path) -> None:
    asked = Asked(cost=0.1)
    asked.beside = {"calls": 1, "input": 5, "output": 1, "money": 0.2}
    spending = Spending(budget=0.95)
    records = await run(file, asked, spending=spending)
    assert spending.money == pytest.approx(0.9)
    assert spending.tokens == {"input": 45, "output": 9}
    assert [record["failure"] for record in records] == ["", "", "", BUDGET_USED_UP, BUDGET_USED_UP]


async def test_nothing_is_run_for_nothing(file: Path) -> None:
    records = await run(file, Asked(cost=0.1), spending=Spending(budget=0.0))
    assert {record["failure"] for record in records} == {BUDGET_USED_UP}


async def test_a_judge_is_paid_only_where_something_is_worked_out_of_it(file: Path) -> None:
    async def judge(record: Record) -> dict[str, Any]:
        raise AssertionError("nobody reads it")

    plain = replace(task(Asked()), metrics=(RowMetric("right", lambda record: 1.0, "one"),))
    cache = RecordCache(file)
    runner = Runner(PRODUCT, cache, "1", Pace(lambda _: None, Spending()), judging=Judging(judge, "a"))
    await runner.run(plain, ROWS)
    cache.close()
    (done,) = runner.records([TaskRows(plain, ROWS)])
    assert not any(record["failure"] or record["judged"] for record in done.records)


async def test_rows_of_a_budget_are_run_one_at_a_time(file: Path) -> None:
    running, most = 0, 0

    class Watched(Asked):
        async def __call__(self, row: Row, product: Product) -> Mapping[str, Any]:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1
            return await super().__call__(row, product)

    await run(file, Watched(cost=0.1), concurrency=4)
    assert most > 1
    most = 0
    await run(file, Watched(cost=0.1), concurrency=4, spending=Spending(budget=9.0), version="2")
    assert most == 1


async def test_an_answer_is_judged_again_when_something_else_is_right(file: Path) -> None:
    judged: list[str] = []

    async def judge(record: Record) -> dict[str, Any]:
        judged.append(record["id"])
        return {"faithfulness": 1.0, "spent": {"calls": 1, "input": 1, "output": 1}}

    await run(file, Asked(), rows=ROWS[:1], judging=Judging(judge, "a"))
    await run(file, Asked(), rows=ROWS[:1], judging=Judging(judge, "a"))
    assert judged == ["0"]
    await run(file, Asked(), rows=[replace(ROWS[0], gold={"answers": ["other"]})], judging=Judging(judge, "a"))
    assert judged == ["0", "0"]


async def test_what_is_observed_otherwise_is_run_again(file: Path, tmp_path: Path) -> None:
    def observing(what: str) -> Task:
        path = tmp_path / f"{what}.py"
        path.write_text(f"async def observe(row, product):\n    return {{'saw': {what!r}}}\n", encoding="utf-8")
        spec = importlib.util.spec_from_file_location(what, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[what] = module
        spec.loader.exec_module(module)
        return replace(task(Asked()), observe=module.observe)

    for what in ("seen_once", "seen_otherwise"):
        cache = RecordCache(file)
        runner = Runner(PRODUCT, cache, "1", Pace(lambda _: None, Spending()))
        given = TaskRows(observing(what), ROWS[:1])
        await runner.run(given.task, given.rows)
        cache.close()
        (done,) = runner.records([given])
        assert done.records[0]["observed"] == {"saw": what}
