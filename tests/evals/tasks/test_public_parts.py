"""The tasks of single decisions and of documents over a real pack; skipped where there is none."""

import os
from collections import Counter
from pathlib import Path

import pytest

from evals.pack import Pack, open_pack
from evals.task import Task
from evals.tasks.documents import DOCUMENTS, DOCUMENTS_TASKS
from evals.tasks.extraction import EXTRACTION_TASKS
from evals.tasks.faithfulness import FAITHFULNESS_TASKS
from evals.tasks.not_measured import NOT_MEASURED
from evals.tasks.registry import TASKS
from evals.tasks.relevance import RELEVANCE_TASKS
from evals.tasks.routing import ROUTING, ROUTING_TASKS
from evals.tasks.truthfulness import TRUTHFULNESS_TASKS
from tests.evals.tasks.tiny_pack import NO_DOCUMENTS, figure, records_of

PACK = os.environ.get("SIGNPOST_EVAL_PACK", "")
PARTS = (
    *ROUTING_TASKS,
    *RELEVANCE_TASKS,
    *FAITHFULNESS_TASKS,
    *TRUTHFULNESS_TASKS,
    *EXTRACTION_TASKS,
    *DOCUMENTS_TASKS,
)

pytestmark = pytest.mark.skipif(not PACK, reason="SIGNPOST_EVAL_PACK names no evaluation pack")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return open_pack(Path(PACK))


@pytest.mark.parametrize("task", PARTS, ids=lambda task: task.name)
async def test_every_row_is_read_and_one_of_them_runs(task: Task, pack: Pack) -> None:
    rows, faults = task.read(pack)
    assert rows
    assert not faults
    assert await task.observe(rows[0], NO_DOCUMENTS)


@pytest.mark.parametrize("task", FAITHFULNESS_TASKS, ids=lambda task: task.name)
def test_both_labels_are_there(task: Task, pack: Pack) -> None:
    rows, _ = task.read(pack)
    labels = Counter(row.gold["label"] for row in rows)
    assert min(labels["supported"], labels["hallucinated"]) > 0


def test_every_row_counts_for_what_its_label_rests_on(pack: Pack) -> None:
    rows, _ = ROUTING.read(pack)
    of_basis = [metric for metric in ROUTING.metrics if " " in metric.name and metric.name != "accuracy[not stored]"]
    names = [metric.name.removeprefix("accuracy[").removesuffix("]").rpartition(" ") for metric in of_basis]
    counted = [
        sum(source in row.gold["source"] and row.gold["route"] == label for source, _, label in names) for row in rows
    ]
    assert set(counted) == {1}


async def test_every_file_is_counted_whether_it_is_read_or_not(pack: Pack) -> None:
    records = await records_of(DOCUMENTS, pack)
    rows, _ = DOCUMENTS.read(pack)
    assert figure(DOCUMENTS, "read", records).n == len(rows)
    words = figure(DOCUMENTS, "words_found", records)
    assert words.n + sum(words.missing.values()) == sum(row.gold["reference_text"] is not None for row in rows)


def test_every_file_is_measured_or_said_not_to_be(pack: Pack) -> None:
    files = {file.stem for file in pack.folder.glob("*.jsonl") if not file.stem.endswith(".corpus")}
    measured = {task.file for task in TASKS}
    assert files - measured == set(NOT_MEASURED) & files
    assert not measured & set(NOT_MEASURED)
