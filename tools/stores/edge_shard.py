"""One collection's index: a Qdrant Edge shard in a folder, with a note of what made it."""

import json
import shutil
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import qdrant_edge as edge

from tools.errors import StoreCorruptError, StoreError, StoreHeldError
from tools.shapes import SparseVector
from tools.stores.protocols import IndexedChunk, ScoredChunk
from tools.text.tokens import TOKENIZER_VERSION

INDEX_VERSION = f"qdrant-edge-{version('qdrant-edge-py')}:{TOKENIZER_VERSION}"
_VECTOR = "text"
_READERS = "readers"
_SEARCH_THREADS = 2
# The engine orders equal scores by when they were added. We order them by id, and look this far behind the last.
_TIES = 20

Result = TypeVar("Result")


class EdgeShard:
    """An open index. Its calls block; searches and updates may come from several threads."""

    def __init__(self, shard: edge.EdgeShard, place: Path) -> None:
        self._shard = shard
        self._place = place

    @classmethod
    def load(cls, folder: Path) -> "EdgeShard | None":
        """The index in `folder`; None when there is none, or one of another version.

        Raises StoreHeldError when another process holds it, StoreCorruptError when it cannot be loaded.
        """
        if not _is_current(folder):
            return None
        try:
            shard = _explained(folder, lambda: edge.EdgeShard.load(str(folder / "shard"), _config()))
        except StoreHeldError:
            raise
        except StoreError as error:
            raise StoreCorruptError(
                f"The search index {folder} cannot be loaded.",
                why=error.why,
                next_step="Nothing is lost: delete that folder, and the next start builds it again from the ledger.",
            ) from error
        return cls(shard, folder)

    @classmethod
    def create(cls, folder: Path, collection: str) -> "EdgeShard":
        """An empty index in place of what stands in `folder`."""
        try:
            _note(folder).unlink(missing_ok=True)  # first: half of a deleted index must not look like one
            shutil.rmtree(folder, ignore_errors=True)
            (folder / "shard").mkdir(parents=True)
        except OSError as error:
            raise StoreError(
                f"The search index {folder} cannot be written.",
                why=error.strerror or str(error),
                next_step="Check that you may write there and that the disk has room.",
            ) from error

        def make() -> edge.EdgeShard:
            shard = edge.EdgeShard.create(str(folder / "shard"), _config())
            shard.update(edge.UpdateOperation.create_field_index(_READERS, edge.PayloadSchemaType.Keyword))
            shard.flush()
            # Last: without the note the folder is no index.
            note = {"collection": collection, "index_version": INDEX_VERSION}
            _note(folder).write_text(json.dumps(note), encoding="utf-8")
            return shard

        return cls(_explained(folder, make), folder)

    def upsert(self, chunks: Sequence[IndexedChunk]) -> None:
        """Adds or replaces; on disk when it returns."""

        def write() -> None:
            points = [_point(chunk) for chunk in chunks]
            self._shard.update(edge.UpdateOperation.upsert_points(points))
            self._shard.flush()

        _explained(self._place, write)

    def remove(self, chunk_ids: Sequence[str]) -> None:
        """Removes; on disk when it returns. Gives back the space once a fifth is gone."""

        def write() -> None:
            self._shard.update(edge.UpdateOperation.delete_points(list(chunk_ids)))
            self._shard.flush()
            self._shard.optimize()

        _explained(self._place, write)

    def clear(self) -> None:
        """Removes all; on disk when it returns."""

        def write() -> None:
            self._shard.update(edge.UpdateOperation.delete_points_by_filter(edge.Filter()))
            self._shard.flush()
            self._shard.optimize()

        _explained(self._place, write)

    def search(self, vector: SparseVector, readers: Sequence[str], limit: int) -> list[ScoredChunk]:
        """The best chunks that one of `readers` may read, best first.

        The same filter bounds the population of the IDF: scores say nothing about what may not be read, and do not
        depend on what was deleted and not yet cleared away.
        """
        allowed = edge.Filter(must=[edge.FieldCondition(_READERS, match=edge.MatchAny(list(readers)))])
        request = edge.QueryRequest(
            limit=limit + _TIES,
            query=edge.Query.Nearest(edge.SparseVector(list(vector.indices), list(vector.values)), using=_VECTOR),
            filter=allowed,
            params=edge.SearchParams(idf=edge.IdfParams(corpus=allowed)),
        )
        points = _explained(self._place, lambda: self._shard.query(request))
        found = [ScoredChunk(str(point.id), point.score) for point in points]
        return sorted(found, key=lambda chunk: (-chunk.score, chunk.chunk_id))[:limit]

    def count(self) -> int:
        return _explained(self._place, lambda: self._shard.count(edge.CountRequest()))

    def close(self) -> None:
        """Flushes and lets go of the folder."""
        _explained(self._place, self._shard.close)


def _config() -> edge.EdgeConfig:
    return edge.EdgeConfig(
        sparse_vectors={_VECTOR: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)},
        max_search_threads=_SEARCH_THREADS,
    )


def _point(chunk: IndexedChunk) -> edge.Point:
    vector = edge.SparseVector(list(chunk.vector.indices), list(chunk.vector.values))
    payload = {"document_id": chunk.document_id, _READERS: list(chunk.readers)}
    return edge.Point(chunk.chunk_id, {_VECTOR: vector}, payload)


def _note(folder: Path) -> Path:
    return folder / "index.json"


def _is_current(folder: Path) -> bool:
    try:
        note = json.loads(_note(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(note, dict) and note.get("index_version") == INDEX_VERSION


def _explained(place: Path, call: Callable[[], Result]) -> Result:
    """The engine raises bare exceptions: here they become ours."""
    try:
        return call()
    except Exception as error:
        if "WouldBlock" in str(error):
            raise StoreHeldError(
                f"The search index {place} is in use.",
                why="Another process holds it.",
                next_step="Wait for it to end, stop it, or set SIGNPOST_HOME to another folder.",
            ) from error
        raise StoreError(
            f"The search index {place} could not be used.",
            why=str(error),
            next_step="Try again. If it stays, end Signpost and delete that folder: the next start builds it again.",
        ) from error
