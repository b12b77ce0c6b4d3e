"""A whole home in one file, and back: while others work in it, and whatever ends the restoring."""

import asyncio
import json
import os
import pkgutil
import shutil
import signal
import stat
import subprocess
import time
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from tests.agent.command_line import LODGING, Signpost
from tests.agent.test_on_servers import RELATION, essence
from tests.stores.sql.postgres_server import PostgresServer
from tools.stores.archive import write_archive
from tools.stores.home import Home
from tools.stores.home_contents import kept_files
from tools.stores.protocols import Finding
from tools.stores.sql.sql_ledger import SqlLedger
from tools.stores.sql.sqlite_copy import copy_database

pytest_plugins = ["tests.stores.sql.postgres_fixtures"]

STOPPED_WHEN_UNPACKED = """
import asyncio, sys
from agent.__main__ import main
import agent.restoring

put = agent.restoring._prepare

async def prepare(folder):
    await put(folder)
    print("unpacked", flush=True)
    await asyncio.sleep(60)

agent.restoring._prepare = prepare
sys.argv = ["signpost", *sys.argv[1:]]
main()
"""

WRITES_THE_FIFTH = """
import sys
from agent.__main__ import main
from tools.stores.sql import ledger_writes

replace, written = ledger_writes.replace_document, []

def replace_document(connection, **values):
    replace(connection, **values)
    written.append(values["document"].id)
    if len(written) == 5:
        print("writing", flush=True)
        sys.stdin.readline()

ledger_writes.replace_document = replace_document
sys.argv = ["signpost", *sys.argv[1:]]
main()
"""


@pytest.fixture
def own(signpost: Signpost, home_with_a_conversation: Path) -> Signpost:
    """A home of its own with three documents, a conversation and an evaluation in it."""
    shutil.copytree(home_with_a_conversation, signpost.home)
    run = signpost.home / "evaluation" / "runs" / "20260301-120000-first"
    run.mkdir(parents=True)
    (run / "report.json").write_text("{}")
    return signpost


@pytest.fixture
def elsewhere(tmp_path: Path) -> Signpost:
    return Signpost(tmp_path / "elsewhere")


def stored(signpost: Signpost) -> dict[str, Any]:
    """What does not depend on where it stands."""
    status = signpost.json("status", "--documents")
    return {name: status[name] for name in ("documents", "chunks", "entities", "facts", "collections", "listed")}


def ids_found(signpost: Signpost, question: str) -> list[str]:
    """In their order. Scores differ in the seventh digit, for an index that is made anew adds them up otherwise."""
    return [hit["chunk_id"] for hit in signpost.json("search", question)["hits"]]


def in_home(signpost: Signpost, monkeypatch: pytest.MonkeyPatch) -> Signpost:
    monkeypatch.setenv("SIGNPOST_HOME", str(signpost.home))
    return signpost


def test_all_comes_back_elsewhere_and_the_conversation_goes_on(
    own: Signpost, elsewhere: Signpost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored(own), [essence(own.json("ask", question)) for question in (LODGING, RELATION)]
    found = ids_found(own, LODGING)
    written = own.json("backup", "backup.zip")
    assert (written["file"], written["documents"], written["conversations"]) == (str(tmp_path / "backup.zip"), 3, 1)
    assert written["bytes"] == (tmp_path / "backup.zip").stat().st_size
    assert stat.S_IMODE((tmp_path / "backup.zip").stat().st_mode) == 0o600
    parts = [(part["part"], part["state"]) for part in own.json("doctor")["parts"]]
    followed = own.json("ask", "审批呢？", "--thread", "trip")
    restored = in_home(elsewhere, monkeypatch).json("restore", "backup.zip")
    assert (restored["documents"], restored["conversations"], restored["kept"]) == (3, 1, "")
    assert restored["created"] == written["created"]
    assert (stored(elsewhere), [essence(elsewhere.json("ask", each)) for each in (LODGING, RELATION)]) == before
    assert ids_found(elsewhere, LODGING) == found
    assert [(part["part"], part["state"]) for part in elsewhere.json("doctor")["parts"]] == parts
    assert essence(elsewhere.json("ask", "审批呢？", "--thread", "trip")) == essence(followed)
    assert (elsewhere.home / "evaluation" / "runs" / "20260301-120000-first" / "report.json").read_text() == "{}"
    assert [path.name for path in tmp_path.glob("elsewhere*")] == ["elsewhere"]
    assert stat.S_IMODE(elsewhere.home.stat().st_mode) == 0o700


def test_what_is_another_process_s_or_made_again_is_not_in_it(own: Signpost, tmp_path: Path) -> None:
    Home(own.home / "evaluation" / "corpora-1").acquire(0, command="signpost eval")
    (own.home / "evaluation" / "corpora-1" / "ledger.db").write_text("another home's")
    (own.home / "link").symlink_to("/etc/hostname")
    home = Home(own.home)
    home.acquire(0, command="langgraph server", address="http://127.0.0.1:1")
    try:
        assert own("backup", "backup.zip").exit_code == 0, "somebody else holds the home"
        token = home.token or ""
    finally:
        home.release()
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        assert set(archive.namelist()) == {
            "manifest.json",
            "home/ledger.db",
            "home/threads.db",
            "home/evaluation/runs/20260301-120000-first/report.json",
        }
        assert not any(token.encode() in archive.read(name) for name in archive.namelist())


def test_what_goes_while_it_is_written_is_left_out(
    own: Signpost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = own.home / "evaluation" / "runs"
    (runs / "early.json").write_text("{}")
    (runs / "late.json").write_text("{}")

    def listed(home: Path) -> list[PurePosixPath]:
        places = list(kept_files(home))
        (runs / "early.json").unlink(missing_ok=True)
        return places

    def packed(file: Path, files: Any, *others: Any) -> None:
        (runs / "late.json").unlink()
        write_archive(file, files, *others)

    monkeypatch.setattr("agent.backing_up.kept_files", listed)
    monkeypatch.setattr("agent.backing_up.write_archive", packed)
    assert own("backup", "backup.zip").exit_code == 0
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        assert "home/ledger.db" in archive.namelist()
        assert not any(name.endswith(("early.json", "late.json")) for name in archive.namelist())


def test_what_a_killed_backup_left_is_cleared_by_the_next(own: Signpost, tmp_path: Path) -> None:
    program = """
import sys, time
import agent.backing_up
from agent.__main__ import main

def write_archive(*_):
    print("packing", flush=True)
    time.sleep(60)

agent.backing_up.write_archive = write_archive
sys.argv = ["signpost", *sys.argv[1:]]
main()
"""
    with own.start("backup", tmp_path / "first.zip", program=program) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "packing\n"
        process.kill()
    [left] = tmp_path.glob(".*.unfinished")
    assert stat.S_IMODE(left.stat().st_mode) == 0o700
    assert stat.S_IMODE((left / "ledger.db").stat().st_mode) == 0o600
    assert own("backup", tmp_path / "second.zip").exit_code == 0
    assert not left.exists()
    assert not (tmp_path / "first.zip").exists()


def test_a_backup_is_written_while_documents_are_added(
    own: Signpost, elsewhere: Signpost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.md").write_text(f"# Bridge {number}\n\nBridge {number} has {number + 3} arches.\n")
    adding = own.start("add", folder, program=WRITES_THE_FIFTH, stdin=subprocess.PIPE)
    assert adding.stdout is not None
    assert adding.stdout.readline() == "writing\n"
    backup = own.start("backup", tmp_path / "backup.zip", "--json")
    out, err = backup.communicate(timeout=60)
    assert backup.returncode == 0, err
    assert json.loads(out)["documents"] == 3 + 4, "the fifth was not yet written wholly"
    _, err = adding.communicate("go on\n", timeout=60)
    assert adding.returncode == 0, err
    restored = in_home(elsewhere, monkeypatch)
    assert restored("restore", "backup.zip").exit_code == 0
    status = restored.json("status")
    assert (status["documents"], status["stores"]["vector_index"]["pending"]) == (7, 0)
    assert status["stores"]["vector_index"]["passages"] == status["chunks"]
    assert restored.json("add", folder)["added"] == 8
    expected = stored(in_home(own, monkeypatch))
    assert stored(in_home(elsewhere, monkeypatch)) == expected


def test_what_a_conversation_in_it_cites_is_in_it_too(
    own: Signpost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "canteen.md").write_text("# 食堂\n\n食堂每餐15元。\n", encoding="utf-8")
    copied: list[str] = []

    def copy(source: Path, *others: Any) -> None:
        copy_database(source, *others)
        copied.append(source.name)
        if len(copied) == 1:  # somebody adds a document and has it cited before the other database is copied
            assert own("add", tmp_path / "canteen.md").exit_code == 0
            assert own.json("ask", "食堂每餐多少元？", "--thread", "lunch")["citations"]

    monkeypatch.setattr("agent.backing_up.copy_database", copy)
    written = own.json("backup", "backup.zip")
    assert len(copied) == 2
    assert (written["documents"], written["conversations"]) == (4, 1), "not the conversation without what it cites"


def test_where_a_backup_may_not_be_written(own: Signpost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "there.zip").write_text("mine")
    assert "there already" in own.error("backup", "there.zip", code=2)["what"]
    assert (tmp_path / "there.zip").read_text() == "mine"
    assert "no folder" in own.error("backup", "nowhere/backup.zip", code=2)["what"]
    assert "in the home" in own.error("backup", own.home / "evaluation" / "backup.zip", code=2)["what"]
    monkeypatch.setenv("SIGNPOST_HOME", str(tmp_path / "empty"))
    assert "nothing to back up" in own.error("backup", "backup.zip", code=2)["what"]
    assert not (tmp_path / "empty").exists()


def test_a_failed_backup_leaves_nothing(own: Signpost, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    with (own.home / "threads.db").open("r+b") as file:
        file.write(b"\xff" * 4096)
    assert "threads.db is damaged" in own.error("backup", "backup.zip", code=1)["what"]
    assert set(tmp_path.iterdir()) == before


def test_a_home_that_holds_something_is_replaced_only_when_told_and_kept(
    own: Signpost, files: Path, tmp_path: Path
) -> None:
    assert own("backup", "backup.zip").exit_code == 0
    assert own("remove", "bridge.md").exit_code == 0
    refused = own.error("restore", "backup.zip", code=2)
    assert "holds something" in refused["what"]
    assert "--replace" in refused["next_step"]
    assert own.json("status")["documents"] == 2
    restored = own.json("restore", "backup.zip", "--replace")
    assert own.json("status")["documents"] == 3
    assert Path(restored["kept"]).name.startswith("home.before-")
    assert Signpost(Path(restored["kept"])).start("status", "--json").communicate(timeout=30)[0].count('"documents": 2')
    assert "1987" in own.json("ask", "When did the Harbour Bridge open?")["answer"]


def test_a_home_that_is_held_is_not_replaced(own: Signpost, tmp_path: Path) -> None:
    assert own("backup", "backup.zip").exit_code == 0
    home = Home(own.home)
    home.acquire(0, command="signpost chat")
    try:
        error = own.error("restore", "backup.zip", "--replace", code=1)
    finally:
        home.release()
    assert "signpost chat" in error["why"]
    assert sorted(path.name for path in tmp_path.glob("home*")) == ["home"]
    assert own.json("status")["documents"] == 3


def test_where_a_home_cannot_be_put_nothing_is_unpacked(
    own: Signpost, elsewhere: Signpost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert own("backup", "backup.zip").exit_code == 0
    usage = shutil.disk_usage(tmp_path)
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
        assert "too little room" in own.error("backup", "other.zip", code=2)["what"]
        assert "too little room" in own.error("restore", "backup.zip", "--replace", code=2)["what"]
    there = in_home(elsewhere, monkeypatch)
    there.home.mkdir()
    with monkeypatch.context() as mounted:
        mounted.setattr(Path, "is_mount", lambda path: path == there.home)
        assert "mounted" in there.error("restore", "backup.zip", code=1)["why"]
    (tmp_path / "elsewhere.restoring").symlink_to(own.home, target_is_directory=True)
    assert "is a link" in there.error("restore", "backup.zip", code=2)["what"]
    assert (own.home / "ledger.db").exists()
    (tmp_path / "elsewhere.restoring").unlink()
    assert list(there.home.iterdir()) == []
    assert there.json("restore", "backup.zip")["kept"] == "", "an empty folder is no home to be kept"
    assert [path.name for path in tmp_path.glob("elsewhere*")] == ["elsewhere"]


def test_a_damaged_backup_changes_nothing(own: Signpost, tmp_path: Path) -> None:
    assert own("backup", "backup.zip").exit_code == 0
    content = bytearray((tmp_path / "backup.zip").read_bytes())
    content[2000] ^= 255
    (tmp_path / "damaged.zip").write_bytes(content)
    assert "no backup" in own.error("restore", "damaged.zip", "--replace", code=2)["what"]
    assert sorted(path.name for path in tmp_path.glob("home*")) == ["home"]
    assert own.json("status")["documents"] == 3


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_what_ends_a_restore_leaves_the_old_home_and_the_next_one_does_it(
    own: Signpost, tmp_path: Path, end: signal.Signals
) -> None:
    assert own("backup", "backup.zip").exit_code == 0
    assert own("remove", "bridge.md").exit_code == 0
    restoring = own.start("restore", tmp_path / "backup.zip", "--replace", program=STOPPED_WHEN_UNPACKED)
    assert restoring.stdout is not None
    assert restoring.stdout.readline() == "unpacked\n"
    assert "home.restoring" in own.error("restore", "backup.zip", "--replace", code=1)["what"], "one at a time"
    restoring.send_signal(end)
    _, err = restoring.communicate(timeout=30)
    assert "Traceback" not in err
    assert (tmp_path / "home.restoring").exists() == (end == signal.SIGKILL)
    assert own.json("status")["documents"] == 2
    assert own.json("restore", "backup.zip", "--replace")["documents"] == 3
    assert own.json("status")["documents"] == 3
    assert not (tmp_path / "home.restoring").exists()


def test_killed_at_any_moment_there_is_the_old_home_or_the_new_one(own: Signpost, tmp_path: Path) -> None:
    assert own("backup", "backup.zip").exit_code == 0
    assert own("remove", "bridge.md").exit_code == 0
    shutil.copytree(own.home, tmp_path / "two")
    began = time.monotonic()
    assert own("restore", "backup.zip", "--replace").exit_code == 0
    seconds = 2 * (time.monotonic() - began) + 1  # with the start of a process
    for moment in range(3):
        for path in tmp_path.glob("home*"):
            shutil.rmtree(path)
        shutil.copytree(tmp_path / "two", own.home)
        restoring = own.start("restore", tmp_path / "backup.zip", "--replace")
        try:
            restoring.wait(seconds * (moment + 1) / 3)
        except subprocess.TimeoutExpired:
            restoring.kill()
        restoring.communicate()
        found = stored(own)
        assert found["documents"] in (2, 3)
        assert ("1987" in own.json("ask", "When did the Harbour Bridge open?")["answer"]) == (found["documents"] == 3)


def test_a_ledger_on_a_server_is_backed_up_and_restored_into_a_home(
    own: Signpost, elsewhere: Signpost, postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored(own), essence(own.json("ask", LODGING))
    postgres_url = postgres.new_schema()
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", postgres_url)
    refused = own.error("backup", "backup.zip", code=2)
    assert "holds nothing" in refused["what"]
    assert "move --to-servers" in refused["next_step"]
    assert own("move", "--to-servers", "--delete-old").exit_code == 0
    asyncio.run(keep(postgres_url, Finding("a picture", "not stored yet", "泵房平面图")))
    copied: list[str] = []
    for what in ("copy_threads", "copy_documents"):
        noted(f"agent.backing_up.{what}", copied, monkeypatch)
    written = own.json("backup", "backup.zip")
    assert (written["documents"], written["conversations"]) == (3, 1)
    assert copied == ["copy_threads", "copy_documents"], "what conversations cite is then in the ledger"
    there = in_home(elsewhere, monkeypatch)
    told = there("restore", "backup.zip")
    assert "signpost move --to-servers" in told.stderr
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", "off")
    assert (stored(there), essence(there.json("ask", LODGING))) == before
    assert asyncio.run(found(there.home / "ledger.db", "a picture")) == "泵房平面图"
    assert "经理" in there.json("ask", "审批呢？", "--thread", "trip")["answer"]
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", postgres.new_schema())
    moved = there.json("move", "--to-servers")
    assert (moved["copied"]["copied"], moved["conversations"], moved["compared"]["differences"]) == (3, 1, [])
    assert os.listdir(tmp_path / "elsewhere")


async def keep(place: str, finding: Finding) -> None:
    ledger = await asyncio.to_thread(SqlLedger.open, place)
    await ledger.keep_findings([finding])
    await ledger.close()


async def found(place: Path, key: str) -> str | None:
    ledger = await asyncio.to_thread(SqlLedger.open, place)
    try:
        return await ledger.finding(key)
    finally:
        await ledger.close()


def noted(name: str, calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call of the function is noted, and done."""
    function = pkgutil.resolve_name(name)

    def note(*values: Any, **named: Any) -> Any:
        calls.append(function.__name__)
        return function(*values, **named)

    monkeypatch.setattr(name, note)
