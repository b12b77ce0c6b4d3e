import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.stores.examples import LIN, ROOT
from tests.stores.vector_store_contract import VectorStoreContract, found, index_of
from tools.errors import StoreCorruptError, StoreError, StoreHeldError
from tools.shapes import SparseVector
from tools.stores.protocols import IndexedChunk
from tools.stores.qdrant.edge_vector_store import EdgeVectorStore
from tools.text.tokens import TOKENIZER_VERSION

HOLDER = """
import asyncio, sys
from pathlib import Path
from tools.stores.qdrant.edge_vector_store import EdgeVectorStore
from tests.stores.vector_store_contract import index_of
store = EdgeVectorStore(Path(sys.argv[1]))
asyncio.run(store.upsert("c", index_of("apple")))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[EdgeVectorStore]:
    opened = EdgeVectorStore(tmp_path / "index")
    yield opened
    await opened.close()


class TestEdgeVectorStore(VectorStoreContract):
    """The contract, on Qdrant Edge."""


async def test_nothing_is_made_before_the_first_write(tmp_path: Path) -> None:
    store = EdgeVectorStore(tmp_path / "index")
    assert await found(store, "apple") == []
    await store.close()
    assert not (tmp_path / "index").exists()


async def test_the_version_names_engine_and_tokenizer(store: EdgeVectorStore) -> None:
    assert store.index_version.startswith("qdrant-edge-0.9")
    assert store.index_version.endswith(TOKENIZER_VERSION)


async def test_what_was_written_is_there_after_reopening(tmp_path: Path) -> None:
    chunks = index_of("apple", "pear")
    store = EdgeVectorStore(tmp_path)
    await store.upsert("c", chunks)
    await store.close()
    reopened = EdgeVectorStore(tmp_path)
    assert await reopened.lost_collections(["c", "d"]) == ["d"]
    assert await found(reopened, "pear") == [chunks[1].chunk_id]
    await reopened.close()


def _folder_of(index: Path, collection: str) -> Path:
    notes = {json.loads(note.read_text())["collection"]: note.parent for note in index.glob("*/index.json")}
    return notes[collection]


def _delete(folder: Path) -> None:
    shutil.rmtree(folder)


def _change_version(folder: Path) -> None:
    note = json.loads((folder / "index.json").read_text())
    (folder / "index.json").write_text(json.dumps({**note, "index_version": "other"}))


def _spoil_note(folder: Path) -> None:
    (folder / "index.json").write_bytes(b"\xff[")


def _spoil_segments(folder: Path) -> None:
    for file in folder.glob("shard/segments/*/segment.json"):
        file.write_text("spoiled")


@pytest.mark.parametrize("harm", [_delete, _change_version, _spoil_note, _spoil_segments])
async def test_a_lost_index_is_reported_and_made_anew(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    store = EdgeVectorStore(tmp_path)
    await store.upsert("c", index_of("apple", "pear"))
    await store.upsert("other", index_of("apple"))
    await store.close()
    harm(_folder_of(tmp_path, "c"))
    reopened = EdgeVectorStore(tmp_path)
    assert await reopened.lost_collections(["c", "other"]) == ["c"]
    plum = index_of("plum")
    await reopened.upsert("c", plum)
    assert await reopened.lost_collections(["c", "other"]) == []
    assert (await reopened.count("c"), await reopened.count("other")) == (1, 1)
    assert await found(reopened, "plum") == [plum[0].chunk_id]
    await reopened.close()


async def test_searching_a_spoiled_index_says_so(tmp_path: Path) -> None:
    store = EdgeVectorStore(tmp_path)
    await store.upsert("c", index_of("apple"))
    await store.close()
    _spoil_segments(_folder_of(tmp_path, "c"))
    reopened = EdgeVectorStore(tmp_path)
    with pytest.raises(StoreCorruptError, match="cannot be loaded") as raised:
        await found(reopened, "apple")
    assert str(_folder_of(tmp_path, "c")) in raised.value.what
    assert "delete that folder" in raised.value.next_step
    await reopened.close()


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[None]:
    """Another process that holds the collection "c" in tmp_path."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield
        process.kill()


@pytest.mark.usefixtures("holder")
async def test_an_index_of_another_process_is_neither_read_nor_replaced(tmp_path: Path) -> None:
    store = EdgeVectorStore(tmp_path)
    for call in (
        found(store, "apple"),
        store.count("c"),
        store.lost_collections(["c"]),
        store.upsert("c", index_of("pear")),
    ):
        with pytest.raises(StoreHeldError, match="in use"):
            await call
    await store.close()


async def test_errors_of_the_engine_are_ours(store: EdgeVectorStore) -> None:
    with pytest.raises(StoreError, match="could not be used"):
        await store.upsert("c", [IndexedChunk("no uuid", "d", ("everyone",), SparseVector((1,), (1.0,)))])
    assert await store.count("c") == 0


async def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = EdgeVectorStore(tmp_path)
    await store.close()
    await store.close()
    with pytest.raises(StoreError, match="closed"):
        await store.search("apple", collections=("c",), access=LIN, limit=1)
