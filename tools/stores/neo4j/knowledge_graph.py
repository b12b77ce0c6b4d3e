"""The knowledge graph on a Neo4j server, through its own driver."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from tools.access import Access
from tools.shapes import Fact, Filters
from tools.stores.fact_walk import neighbourhood_walk, paths_walk
from tools.stores.neo4j import reads, writes
from tools.stores.neo4j.connection import Neo4jConnection
from tools.stores.neo4j.errors import too_old
from tools.stores.neo4j.reads import Ask
from tools.stores.neo4j.rows import graph_rows
from tools.stores.neo4j.schema import LAYOUT, OLDEST_SERVER, SCHEMA, own_key
from tools.stores.protocols import EntityMatch, PendingFacts
from tools.stores.store_settings import Neo4jSettings


class Neo4jKnowledgeGraph:
    """Implements `GraphDatabase`. Made without asking the server anything; every method raises StoreError.

    Several ledgers may share a database, with each other and with anything else.
    """

    def __init__(self, settings: Neo4jSettings, *, ledger_id: str, timeout_seconds: float) -> None:
        self._connection = Neo4jConnection(settings, timeout_seconds)
        self._ledger_id = ledger_id
        self._has_schema = False

    @property
    def graph_version(self) -> str:
        return f"neo4j-{LAYOUT} {self._connection.address}"

    async def entities_in(self, text: str, *, access: Access, filters: Filters, limit: int) -> list[EntityMatch]:
        return await self._connection.read(
            partial(
                reads.entities_in,
                ledger_id=self._ledger_id,
                text=text,
                access=access,
                filters=filters,
                limit=limit,
            )
        )

    async def neighbourhood(
        self, names: Sequence[str], *, hops: int, access: Access, filters: Filters, limit: int
    ) -> list[Fact]:
        async def read(ask: Ask) -> list[Fact]:
            walk = neighbourhood_walk(names, hops, limit)
            return await reads.walked(ask, self._ledger_id, walk, access, filters)

        return await self._connection.read(read)

    async def paths(
        self, head: str, tail: str, *, max_hops: int, access: Access, filters: Filters, limit: int
    ) -> list[list[Fact]]:
        async def read(ask: Ask) -> list[list[Fact]]:
            walk = paths_walk(head, tail, max_hops, limit)
            return await reads.walked(ask, self._ledger_id, walk, access, filters)

        return await self._connection.read(read)

    async def write(self, documents: Sequence[PendingFacts]) -> None:
        if not documents:
            return
        rows = await asyncio.to_thread(graph_rows, self._ledger_id, documents)
        await self._make_schema()
        await self._connection.write(partial(writes.write_documents, ledger_id=self._ledger_id, rows=rows))

    async def remove(self, document_ids: Sequence[str]) -> None:
        keys = [own_key(self._ledger_id, document_id) for document_id in document_ids]
        await self._make_schema()
        await self._connection.write(partial(writes.remove_documents, ledger_id=self._ledger_id, keys=keys))

    async def clear(self) -> None:
        """In parts; what it holds of a document is whole wherever this ends."""
        self._has_schema = False  # it may be another database by now
        await self._make_schema()
        for clear_some in (writes.clear_some_documents, writes.clear_some_entities):
            while await self._connection.write(partial(clear_some, ledger_id=self._ledger_id)):
                pass

    async def document_count(self) -> int:
        # Where it is written: another server of a cluster may not have heard of the last documents yet.
        return await self._connection.write(partial(reads.document_count, ledger_id=self._ledger_id))

    async def check(self) -> str:
        """Also writes something, which is undone."""
        agent = await self._connection.agent()
        version = re.match(r"Neo4j/v?(\d+)\.(\d+)", agent)
        if version and tuple(map(int, version.groups())) < OLDEST_SERVER:
            raise too_old(f"The knowledge graph at {self._connection.address}")
        with suppress(writes.UndoneError):
            await self._connection.write(writes.write_and_undo)
        return f"{agent.replace('/', ' ', 1)} at {self._connection.address}"

    async def close(self) -> None:
        await self._connection.close()

    async def _make_schema(self) -> None:
        """Once; each statement in a transaction of its own, as Neo4j wants it."""
        if self._has_schema:
            return
        for statement in SCHEMA:
            await self._connection.write(partial(writes.change_schema, statement=statement))
        self._has_schema = True
