import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from tests.stores.examples import LIN, NOTHING, STRANGER, make_chunks, make_document
from tests.stores.qdrant.qdrant_engine import LockedClient, store_over
from tools.access import Access
from tools.errors import StoreError
from tools.shapes import Chunk, Document
from tools.stores.index_replay import empty_index, replay_index, searched_text
from tools.stores.protocols import IndexedChunk, IndexState, VectorStore
from tools.stores.qdrant.edge_vector_store import EdgeVectorStore
from tools.stores.sql.sql_ledger import SqlLedger


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[SqlLedger]:
    opened = SqlLedger.open(tmp_path / "ledger.db")
    yield opened
    await opened.close()


@pytest.fixture
async def vectors(tmp_path: Path) -> AsyncIterator[EdgeVectorStore]:
    opened = EdgeVectorStore(tmp_path / "index")
    yield opened
    await opened.close()


async def put(ledger: SqlLedger, document: Document, *texts: str) -> list[Chunk]:
    chunks = make_chunks(document, *texts)
    await ledger.replace_document(document, chunks, NOTHING)
    return chunks


async def found(vectors: VectorStore, text: str, access: Access = LIN) -> set[str]:
    hits = await vectors.search(text, collections=("default",), access=access, limit=1000)
    return {hit.chunk_id for hit in hits}


def test_a_chunk_is_found_by_title_headings_and_text() -> None:
    document = make_document("a.md", title="东站报告")
    assert searched_text(document, Chunk("c", document.id, 0, "正文", None, "总则 > 一")) == "东站报告\n总则 > 一\n正文"
    assert searched_text(document, Chunk("c", document.id, 0, "正文")) == "东站报告\n正文"


async def test_replay_adds_removes_and_then_has_nothing_to_do(ledger: SqlLedger, vectors: EdgeVectorStore) -> None:
    document = make_document("东站.md")
    chunks = await put(ledger, document, "apple", "pear")
    assert await replay_index(ledger, vectors) == 2
    assert await replay_index(ledger, vectors) == 0
    assert await found(vectors, "apple") == {chunks[0].id}
    assert await found(vectors, "东站") == {chunk.id for chunk in chunks}
    await put(ledger, document, "pear", "plum")
    assert await replay_index(ledger, vectors) == 1
    assert await found(vectors, "apple") == set()
    await ledger.remove_document(document.id)
    assert await replay_index(ledger, vectors) == 0
    assert await vectors.count("default") == 0
    assert await ledger.pending(vectors.index_version) == []


async def test_changed_readers_reach_the_index(ledger: SqlLedger, vectors: EdgeVectorStore) -> None:
    await put(ledger, make_document("a.md"), "apple")
    await replay_index(ledger, vectors)
    assert len(await found(vectors, "apple", STRANGER)) == 1
    await put(ledger, make_document("a.md", readers=("user:lin",)), "apple")
    assert await replay_index(ledger, vectors) == 1
    assert await found(vectors, "apple", STRANGER) == set()


async def test_progress_counts_up_to_all(ledger: SqlLedger, vectors: EdgeVectorStore) -> None:
    await put(ledger, make_document("a.md"), *(f"text {n}" for n in range(600)))
    calls: list[tuple[int, int]] = []
    assert await replay_index(ledger, vectors, lambda done, due: calls.append((done, due))) == 600
    assert calls == [(0, 600), (256, 600), (512, 600), (600, 600)]
    await replay_index(ledger, vectors, lambda done, due: calls.append((done, due)))
    assert len(calls) == 4  # nothing was due


async def test_a_lost_index_is_built_again(ledger: SqlLedger, tmp_path: Path) -> None:
    await put(ledger, make_document("a.md"), "apple", "pear")
    other = make_document("b.md", collection="other")
    await put(ledger, other, "plum")
    vectors = EdgeVectorStore(tmp_path / "index")
    await replay_index(ledger, vectors)
    await vectors.close()
    shutil.rmtree(tmp_path / "index")
    rebuilt = EdgeVectorStore(tmp_path / "index")
    assert await replay_index(ledger, rebuilt) == 3
    assert len(await found(rebuilt, "apple")) == 1
    await rebuilt.close()


async def test_an_index_that_lost_a_part_is_filled_again(ledger: SqlLedger, tmp_path: Path) -> None:
    chunks = await put(ledger, make_document("a.md"), "apple", "pear")
    vectors = EdgeVectorStore(tmp_path / "index")
    await replay_index(ledger, vectors)
    await vectors.remove("default", [chunks[0].id])
    await vectors.close()
    reopened = EdgeVectorStore(tmp_path / "index")
    assert await replay_index(ledger, reopened) == 2
    assert await found(reopened, "apple") == {chunks[0].id}
    await reopened.close()


async def _of_another_ledger(tmp_path: Path, *texts: str) -> None:
    """Fills the index, and leaves no ledger that knows what is in it."""
    other = SqlLedger.open(tmp_path / "other.db")
    await put(other, make_document("old.md"), *texts)
    vectors = EdgeVectorStore(tmp_path / "index")
    await replay_index(other, vectors)
    await vectors.close()
    await other.close()


async def test_what_a_lost_ledger_left_in_the_index_crowds_nothing_out(ledger: SqlLedger, tmp_path: Path) -> None:
    await _of_another_ledger(tmp_path, *(f"apple {n}" for n in range(30)))
    vectors = EdgeVectorStore(tmp_path / "index")
    await replay_index(ledger, vectors)  # as when the stores open: there is nothing to compare with yet
    chunks = await put(ledger, make_document("new.md"), "a long text in which an apple is named once", "pear")
    await replay_index(ledger, vectors)
    hits = await vectors.search("apple", collections=("default",), access=LIN, limit=5)
    assert [hit.chunk_id for hit in hits] == [chunks[0].id]
    assert await vectors.count("default") == 2
    await vectors.close()


async def test_an_index_ahead_of_an_older_ledger_is_built_again(ledger: SqlLedger, tmp_path: Path) -> None:
    older = await put(ledger, make_document("a.md"), "apple")
    vectors = EdgeVectorStore(tmp_path / "index")
    await replay_index(ledger, vectors)
    await vectors.close()
    await _of_another_ledger(tmp_path, "apple one", "apple two")
    reopened = EdgeVectorStore(tmp_path / "index")
    await replay_index(ledger, reopened)
    assert await found(reopened, "apple") == {older[0].id}
    assert await reopened.count("default") == 1
    await reopened.close()


async def test_removals_that_are_due_are_no_reason_to_build_again(ledger: SqlLedger, tmp_path: Path) -> None:
    document = make_document("a.md")
    await put(ledger, document, "apple", "pear", "plum")
    vectors = EdgeVectorStore(tmp_path / "index")
    await replay_index(ledger, vectors)
    await vectors.close()
    await put(ledger, document, "plum", "fig")
    reopened = EdgeVectorStore(tmp_path / "index")
    assert await replay_index(ledger, reopened) == 1
    assert await reopened.count("default") == 2
    await reopened.close()


async def test_an_index_that_vanishes_while_it_is_open_is_built_again_by_the_next_change(ledger: SqlLedger) -> None:
    client = LockedClient()
    vectors = store_over(client)
    chunks = await put(ledger, make_document("a.md"), "apple", "pear")
    await replay_index(ledger, vectors)
    for collection in client.get_collections().collections:
        client.delete_collection(collection.name)
    await put(ledger, make_document("b.md"), "plum")
    assert await replay_index(ledger, vectors) == 4  # plum, and then all
    assert await found(vectors, "apple") == {chunks[0].id}
    await vectors.close()


async def test_an_index_that_cannot_be_loaded_is_built_again(ledger: SqlLedger, tmp_path: Path) -> None:
    document = make_document("a.md")
    await put(ledger, document, "apple", "pear")
    vectors = EdgeVectorStore(tmp_path / "index")
    await replay_index(ledger, vectors)
    await vectors.close()
    for segment in (tmp_path / "index").glob("*/shard/segments/*/segment.json"):
        segment.write_text("spoiled")
    await put(ledger, document, "pear")  # with a removal that is due
    reopened = EdgeVectorStore(tmp_path / "index")
    assert await replay_index(ledger, reopened) == 1
    assert len(await found(reopened, "pear")) == 1
    await reopened.close()


async def test_two_replays_and_writers_at_once_end_in_one_state(ledger: SqlLedger, vectors: EdgeVectorStore) -> None:
    async def write(number: int) -> None:
        document = make_document(f"{number}.md")
        await put(ledger, document, "apple", f"draft {number}")
        await replay_index(ledger, vectors)
        await put(ledger, make_document(f"{number}.md", readers=("user:lin",)), "apple", f"final {number}")
        await replay_index(ledger, vectors)

    await asyncio.gather(*map(write, range(15)))
    assert await replay_index(ledger, vectors) == 0
    assert await vectors.count("default") == 30
    assert await found(vectors, "draft") == set()
    assert len(await found(vectors, "apple")) == 15
    assert await found(vectors, "apple", STRANGER) == set()


async def test_a_cancelled_replay_is_taken_up_again(ledger: SqlLedger, vectors: EdgeVectorStore) -> None:
    chunks = await put(ledger, make_document("a.md"), *(f"text {n}" for n in range(1000)))
    for _ in range(5):
        task = asyncio.create_task(replay_index(ledger, vectors))
        await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await replay_index(ledger, vectors)
    assert await found(vectors, "text") == {chunk.id for chunk in chunks}
    assert await replay_index(ledger, vectors) == 0


class Interfering(EdgeVectorStore):
    """Lets something happen in the middle of the next upsert: after the outbox was read, before it is marked."""

    def __init__(self, folder: Path, ledger: SqlLedger, meanwhile: Document | None) -> None:
        super().__init__(folder)
        self._ledger, self._meanwhile = ledger, meanwhile

    async def upsert(self, collection: str, chunks: Sequence[IndexedChunk], *, removing: Sequence[str] = ()) -> None:
        await super().upsert(collection, chunks, removing=removing)
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile is not None:
            await put(self._ledger, meanwhile, "apple")


async def test_readers_that_change_while_a_batch_is_indexed_are_not_lost(ledger: SqlLedger, tmp_path: Path) -> None:
    await put(ledger, make_document("a.md"), "apple")
    vectors = Interfering(tmp_path / "index", ledger, make_document("a.md", readers=("user:lin",)))
    assert await replay_index(ledger, vectors) == 2
    assert len(await found(vectors, "apple", LIN)) == 1
    assert await found(vectors, "apple", STRANGER) == set()
    await vectors.close()


class ChangedBeforeComparing(SqlLedger):
    """Another process writes after the outbox was found empty, and before index and ledger are compared."""

    meanwhile: Document | None = None

    async def index_states(self, index_version: str) -> list[IndexState]:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await put(self, meanwhile, "pear")
        return await super().index_states(index_version)


class Counting(EdgeVectorStore):
    """Counts how often it is emptied. `fails`: then it was, and the process is stopped."""

    cleared = 0
    fails = False

    async def clear(self, collection: str) -> None:
        await super().clear(collection)
        self.cleared += 1
        if self.fails:
            raise StoreError("The process is stopped.")


async def test_an_index_is_not_compared_while_something_is_under_way(tmp_path: Path) -> None:
    opened = SqlLedger.open(tmp_path / "ledger.db")
    ledger = ChangedBeforeComparing(opened.database, opened.id)
    await put(ledger, make_document("a.md"), "apple", "pear")
    ledger.meanwhile = make_document("a.md")  # loses a chunk
    vectors = Counting(tmp_path / "index")
    assert await replay_index(ledger, vectors) == 2
    assert await ledger.pending(vectors.index_version) == []
    assert (await vectors.count("default"), vectors.cleared) == (1, 0)
    await vectors.close()
    await ledger.close()


async def test_an_index_with_other_contents_is_written_anew_when_it_is_told(ledger: SqlLedger, tmp_path: Path) -> None:
    await _of_another_ledger(tmp_path, "plum", "fig")
    chunks = await put(ledger, make_document("a.md"), "apple", "pear")
    vectors = EdgeVectorStore(tmp_path / "index")
    due = [each for batch in await ledger.pending(vectors.index_version) for each in batch.chunks]
    await ledger.mark_indexed(due, vectors.index_version)  # as after a backup was restored
    assert await replay_index(ledger, vectors) == 0
    assert await found(vectors, "apple") == set()
    await empty_index(ledger, vectors, "default")
    assert await replay_index(ledger, vectors) == 2
    assert await found(vectors, "apple") == {chunks[0].id}
    assert await found(vectors, "plum") == set()
    await vectors.close()


async def test_an_emptying_that_was_stopped_leaves_all_due(ledger: SqlLedger, tmp_path: Path) -> None:
    chunks = await put(ledger, make_document("a.md"), "apple", "pear")
    vectors = Counting(tmp_path / "index")
    await replay_index(ledger, vectors)
    vectors.fails = True
    with pytest.raises(StoreError):
        await empty_index(ledger, vectors, "default")
    assert await replay_index(ledger, vectors) == 2
    assert await found(vectors, "apple") == {chunks[0].id}
    await vectors.close()
