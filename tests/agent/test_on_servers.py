"""The whole command line with its stores on servers: moved there, used there, and moved back."""

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.agent.command_line import LODGING, Signpost
from tests.stores.neo4j.bolt_server import BoltServer
from tests.stores.qdrant import qdrant_http
from tests.stores.qdrant.qdrant_http import QdrantOverHttp
from tests.stores.sql.postgres_server import PostgresServer

pytest_plugins = ["tests.stores.sql.postgres_fixtures", "tests.stores.neo4j.bolt_fixtures"]

RELATION = "李岚的所属单位是哪家？"


@pytest.fixture
def qdrant() -> Iterator[QdrantOverHttp]:
    with qdrant_http.serving() as server:
        yield server


@pytest.fixture
def own(signpost: Signpost, home_with_a_conversation: Path) -> Signpost:
    """A home of its own with three documents and a conversation in it."""
    shutil.copytree(home_with_a_conversation, signpost.home)
    return signpost


@pytest.fixture
def servers(
    own: Signpost, postgres: PostgresServer, qdrant: QdrantOverHttp, monkeypatch: pytest.MonkeyPatch
) -> Signpost:
    """The same home, with ledger, conversations and search index on servers that hold nothing yet."""
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", postgres.new_schema())
    monkeypatch.setenv("QDRANT_URL", qdrant.url)
    return own


def embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SIGNPOST_DATABASE_URL", "QDRANT_URL", "NEO4J_URI"):
        monkeypatch.setenv(name, "off")


def parts_of(signpost: Signpost) -> dict[str, dict[str, str]]:
    parts: list[dict[str, str]] = signpost.json("doctor")["parts"]
    return {part["part"]: part for part in parts}


def essence(answer: dict[str, Any]) -> tuple[object, ...]:
    """What an answer says, and from where."""
    return answer["answer"], answer["confidence"], [(each["chunk_id"], each["quote"]) for each in answer["citations"]]


def test_empty_servers_are_an_empty_product(servers: Signpost) -> None:
    assert servers.json("status")["documents"] == 0
    assert servers.json("ask", LODGING)["status"] == "refused"
    parts = parts_of(servers)
    assert parts["ledger"]["detail"].startswith("PostgreSQL 1")
    assert parts["vector index"]["detail"].startswith("Qdrant 1")
    assert parts["conversations"]["state"] == "off"


def test_documents_are_added_found_and_removed_there(servers: Signpost, tmp_path: Path) -> None:
    note = tmp_path / "canteen.md"
    note.write_text("# 食堂\n\n食堂每餐15元。\n", encoding="utf-8")
    assert servers.json("add", note)["indexed"] == 1
    assert "15元" in servers.json("ask", "食堂每餐多少元？", "--thread", "lunch")["answer"]
    assert parts_of(servers)["conversations"]["detail"].startswith("1 kept in ")
    assert servers.json("add", note)["unchanged"] == 1
    assert servers("remove", "canteen.md").exit_code == 0
    assert servers.json("ask", "食堂每餐多少元？")["status"] == "refused"


def test_two_processes_work_there_at_once(servers: Signpost, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("left", "right")]
    for folder in folders:
        folder.mkdir()
        for number in range(15):
            text = f"# {folder.name} {number}\n\nThe {folder.name} crane {number} lifts {number + 10} tonnes.\n"
            (folder / f"{number}.md").write_text(text, encoding="utf-8")
    adding = [servers.start("add", folder, "--json") for folder in folders]
    for process in adding:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert json.loads(out)["added"] == 15
    stored = servers.json("status")
    assert (stored["documents"], stored["stores"]["vector_index"]["pending"]) == (30, 0)
    assert "17 tonnes" in servers.json("ask", "How much does the left crane 7 lift?")["answer"]


def test_all_is_moved_and_answers_stay_the_same(
    own: Signpost, servers: Signpost, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = os.environ["SIGNPOST_DATABASE_URL"], os.environ["QDRANT_URL"]
    moved = servers.json("move", "--to-servers")
    assert moved["copied"] == {"copied": 3, "there_already": 0, "changed_there": 0}
    assert moved["conversations"] == 1
    assert moved["compared"]["differences"] == []
    assert moved["compared"]["documents"] == 3
    assert not moved["deleted"]
    on_servers = [essence(servers.json("ask", question)) for question in (LODGING, RELATION)]
    followed = servers.json("ask", "审批呢？", "--thread", "trip")
    embedded(monkeypatch)
    assert [essence(own.json("ask", question)) for question in (LODGING, RELATION)] == on_servers
    assert essence(own.json("ask", "审批呢？", "--thread", "trip")) == essence(followed)
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", there[0])
    monkeypatch.setenv("QDRANT_URL", there[1])
    assert servers.json("move", "--to-servers")["copied"]["there_already"] == 3


def test_the_old_is_deleted_when_told_and_comes_back(
    servers: Signpost, qdrant: QdrantOverHttp, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert servers.json("move", "--to-servers", "--delete-old")["deleted"]
    kept = {path.name for path in servers.home.iterdir()}
    assert not {name for name in kept if name.startswith(("ledger.db", "threads.db")) or name == "index"}
    assert "550元" in servers.json("ask", LODGING)["answer"]
    back = servers.json("move", "--to-embedded", "--delete-old")
    assert (back["copied"]["copied"], back["conversations"], back["deleted"]) == (3, 1, True)
    assert servers.json("status")["documents"] == 0
    assert parts_of(servers)["conversations"]["state"] == "off"
    assert [qdrant.engine.count(each.name).count for each in qdrant.engine.get_collections().collections] == [0]
    embedded(monkeypatch)
    assert "550元" in servers.json("ask", LODGING)["answer"]
    assert servers.json("status")["documents"] == 3


def test_what_differs_there_is_left_and_the_reader_told_how_to_decide(servers: Signpost, files: Path) -> None:
    assert servers("add", files / "travel.md", "--readers", "user:local").exit_code == 0
    moved = servers("move", "--to-servers", "--delete-old")
    assert moved.exit_code == 1
    assert "same command" not in moved.stdout
    assert "SIGNPOST_DATABASE_URL=off QDRANT_URL=off signpost remove doc-" in moved.stdout
    again = servers("move", "--to-servers", "--delete-old", "--json")
    assert again.exit_code == 1
    told = json.loads(again.stdout)
    (conflict,) = told["compared"]["conflicts"]
    assert (conflict["collection"], conflict["title"]) == ("default", "差旅管理办法")
    assert f"signpost remove {conflict['id']}" in moved.stdout
    assert told["compared"]["differences"] == []
    assert not told["deleted"]
    assert (servers.home / "ledger.db").exists()
    assert servers("remove", conflict["id"]).exit_code == 0
    assert servers.json("move", "--to-servers", "--delete-old")["deleted"]


def test_nothing_is_deleted_where_only_the_index_differs(servers: Signpost, qdrant: QdrantOverHttp) -> None:
    """The server acknowledges points and keeps none of them."""

    def forgetful(request: qdrant_http.QdrantRequest) -> qdrant_http.Answer:
        answer = request.usual()
        for each in qdrant.engine.get_collections().collections:
            ids = [point.id for point in qdrant.engine.scroll(each.name, limit=1)[0]]
            if request.name.endswith("/points/count") and ids:
                qdrant.engine.delete(each.name, points_selector=ids)
        return answer

    servers.json("move", "--to-servers")
    qdrant.fault = forgetful
    moved = servers("move", "--to-servers", "--delete-old", "--json")
    assert moved.exit_code == 1
    told = json.loads(moved.stdout)
    assert told["compared"]["conflicts"] == []
    assert told["compared"]["differences"] != []
    assert not told["deleted"]
    assert (servers.home / "ledger.db").exists()


def test_an_empty_home_has_nothing_to_move(
    signpost: Signpost, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", postgres.new_schema())
    for direction in ("--to-servers", "--to-embedded"):
        moved = signpost("move", direction, "--delete-old")
        assert (moved.exit_code, moved.stdout) == (0, "There is nothing to move.\n")
    assert (signpost.home / "ledger.db").exists()


def test_work_on_the_servers_is_not_undone_by_a_later_move(servers: Signpost, files: Path) -> None:
    servers.json("move", "--to-servers")
    assert servers("remove", "bridge.md").exit_code == 0
    assert servers("add", files / "travel.md", "--readers", "user:local").exit_code == 0
    moved = servers("move", "--to-servers", "--delete-old")
    assert moved.exit_code == 0
    assert "2 were changed or removed there since" in moved.stdout
    assert "The old was deleted." in moved.stdout
    assert servers.json("status")["documents"] == 2
    assert "550元" in servers.json("ask", LODGING)["answer"]


@pytest.fixture
def database(own: Signpost, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Signpost:
    """The same home with a ledger in PostgreSQL and the search index in the home."""
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", postgres.new_schema())
    return own


def test_each_ledger_has_an_index_of_its_own(
    database: Signpost, files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = os.environ["SIGNPOST_DATABASE_URL"]
    assert database.json("move", "--to-servers")["compared"]["differences"] == []
    # As many passages as before: counts alone do not tell the two indexes apart.
    note = tmp_path / "canteen.md"
    note.write_text("# Canteen\n\n## Price\n\nThe canteen charges 15 euros a meal.\n", encoding="utf-8")
    assert database("remove", "bridge.md").exit_code == 0
    assert database.json("add", note)["indexed"] == 1
    embedded(monkeypatch)
    assert "1987" in database.json("ask", "When did the Harbour Bridge open?")["answer"]
    assert database.json("ask", "What does the canteen charge a meal?")["status"] == "refused"
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", there)
    assert "15 euros" in database.json("ask", "What does the canteen charge a meal?")["answer"]
    back = database("move", "--to-embedded", "--delete-old")
    assert back.exit_code == 0, back.output
    assert "Take SIGNPOST_DATABASE_URL out of the settings" in back.stdout
    assert database.json("status")["documents"] == 0
    embedded(monkeypatch)
    for question, answer in (("When did the Harbour Bridge open?", "1987"), ("What does the canteen charge?", "15")):
        assert answer in database.json("ask", question)["answer"]
    # What is moved there again was not removed there by anybody.
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", there)
    again = database.json("move", "--to-servers", "--delete-old")
    assert (again["copied"], again["deleted"]) == ({"copied": 4, "there_already": 0, "changed_there": 0}, True)
    assert "1987" in database.json("ask", "When did the Harbour Bridge open?")["answer"]
    assert not (database.home / "index").exists()


def test_a_move_needs_a_direction(servers: Signpost) -> None:
    for options in ((), ("--to-servers", "--to-embedded")):
        error = servers.error("move", *options, code=2)
        assert error["what"] == "Say where to move."
        assert "--to-servers" in error["next_step"]
        assert "--to-embedded" in error["next_step"]


def test_over_several_shards_the_order_is_not_compared(servers: Signpost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNPOST_QDRANT_SHARDS", "2")
    moved = servers("move", "--to-servers")
    assert moved.exit_code == 0
    assert "in any order" in moved.stdout


def test_only_the_search_index_moves_when_only_that_is_set(
    own: Signpost, qdrant: QdrantOverHttp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QDRANT_URL", qdrant.url)
    moved = own.json("move", "--to-servers", "--delete-old")
    assert (moved["copied"], moved["compared"]["differences"], moved["deleted"]) == (None, [], True)
    assert (own.home / "ledger.db").exists()
    assert not (own.home / "index").exists()
    assert "550元" in own.json("ask", LODGING)["answer"]
    assert moved["compared"]["samples"] == 3
    back = own.json("move", "--to-embedded")
    assert (back["compared"]["differences"], back["compared"]["samples"]) == ([], 3)
    # The server's index is no longer kept up, so what it finds says nothing.
    assert own.json("move", "--to-embedded")["compared"]["samples"] == 0
    monkeypatch.setenv("QDRANT_URL", "off")
    assert "550元" in own.json("ask", LODGING)["answer"]


def test_a_move_that_is_killed_goes_on_where_it_was(
    servers: Signpost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [json.dumps({"id": f"{n}", "text": f"The crane {n} lifts {n + 10} tonnes."}) for n in range(110)]
    (tmp_path / "cranes.jsonl").write_text("\n".join(rows), encoding="utf-8")
    there = {name: os.environ[name] for name in ("SIGNPOST_DATABASE_URL", "QDRANT_URL")}
    embedded(monkeypatch)
    servers.json("add", tmp_path / "cranes.jsonl")
    for name, value in there.items():
        monkeypatch.setenv(name, value)
    for stage in ("copying documents", "copying conversations", "indexing"):
        kill_at(stage, servers, "--to-servers")
    moved = servers.json("move", "--to-servers", "--delete-old")
    assert moved["compared"]["differences"] == []
    assert moved["compared"]["documents"] == 113
    assert servers.json("status")["documents"] == 113
    for stage in ("comparing", "deleting", "deleting"):
        kill_at(stage, servers, "--to-embedded", "--delete-old")
    back = servers.json("move", "--to-embedded", "--delete-old")
    assert back["deleted"] or not back["compared"]["documents"]
    assert servers.json("status")["documents"] == 0
    embedded(monkeypatch)
    assert servers.json("status")["documents"] == 113
    assert "审批" in servers.json("ask", "审批呢？", "--thread", "trip")["answer"]


def kill_at(stage: str, signpost: Signpost, *options: str) -> None:
    """A move in a process of its own, killed as soon as it says that it has come so far."""
    moving = signpost.start("move", *options)
    assert moving.stderr is not None
    while not moving.stderr.readline().startswith(stage):
        assert moving.poll() is None
    os.kill(moving.pid, signal.SIGKILL)
    moving.communicate()


def test_ctrl_c_says_that_nothing_is_lost(
    servers: Signpost, qdrant: QdrantOverHttp, monkeypatch: pytest.MonkeyPatch
) -> None:
    qdrant.fault = qdrant_http.silent
    monkeypatch.setenv("SIGNPOST_STORE_TIMEOUT_SECONDS", "30")
    moving = servers.start("move", "--to-servers")
    assert moving.stderr is not None
    while not moving.stderr.readline().startswith("copying"):
        assert moving.poll() is None
    while not qdrant.requests:
        assert moving.poll() is None
    moving.send_signal(signal.SIGINT)
    qdrant.is_over.set()
    _, err = moving.communicate(timeout=60)
    assert moving.returncode == 1
    assert "Nothing is lost" in err
    assert "Traceback" not in err


@pytest.mark.bolt
def test_with_the_graph_on_a_server_too(
    servers: Signpost, bolt_server: BoltServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = bolt_server.settings
    monkeypatch.setenv("NEO4J_URI", settings.uri)
    monkeypatch.setenv("NEO4J_USERNAME", settings.username)
    monkeypatch.setenv("NEO4J_PASSWORD", settings.password)
    monkeypatch.setenv("NEO4J_DATABASE", settings.database)
    assert servers.json("move", "--to-servers")["compared"]["differences"] == []
    answer = servers.json("ask", RELATION, "--route", "graph")
    assert "海晏工程有限公司" in answer["answer"]
    assert answer["receipt"]["degraded"] == []
    assert "Neo4j" in parts_of(servers)["knowledge graph"]["detail"]
    assert servers.json("status")["stores"]["graph_database"]["documents"] == 3
    assert servers.json("move", "--to-embedded", "--delete-old")["deleted"]
    assert servers.json("status")["stores"]["graph_database"]["documents"] == 0
