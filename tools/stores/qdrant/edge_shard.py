"""One collection's index: a Qdrant Edge shard in a folder, with a note of what made it."""

import json
import shutil
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import qdrant_edge as edge

from tools.errors import StoreCorruptError, StoreError, StoreHeldError
from tools.stores.protocols import IndexedChunk, ScoredChunk
from tools.stores.qdrant.dense_vectors import DENSE_VECTOR, NOTHING_IN_COMMON, RANK_CONSTANT, WEIGHTS, DenseVectors
from tools.stores.qdrant.ranking import TIES, best_first
from tools.text.tokens import TOKENIZER_VERSION, document_vector, query_vector, search_tokens

_INDEX_VERSION = f"qdrant-edge-{version('qdrant-edge-py')}:{TOKENIZER_VERSION}"
_VECTOR = "text"
_READERS = "readers"
_SEARCH_THREADS = 2
# In kB of dense vectors. To build a graph of them takes minutes; to compare each takes 7 ms for 100,000 and 80 ms for a
# million.
_NEVER_A_GRAPH = 2**40

Result = TypeVar("Result")


class EdgeShard:
    """An open index. Its calls block; searches and updates may come from several threads."""

    def __init__(self, shard: edge.EdgeShard, place: Path, dense: DenseVectors | None) -> None:
        self._shard = shard
        self._place = place
        self._dense = dense

    @classmethod
    def load(cls, folder: Path, dense: DenseVectors | None) -> "EdgeShard | None":
        """The index in `folder`; None when there is none, or one of another version.

        dense: the embedder of the dense vectors that it must have; None where it must have none.
        Raises StoreHeldError when another process holds it, StoreCorruptError when it cannot be loaded.
        """
        note = _read_note(folder)
        if note.get("index_version") != index_version(dense):
            return None
        dimension = note.get("dimension")
        if dense and dense.dimension not in (None, dimension):
            return None
        try:
            shard = _explained(folder, lambda: edge.EdgeShard.load(str(folder / "shard"), _config(dimension)))
        except StoreHeldError:
            raise
        except StoreError as error:
            raise StoreCorruptError(
                f"The search index {folder} cannot be loaded.",
                why=error.why,
                next_step="Nothing is lost: delete that folder, and the next start builds it again from the ledger.",
            ) from error
        if dense and dimension:
            dense.expect(dimension)
        return cls(shard, folder, dense)

    @classmethod
    def create(cls, folder: Path, collection: str, dense: DenseVectors | None) -> "EdgeShard":
        """An empty index in place of what stands in `folder`. Raises StoreError, and SignpostError of the embedder."""
        dimension = dense.measure() if dense else None
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
            shard = edge.EdgeShard.create(str(folder / "shard"), _config(dimension))
            shard.update(edge.UpdateOperation.create_field_index(_READERS, edge.PayloadSchemaType.Keyword))
            shard.flush()
            # Last: without the note the folder is no index.
            note = {"collection": collection, "index_version": index_version(dense), "dimension": dimension}
            _note(folder).write_text(json.dumps(note), encoding="utf-8")
            return shard

        return cls(_explained(folder, make), folder, dense)

    def upsert(self, chunks: Sequence[IndexedChunk], removing: Sequence[str] = ()) -> None:
        """Adds or replaces, after it has removed; on disk when it returns. Once: to wait for the disk takes longest.

        Raises StoreError, and SignpostError of the embedder.
        """
        if removing:
            _explained(self._place, lambda: self._delete(removing))
        meanings = self._dense.of_documents([chunk.text for chunk in chunks]) if self._dense else [None] * len(chunks)

        def write() -> None:
            points = [_point(chunk, meaning) for chunk, meaning in zip(chunks, meanings, strict=True)]
            self._shard.update(edge.UpdateOperation.upsert_points(points))
            self._shard.flush()
            if removing:
                self._shard.optimize()

        _explained(self._place, write)

    def remove(self, chunk_ids: Sequence[str]) -> None:
        """Removes; on disk when it returns. Gives back the space once a fifth is gone."""

        def write() -> None:
            self._delete(chunk_ids)
            self._shard.flush()
            self._shard.optimize()

        _explained(self._place, write)

    def _delete(self, chunk_ids: Sequence[str]) -> None:
        self._shard.update(edge.UpdateOperation.delete_points(list(chunk_ids)))

    def clear(self) -> None:
        """Removes all; on disk when it returns."""

        def write() -> None:
            self._shard.update(edge.UpdateOperation.delete_points_by_filter(edge.Filter()))
            self._shard.flush()
            self._shard.optimize()

        _explained(self._place, write)

    def search(self, query: str, meaning: list[float] | None, readers: Sequence[str], limit: int) -> list[ScoredChunk]:
        """The best chunks that one of `readers` may read, best first. meaning: the question's dense vector.

        The same filter bounds the population of the IDF: scores say nothing about what may not be read, and do not
        depend on what was deleted and not yet cleared away.
        """
        terms = query_vector(search_tokens(query))
        if not terms.indices:
            return []
        allowed = edge.Filter(must=[edge.FieldCondition(_READERS, match=edge.MatchAny(list(readers)))])
        words = edge.Query.Nearest(edge.SparseVector(list(terms.indices), list(terms.values)), using=_VECTOR)
        weighed = edge.SearchParams(idf=edge.IdfParams(corpus=allowed))
        looked = limit + TIES
        if meaning is None:
            request = edge.QueryRequest(limit=looked, query=words, filter=allowed, params=weighed)
        else:
            near = edge.Query.Nearest(meaning, using=DENSE_VECTOR)
            request = edge.QueryRequest(
                limit=looked,
                query=edge.Fusion.Rrf(k=RANK_CONSTANT, weights=list(WEIGHTS)),  # type: ignore[arg-type] # it is a Fusion
                prefetches=[
                    edge.Prefetch(looked, near, filter=allowed, score_threshold=NOTHING_IN_COMMON),
                    edge.Prefetch(looked, words, filter=allowed, params=weighed),
                ],
                filter=allowed,
            )
        points = _explained(self._place, lambda: self._shard.query(request))
        return best_first((ScoredChunk(str(point.id), point.score) for point in points), limit)

    def count(self) -> int:
        return _explained(self._place, lambda: self._shard.count(edge.CountRequest()))

    def close(self) -> None:
        """Flushes and lets go of the folder."""
        _explained(self._place, self._shard.close)


def index_version(dense: DenseVectors | None) -> str:
    """What an index must be made by to be of use."""
    return f"{_INDEX_VERSION}:{dense.name}" if dense else _INDEX_VERSION


def _config(dimension: int | None) -> edge.EdgeConfig:
    """dimension: of the dense vectors; None for none."""
    return edge.EdgeConfig(
        vectors={} if dimension is None else {DENSE_VECTOR: edge.EdgeVectorParams(dimension, edge.Distance.Cosine)},
        sparse_vectors={_VECTOR: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)},
        optimizers=edge.EdgeOptimizersConfig(indexing_threshold=_NEVER_A_GRAPH),
        max_search_threads=_SEARCH_THREADS,
    )


def _point(chunk: IndexedChunk, meaning: list[float] | None) -> edge.Point:
    terms = document_vector(search_tokens(chunk.text))
    vectors: dict[str, Any] = {_VECTOR: edge.SparseVector(list(terms.indices), list(terms.values))}
    if meaning is not None:
        vectors[DENSE_VECTOR] = meaning
    return edge.Point(chunk.chunk_id, vectors, {"document_id": chunk.document_id, _READERS: list(chunk.readers)})


def _note(folder: Path) -> Path:
    return folder / "index.json"


def _read_note(folder: Path) -> dict[str, Any]:
    try:
        note = json.loads(_note(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


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
