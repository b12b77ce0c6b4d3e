import json
import os
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from agent import resources, store_report
from agent.commands import doctor as doctor_module
from agent.commands.doctor import Part
from agent.thread_store import ThreadStore
from ingest.ocr_engine import is_available
from tests.agent.command_line import Signpost
from tests.stores.qdrant.word_embedder import WordEmbedder
from tools.stores.home import Home


def parts_of(signpost: Signpost, code: int = 0) -> dict[str, dict[str, Any]]:
    result = signpost("doctor", "--json")
    assert result.exit_code == code, result.output
    parts = json.loads(result.stdout)["parts"]
    assert all(set(part) == {"part", "state", "detail", "next_step"} for part in parts)
    return {part["part"]: part for part in parts}


def test_a_fresh_home_is_no_problem_and_is_not_made(signpost: Signpost) -> None:
    parts = parts_of(signpost)
    assert {name: part["state"] for name, part in parts.items()} == {
        "python": "on",
        "folders": "on",
        "home": "on",
        "ledger": "off",
        "vector index": "off",
        "knowledge graph": "off",
        "conversations": "off",
        "web search": "off",
        "text recognition": "on" if is_available() else "off",
        "model": "off",
        "embedding model": "off",
    }
    assert parts["ledger"]["next_step"] == "signpost add PATH"
    assert parts["web search"]["next_step"] == "SIGNPOST_WEB=on"
    assert "SIGNPOST_CHAT_MODEL=" in parts["model"]["next_step"]
    assert "SIGNPOST_EMBEDDING_MODEL=" in parts["embedding model"]["next_step"]
    assert not signpost.home.exists()


def test_what_is_stored_is_counted(filled: Signpost) -> None:
    parts = parts_of(filled)
    assert "3 documents" in parts["ledger"]["detail"]
    assert parts["vector index"]["state"] == "on"
    assert parts["knowledge graph"]["state"] == "on"


@pytest.mark.parametrize("reachable", [True, False])
def test_the_web_is_tried(signpost: Signpost, monkeypatch: pytest.MonkeyPatch, reachable: bool) -> None:
    monkeypatch.setenv("SIGNPOST_WEB", "on")
    monkeypatch.setattr(doctor_module, "_is_reachable", lambda: reachable)
    assert parts_of(signpost)["web search"]["state"] == ("on" if reachable else "off")


def test_an_address_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_module, "_WEB_ADDRESS", "http://127.0.0.1:9/")
    assert not doctor_module._is_reachable()


def test_conversations_and_the_web_are_asked_while_the_stores_are(
    signpost: Signpost, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = threading.Barrier(3)

    def waits(*_: object) -> int:
        together.wait(30)  # for all three: one after the other it would break
        return 0

    monkeypatch.setenv("SIGNPOST_WEB", "on")
    monkeypatch.setattr(ThreadStore, "count", waits)
    monkeypatch.setattr(doctor_module, "_is_reachable", waits)
    monkeypatch.setattr(store_report, "store_parts", lambda _: [Part("ledger", "on", "asked")] * (1 + waits()))
    parts = parts_of(signpost)
    assert list(parts)[3:6] == ["ledger", "conversations", "web search"]
    assert {parts[name]["state"] for name in ("conversations", "web search")} == {"off"}


def test_a_held_home_names_the_holder_and_where_it_answers(filled: Signpost) -> None:
    home = Home(filled.home)
    home.acquire(0, command="langgraph server", address="http://127.0.0.1:9")
    try:
        stores = parts_of(filled, code=1)["stores"]
        error = filled.error("ask", "你好", code=1)
    finally:
        home.release()
    assert stores["state"] == "problem"
    for told in (stores["detail"], error["why"]):
        assert "langgraph server at http://127.0.0.1:9" in told
    assert "SIGNPOST_HOME" in error["next_step"]


def test_a_chat_that_holds_the_home_is_closed_where_it_runs_and_told_in_local_time(
    filled: Signpost, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(filled.home)
    home.acquire(0, command="signpost chat")
    note = home.folder / "holder.json"
    note.write_text(json.dumps({**json.loads(note.read_text()), "since": "2025-03-04T22:30:00+00:00"}))
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        error = filled.error("status", code=1)
    finally:
        home.release()
        monkeypatch.delenv("TZ")
        time.tzset()
    assert f"signpost chat (process {os.getpid()}, since 2025-03-05 06:30)" in error["why"]
    assert "close it (Ctrl-D there)" in error["next_step"]
    assert "kill" not in error["next_step"]


def test_a_broken_ledger_is_reported_and_left_as_it_is(signpost: Signpost) -> None:
    signpost.home.mkdir()
    ledger = signpost.home / "ledger.db"
    ledger.write_bytes(b"no database" * 100)
    assert parts_of(signpost, code=1)["ledger and index"]["state"] == "problem"
    assert "ledger.db" in signpost.error("status", code=1)["what"]
    assert ledger.read_bytes() == b"no database" * 100


def test_a_newer_ledger_is_reported(filled: Signpost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "newer"
    shutil.copytree(filled.home, home)
    engine = create_engine(f"sqlite:///{home / 'ledger.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE schema_version SET version = 999"))
    engine.dispose()
    monkeypatch.setenv("SIGNPOST_HOME", str(home))
    assert "newer" in parts_of(Signpost(home), code=1)["ledger and index"]["detail"]


def test_a_lost_index_is_built_again(filled: Signpost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "lost"
    shutil.copytree(filled.home, home)
    shutil.rmtree(home / "index")
    monkeypatch.setenv("SIGNPOST_HOME", str(home))
    assert parts_of(Signpost(home))["vector index"]["state"] == "on"
    assert Signpost(home).json("search", "Harbour Bridge")["hits"]


def test_damaged_conversations_and_wrong_settings(signpost: Signpost, monkeypatch: pytest.MonkeyPatch) -> None:
    signpost.home.mkdir()
    (signpost.home / "threads.db").write_bytes(b"no database" * 100)
    assert parts_of(signpost, code=1)["conversations"]["state"] == "problem"
    monkeypatch.setenv("SIGNPOST_WEB", "perhaps")
    settings = parts_of(signpost, code=1)["settings"]
    assert "SIGNPOST_WEB" in settings["detail"]
    assert "perhaps" not in settings["detail"]


def test_a_home_that_cannot_be_made_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SIGNPOST_HOME", str(tmp_path / "file" / "home"))
    assert parts_of(Signpost(tmp_path / "file" / "home"), code=1)["home"]["state"] == "problem"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="/proc is Linux")
def test_a_home_where_nobody_can_make_one_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNPOST_HOME", "/proc/nope/home")
    home = parts_of(Signpost(Path("/proc/nope/home")), code=1)["home"]
    assert home["state"] == "problem"
    assert "/proc" in home["detail"]


def test_a_misspelt_setting_is_a_warning_without_its_value(signpost: Signpost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNPOST_WEBB", "s3cret")
    settings = parts_of(signpost)["settings"]
    assert settings["state"] == "warning"
    assert "SIGNPOST_WEBB" in settings["detail"]
    assert "s3cret" not in str(settings)


@pytest.mark.parametrize(("name", "told"), [("text-embedding", "provider:model"), ("openai:m", "OPENAI_API_KEY")])
def test_an_embedding_model_without_provider_or_key_is_a_problem(
    signpost: Signpost, monkeypatch: pytest.MonkeyPatch, name: str, told: str
) -> None:
    monkeypatch.setenv("SIGNPOST_EMBEDDING_MODEL", name)
    part = parts_of(signpost, code=1)["embedding model"]
    assert part["state"] == "problem"
    assert told in part["detail"]
    assert "SIGNPOST_EMBEDDING_MODEL" in part["next_step"]


def test_an_embedding_model_that_answers_is_on(signpost: Signpost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNPOST_EMBEDDING_MODEL", "tests:words")
    monkeypatch.setattr(resources, "Embedder", lambda name, **_: WordEmbedder(name, dimension=1536))
    part = parts_of(signpost)["embedding model"]
    assert part["state"] == "on"
    assert part["detail"].startswith("tests:words, ")
    assert part["detail"].endswith(" ms; 1,536 dimensions")


def test_text_shows_the_line_to_type(signpost: Signpost) -> None:
    assert "-> signpost add PATH" in signpost("doctor").stdout
