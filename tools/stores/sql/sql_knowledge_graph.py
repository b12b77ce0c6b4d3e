"""The knowledge graph in tables of the ledger's own database, written in the ledger's transactions."""

from collections.abc import Sequence
from functools import partial

from tools.access import Access
from tools.shapes import Fact, Filters
from tools.stores.protocols import EntityMatch
from tools.stores.sql.entity_reads import entities_in
from tools.stores.sql.fact_reads import neighbourhood, paths
from tools.stores.sql.sql_database import SqlDatabase


class SqlKnowledgeGraph:
    """Implements `KnowledgeGraph` on the ledger's database, which the ledger closes."""

    def __init__(self, database: SqlDatabase) -> None:
        self._database = database

    async def entities_in(self, text: str, *, access: Access, filters: Filters, limit: int) -> list[EntityMatch]:
        return await self._database.read(partial(entities_in, text=text, access=access, filters=filters, limit=limit))

    async def neighbourhood(
        self, names: Sequence[str], *, hops: int, access: Access, filters: Filters, limit: int
    ) -> list[Fact]:
        return await self._database.read(
            partial(neighbourhood, names=names, hops=hops, access=access, filters=filters, limit=limit)
        )

    async def paths(
        self, head: str, tail: str, *, max_hops: int, access: Access, filters: Filters, limit: int
    ) -> list[list[Fact]]:
        return await self._database.read(
            partial(paths, head=head, tail=tail, max_hops=max_hops, access=access, filters=filters, limit=limit)
        )

    async def check(self) -> str:
        return await self._database.check()

    async def close(self) -> None:
        """Nothing to release here."""
