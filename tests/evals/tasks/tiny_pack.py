"""Packs of a few rows, and tasks run over them as a run does."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.measure import Measure
from evals.pack import Pack
from evals.product import Product
from evals.records import Record
from evals.statistics import measured
from evals.task import Task
from tests.graph.fakes import make_resources

NO_DOCUMENTS = Product(make_resources())


def tiny_pack(folder: Path, files: Mapping[str, Sequence[Mapping[str, Any] | str]]) -> Pack:
    """files: rows by the file's name without ".jsonl"; a text is written as it is."""
    for name, rows in files.items():
        lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return Pack(folder, folder / "shared")


async def records_of(task: Task, pack: Pack, product: Product = NO_DOCUMENTS) -> list[Record]:
    """A record of each row, as it comes back from where records are kept."""
    rows, _ = task.read(pack)
    records = [
        Record(
            task=task.name,
            id=row.id,
            given=row.given,
            gold=row.gold,
            observed=await task.observe(row, product),
            judged={},
            ms=1.0,
            failure="",
        )
        for row in rows
    ]
    kept: list[Record] = json.loads(json.dumps(records))
    return kept


def figure(task: Task, metric: str, records: Sequence[Record]) -> Measure:
    """The figure that one of the task's metrics gives."""
    (found,) = [each for each in task.metrics if each.name == metric]
    return measured(found, task.name, records)


def task_named(name: str, tasks: Sequence[Task]) -> Task:
    (task,) = [each for each in tasks if each.name == name]
    return task
