"""Search index and graph database are written anew from the ledger."""

import asyncio
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from tests.agent.command_line import Signpost
from tests.stores.examples import make_chunks, make_document, make_indexed
from tests.stores.neo4j.bolt_server import BoltServer
from tools.access import Access
from tools.errors import StoreError
from tools.shapes import Extraction, Filters
from tools.stores.neo4j.knowledge_graph import Neo4jKnowledgeGraph
from tools.stores.qdrant.edge_vector_store import EdgeVectorStore
from tools.stores.sql.sql_ledger import SqlLedger

pytest_plugins = ["tests.stores.neo4j.bolt_fixtures"]

QUERY = "Harbour Bridge"


@pytest.fixture
def added(signpost: Signpost, files: Path) -> Signpost:
    signpost.json("add", files)
    signpost.json("add", files / "bridge.md", "--collection", "bridges")
    return signpost


def spoil(signpost: Signpost, collection: str) -> None:
    """Leaves as many passages as there were, which say something else: a backup of another day."""
    document = make_document("another", collection=collection)

    async def exchange() -> None:
        index = EdgeVectorStore(signpost.home / "index")
        held = await index.count(collection)
        await index.clear(collection)
        await index.upsert(collection, make_indexed(document, make_chunks(document, *map(str, range(held)))))
        await index.close()

    asyncio.run(exchange())


def found(signpost: Signpost, collection: str = "default") -> int:
    return len(signpost.json("search", QUERY, "--collection", collection)["hits"])


def test_an_index_with_other_contents_is_written_anew(added: Signpost) -> None:
    expected = [found(added, name) for name in ("default", "bridges")]
    assert all(expected)
    for name in ("default", "bridges"):
        spoil(added, name)
    assert [found(added, name) for name in ("default", "bridges")] == [0, 0]
    counted = added.json("status")
    done = added.json("reindex")
    assert (done["passages"], done["documents"]) == (counted["chunks"], 4)
    assert set(done) == {"passages", "documents", "seconds"}
    assert [found(added, name) for name in ("default", "bridges")] == expected


def test_one_collection_alone(added: Signpost) -> None:
    for name in ("default", "bridges"):
        spoil(added, name)
    assert added.json("reindex", "--collection", "bridges")["documents"] == 1
    assert not found(added)
    assert found(added, "bridges")
    assert "'roads'" in added.error("reindex", "--collection", "roads", code=2)["what"]


def test_it_says_what_it_did(added: Signpost) -> None:
    told = added("reindex")
    assert told.exit_code == 0
    assert "Written anew: 4 documents" in told.stdout
    (line,) = told.stderr.splitlines()
    assert line == f"indexing {added.json('status')['chunks']} passages"


def test_with_nothing_added_there_is_nothing_to_do(signpost: Signpost) -> None:
    assert signpost.json("reindex")["documents"] == 0


def test_stopped_in_the_middle_it_is_finished_by_the_next_command(
    added: Signpost, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = found(added)

    async def stopped(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGINT)
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        patched.setattr(EdgeVectorStore, "upsert", stopped)
        ended = added("reindex")
    assert ended.exit_code == 1
    assert "Stopped. Nothing is lost" in ended.stderr
    assert found(added) == expected


def test_an_index_that_cannot_be_written_is_said(added: Signpost, monkeypatch: pytest.MonkeyPatch) -> None:
    async def failing(*_: object, **__: object) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(EdgeVectorStore, "upsert", failing)
    assert "disk is full" in added.error("reindex", code=1)["what"]


@pytest.mark.bolt
def test_a_graph_database_is_written_anew_too(
    added: Signpost, bolt_server: BoltServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = bolt_server.settings
    for name in ("uri", "username", "password", "database"):
        monkeypatch.setenv(f"NEO4J_{name.upper()}", getattr(settings, name))
    added.json("status")  # written there for the first time
    ledger = SqlLedger.open(added.home / "ledger.db")

    async def forget_facts() -> int:
        graph = Neo4jKnowledgeGraph(settings, ledger_id=ledger.id, timeout_seconds=5)
        pending = await ledger.pending_graph("of no graph")
        await ledger.mark_in_graph(pending.documents, graph.graph_version)
        await graph.write([replace(each, extraction=Extraction()) for each in pending.documents])
        return await facts(graph)

    async def facts(graph: Neo4jKnowledgeGraph) -> int:
        found = await graph.neighbourhood(["李岚"], hops=1, access=Access(), filters=Filters(), limit=9)
        await graph.close()
        return len(found)

    assert asyncio.run(forget_facts()) == 0
    assert added.json("reindex", "--collection", "default")["documents"] == 3
    assert asyncio.run(facts(Neo4jKnowledgeGraph(settings, ledger_id=ledger.id, timeout_seconds=5))) == 0
    assert "writing 4 documents into the graph database" in added("reindex").stderr.splitlines()
    assert asyncio.run(facts(Neo4jKnowledgeGraph(settings, ledger_id=ledger.id, timeout_seconds=5))) > 0
    asyncio.run(ledger.close())
