"""The servers that tests/ start for the stores, as a process of their own: its work is not charged to what is measured.

PostgreSQL is itself; Neo4j's protocol is spoken by ArcadeDB, and Qdrant's by the client's own engine over HTTP.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tools.stores.store_settings import Neo4jSettings, QdrantSettings, StoreSettings

ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 120.0


@asynccontextmanager
async def server_stores(timeout_seconds: float = 5.0) -> AsyncIterator[StoreSettings]:
    """Running servers with nothing in them, ended with the block. timeout_seconds: as in StoreSettings."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.stores.servers"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        named = json.loads(await asyncio.wait_for(process.stdout.readline(), _SECONDS))
        neo4j = Neo4jSettings(
            named["NEO4J_URI"], named["NEO4J_USERNAME"], named["NEO4J_PASSWORD"], named["NEO4J_DATABASE"]
        )
        yield StoreSettings(
            database_url=named["SIGNPOST_DATABASE_URL"],
            qdrant=QdrantSettings(named["QDRANT_URL"]),
            neo4j=neo4j,
            timeout_seconds=timeout_seconds,
        )
    finally:
        process.stdin.close()  # it stops its servers, and then itself
        await process.wait()
