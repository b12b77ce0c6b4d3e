"""What is done with one collection on a Qdrant server: through langchain-qdrant, as far as that reaches."""

from collections.abc import Sequence

import langchain_qdrant
from qdrant_client import QdrantClient, models

from tools.stores.protocols import IndexedChunk, ScoredChunk
from tools.stores.qdrant.dense_vectors import DENSE_VECTOR, NOTHING_IN_COMMON, RANK_CONSTANT, WEIGHTS, DenseVectors
from tools.stores.qdrant.layout import TEXT_VECTOR, PassageVectors, SearchTokens, readable_by
from tools.stores.qdrant.ranking import TIES, best_first
from tools.text.tokens import query_vector, search_tokens

_UPSERTED = 64
_REMOVED = 1000
_DOCUMENT_ID = "document_id"
# The text stays on the server: it is read from the ledger.
_SENT_BACK = [f"{langchain_qdrant.QdrantVectorStore.METADATA_KEY}.{_DOCUMENT_ID}"]


class QdrantCollection:
    """A collection that is there. Its calls block and raise what the client raises.

    dense: the embedder of its dense vectors; None where it has none.
    """

    def __init__(self, client: QdrantClient, name: str, dense: DenseVectors | None) -> None:
        self._client = client
        self._name = name
        self._dense = dense

    def upsert(self, chunks: Sequence[IndexedChunk]) -> None:
        """Adds or replaces, in parts of bounded size; searched when it returns. Raises SignpostError too."""
        self._documents(is_dense=self._dense is not None).add_texts(
            [chunk.text for chunk in chunks],
            [{_DOCUMENT_ID: chunk.document_id, "readers": list(chunk.readers)} for chunk in chunks],
            [chunk.chunk_id for chunk in chunks],
            _UPSERTED,
            wait=True,
        )

    def remove(self, chunk_ids: Sequence[str]) -> None:
        for start in range(0, len(chunk_ids), _REMOVED):
            self._documents().delete(list(chunk_ids[start : start + _REMOVED]))

    def clear(self) -> None:
        """Removes all."""
        self._client.delete(self._name, models.FilterSelector(filter=models.Filter()), wait=True)

    def count(self) -> int:
        return self._client.count(self._name, exact=True).count

    def search(self, query: str, meaning: list[float] | None, readers: Sequence[str], limit: int) -> list[ScoredChunk]:
        """The best chunks that one of `readers` may read, best first. meaning: the question's dense vector.

        The same filter bounds the population of the IDF: scores say nothing about what may not be read.
        """
        if not search_tokens(query):
            return []
        allowed = readable_by(readers)
        if meaning is None:
            found = self._by_words(query, allowed, limit + TIES)
        else:
            found = self._by_both(query, meaning, allowed, limit + TIES)
        return best_first(found, limit)

    def _by_words(self, query: str, allowed: models.Filter, limit: int) -> list[ScoredChunk]:
        found = self._documents().similarity_search_with_score(
            query, limit, filter=allowed, search_params=_weighed_within(allowed), with_payload=_SENT_BACK
        )
        return [ScoredChunk(str(document.metadata["_id"]), score) for document, score in found]

    def _by_both(self, query: str, meaning: list[float], allowed: models.Filter, limit: int) -> list[ScoredChunk]:
        # Asked by ourselves: langchain-qdrant gives both parts the same parameters, and Qdrant refuses an IDF of the
        # dense one.
        words = query_vector(search_tokens(query))
        found = self._client.query_points(
            self._name,
            models.RrfQuery(rrf=models.Rrf(k=RANK_CONSTANT, weights=list(WEIGHTS))),
            prefetch=[
                models.Prefetch(
                    query=meaning, using=DENSE_VECTOR, filter=allowed, limit=limit, score_threshold=NOTHING_IN_COMMON
                ),
                models.Prefetch(
                    query=models.SparseVector(indices=list(words.indices), values=list(words.values)),
                    using=TEXT_VECTOR,
                    filter=allowed,
                    params=_weighed_within(allowed),
                    limit=limit,
                ),
            ],
            query_filter=allowed,
            limit=limit,
            with_payload=False,
        )
        return [ScoredChunk(str(point.id), point.score) for point in found.points]

    def _documents(self, *, is_dense: bool = False) -> langchain_qdrant.QdrantVectorStore:
        mode = langchain_qdrant.RetrievalMode
        return langchain_qdrant.QdrantVectorStore(
            self._client,
            self._name,
            PassageVectors(self._dense) if self._dense and is_dense else None,
            mode.HYBRID if is_dense else mode.SPARSE,
            vector_name=DENSE_VECTOR,
            sparse_embedding=SearchTokens(),
            sparse_vector_name=TEXT_VECTOR,
            validate_collection_config=False,  # it would ask the server again each time
        )


def _weighed_within(allowed: models.Filter) -> models.SearchParams:
    return models.SearchParams(idf=models.IdfCorpusParams(corpus=allowed))
