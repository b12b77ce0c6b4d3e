"""Servers of the stores that are not there: every command says so, and what does not need them goes on."""

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent import resources
from tests.agent.command_line import LODGING, Signpost
from tests.stores.qdrant import qdrant_http
from tests.stores.qdrant.word_embedder import WordEmbedder

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
def own(signpost: Signpost, filled_home: Path, monkeypatch: pytest.MonkeyPatch) -> Signpost:
    """A home of its own with documents in it, whose servers may take half a second."""
    shutil.copytree(filled_home, signpost.home)
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
    refused = own.json("ask", LODGING, "--route", "vector")
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
    answer = own.json("ask", LODGING)
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
    added = own("add", late, "--json")
    assert added.exit_code == 1
    summary = json.loads(added.stdout)
    assert (summary["added"], summary["indexed"]) == (1, 0)
    assert summary["index_problem"].startswith("Qdrant at http://127.0.0.1:9 cannot be reached.")
    told = own("add", late)
    assert told.exit_code == 1
    assert "1 unchanged" in told.stdout
    assert "Warning: all of this is stored" in told.stderr
    assert "QDRANT_URL" in told.stderr
    monkeypatch.setenv("QDRANT_URL", "off")
    assert "15元" in own.json("ask", "食堂每餐多少元？")["answer"]


def test_what_is_removed_meanwhile_is_not_found_and_leaves_the_server_later(
    own: Signpost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:9")
    removed = own("remove", "bridge.md", "--json")
    assert removed.exit_code == 1
    told = json.loads(removed.stdout)
    assert told["removed"]["title"] == "Harbour Bridge"
    assert "NEO4J_URI" in told["index_problem"]
    assert own.json("status")["documents"] == 2
    told = own("remove", "travel.md")
    assert told.exit_code == 1
    assert "Removed" in told.stdout
    assert "Warning: it is no longer found" in told.stderr
    monkeypatch.setenv("NEO4J_URI", "off")
    assert own.json("remove", "people.csv")["index_problem"] == ""


def test_status_says_where_the_servers_are_and_doctor_why_something_waits(
    own: Signpost, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Vector index:" not in own("status").stdout
    monkeypatch.setenv("QDRANT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:9")
    told = own("status").stdout
    assert "Vector index: Qdrant at http://127.0.0.1:9\n" in told
    assert "Graph database: Neo4j at bolt://127.0.0.1:9\n" in told
    assert "are still to come: signpost doctor says why" in told
    assert "Ledger:" not in told


@pytest.mark.parametrize(
    ("setting", "row", "other"),
    [("QDRANT_URL", "vector index", "knowledge graph"), ("NEO4J_URI", "knowledge graph", "vector index")],
)
def test_what_is_no_address_is_wrong_input_and_a_row_of_its_own(
    own: Signpost, monkeypatch: pytest.MonkeyPatch, setting: str, row: str, other: str
) -> None:
    monkeypatch.setenv(setting, "ftp://u:s3cret@host")
    error = own.error("ask", RELATION, code=2)
    assert setting in error["what"]
    parts = parts_of(own)
    assert parts[row]["state"] == "problem"
    assert setting in parts[row]["detail"]
    assert (parts["ledger"]["state"], parts[other]["state"]) == ("on", "off")
    assert "s3cret" not in str([error, parts])


def test_without_its_ledger_the_other_servers_are_asked_all_the_same(
    own: Signpost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", "postgresql://u:s3cret@127.0.0.1:9/name")
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:9")
    with qdrant_http.serving() as qdrant:
        monkeypatch.setenv("QDRANT_URL", qdrant.url)
        parts = parts_of(own)
        assert qdrant.engine.get_collections().collections == []
    assert "SIGNPOST_DATABASE_URL" in parts["ledger"]["next_step"]
    assert parts["vector index"]["state"] in ("on", "warning")  # or slow, as any server may be
    assert parts["vector index"]["detail"].startswith("Qdrant 1")
    assert "NEO4J_URI" in parts["knowledge graph"]["next_step"]
    monkeypatch.setenv("QDRANT_URL", "off")
    parts = parts_of(own)
    assert (parts["ledger"]["state"], parts["vector index"]["state"]) == ("problem", "off")


def test_without_its_ledger_what_needs_no_documents_is_answered(
    own: Signpost, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", f"postgresql://u:s3cret@127.0.0.1:{port}/name")
    greeted = own.json("ask", "你好")
    assert greeted["status"] == "answered"
    refused = own.json("ask", RELATION)
    assert refused["status"] == "refused"
    assert {"vector", "graph"} <= {step["component"] for step in refused["receipt"]["degraded"]}
    assert "无法访问" in refused["answer"]
    for command in (["status"], ["add", "late.md"], ["ask", RELATION, "--thread", "kept"]):
        error = own.error(*command, code=1)
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
    assert "550元" in own.json("ask", LODGING)["answer"]


@pytest.mark.parametrize("model", ["openai:m", "nonsense"])
def test_an_embedding_model_that_was_never_there_costs_nothing_but_its_help(
    own: Signpost, port: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, model: str
) -> None:
    before = own.json("status")["stores"]["vector_index"]
    monkeypatch.setenv("SIGNPOST_EMBEDDING_MODEL", model)
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{port}/v1")
    assert "550元" in own.json("ask", LODGING)["answer"]
    (warning,) = [record.getMessage() for record in caplog.records if record.name == resources.__name__]
    assert "SIGNPOST_EMBEDDING_MODEL" in warning
    assert model in warning
    assert own.json("status")["stores"]["vector_index"] == before
    parts = parts_of(own)
    assert (parts["vector index"]["state"], parts["embedding model"]["state"]) == ("on", "problem")


@pytest.fixture
def words(own: Signpost, monkeypatch: pytest.MonkeyPatch) -> WordEmbedder:
    """The embedding model of `own`."""
    embedder = WordEmbedder()
    monkeypatch.setenv("SIGNPOST_EMBEDDING_MODEL", embedder.name)
    monkeypatch.setattr(resources, "Embedder", lambda name, **_: embedder)
    return embedder


def test_an_index_with_vectors_is_kept_while_their_model_is_away(
    own: Signpost, words: WordEmbedder, tmp_path: Path
) -> None:
    first = own.json("status")["stores"]["vector_index"]
    assert first["version"].endswith(words.name)
    words.is_away = True
    late = tmp_path / "late.md"
    late.write_text("# 食堂\n\n食堂每餐15元。\n", encoding="utf-8")
    added = own("add", late, "--json")
    assert added.exit_code == 1
    assert words.name in json.loads(added.stdout)["index_problem"]
    assert "550元" in own.json("ask", LODGING)["answer"]
    kept = own.json("status")["stores"]["vector_index"]
    assert (kept["version"], kept["passages"], kept["pending"]) == (first["version"], first["passages"], 1)
    words.is_away = False
    assert "15元" in own.json("ask", "食堂每餐多少元？")["answer"]
    assert own.json("status")["stores"]["vector_index"]["pending"] == 0


def test_a_model_that_comes_while_nothing_has_vectors_is_used_from_the_next_start(
    own: Signpost, words: WordEmbedder
) -> None:
    words.is_away = True
    assert not own.json("status")["stores"]["vector_index"]["version"].endswith(words.name)
    words.is_away = False
    held = own.json("status")["stores"]["vector_index"]
    assert held["version"].endswith(words.name)
    assert held["pending"] == 0


def test_a_model_that_is_away_leaves_the_index_on_a_server_as_it_is(
    own: Signpost, words: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with qdrant_http.serving() as qdrant:
        monkeypatch.setenv("QDRANT_URL", qdrant.url)
        words.is_away = True
        assert "550元" in own.json("ask", LODGING)["answer"]
        held = own.json("status")["stores"]["vector_index"]
        assert not held["version"].endswith(words.name)
        assert (held["pending"], "Qdrant at" in held["place"]) == (0, True)
        words.is_away = False
        assert own.json("status")["stores"]["vector_index"]["version"].endswith(words.name)
        words.is_away = True
        assert "550元" in own.json("ask", LODGING)["answer"]
        assert own.json("status")["stores"]["vector_index"]["version"].endswith(words.name)
