"""The store over a real Bolt connection. The server is not Neo4j: see bolt_server.py for what that does not show."""

import random
import uuid
from dataclasses import replace
from typing import Any

import pytest

from tests.stores import corpus
from tests.stores.examples import EVERYTHING, LIN, STRANGER, make_chunks, make_document, make_fact
from tests.stores.neo4j.bolt_database import BoltDatabase
from tests.stores.neo4j.bolt_server import DATABASE, BoltServer
from tests.stores.neo4j.pending import batch, everything, said
from tests.stores.neo4j.replayed_graph_contract import ReplayedGraphContract
from tools.errors import StoreError
from tools.shapes import Extraction, Filters
from tools.sources.knowledge_graph import KnowledgeGraphSource
from tools.stores.graph_replay import replay_graph
from tools.stores.neo4j.knowledge_graph import Neo4jKnowledgeGraph
from tools.stores.protocols import PendingFacts
from tools.stores.sql.sql_knowledge_graph import SqlKnowledgeGraph
from tools.stores.sql.sql_ledger import SqlLedger

pytest_plugins = ["tests.stores.neo4j.bolt_fixtures"]
pytestmark = pytest.mark.bolt


class TestNeo4jKnowledgeGraph(ReplayedGraphContract):
    """The contract."""


# The same as the embedded graph


async def fill(ledger: SqlLedger, number: int) -> None:
    """A graph with several statements of the same, circles, facts about oneself, blank ends and hidden documents."""
    chance = random.Random(number)
    names = [*(f"N{n}" for n in range(12)), "东站", "东站 项目", "  "]
    for key in range(12):
        document = make_document(
            f"{number}-{key}",
            readers=("everyone",) if key % 3 else ("user:lin",),
            collection=("one", "two")[key % 2],
        )
        chunks = make_chunks(document, "a", "b")
        triples = {(chance.choice(names), chance.choice("rst"), chance.choice(names)) for _ in range(12)}
        facts = tuple(make_fact(chance.choice(chunks), *triple) for triple in sorted(triples))
        await ledger.replace_document(document, chunks, Extraction((), facts))


async def test_both_graphs_give_the_same_in_the_same_order(ledger: SqlLedger, graph: Neo4jKnowledgeGraph) -> None:
    embedded = SqlKnowledgeGraph(ledger.database)
    await fill(ledger, 1)
    names = {*(f"N{n}" for n in range(12)), "东站", "东站 项目"}
    for number in range(corpus.DOCUMENTS):
        document, chunks, extraction = corpus.contents(number)
        await ledger.replace_document(document, chunks, extraction)
        names |= {entity.name for entity in extraction.entities}
    await replay_graph(ledger, graph)
    chance = random.Random(2)
    for number in range(60):
        scope: dict[str, Any] = {
            "access": chance.choice((LIN, STRANGER)),
            "filters": chance.choice((EVERYTHING, EVERYTHING, Filters(("one",)))),
            "limit": chance.choice((1, 3, 20, 200)),
        }
        some = chance.sample(sorted(names), chance.choice((1, 2, 5)))
        text = "，".join(chance.sample(sorted(names), 6))
        hops = 1 + number % 4
        of_embedded, of_neo4j = [
            (
                await each.entities_in(text, **scope),
                await each.neighbourhood(some, hops=hops, **scope),
                await each.paths(some[0], some[-1], max_hops=hops, **scope),
            )
            for each in (embedded, graph)
        ]
        assert of_neo4j == of_embedded


# What is asked


async def test_few_statements_are_asked(
    ledger: SqlLedger, graph: Neo4jKnowledgeGraph, bolt_statements: list[tuple[str, str]]
) -> None:
    steps = [(f"N{n}", "r", f"N{n + 1}") for n in range(6)]
    await graph.write([said("a", *steps)])

    async def asked(of: Any) -> int:
        bolt_statements.clear()
        assert await of
        assert {kind for kind, _ in bolt_statements} == {"read"}
        return len(bolt_statements)

    scope: dict[str, Any] = {"access": LIN, "filters": EVERYTHING, "limit": 50}
    assert await asked(graph.entities_in("N1 and N2", **scope)) == 1
    assert await asked(graph.neighbourhood(["N1", "N2"], hops=1, **scope)) == 1
    assert await asked(graph.neighbourhood(["N1"], hops=3, **scope)) == 3
    assert await asked(graph.paths("N0", "N1", max_hops=4, **scope)) == 1
    assert await asked(graph.paths("N0", "N6", max_hops=6, **scope)) == 6


async def test_a_question_over_two_hops_takes_three_statements(
    ledger: SqlLedger, graph: Neo4jKnowledgeGraph, bolt_statements: list[tuple[str, str]]
) -> None:
    document = make_document("a")
    chunks = make_chunks(document, "二标段由华东监理公司监理。", "华东监理公司的法定代表人是孟庭芳。")
    facts = (
        make_fact(chunks[0], "二标段", "监理单位", "华东监理公司"),
        make_fact(chunks[1], "华东监理公司", "法定代表人", "孟庭芳"),
    )
    await ledger.replace_document(document, chunks, Extraction((), facts))
    await replay_graph(ledger, graph)
    bolt_statements.clear()
    found = await KnowledgeGraphSource(ledger, graph).search(
        "二标段监理单位的法定代表人是谁？", access=LIN, filters=EVERYTHING, limit=5, deadline=0
    )
    assert {hit.passage.id for hit in found.hits} == {chunk.id for chunk in chunks}
    assert len(bolt_statements) == 3


HOSTILE = (
    "' OR 1=1 //",
    '"}) DETACH DELETE n //',
    "`SignpostEntity`",
    "}) MATCH (n) DETACH DELETE n //",
    "$x ${y} {z} $keys",
    "\\u0027 \\' \\\\",
    "a\nb\r\nMATCH (n)\tDELETE n",
    "/* comment */ -- comment",
    "'; DROP CONSTRAINT signpost_entity_key; //",
    "🚀👩‍👩‍👧 \U0001f9ff",
    "字" * 5000,
    "%s %(x)s {0} {{}}",
    "null",
    "[1, 2]",
    "0x41 1e9 -1",
    "CALL dbms.shutdown()",
    "𠮷野家 ＡＢＣ ﷽",
    "\u202eright to left\u202c",
    "(:SignpostDocument {ledger: '*'})",
    "x'; LOAD CSV FROM 'file:///etc/passwd' AS row //",
)


async def test_no_name_changes_a_statement(graph: Neo4jKnowledgeGraph, bolt_statements: list[tuple[str, str]]) -> None:
    names = [f"{hostile} {number}" for hostile in HOSTILE for number in range(5)]
    assert len(names) == 100

    async def everything(name: str, key: str) -> list[tuple[str, str]]:
        """Writes, finds and removes a name wherever one may stand; returns the statements."""
        bolt_statements.clear()
        readers = ("everyone", f"user:{name}")
        document = replace(make_document(key, collection=name, readers=readers), title=name, uri=name)
        chunk = make_chunks(document, name)[0]
        fact = make_fact(chunk, name, name, "Other")
        pending = PendingFacts(document, Extraction((), (fact,)), 1)
        await graph.write([pending])
        await graph.write([pending])
        scope: dict[str, Any] = {"access": LIN, "filters": Filters((name,)), "limit": 9}
        found = await graph.entities_in(f"what is {name} ?", **scope)
        assert [match.name for match in found] == [name]
        assert await graph.neighbourhood([name], hops=2, **scope) == [fact]
        assert await graph.paths("other", name, max_hops=2, **scope) == [[fact]]
        await graph.remove([document.id])
        assert await graph.neighbourhood([name], hops=1, **scope) == []
        return list(bolt_statements)

    await graph.document_count()
    await everything("first", "to make the schema")
    harmless = await everything("harmless", "harmless")
    for number, name in enumerate(names):
        assert await everything(name, f"{number}") == harmless


# Who it is


async def test_check_says_who_it_is(
    bolt_server: BoltServer, graph: Neo4jKnowledgeGraph, bolt_database: BoltDatabase
) -> None:
    said = await graph.check()
    assert said.startswith("Neo4j 5.")
    assert said.endswith(f" at bolt://127.0.0.1:{bolt_server.port} (database {DATABASE})")
    assert bolt_database.rows("MATCH (n:SignpostDocument) WHERE n.ledger IS NULL RETURN count(n)") == [[0]]


async def test_a_cluster_address_is_an_address_too(bolt_server: BoltServer) -> None:
    settings = replace(bolt_server.settings, uri=f"neo4j://127.0.0.1:{bolt_server.port}")
    graph = Neo4jKnowledgeGraph(settings, ledger_id=str(uuid.uuid4()), timeout_seconds=20)
    await graph.write(batch(1, 1))
    assert await graph.document_count() == 1
    assert len(await graph.neighbourhood(["甲0"], hops=1, **everything())) == 1
    await graph.close()


@pytest.mark.parametrize(
    ("change", "message", "setting"),
    [
        ({"password": "wrong-one"}, "refuses the user 'root'", "NEO4J_PASSWORD"),
        ({"username": "nobody"}, "refuses the user 'nobody'", "NEO4J_USERNAME"),
        ({"database": "nowhere"}, "no such database", "NEO4J_DATABASE"),
    ],
)
async def test_wrong_settings_are_told(
    change: dict[str, str], message: str, setting: str, bolt_server: BoltServer
) -> None:
    for scheme in ("bolt", "neo4j"):
        settings = replace(bolt_server.settings, uri=f"{scheme}://127.0.0.1:{bolt_server.port}", **change)
        graph = Neo4jKnowledgeGraph(settings, ledger_id=str(uuid.uuid4()), timeout_seconds=20)
        with pytest.raises(StoreError) as raised:
            await graph.check()
        assert message in str(raised.value)
        assert setting in raised.value.next_step
        assert settings.password not in str(raised.value)
        await graph.close()


async def test_the_http_port_and_tls_where_there_is_none(bolt_server: BoltServer) -> None:
    for settings, message in (
        (bolt_server.settings_at(bolt_server.http_port), "HTTP port"),
        (replace(bolt_server.settings, uri=f"bolt+ssc://127.0.0.1:{bolt_server.port}"), "cannot be reached"),
    ):
        graph = Neo4jKnowledgeGraph(settings, ledger_id=str(uuid.uuid4()), timeout_seconds=20)
        with pytest.raises(StoreError, match=message):
            await graph.check()
        await graph.close()
