"""The control of the question sets: the same questions with no evidence at all.

Without a chat model every one must be refused. With one, what is answered is what the model knows by itself: a set
that it knows by heart says little of the product.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from evals.metric import Metric
from evals.pack import Pack
from evals.product import Product
from evals.records import Row
from evals.task import Rows, Task
from evals.tasks.answer_metrics import CONTAINS
from evals.tasks.asking import asked
from evals.tasks.counterfactual import COUNTERFACTUAL_TASKS
from evals.tasks.lihua_world import LIHUA_WORLD_TASKS
from evals.tasks.multi_hop import HOTPOTQA, MUSIQUE
from evals.tasks.receipt_metrics import COSTS
from evals.tasks.refusal_metrics import ASKED_BACK, REFUSED
from evals.tasks.single_hop import SINGLE_HOP_TASKS

ROWS = 20


async def _observe(row: Row, product: Product) -> Mapping[str, Any]:
    return await asked(row, product.over([]))


def _read(pack: Pack, task: Task) -> Rows:
    """The answerable rows of a task whose ids' checksums are lowest: always the same."""
    rows, faults = task.read(pack)
    answerable = [row for row in rows if not row.gold["must_refuse"]]
    sample = sorted(answerable, key=lambda row: (zlib.crc32(row.id.encode()), row.id))[:ROWS]
    return [replace(row, given={"question": row.given["question"]}) for row in sample], faults


_METRICS: tuple[Metric, ...] = (
    replace(REFUSED, about="questions without any evidence that were refused"),
    replace(CONTAINS, about="a right answer stands in the answer although there is no evidence", better="neither"),
    ASKED_BACK,
    *COSTS,
)


def _tasks(tasks: Sequence[Task]) -> Sequence[Task]:
    return [
        Task(
            name=f"{task.file}_closed_book",
            file=task.file,
            about=f"{ROWS} answerable questions of {task.file}, always the same, without any evidence: refused, "
            "unless a model knows the answer.",
            read=partial(_read, task=task),
            observe=_observe,
            metrics=_METRICS,
        )
        for task in tasks
    ]


_RIGHT = [task for task in COUNTERFACTUAL_TASKS if task.name.endswith("_right")]

CLOSED_BOOK_TASKS = tuple(_tasks([*SINGLE_HOP_TASKS, HOTPOTQA, MUSIQUE, *LIHUA_WORLD_TASKS, *_RIGHT]))
