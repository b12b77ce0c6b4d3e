"""What the graph database holds after writes and removals, whoever else is in the database and whatever goes wrong."""

import asyncio
import re
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.stores.examples import make_chunks, make_document, make_extraction
from tests.stores.knowledge_graph_contract import names_in
from tests.stores.neo4j.bolt_database import BoltDatabase
from tests.stores.neo4j.bolt_server import BoltServer
from tests.stores.neo4j.cutting_proxy import CuttingProxy
from tests.stores.neo4j.pending import batch, everything, said
from tools.errors import StoreError
from tools.shapes import Extraction
from tools.stores.graph_replay import replay_graph
from tools.stores.neo4j.knowledge_graph import Neo4jKnowledgeGraph
from tools.stores.neo4j.schema import SCHEMA
from tools.stores.protocols import PendingFacts
from tools.stores.sql.sql_ledger import SqlLedger

pytest_plugins = ["tests.stores.neo4j.bolt_fixtures"]
pytestmark = pytest.mark.bolt


# What is held


async def test_every_fact_says_where_it_stands(
    graph: Neo4jKnowledgeGraph, bolt_database: BoltDatabase, ledger: SqlLedger
) -> None:
    pending = said("a", ("东站", "r", "西站"))
    await graph.write([pending])
    (fact,) = pending.extraction.facts
    ((held,),) = bolt_database.rows(
        "MATCH (:SignpostEntity {ledger: $ledger})-[fact:SIGNPOST_FACT]->() RETURN properties(fact)", ledger=ledger.id
    )
    assert (held["sentence"], held["chunk_id"], held["document_id"]) == (fact.sentence, fact.chunk_id, fact.document_id)


async def test_writing_again_changes_nothing(
    graph: Neo4jKnowledgeGraph, bolt_database: BoltDatabase, ledger: SqlLedger
) -> None:
    documents = batch(30, 10)
    await graph.write(documents)
    held = bolt_database.held(ledger.id)
    assert held == {"documents": 30, "entities": 50, "mentions": 330, "facts": 300}
    await graph.write(documents)
    await graph.write([*documents[:3], *documents[:3]])
    assert bolt_database.held(ledger.id) == held
    assert await graph.document_count() == 30


async def test_what_nothing_names_any_more_is_gone(
    graph: Neo4jKnowledgeGraph, bolt_database: BoltDatabase, ledger: SqlLedger
) -> None:
    def entities() -> set[str]:
        rows = bolt_database.rows("MATCH (n:SignpostEntity {ledger: $ledger}) RETURN n.folded_name", ledger=ledger.id)
        return {name for (name,) in rows}

    one, two = said("1", ("A", "r", "B"), ("B", "r", " ")), said("2", ("B", "r", "C"))
    await graph.write([one, two])
    assert entities() == {"a", "b", "c", ""}
    await graph.write([replace(one, extraction=Extraction())])
    assert entities() == {"b", "c"}
    assert await graph.document_count() == 2
    await graph.remove([two.document.id, "unknown"])
    assert bolt_database.held(ledger.id) == {"documents": 1, "entities": 0, "mentions": 0, "facts": 0}
    await graph.remove([one.document.id])
    assert await graph.document_count() == 0


async def test_much_is_forgotten_in_parts(
    graph: Neo4jKnowledgeGraph, bolt_database: BoltDatabase, ledger: SqlLedger, bolt_statements: list[tuple[str, str]]
) -> None:
    triples = [(f"N{n % 70}", f"r{n}", f"M{n % 90}") for n in range(5001)]
    pending = said("large", *triples)
    await graph.write([pending, said("small", ("N1", "r", "M1"))])
    assert bolt_database.held(ledger.id)["facts"] == 5002
    bolt_statements.clear()
    await graph.remove([pending.document.id])
    assert len([text for _, text in bolt_statements if "DELETE fact" in text]) == 2
    assert bolt_database.held(ledger.id) == {"documents": 1, "entities": 2, "mentions": 2, "facts": 1}


async def test_clearing_forgets_all_of_this_ledger(
    graph: Neo4jKnowledgeGraph, bolt_database: BoltDatabase, ledger: SqlLedger
) -> None:
    await graph.write(batch(30, 10))
    ((key,),) = bolt_database.rows(
        "MATCH (n:SignpostDocument {ledger: $ledger}) RETURN n.key LIMIT 1", ledger=ledger.id
    )
    bolt_database.rows("MATCH (n:SignpostDocument {key: $key}) DETACH DELETE n", key=key)  # somebody has been there
    await graph.clear()
    assert bolt_database.held(ledger.id) == {"documents": 0, "entities": 0, "mentions": 0, "facts": 0}
    await graph.clear()
    await graph.write(batch(3, 2))
    assert await graph.document_count() == 3


# What others hold in the same database


async def test_what_others_hold_is_not_touched(
    bolt_server: BoltServer, graph: Neo4jKnowledgeGraph, bolt_database: BoltDatabase, ledger: SqlLedger
) -> None:
    mark = str(uuid.uuid4())
    documents = [said("1", ("东站", "r", "西站")), said("2", ("东站", "r", "南站"))]
    await graph.write(documents)
    keys = [key for (key,) in bolt_database.rows("MATCH (n {ledger: $ledger}) RETURN n.key", ledger=ledger.id)]
    await graph.clear()
    # Foreign labels with our properties, our keys and our ledger's id, and relations that look like ours.
    bolt_database.rows("CREATE CONSTRAINT their_person IF NOT EXISTS FOR (n:Person) REQUIRE n.name IS UNIQUE")
    bolt_database.rows(
        "UNWIND $keys AS key CREATE (a:Person {mark: $mark, name: key, key: key, ledger: $ledger, lookup_key: key,"
        " folded_name: '东站', readers: ['everyone'], collection: 'default'})"
        "-[:KNOWS {mark: $mark, document_key: key}]->(b:Station {mark: $mark, key: key, ledger: $ledger})"
        " CREATE (a)-[:SIGNPOST_FACT {mark: $mark, document_key: key, readers: ['everyone']}]->(b)"
        " CREATE (b)-[:SIGNPOST_MENTION {mark: $mark}]->(a)",
        keys=keys,
        mark=mark,
        ledger=ledger.id,
    )
    other = Neo4jKnowledgeGraph(bolt_server.settings, ledger_id=mark, timeout_seconds=20)
    await other.write(documents)

    def theirs() -> list[list[str]]:
        looked_at = (
            "MATCH (n {mark: $mark}) RETURN labels(n), properties(n)",
            "MATCH ()-[r {mark: $mark}]->() RETURN type(r), properties(r)",
            "MATCH (n {ledger: $mark}) RETURN labels(n), properties(n)",
            "MATCH ({ledger: $mark})-[r]->() RETURN type(r), properties(r)",
            "SHOW CONSTRAINTS YIELD name RETURN name",
        )
        return [sorted(map(repr, bolt_database.rows(statement, mark=mark))) for statement in looked_at]

    before = theirs()
    assert [len(part) for part in before[:4]] == [2 * len(keys), 3 * len(keys), 5, 6]
    await graph.write(documents)
    assert len(await graph.neighbourhood(["东站"], hops=3, **everything())) == 2
    assert theirs() == before
    await graph.write(documents[:1])
    await graph.remove([documents[0].document.id])
    assert await graph.document_count() == 1
    assert theirs() == before
    await graph.clear()
    await graph.check()
    assert await graph.document_count() == 0
    assert theirs() == before
    assert await other.document_count() == 2
    await other.close()


async def test_the_schema_is_our_own(graph: Neo4jKnowledgeGraph, bolt_database: BoltDatabase) -> None:
    await graph.write(batch(1, 1))
    names = []
    for statement in SCHEMA:
        made = re.fullmatch(
            r"CREATE (?:CONSTRAINT|INDEX) (signpost_\w+) IF NOT EXISTS FOR"
            r" (?:\(\w+:Signpost\w+\)|\(\)-\[\w+:SIGNPOST_\w+\]-\(\)) (?:REQUIRE|ON) .*",
            statement,
        )
        assert made, statement
        names.append(made[1])
    assert len(set(names)) == len(SCHEMA)
    held = {name for (name,) in bolt_database.rows("SHOW INDEXES YIELD name, owningConstraint RETURN name")}
    held |= {name for (name,) in bolt_database.rows("SHOW CONSTRAINTS YIELD name RETURN name")}
    assert held >= set(names)


async def test_the_schema_is_made_once_and_by_writing_alone(
    graph: Neo4jKnowledgeGraph, bolt_statements: list[tuple[str, str]]
) -> None:
    await graph.neighbourhood(["东站"], hops=1, **everything())
    await graph.document_count()
    await graph.check()
    assert not {text for _, text in bolt_statements} & set(SCHEMA)
    await graph.write(batch(1, 1))
    await graph.write(batch(2, 1))
    assert Counter(text for _, text in bolt_statements if text in SCHEMA) == dict.fromkeys(SCHEMA, 1)


# When something goes wrong


@pytest.mark.parametrize("after_bytes", [2_000, 30_000, 150_000, 400_000])
async def test_a_connection_cut_in_the_middle_of_a_batch(
    after_bytes: int, bolt_server: BoltServer, bolt_database: BoltDatabase
) -> None:
    ledger_id = str(uuid.uuid4())
    documents = batch(20, 60)
    async with CuttingProxy(bolt_server.port).listening() as proxy:
        graph = Neo4jKnowledgeGraph(bolt_server.settings_at(proxy.port), ledger_id=ledger_id, timeout_seconds=20)
        await graph.remove(["unknown"])  # the schema stands
        await graph.close()

        graph = Neo4jKnowledgeGraph(bolt_server.settings_at(proxy.port), ledger_id=ledger_id, timeout_seconds=20)
        proxy.cuts = [after_bytes] * 2
        with pytest.raises(StoreError, match="cannot be reached"):
            await graph.write(documents)
        assert proxy.cuts == []
        assert set(bolt_database.held(ledger_id).values()) == {0}
        await graph.write(documents)
        whole = bolt_database.held(ledger_id)
        assert whole == {"documents": 20, "entities": 40, "mentions": 420, "facts": 1200}
        await graph.close()

        graph = Neo4jKnowledgeGraph(bolt_server.settings_at(proxy.port), ledger_id=ledger_id, timeout_seconds=20)
        proxy.cuts = [after_bytes]  # once: it is done all the same
        await graph.write(documents)
        assert proxy.cuts == []
        assert bolt_database.held(ledger_id) == whole
        await graph.close()


async def test_two_writers_at_once(bolt_server: BoltServer, bolt_database: BoltDatabase) -> None:
    ledger_id = str(uuid.uuid4())
    documents = batch(12, 6)

    async def write(parts: Sequence[Sequence[PendingFacts]]) -> None:
        graph = Neo4jKnowledgeGraph(bolt_server.settings, ledger_id=ledger_id, timeout_seconds=20)
        for part in parts:
            await graph.write(part)
        await graph.close()

    forwards = [documents[start : start + 3] for start in range(0, 12, 3)]
    backwards = [list(reversed(part)) for part in reversed(forwards)]
    await asyncio.gather(*(asyncio.to_thread(asyncio.run, write(parts)) for parts in (forwards, backwards)))
    assert bolt_database.held(ledger_id) == {"documents": 12, "entities": 29, "mentions": 84, "facts": 72}
    (duplicates,) = bolt_database.rows(
        "MATCH (n:SignpostEntity {ledger: $ledger}) WITH n.key AS key, count(*) AS times WHERE times > 1"
        " RETURN count(key)",
        ledger=ledger_id,
    )
    assert duplicates == [0]


async def test_a_writer_and_a_remover_at_once(bolt_server: BoltServer, bolt_database: BoltDatabase) -> None:
    """They share all entities: none that a document still names may go."""
    ledger_id = str(uuid.uuid4())
    kept, others = said("kept", ("A", "r", "B"), ("B", "r", "C")), [said(f"{n}", ("A", "s", "C")) for n in range(6)]

    async def write_and_remove(pending: Sequence[PendingFacts]) -> None:
        graph = Neo4jKnowledgeGraph(bolt_server.settings, ledger_id=ledger_id, timeout_seconds=20)
        for each in pending:
            await graph.write([each])
            if each is not kept:
                await graph.remove([each.document.id])
        await graph.close()

    await asyncio.gather(
        *(asyncio.to_thread(asyncio.run, write_and_remove(pending)) for pending in (others, [kept] * 6))
    )
    assert bolt_database.held(ledger_id) == {"documents": 1, "entities": 3, "mentions": 3, "facts": 2}


async def test_any_number_of_event_loops(ledger: SqlLedger, graph: Neo4jKnowledgeGraph) -> None:
    await graph.write(batch(20, 3))

    async def read() -> None:
        for number in range(5):
            facts = await graph.neighbourhood([f"甲{number}"], hops=1, **everything())
            assert len(facts) == 3
            assert await names_in(graph, f"甲{number}是什么") == [f"甲{number}"]

    async def write() -> None:
        await graph.write(batch(20, 3)[:2])

    await asyncio.gather(read(), write(), *(asyncio.to_thread(asyncio.run, read()) for _ in range(4)))
    assert await graph.document_count() == 20


async def test_a_database_that_came_back_empty_is_written_again(
    ledger: SqlLedger, graph: Neo4jKnowledgeGraph, bolt_server: BoltServer, bolt_database: BoltDatabase
) -> None:
    document = make_document("a")
    chunks = make_chunks(document, "text")
    await ledger.replace_document(document, chunks, make_extraction(chunks[0], ("东站", "r", "西站")))
    await replay_graph(ledger, graph)
    held = bolt_database.held(ledger.id)
    bolt_database.rows("MATCH (n {ledger: $ledger}) DETACH DELETE n", ledger=ledger.id)
    again = Neo4jKnowledgeGraph(bolt_server.settings, ledger_id=ledger.id, timeout_seconds=20)
    assert await replay_graph(ledger, again) == 1
    assert bolt_database.held(ledger.id) == held
    await again.close()
