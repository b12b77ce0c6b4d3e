"""`add` with the splitter by topic and an embedding model: paid from the budget, and no file fails by it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from ingest import file_reader
from ingest.budget import Budget, Prices
from ingest.by_topic import prepared_by_topic
from ingest.plan import plan
from ingest.reading import Reading
from tests.ingest.stores import Stores, opened_stores
from tests.stores.examples import ROOT
from tools.stores.protocols import Finding

BY_TOPIC = Reading(splitter="semantic")
PRICES = Prices(embedding=1000.0)


class Embedder:
    """A vector by the first topic word in a sentence."""

    name = "scripted:topics"

    def __init__(self, fails: bool = False, takes: float = 0.0) -> None:
        self.fails = fails
        self.takes = takes
        self.asked: list[str] = []

    def embed_query(self, text: str) -> list[float]:
        raise AssertionError("nothing is searched")

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if self.fails:
            raise RuntimeError("key sk-1 is wrong")
        time.sleep(self.takes)
        self.asked += texts
        return [[1.0, 0.0] if "mill" in text else [0.0, 1.0] for text in texts]


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    async with opened_stores(tmp_path / "home") as stores:
        yield stores


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "two.md"
    about = ("The mill by the river grinds {} sacks of corn a day.", "The bridge of stone carries {} carts in a week.")
    file.write_text(" ".join(each.format(n) for each in about for n in range(20)), encoding="utf-8")
    return file


async def chunks_of(stores: Stores) -> list[str]:
    [stored] = (await stores.ledger.stored(await stores.ledger.document_ids())).values()
    return [chunk.text for chunk in stored.chunks]


async def test_sentences_are_paid_for_before_the_model_is_asked(stores: Stores, file: Path) -> None:
    embedder, budget = Embedder(), Budget(PRICES, limit=0.0001)
    summary = await stores.add(file, reading=BY_TOPIC, embedder=embedder, budget=budget)
    assert (embedder.asked, summary.added, summary.files_left) == ([], 0, 1)
    assert "budget" in summary.stopped
    enough = Budget(PRICES)
    assert (await stores.add(file, reading=BY_TOPIC, embedder=embedder, budget=enough)).added == 1
    alone = Budget(PRICES)
    assert (await stores.add(file, collection="other", reading=BY_TOPIC, budget=alone)).added == 1
    assert len(embedder.asked) == 40
    assert enough.spent > alone.spent * 1.5


async def test_the_plan_counts_them(stores: Stores, file: Path) -> None:
    async def money(reading: Reading) -> float:
        planned = await plan(
            [file], ledger=stores.ledger, collection="default", readers=None, reading=reading, prices=PRICES
        )
        assert planned.money is not None
        return planned.money.expected / planned.tokens.expected

    assert await money(BY_TOPIC) == pytest.approx(2 * await money(Reading()))


async def test_a_changed_file_is_split_as_it_was(stores: Stores, file: Path) -> None:
    embedder = Embedder()
    await stores.add(file, reading=BY_TOPIC, embedder=embedder)
    asked = len(embedder.asked)
    file.write_text(file.read_text(encoding="utf-8") + " It is new.", encoding="utf-8")
    assert (await stores.add(file, embedder=embedder)).updated == 1
    assert len(embedder.asked) > asked


async def test_a_model_that_fails_leaves_the_words(stores: Stores, file: Path) -> None:
    summary = await stores.add(file, reading=BY_TOPIC, embedder=Embedder(fails=True))
    assert (summary.added, summary.failed) == (1, ())
    [warning] = summary.warnings
    assert "RuntimeError" in warning.message
    assert "sk-1" not in warning.message


async def test_no_other_splitter_asks_the_model(stores: Stores, file: Path) -> None:
    embedder = Embedder()
    await stores.add(file, embedder=embedder)
    assert embedder.asked == []


async def test_a_second_run_asks_the_model_nothing_but_another_model_all(stores: Stores, file: Path) -> None:
    embedder = Embedder()
    assert (await stores.add(file, reading=BY_TOPIC, embedder=embedder)).added == 1
    split = await chunks_of(stores)
    assert len(split) > 1
    asked = len(embedder.asked)
    for reading in (Reading(splitter="fixed"), BY_TOPIC):
        assert (await stores.add(file, reading=reading, embedder=embedder)).updated == 1
    assert (await chunks_of(stores), len(embedder.asked)) == (split, asked)
    assert (await stores.add(file, collection="other", reading=BY_TOPIC, embedder=embedder)).added == 1
    assert len(embedder.asked) == asked
    embedder.name = "scripted:others"
    assert (await stores.add(file, collection="third", reading=BY_TOPIC, embedder=embedder)).added == 1
    assert len(embedder.asked) == 2 * asked


async def test_of_files_that_say_the_same_one_asks(stores: Stores, file: Path) -> None:
    embedder = Embedder(takes=0.2)
    for name in ("three.md", "four.md"):
        shutil.copy(file, file.parent / name)
    assert (await stores.add(file.parent, reading=BY_TOPIC, embedder=embedder)).added == 3
    assert len(embedder.asked) == len(set(embedder.asked))


async def test_nor_does_one_after_a_run_that_was_killed_before_it_stored_anything(tmp_path: Path, file: Path) -> None:
    program = (
        "import asyncio, sys; from pathlib import Path\n"
        "from tests.ingest.test_by_topic import killed_when_split\n"
        "asyncio.run(killed_when_split(Path(sys.argv[1]), Path(sys.argv[2])))"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(tmp_path / "home"), str(file)], cwd=ROOT)
    assert killed.returncode == -signal.SIGKILL
    embedder = Embedder()
    async with opened_stores(tmp_path / "home") as stores:
        assert await stores.documents() == []
        assert (await stores.add(file, reading=BY_TOPIC, embedder=embedder)).added == 1
    assert embedder.asked == []


async def killed_when_split(home: Path, file: Path) -> None:
    async with opened_stores(home) as stores:
        file_reader.prepared_by_topic = _split_and_killed
        await stores.add(file, reading=BY_TOPIC, embedder=Embedder())


def _split_and_killed(*given: Any) -> NoReturn:
    prepared_by_topic(*given)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("it lives")


async def test_of_a_changed_file_only_what_is_new_is_asked_for(stores: Stores, file: Path) -> None:
    embedder = Embedder()
    text = file.read_text(encoding="utf-8")
    file.write_text(f"# One\n\n{text}\n\n# Two\n\n{text.replace('mill', 'tower')}\n", encoding="utf-8")
    await stores.add(file, reading=BY_TOPIC, embedder=embedder)
    [document] = await stores.documents()
    await stores.ledger.keep_findings([Finding("a picture", document.id, "A chart.")])
    kept = await _keys(stores)
    embedder.asked.clear()
    file.write_text(file.read_text(encoding="utf-8") + "\nIt is new.\n", encoding="utf-8")
    assert (await stores.add(file, embedder=embedder)).updated == 1
    assert (len(embedder.asked), embedder.asked[-1]) == (41, "It is new.")
    now = await _keys(stores)
    assert (len(kept), len(now), len(kept & now)) == (3, 3, 2), "of sentences that it holds no more nothing is kept"
    assert "a picture" in now
    await stores.ledger.remove_document(document.id)
    assert await _keys(stores, document.id) == set()


async def _keys(stores: Stores, *ids: str) -> set[str]:
    """Of all that is kept of these documents, or of all."""
    found = await stores.ledger.findings_of(ids or await stores.ledger.document_ids())
    return {finding.key for finding in found}
