"""The question tasks over a real pack; skipped where there is none."""

import os
from pathlib import Path

import pytest

from evals.corpora import read_corpora
from evals.pack import Pack, open_pack
from evals.task import Task
from evals.tasks.closed_book import CLOSED_BOOK_TASKS
from evals.tasks.counterfactual import COUNTERFACTUAL_TASKS
from evals.tasks.cross_language import CROSS_LANGUAGE_TASKS
from evals.tasks.dialogue import DIALOGUE_TASKS
from evals.tasks.injection import INJECTION_TASKS
from evals.tasks.integration import INTEGRATION_TASKS
from evals.tasks.lihua_world import LIHUA_WORLD_TASKS
from evals.tasks.multi_hop import MULTI_HOP_TASKS
from evals.tasks.noise import NOISE_TASKS
from evals.tasks.single_hop import SINGLE_HOP_TASKS
from tests.evals.tasks.tiny_pack import NO_DOCUMENTS

PACK = os.environ.get("SIGNPOST_EVAL_PACK", "")
STORED = (
    *SINGLE_HOP_TASKS,
    *CROSS_LANGUAGE_TASKS,
    *MULTI_HOP_TASKS,
    *LIHUA_WORLD_TASKS,
    *DIALOGUE_TASKS,
)
GIVEN = (*NOISE_TASKS, *INTEGRATION_TASKS, *COUNTERFACTUAL_TASKS, *INJECTION_TASKS, *CLOSED_BOOK_TASKS)

pytestmark = pytest.mark.skipif(not PACK, reason="SIGNPOST_EVAL_PACK names no evaluation pack")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return open_pack(Path(PACK))


@pytest.mark.parametrize("task", STORED, ids=lambda task: task.name)
def test_every_row_over_a_collection_is_read(task: Task, pack: Pack) -> None:
    rows, faults = task.read(pack)
    assert rows
    assert not faults


@pytest.mark.parametrize("task", GIVEN, ids=lambda task: task.name)
async def test_rows_over_given_passages_are_read_and_one_of_them_runs(task: Task, pack: Pack) -> None:
    rows, faults = task.read(pack)
    assert rows
    assert {fault.why for fault in faults if "passages" not in fault.why} <= {"negative is empty"}
    observed = await task.observe(rows[0], NO_DOCUMENTS)
    assert observed["answer"]["status"] in ("answered", "refused")


def test_most_rows_of_a_file_are_measured(pack: Pack) -> None:
    for task in (*STORED, *INTEGRATION_TASKS, *COUNTERFACTUAL_TASKS):
        rows, _ = task.read(pack)
        lines, _ = pack.lines(task.file)
        assert len(rows) == len(lines), task.name


def test_hardly_a_passage_of_the_corpora_is_lost(pack: Pack) -> None:
    read = read_corpora(pack)
    assert sum(map(len, read.faults.values())) < 0.001 * sum(map(len, read.passages.values()))
