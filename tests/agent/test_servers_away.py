"""Servers of the stores that are not there: every command says so, and what does not need them goes on."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent.command_line import Signpost

RELATION = "李岚的所属单位是哪家？"


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that accepts and never answers."""
    kept: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            while True:
                try:
                    kept.append(listening.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in kept:
            connection.close()


@pytest.fixture
def own(signpost: Signpost, files: Path, monkeypatch: pytest.MonkeyPatch) -> Signpost:
    """A home of its own with documents in it, whose servers may take half a second."""
    assert signpost("add", files).exit_code == 0
    monkeypatch.setenv("SIGNPOST_STORE_TIMEOUT_SECONDS", "0.5")
    return signpost


@pytest.fixture(params=["refusing", "silent"])
def port(request: pytest.FixtureRequest, silent: int) -> int:
    return 9 if request.param == "refusing" else silent


def parts_of(signpost: Signpost) -> dict[str, dict[str, str]]:
    parts = signpost("doctor", "--json")
    assert "Traceback" not in parts.output
    return {part["part"]: part for part in json.loads(parts.stdout)["parts"]}


def test_without_its_search_index_the_graph_answers(own: Signpost, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QDRANT_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("QDRANT_API_KEY", "s3cret")
    answer = own.json("ask", RELATION)
    assert answer["status"] == "answered"
    assert "海晏工程有限公司" in answer["answer"]
    refused = own.json("ask", "一线城市的住宿标准是多少？", "--route", "vector")
    assert refused["status"] == "refused"
    assert {step["component"] for step in refused["receipt"]["degraded"]} == {"vector"}
    parts = parts_of(own)
    assert parts["vector index"]["state"] == "problem"
    assert "QDRANT_URL" in parts["vector index"]["next_step"]
    assert (parts["ledger"]["state"], parts["knowledge graph"]["state"]) == ("on", "on")
    assert "s3cret" not in str(parts)
    stored = own.json("status")
    assert stored["documents"] == 3
    assert stored["stores"]["vector_index"]["passages"] == 0
    assert stored["stores"]["vector_index"]["pending"] == stored["chunks"]


def test_without_its_graph_the_documents_answer(own: Signpost, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", f"bolt://127.0.0.1:{port}")
    monkeypatch.setenv("NEO4J_PASSWORD", "s3cret")
    answer = own.json("ask", "一线城市的住宿标准是多少？")
    assert "550元" in answer["answer"]
    related = own.json("ask", RELATION)
    assert "graph" in {step["component"] for step in related["receipt"]["degraded"]}
    parts = parts_of(own)
    assert parts["knowledge graph"]["state"] == "problem"
    assert "NEO4J_URI" in parts["knowledge graph"]["next_step"]
    assert "s3cret" not in str(parts)
    assert own.json("status")["stores"]["graph_database"]["pending"] == 3


def test_what_is_added_meanwhile_waits_for_the_server(
    own: Signpost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QDRANT_URL", "http://127.0.0.1:9")
    late = tmp_path / "late.md"
    late.write_text("# 食堂\n\n食堂每餐15元。\n", encoding="utf-8")
    error = own.error("add", late, code=1)
    assert "Qdrant" in error["what"]
    monkeypatch.setenv("QDRANT_URL", "off")
    assert "15元" in own.json("ask", "食堂每餐多少元？")["answer"]


def test_without_its_ledger_nothing_is_answered_from_documents(
    own: Signpost, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", f"postgresql://u:s3cret@127.0.0.1:{port}/name")
    error = own.error("ask", RELATION, code=1)
    assert "SIGNPOST_DATABASE_URL" in error["next_step"]
    assert "s3cret" not in str(error)
    parts = parts_of(own)
    assert parts["ledger"]["state"] == "problem"
    assert parts["conversations"]["state"] == "problem"
    assert "s3cret" not in str(parts)


def test_a_move_needs_a_server_and_a_direction(own: Signpost, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "QDRANT_URL" in own.error("move", "--to-servers", code=2)["why"]
    monkeypatch.setenv("QDRANT_URL", "http://127.0.0.1:9")
    own.error("move", code=2)
    own.error("move", "--to-servers", "--to-embedded", code=2)
    assert "Qdrant" in own.error("move", "--to-servers", "--delete-old", code=1)["what"]
    monkeypatch.setenv("QDRANT_URL", "off")
    assert "550元" in own.json("ask", "一线城市的住宿标准是多少？")["answer"]
