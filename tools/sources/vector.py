"""Vector search over the user's documents."""

import re
from collections.abc import Mapping

from tools.access import Access
from tools.shapes import Filters, Hit, Language, SearchResult
from tools.sources.source import no_cues
from tools.stores.protocols import EvidenceStore, VectorStore


class VectorSource:
    """Finds passages in the search index."""

    name = "vector"
    description = "The user's own documents, searched passage by passage: facts, figures, clauses, definitions."
    leaves_machine = False
    cues: Mapping[Language, re.Pattern[str]] = no_cues()
    weak_cues: Mapping[Language, re.Pattern[str]] = no_cues()
    timeout_seconds = 10.0

    def __init__(self, ledger: EvidenceStore, vector_store: VectorStore) -> None:
        self._ledger = ledger
        self._vector_store = vector_store

    async def search(
        self, query: str, *, access: Access, filters: Filters, limit: int, deadline: float
    ) -> SearchResult:
        """The passages that best match the query's words. Raises StoreError."""
        collections = filters.collections or tuple(await self._ledger.collections(access))
        found = await self._vector_store.search(query, collections=collections, access=access, limit=limit)
        passages = await self._ledger.passages([chunk.chunk_id for chunk in found], access)
        hits = tuple(
            Hit(passages[chunk.chunk_id], chunk.score, self.name) for chunk in found if chunk.chunk_id in passages
        )
        return SearchResult("ok" if hits else "empty", hits)
