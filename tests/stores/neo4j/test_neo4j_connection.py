"""What goes wrong between the store and a Neo4j server: told in words, in bounded time, without a secret."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from neo4j.exceptions import ServiceUnavailable

from tests.stores.examples import EVERYTHING, LIN
from tests.stores.neo4j.bolt_server import free_port
from tests.stores.neo4j.scripted_bolt import CUT, HANG, ScriptedBolt, scripted_bolt
from tools.access import Access
from tools.errors import InputError, StoreError
from tools.stores.neo4j import connection as neo4j_connection
from tools.stores.neo4j.address import Neo4jAddress
from tools.stores.neo4j.errors import explained
from tools.stores.neo4j.knowledge_graph import Neo4jKnowledgeGraph
from tools.stores.store_settings import Neo4jSettings

SECRET = "open-sesame"
LONGEST_SECONDS = 30
"""No test waits for this: what is not over by then hangs."""

Use = Callable[[Neo4jKnowledgeGraph], Awaitable[object]]
USES: dict[str, Use] = {
    "check": lambda graph: graph.check(),
    "entities_in": lambda graph: graph.entities_in("东站", access=LIN, filters=EVERYTHING, limit=5),
    "neighbourhood": lambda graph: graph.neighbourhood(["东站"], hops=2, access=LIN, filters=EVERYTHING, limit=5),
    "paths": lambda graph: graph.paths("东站", "西站", max_hops=3, access=LIN, filters=EVERYTHING, limit=5),
    "remove": lambda graph: graph.remove(["doc-1"]),
    "clear": lambda graph: graph.clear(),
    "document_count": lambda graph: graph.document_count(),
}


def settings(port: int) -> Neo4jSettings:
    return Neo4jSettings(f"bolt://127.0.0.1:{port}", "signpost", SECRET)


@asynccontextmanager
async def graph_at(where: Neo4jSettings, timeout_seconds: float = 5) -> AsyncIterator[Neo4jKnowledgeGraph]:
    graph = Neo4jKnowledgeGraph(where, ledger_id="ledger", timeout_seconds=timeout_seconds)
    try:
        yield graph
    finally:
        await graph.close()


async def refusal(graph: Neo4jKnowledgeGraph, use: Use) -> str:
    """The message that the use ends with."""
    with pytest.raises(StoreError) as raised:
        async with asyncio.timeout(LONGEST_SECONDS):
            await use(graph)
    assert raised.value.why
    assert raised.value.next_step
    assert SECRET not in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
@pytest.mark.parametrize("at", ["HELLO", "LOGON", "BEGIN", "RUN", "PULL"])
async def test_a_server_that_stops_answering(at: str, use: Use) -> None:
    server = ScriptedBolt(lambda name, number: HANG if name == at else None)
    async with scripted_bolt(server), graph_at(settings(server.port), timeout_seconds=0.2) as graph:
        message = await refusal(graph, use)
    assert "does not answer" in message
    assert "NEO4J_URI" in message
    assert server.received.count(at) <= 1  # not asked again; on a busy machine time is up before


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
@pytest.mark.parametrize("at", ["HELLO", "BEGIN", "PULL"])
async def test_a_server_that_goes_away(at: str, use: Use) -> None:
    server = ScriptedBolt(lambda name, number: CUT if name == at else None)
    async with scripted_bolt(server), graph_at(settings(server.port)) as graph:
        message = await refusal(graph, use)
    assert "cannot be reached" in message
    assert "NEO4J_URI" in message


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
async def test_a_server_that_accepts_and_says_nothing(use: Use) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    listening = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with listening, graph_at(settings(listening.sockets[0].getsockname()[1]), timeout_seconds=0.1) as graph:
        assert "does not answer" in await refusal(graph, use)


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
async def test_nobody_listens(scheme: str, use: Use) -> None:
    async with graph_at(Neo4jSettings(f"{scheme}://127.0.0.1:{free_port()}", "signpost", SECRET)) as graph:
        message = await refusal(graph, use)
    assert "Connection refused" in message
    assert "NEO4J_URI" in message


def test_a_name_that_nobody_knows() -> None:
    error = ServiceUnavailable("Failed to DNS resolve address")
    error.__cause__ = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    told = explained(error, Neo4jAddress.of(Neo4jSettings("bolt://no.such.host:7687")), 5)
    assert told.why == "Name or service not known"


async def test_a_web_server_is_no_bolt_server() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(20)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with listening, graph_at(settings(listening.sockets[0].getsockname()[1])) as graph:
        assert "HTTP port" in await refusal(graph, USES["check"])


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "localhost:7687",
        "http://localhost:7474",
        f"bolt://neo4j:{SECRET}@localhost:7687",
        "bolt://localhost:port",
        "bolt://",
        "bolt://[::1",
    ],
)
async def test_what_is_no_address_is_not_repeated(uri: str) -> None:
    async with graph_at(Neo4jSettings(uri, "signpost", SECRET)) as graph:
        assert "NEO4J_URI is not the address" in await refusal(graph, USES["check"])
        assert SECRET not in graph.graph_version + repr(graph)


@pytest.mark.parametrize(
    ("code", "says", "names"),
    [
        ("Neo.ClientError.Security.Unauthorized", "refuses the user 'signpost'", "NEO4J_PASSWORD"),
        ("Neo.ClientError.Security.AuthenticationRateLimit", "too many wrong passwords", "NEO4J_PASSWORD"),
        ("Neo.ClientError.Security.CredentialsExpired", "must be changed", "NEO4J_PASSWORD"),
        ("Neo.ClientError.Security.Forbidden", "has no right", "NEO4J_USERNAME"),
        ("Neo.ClientError.Database.DatabaseNotFound", "no such database", "NEO4J_DATABASE"),
        ("Neo.ClientError.General.ForbiddenOnReadOnlyDatabase", "cannot be written", "NEO4J_DATABASE"),
        ("Neo.ClientError.General.WriteOnReadOnlyAccessDatabase", "cannot be written", "NEO4J_DATABASE"),
        ("Neo.ClientError.Cluster.NotALeader", "cannot be written", "NEO4J_URI"),
        ("Neo.DatabaseError.General.UnknownError", "Neo.DatabaseError.General.UnknownError", "doctor"),
    ],
)
async def test_what_the_server_refuses(code: str, says: str, names: str) -> None:
    server = ScriptedBolt(lambda name, number: code if name == "RUN" else None)
    async with scripted_bolt(server), graph_at(settings(server.port)) as graph:
        for use in (USES["check"], USES["remove"]):
            message = await refusal(graph, use)
            assert says in message
            assert names in message


@pytest.mark.parametrize(
    ("agent", "protocol"), [("Neo4j/5.4.0", (5, 4)), ("Neo4j/5.6.0", (5, 1)), ("Neo4j/4.4", (4, 4))]
)
async def test_an_old_server(agent: str, protocol: tuple[int, int]) -> None:
    server = ScriptedBolt(agent=agent, protocol=protocol)
    async with scripted_bolt(server), graph_at(settings(server.port)) as graph:
        assert "needs Neo4j 5.7 or newer" in await refusal(graph, USES["check"])


@pytest.mark.parametrize("agent", ["Neo4j/5.7.0", "Neo4j/5.26.0", "Neo4j/2025.10.1"])
async def test_check_tells_who_it_is_and_leaves_nothing(agent: str) -> None:
    server = ScriptedBolt(agent=agent)
    async with scripted_bolt(server), graph_at(settings(server.port)) as graph:
        assert await graph.check() == f"{agent.replace('/', ' ')} at bolt://127.0.0.1:{server.port}"
    assert server.received.count("ROLLBACK") == 1
    assert "COMMIT" not in server.received


@pytest.mark.parametrize(
    "code",
    [
        "Neo.TransientError.Transaction.DeadlockDetected",
        "Neo.ClientError.Schema.ConstraintValidationFailed",
        "Neo.ClientError.Statement.EntityNotFound",
    ],
)
async def test_what_another_writer_has_upset_is_begun_again(code: str) -> None:
    server = ScriptedBolt(lambda name, number: code if name == "RUN" and number < 2 else None)
    async with scripted_bolt(server), graph_at(settings(server.port)) as graph:
        await graph.remove(["doc-1"])
    assert server.received.count("BEGIN") == server.received.count("COMMIT") + 2


async def test_it_is_not_begun_again_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neo4j_connection, "_PAUSES_SECONDS", (0.001, 0.001, 0.001))
    deadlock = "Neo.TransientError.Transaction.DeadlockDetected"
    server = ScriptedBolt(lambda name, number: deadlock if name == "RUN" else None)
    async with scripted_bolt(server), graph_at(settings(server.port)) as graph:
        for times, use in enumerate((USES["neighbourhood"], USES["remove"]), start=1):
            assert deadlock in await refusal(graph, use)
            assert server.received.count("BEGIN") == 4 * times


async def test_a_connection_that_was_kept_too_long_is_replaced() -> None:
    server = ScriptedBolt(lambda name, number: CUT if (name, number) == ("RUN", 1) else None)
    async with scripted_bolt(server), graph_at(settings(server.port)) as graph:
        await graph.check()
        await graph.remove(["doc-1"])
    assert server.received.count("HELLO") == 2


async def test_a_connection_lost_while_it_commits_is_no_loss() -> None:
    server = ScriptedBolt(lambda name, number: CUT if (name, number) == ("COMMIT", 0) else None)
    async with scripted_bolt(server), graph_at(settings(server.port)) as graph:
        await graph.remove(["doc-1"])
    assert server.received.count("BEGIN") == server.received.count("COMMIT")


async def test_nothing_is_printed(caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder) -> None:
    caplog.set_level(logging.WARNING)
    for scheme in ("bolt", "neo4j"):
        async with graph_at(Neo4jSettings(f"{scheme}://127.0.0.1:{free_port()}", "signpost", SECRET)) as graph:
            await refusal(graph, USES["check"])
    server = ScriptedBolt()
    async with scripted_bolt(server), graph_at(settings(server.port)) as graph:
        await graph.check()
    assert [record.getMessage() for record in caplog.records] == []
    assert [str(warning.message) for warning in recwarn] == []


async def test_nothing_is_asked_before_it_is_used() -> None:
    server = ScriptedBolt()
    async with scripted_bolt(server), graph_at(settings(server.port)) as graph:
        assert f"bolt://127.0.0.1:{server.port}" in graph.graph_version
    assert server.received == []


async def test_closing_ends_what_is_under_way() -> None:
    server = ScriptedBolt(lambda name, number: HANG if name == "RUN" else None)
    async with scripted_bolt(server), graph_at(settings(server.port), timeout_seconds=LONGEST_SECONDS) as graph:
        waiting = asyncio.create_task(graph.check())
        while "RUN" not in server.received:
            await asyncio.sleep(0.01)
        await graph.close()
        with pytest.raises(StoreError, match="is closed"):
            await waiting
        with pytest.raises(StoreError, match="is closed"):
            await graph.check()
        await graph.close()


async def test_cancelling_a_read_leaves_the_store_usable() -> None:
    server = ScriptedBolt(lambda name, number: HANG if (name, number) == ("RUN", 0) else None)
    async with scripted_bolt(server), graph_at(settings(server.port), timeout_seconds=LONGEST_SECONDS) as graph:
        waiting = asyncio.create_task(graph.check())
        while "RUN" not in server.received:
            await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await graph.check()


async def test_half_a_surrogate_pair_is_refused_as_input() -> None:
    server = ScriptedBolt()
    stranger = Access("\ud800")
    async with scripted_bolt(server), graph_at(settings(server.port)) as graph:
        with pytest.raises(InputError, match="not valid Unicode"):
            await graph.neighbourhood(["东站"], hops=1, access=stranger, filters=EVERYTHING, limit=5)
