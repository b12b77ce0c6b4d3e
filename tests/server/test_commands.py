"""The command line while a real server holds the stores: as without one, but for who does the work."""

import http.client
import json
import os
import select
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agent.__main__ import app
from agent.installation import installed_version
from agent.server_client import VERSION_HEADER
from agent.terminal import OwnTerminal
from tests.agent.command_line import ROOT, read_rows, write_rows
from tests.scripted_model.server import ScriptedModel
from tests.server.conftest import clean_environment, free_port

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("langgraph dev")]

NOISE = "一标段施工场界昼间噪声预测值是多少分贝？"
NOT_THERE = "东站项目屋顶光伏的年发电量是多少？"


class Home:
    """The command line over one home, each command a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder_of_user = folder.parent

    def start(
        self, *arguments: str | Path, environment: Mapping[str, str] | None = None, **options: Any
    ) -> "subprocess.Popen[str]":
        """`options` are those of Popen; the streams are pipes but for what they say."""
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        settings = {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", **(environment or {})}
        return subprocess.Popen(
            [sys.executable, "-m", "agent", *(str(argument) for argument in arguments)],
            **{**pipes, **options},
            cwd=self.folder_of_user,
            env={**clean_environment(self.folder), **settings},
            text=True,
            encoding="utf-8",
        )

    def __call__(self, *arguments: str | Path, typed: str = "", code: int = 0) -> "subprocess.CompletedProcess[str]":
        process = self.start(*arguments)
        out, err = process.communicate(typed, timeout=60)
        assert process.returncode == code, (out, err)
        return subprocess.CompletedProcess(process.args, code, out, err)

    def json(self, *arguments: str | Path, code: int = 0) -> Any:
        return json.loads(self(*arguments, "--json", code=code).stdout)

    @property
    def holder(self) -> dict[str, Any]:
        values: dict[str, Any] = json.loads((self.folder / "holder.json").read_text(encoding="utf-8"))
        return values


@contextmanager
def serving(home: Home, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    log = home.folder_of_user / "server.log"
    with log.open("w") as written:
        server = home.start("serve", "--port", str(free_port()), "--json", stderr=written, environment=environment)
        try:
            assert server.stdout is not None
            while server.stdout.readline() != "{\n":  # printed when it answers
                assert server.poll() is None, log.read_text()[-3000:]
            yield server
        finally:
            server.terminate()
            out, _ = server.communicate(timeout=60)
    logged = out + log.read_text()
    assert "Blocking call" not in logged
    assert "Traceback" not in logged


def documents_of(home: Home, collection: str) -> int:
    counts = {each["name"]: int(each["documents"]) for each in home.json("status")["collections"]}
    return counts.get(collection, 0)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home that a server holds, with the samples added through it."""
    home = Home(tmp_path_factory.mktemp("held") / "home")
    (home.folder_of_user / "apples.md").write_text("# Apples\n\nThe apple weighs 300 grams.\n", encoding="utf-8")
    with serving(home):
        added = home("add", ROOT / "samples")
        assert "Documents: 14 added" in added.stdout
        assert "14/14" in added.stderr
        yield home


def test_the_token_is_the_user_s_alone(home: Home) -> None:
    assert stat.S_IMODE((home.folder / "holder.json").stat().st_mode) == 0o600
    report = home("doctor").stdout
    assert home.holder["address"] in report
    assert home.holder["token"] not in report


def test_questions_are_answered_and_sources_searched(home: Home) -> None:
    asked = home("ask", NOISE, "--why")
    assert "66" in asked.stdout
    assert "[1]" in asked.stdout
    answer = home.json("ask", NOISE)
    assert answer["status"] == "answered"
    assert answer["citations"][0]["page"] == 3
    assert "环境影响" in home.json("search", NOISE)["hits"][0]["title"]
    assert home.json("route", NOISE)["queries"] == [NOISE]


def test_what_programs_read_is_the_same_without_a_server(home: Home, tmp_path: Path) -> None:
    """Byte for byte where nothing is measured."""

    def alone(*command: str) -> str:
        there = {"SIGNPOST_HOME": str(tmp_path / "home")}
        return CliRunner().invoke(app, [*command, "--json"], env=there).stdout

    alone("add", str(ROOT / "samples"))
    commands: list[tuple[int, list[str]]] = [
        (0, ["route", NOISE]),
        (0, ["chat"]),
        (2, ["ask", ""]),
        (2, ["remove", "nosuch"]),
        (2, ["search", "x", "--collection", "nosuch"]),
        (2, ["ask", "x", "--batch", "/nowhere.jsonl"]),
    ]
    for code, command in commands:
        assert home(*command, "--json", code=code).stdout == alone(*command)
    there, here = home("ask", NOISE, "--json").stdout, alone("ask", NOISE)
    assert there == json.dumps(json.loads(there), ensure_ascii=False, indent=2) + "\n"
    without_times = [{**json.loads(each), "receipt": None} for each in (there, here)]
    assert without_times[0] == without_times[1]


def test_all_is_written_anew_while_the_server_answers(home: Home) -> None:
    expected = home.json("search", NOISE)["hits"]
    counted = home.json("status")
    written = home("reindex")
    assert f"indexing {counted['chunks']} passages" in written.stderr
    assert f"Written anew: {counted['documents']} documents" in written.stdout
    assert home.json("search", NOISE)["hits"] == expected
    told = home.json("reindex", "--collection", "default")
    assert (told["passages"], told["documents"]) == (counted["chunks"], counted["documents"])
    assert home.json("search", NOISE)["hits"] == expected
    refused = home.json("reindex", "--collection", "nosuch", code=2)
    assert "'nosuch'" in refused["error"]["what"]


def test_relative_paths_are_meant_where_the_command_was_typed(home: Home) -> None:
    assert home.json("add", "apples.md", "--collection", "apples")["added"] == 1
    assert documents_of(home, "apples") == 1
    removed = home.json("remove", "apples.md", "--collection", "apples")["removed"]
    assert removed["uri"] == str(home.folder_of_user / "apples.md")
    assert documents_of(home, "apples") == 0


def test_a_batch_is_read_and_written_where_it_was_named(home: Home) -> None:
    write_rows(home.folder_of_user / "in.jsonl", *({"id": n, "question": NOISE} for n in range(3)))
    told = home.json("ask", "--batch", "in.jsonl", "--out", "out.jsonl")
    out = home.folder_of_user / "out.jsonl"
    assert told == {"rows": 3, "failed": 0, "out": str(out)}
    assert ["66" in row["answer"] for row in read_rows(out)] == [True] * 3


def test_a_conversation_through_a_pipe_knows_what_was_said_in_its_thread(home: Home) -> None:
    assert "66" in home.json("ask", NOISE, "--thread", "noise")["answer"]
    chat = home("chat", "--thread", "noise", typed="那二标段呢？\n/why\n你好\n/quit\nnever read\n")
    assert "68" in chat.stdout
    assert "逐句核对" in chat.stdout
    assert "您好" in chat.stdout
    assert "never read" not in chat.stdout
    assert chat.stderr.endswith("signpost chat --thread noise\n")


def test_commands_at_once(home: Home) -> None:
    for number in (1, 2):
        folder = home.folder_of_user / f"pears{number}"
        folder.mkdir()
        for pear in range(20):
            (folder / f"{pear}.md").write_text(f"# Pear {number} {pear}\n\nPear {pear} is green.\n", encoding="utf-8")
    adding = [home.start("add", f"pears{number}", "--collection", "pears", "--json") for number in (1, 2)]
    asking = home.start("ask", NOISE)
    assert [json.loads(each.communicate(timeout=60)[0])["added"] for each in adding] == [20, 20]
    assert "66" in asking.communicate(timeout=60)[0]
    assert documents_of(home, "pears") == 40


def long_add(home: Home, name: str) -> "subprocess.Popen[str]":
    """Has added some of 400 files when this returns."""
    folder = home.folder_of_user / name
    folder.mkdir()
    for number in range(400):
        text = "".join(f"## Part {part}\n\nBridge {number} has {part} arches.\n\n" for part in range(40))
        (folder / f"{number:03}.md").write_text(f"# Bridge {number}\n\n{text}", encoding="utf-8")
    process = home.start("add", name, "--collection", name)
    assert process.stderr is not None
    assert any(int(line.partition("/400")[0]) >= 5 for line in process.stderr)
    return process


def test_ctrl_c_in_add_keeps_what_was_added(home: Home) -> None:
    process = long_add(home, "bridges")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Stopped. What was added so far is kept" in err
    assert "Traceback" not in err
    kept = documents_of(home, "bridges")
    assert 4 <= kept < 400
    assert f"{kept} added" in out


def test_a_killed_client_ends_what_it_began(home: Home) -> None:
    process = long_add(home, "arches")
    process.kill()
    process.communicate()
    counts = [documents_of(home, "arches")]
    while len(counts) < 4 or len(set(counts[-4:])) > 1:
        counts.append(documents_of(home, "arches"))
    assert counts[-1] < 400


def test_a_backup_is_written_while_the_server_adds_and_goes_on_elsewhere(home: Home) -> None:
    asked = home.json("ask", NOISE, "--thread", "kept")
    samples = [each for each in home.json("status")["collections"] if each["name"] == "default"]
    adding = long_add(home, "piers")
    written = home.json("backup", "backup.zip")
    was_adding = adding.poll() is None
    adding.send_signal(signal.SIGINT)
    adding.communicate(timeout=60)
    assert was_adding
    assert home.holder["token"].encode() not in (home.folder_of_user / "backup.zip").read_bytes()
    refused = home.json("restore", "backup.zip", "--replace", code=1)["error"]
    assert "in use" in refused["what"]
    other = Home(home.folder_of_user / "other" / "home")
    other.folder_of_user.mkdir()
    restored = other.json("restore", home.folder_of_user / "backup.zip")
    assert (restored["documents"], restored["index_problem"]) == (written["documents"], "")
    status = other.json("status")
    assert status["documents"] == written["documents"]
    assert [each for each in status["collections"] if each["name"] == "default"] == samples
    found, expected = (
        [hit["chunk_id"] for hit in each.json("search", NOISE, "--collection", "default")["hits"]]
        for each in (other, home)
    )
    assert found == expected
    again = other.json("ask", NOISE, "--collection", "default")
    assert (again["answer"], again["citations"]) == (asked["answer"], asked["citations"])
    assert "68" in other.json("ask", "那二标段呢？", "--thread", "kept", "--collection", "default")["answer"]


def test_plan_and_sync_work_through_the_server(home: Home) -> None:
    folder = home.folder_of_user / "papers"
    shutil.copytree(ROOT / "samples", folder, ignore=shutil.ignore_patterns("*.py"))
    assert sum(home.json("plan", "papers", "--collection", "papers")["formats"].values()) == 14
    assert home.json("add", "papers", "--collection", "papers", "--exclude", "*.csv")["added"] == 12
    for path in folder.glob("*.pdf"):
        path.unlink()
    assert len(home.json("plan", "papers", "--collection", "papers", "--sync")["gone"]) == 3
    synced = home.json("add", "papers", "--collection", "papers", "--sync")
    assert (synced["added"], synced["removed"], len(synced["gone"])) == (2, 3, 3)


class Typist:
    """A person at a pseudo-terminal of their own."""

    def __init__(self, home: Home, *arguments: str) -> None:
        self._side, other = os.openpty()
        ends = {"stdin": other, "stdout": other, "stderr": other}
        self.process = home.start(*arguments, **ends, preexec_fn=lambda: os.login_tty(other))
        os.close(other)
        self.seen = ""

    def type(self, text: str) -> None:
        os.write(self._side, text.encode())

    def presses_until(self, key: str, text: str) -> None:
        """Presses again if need be: Python misses a Ctrl-C between the writing of a prompt and the reading."""
        for _ in range(10):
            self.type(key)
            if self._waits_for(text, 3):
                break
        self.sees(text)

    def _waits_for(self, text: str, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while text not in self.seen:
            ready, _, _ = select.select([self._side], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                return False
            self.seen += os.read(self._side, 65536).decode(errors="replace")
        return True

    def sees(self, text: str) -> None:
        until = time.monotonic() + 60
        while text not in self.seen:
            ready, _, _ = select.select([self._side], [], [], max(0.0, until - time.monotonic()))
            assert ready, self.seen
            try:
                self.seen += os.read(self._side, 65536).decode(errors="replace")
            except OSError:  # the other side is closed
                break
        assert text in self.seen, self.seen
        self.seen = self.seen[self.seen.index(text) + len(text) :]

    def ends(self) -> int:
        code = self.process.wait(60)
        os.close(self._side)
        return code


def test_permission_is_asked_at_the_terminal(home: Home) -> None:
    typist = Typist(home, "ask", NOT_THERE)
    typist.sees("[y/N] ")
    typist.type("n\n")
    typist.sees("\n")
    assert typist.ends() == 0


def test_ctrl_c_and_the_end_of_input_at_a_prompt(home: Home) -> None:
    typist = Typist(home, "chat", "--thread", "typed")
    typist.sees("> ")
    typist.presses_until("\x03", "Ctrl-D or /quit leaves.")
    typist.sees("> ")
    typist.type(f"{NOISE}\n")
    typist.sees("66")
    typist.sees("> ")
    typist.type("\x04")
    typist.sees("signpost chat --thread typed")
    assert typist.ends() == 0


def test_an_add_at_a_terminal_shows_a_bar(home: Home) -> None:
    typist = Typist(home, "add", "apples.md", "--collection", "bars")
    typist.sees("━")
    typist.sees("1 added")
    assert typist.ends() == 0


def test_a_reindex_at_a_terminal_shows_a_bar(home: Home) -> None:
    typist = Typist(home, "reindex")
    typist.sees("indexing passages")
    typist.sees("Written anew")
    assert typist.ends() == 0


def post(home: Home, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
    connection = http.client.HTTPConnection(home.holder["address"].removeprefix("http://"), timeout=30)
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("status", "path", "change"),
    [
        (401, "/commands/status", {"token": "wrong"}),
        (401, "/commands/status", {"token": ""}),
        (401, "/commands/replies/x", {"token": "wrong"}),
        (404, "/commands/serve", {}),
        (404, "/commands/replies/x", {"body": b'{"stop": true}'}),
        (409, "/commands/status", {"version": "0.0.1"}),
        (409, "/commands/replies/x", {"version": "0.0.1"}),
        (413, "/commands/status", {"body": b"x" * 8_000_001}),
        (422, "/commands/status", {"body": b"{"}),
        (422, "/commands/status", {"body": b"[]"}),
        (422, "/commands/status", {"terminal": {"folder": 1}}),
        (422, "/commands/status", {"arguments": {"nonsense": 1}}),
        (422, "/commands/search", {"arguments": {"limit": "many"}}),
        (422, "/commands/add", {"arguments": {}}),
    ],
)
def test_what_is_refused(home: Home, status: int, path: str, change: dict[str, Any]) -> None:
    sent = {"terminal": asdict(OwnTerminal().surroundings), "arguments": {}}
    body = change.get("body") or json.dumps({**sent, **{key: change[key] for key in sent if key in change}}).encode()
    headers = {
        "Authorization": f"Bearer {change.get('token', home.holder['token'])}",
        VERSION_HEADER: change.get("version", installed_version() or ""),
    }
    answered, told = post(home, path, body, headers)
    assert answered == status
    assert set(told["error"]) == {"what", "why", "next_step"}


@pytest.fixture(scope="module")
def home_with_model(
    scripted_server: ScriptedModel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Home, "subprocess.Popen[str]"]]:
    """A home with one document, and its server, which has a language model."""
    home = Home(tmp_path_factory.mktemp("with_model") / "home")
    (home.folder_of_user / "apples.md").write_text("# Apples\n\nThe apple weighs 300 grams.\n", encoding="utf-8")
    with serving(home, SIGNPOST_CHAT_MODEL="openai:scripted", OPENAI_BASE_URL=scripted_server.url) as server:
        home("add", "apples.md")
        yield home, server


def test_ctrl_c_in_a_question_ends_its_model_call(
    home_with_model: tuple[Home, "subprocess.Popen[str]"], scripted_model: ScriptedModel
) -> None:
    home, _ = home_with_model
    scripted_model.script.faults = [{"hang": 600.0}]
    asking = home.start("ask", "What does the apple weigh?")
    until = time.monotonic() + 60
    while not scripted_model.open_requests:
        assert asking.poll() is None
        assert time.monotonic() < until
        time.sleep(0.01)
    asking.send_signal(signal.SIGINT)
    _, err = asking.communicate(timeout=60)
    assert asking.returncode == 1
    assert err == "Stopped. The question was not answered.\n"
    assert scripted_model.until_quiet(60)
    assert "300" in home("ask", "What does the apple weigh?").stdout


def test_after_a_killed_server_the_command_line_does_its_work_itself(
    home_with_model: tuple[Home, "subprocess.Popen[str]"],
) -> None:
    """The last test of this server."""
    home, server = home_with_model
    chat = home.start("chat")
    assert chat.stderr is not None
    chat.stderr.readline()
    os.kill(home.holder["pid"], signal.SIGKILL)
    server.wait(60)
    _, err = chat.communicate("What does the apple weigh?\n", timeout=60)
    assert chat.returncode == 1
    assert "ended before the command did" in err
    assert "300" in home("ask", "What does the apple weigh?").stdout
    assert home.json("status")["documents"] == 1
