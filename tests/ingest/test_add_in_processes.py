"""An `add` whose files are read by processes of their own: bad files, limits, disks that are full, budgets."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.budget import Budget, Prices
from ingest.reading import Limits, Reading
from tests.ingest.office_files import pdf_file, word_file
from tests.ingest.stores import Stores, opened_stores
from tests.stores.qdrant.word_embedder import WordEmbedder
from tools.errors import StoreError
from tools.stores.qdrant.edge_vector_store import EdgeVectorStore
from tools.stores.sql.sql_ledger import SqlLedger


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    async with opened_stores(tmp_path / "home") as stores:
        yield stores


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.pdf").write_bytes(pdf_file([[f"Bridge {number} has {number} arches."]] * 3))
    return folder


async def test_bad_files_are_named_in_order_and_the_others_added(stores: Stores, folder: Path) -> None:
    (folder / "0-locked.pdf").write_bytes(pdf_file([["text"]], password="secret"))
    (folder / "1-cut.docx").write_bytes(word_file(lambda document: document.add_paragraph("text"))[:900])
    (folder / "2-deep.html").write_text("<div>" * 200_000 + "text", encoding="utf-8")
    (folder / "3-deep.jsonl").write_text("[" * 200_000, encoding="utf-8")
    summary = await stores.add(folder)
    assert [problem.name for problem in summary.failed if "deep.html" not in problem.name] == [
        "0-locked.pdf",
        "1-cut.docx",
        "3-deep.jsonl",
    ]
    assert summary.added >= 4
    assert summary.pages >= 12
    assert await stores.search("Bridge 3")


async def test_a_file_that_takes_too_long_costs_itself_alone(stores: Stores, tmp_path: Path) -> None:
    rows = "".join(json.dumps({"text": f"Bridge {number} has {number} arches."}) + "\n" for number in range(60_000))
    (tmp_path / "a.jsonl").write_text(rows, encoding="utf-8")
    (tmp_path / "b.md").write_text("The mill is old.", encoding="utf-8")
    summary = await stores.add(tmp_path / "a.jsonl", tmp_path / "b.md", reading=Reading(Limits(seconds=0.5)))
    [problem] = summary.failed
    assert "a.jsonl takes too long" in problem.message
    assert await stores.search("mill")


class _FullDisk(SqlLedger):
    """A ledger that can write two documents."""

    room = 2

    async def replace_document(self, *values: object, **more: object) -> None:
        if self.room == 0:
            raise StoreError("The ledger could not be used.", why="SQLite says: database or disk is full.")
        self.room -= 1
        await super().replace_document(*values, **more)  # type: ignore[arg-type]


async def test_a_full_disk_ends_it_and_keeps_what_was_stored(stores: Stores, folder: Path) -> None:
    full = _FullDisk(stores.ledger.database, stores.ledger.id)
    summary = await replace(stores, ledger=full).add(folder)
    assert (summary.added, summary.failed, summary.interrupted) == (2, (), False)
    assert "disk is full" in summary.stopped
    assert summary.files_left == 2
    again = await stores.add(folder)
    assert (again.added, again.unchanged, again.files_left) == (2, 2, 0)
    assert await stores.is_indexed()


class _Counted(WordEmbedder):
    """Remembers what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def embed_documents(self, texts: Sequence[str]) -> list[list[float]]:
        self.texts.extend(texts)
        return super().embed_documents(list(texts))


async def test_a_changed_file_pays_only_for_its_changed_passages(stores: Stores, tmp_path: Path) -> None:
    embedder = _Counted()
    embedded = replace(stores, vector_store=EdgeVectorStore(tmp_path / "embedded", embedder))
    path = tmp_path / "bridges.md"
    parts = [f"## Part {part}\n\nBridge {part} has {part} arches.\n" for part in range(100)]
    path.write_text("\n".join(parts), encoding="utf-8")
    first = await embedded.add(path, budget=(budget := Budget(Prices(0.02))))
    assert first.chunks == 100
    full = budget.spent
    embedder.texts.clear()
    parts[41] = "## Part 41\n\nBridge 41 was taken down.\n"
    path.write_text("\n".join(parts), encoding="utf-8")
    second = await embedded.add(path, budget=(budget := Budget(Prices(0.02))))
    assert (second.updated, second.chunks, second.indexed) == (1, 100, 1)
    assert [text.splitlines()[-1] for text in embedder.texts] == ["Bridge 41 was taken down."]
    assert 0 < budget.spent < full * 0.03
    path.touch()
    assert (await embedded.add(path, budget=Budget(Prices(0.02)))).cost == 0
    await embedded.vector_store.close()


async def test_a_budget_ends_it_before_it_is_exceeded_and_the_next_goes_on(stores: Stores, folder: Path) -> None:
    whole = Budget(Prices(1000.0))
    async with opened_stores(folder.parent / "other") as other:
        assert (await other.add(folder, budget=whole)).cost == whole.spent > 0
    limit = whole.spent * 0.7
    first = await stores.add(folder, budget=Budget(Prices(1000.0), limit))
    assert 0 < first.added < 4
    assert first.files_left == 4 - first.added
    assert first.cost is not None
    assert first.cost * 1.25 <= limit
    assert "--budget" in first.stopped
    assert await stores.is_indexed()
    second = await stores.add(folder, budget=Budget(Prices(1000.0), limit * 2))
    assert (second.unchanged, second.added, second.stopped) == (first.added, 4 - first.added, "")
