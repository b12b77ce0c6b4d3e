"""The embedded knowledge graph: tables of the ledger's own database, changed in the ledger's transactions."""

from collections.abc import Sequence
from functools import partial

from tools.access import Access
from tools.shapes import Document, Extraction, Fact, Filters
from tools.stores.entity_names import fold_name
from tools.stores.entity_reads import entities_in
from tools.stores.fact_reads import neighbourhood, paths
from tools.stores.protocols import EntityMatch
from tools.stores.sql_database import SqlDatabase


class SqliteKnowledgeGraph:
    """Implements `KnowledgeGraph` on the ledger's database, which the ledger closes."""

    def __init__(self, database: SqlDatabase) -> None:
        self._database = database

    async def write(self, document: Document, extraction: Extraction) -> None:
        """Nothing is left to do: the ledger has written the facts in the document's own transaction."""

    async def remove(self, document_id: str) -> None:
        """Nothing is left to do: the facts went with the document."""

    async def entities_in(self, text: str, *, access: Access, filters: Filters, limit: int) -> list[EntityMatch]:
        return await self._database.read(partial(entities_in, text=text, access=access, filters=filters, limit=limit))

    async def neighbourhood(
        self, names: Sequence[str], *, hops: int, access: Access, filters: Filters, limit: int
    ) -> list[Fact]:
        return await self._database.read(
            partial(neighbourhood, names=_folded(names), hops=hops, access=access, filters=filters, limit=limit)
        )

    async def paths(
        self, head: str, tail: str, *, max_hops: int, access: Access, filters: Filters, limit: int
    ) -> list[list[Fact]]:
        return await self._database.read(
            partial(
                paths,
                head=fold_name(head),
                tail=fold_name(tail),
                max_hops=max_hops,
                access=access,
                filters=filters,
                limit=limit,
            )
        )

    async def close(self) -> None:
        """Nothing to release here."""


def _folded(names: Sequence[str]) -> list[str]:
    return [folded for folded in dict.fromkeys(map(fold_name, names)) if folded]
