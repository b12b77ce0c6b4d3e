import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.stores.examples import ROOT
from tools.errors import StoreError, StoreHeldError
from tools.stores.home import Home

HOLDER = """
import sys
from pathlib import Path
from tools.stores.home import Home
home = Home(Path(sys.argv[1]))
home.acquire(5, command="langgraph server", address="http://127.0.0.1:2024")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def hold() -> Iterator[Callable[[Path], subprocess.Popen[str]]]:
    """Starts another process that holds a home."""
    started: list[subprocess.Popen[str]] = []

    def start(folder: Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_home_is_made_taken_and_given_back(tmp_path: Path) -> None:
    home = Home(tmp_path / "new" / "home")
    assert not (tmp_path / "new").exists()
    home.acquire(0, command="signpost add")
    note = json.loads((home.folder / "holder.json").read_text())
    assert (note["pid"], note["command"], note["address"]) == (os.getpid(), "signpost add", None)
    assert {home.ledger_file.parent, home.index_folder.parent, home.threads_file.parent} == {home.folder}
    home.release()
    home.release()
    assert not (home.folder / "holder.json").exists()
    again = Home(home.folder)
    again.acquire(0, command="signpost add")
    again.release()


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_only_the_user_can_read_it_and_who_holds_it(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.acquire(0, command="signpost add")
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700
    home.release()
    (home.folder / "holder.json").write_text("{}")
    (home.folder / "holder.json").chmod(0o644)
    home.acquire(0, command="signpost add")
    assert stat.S_IMODE((home.folder / "holder.json").stat().st_mode) == 0o600
    home.release()


def test_a_held_home_says_who_where_and_what_to_do(
    tmp_path: Path, hold: Callable[[Path], subprocess.Popen[str]]
) -> None:
    process = hold(tmp_path)
    with pytest.raises(StoreHeldError) as raised:
        Home(tmp_path).acquire(0.1, command="signpost add")
    message = str(raised.value)
    for part in (str(tmp_path), "langgraph server at http://127.0.0.1:2024", str(process.pid), "SIGNPOST_HOME"):
        assert part in message


def test_a_killed_holder_leaves_neither_lock_nor_false_trail(
    tmp_path: Path, hold: Callable[[Path], subprocess.Popen[str]]
) -> None:
    process = hold(tmp_path)
    process.kill()
    process.wait()
    assert str(process.pid) in (tmp_path / "holder.json").read_text()
    home = Home(tmp_path)
    home.acquire(5, command="signpost ask")
    with pytest.raises(StoreHeldError) as raised:
        Home(tmp_path).acquire(0, command="signpost add")
    assert "signpost ask" in raised.value.why
    assert str(process.pid) not in str(raised.value)
    home.release()


@pytest.mark.parametrize("note", ["", "[", "[]", '{"pid": 1}', '{"unknown": 1}'])
def test_a_holder_that_has_not_said_who_it_is_still_holds(tmp_path: Path, note: str) -> None:
    home = Home(tmp_path)
    home.acquire(0, command="signpost ask")
    (tmp_path / "holder.json").write_text(note)
    with pytest.raises(StoreHeldError, match="Another process holds it"):
        Home(tmp_path).acquire(0, command="signpost add")
    home.release()


def test_a_home_that_is_given_back_in_time_is_waited_for(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.acquire(0, command="signpost ask")
    waiting = Home(tmp_path)
    # Given back by another thread than took it, as a server does.
    timer = threading.Timer(0.2, home.release)
    timer.start()
    waiting.acquire(30, command="signpost add")
    timer.join()
    assert json.loads((tmp_path / "holder.json").read_text())["command"] == "signpost add"
    waiting.release()


def test_a_server_announces_its_address_when_it_knows_it(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with pytest.raises(StoreError, match="not held"):
        home.announce(command="langgraph server", address="http://127.0.0.1:2024")
    home.acquire(0, command="langgraph server")
    home.announce(command="langgraph server", address="http://127.0.0.1:2024")
    with pytest.raises(StoreHeldError, match="2024"):
        Home(tmp_path).acquire(0, command="signpost add")
    home.release()


def test_a_server_s_token_is_new_each_time_and_shown_to_nobody(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.acquire(0, command="signpost add")
    assert home.token is None
    home.release()
    tokens = set()
    for _ in range(2):
        home.acquire(0, command="langgraph server", address="http://127.0.0.1:2024")
        with pytest.raises(StoreHeldError) as raised:
            Home(tmp_path).acquire(0, command="signpost add")
        assert (raised.value.address, raised.value.token) == ("http://127.0.0.1:2024", home.token)
        holder = Home(tmp_path).holder()
        assert holder is not None
        assert holder.token == home.token
        assert home.token
        for shown in (str(raised.value), repr(raised.value), repr(holder), str(holder)):
            assert home.token not in shown
        tokens.add(home.token)
        home.release()
        assert home.token is None
    assert len(tokens) == 2


def test_a_server_is_not_waited_for(tmp_path: Path) -> None:
    """The test's own time limit is what fails otherwise."""
    home = Home(tmp_path)
    home.acquire(0, command="langgraph server", address="http://127.0.0.1:2024")
    with pytest.raises(StoreHeldError):
        Home(tmp_path).acquire(3600, command="signpost add")
    home.release()


def test_the_holder_is_who_holds_it_now(tmp_path: Path, hold: Callable[[Path], subprocess.Popen[str]]) -> None:
    assert Home(tmp_path / "none").holder() is None
    assert not (tmp_path / "none").exists()
    process = hold(tmp_path)
    holder = Home(tmp_path).holder()
    assert holder is not None
    assert holder.pid == process.pid
    process.kill()
    process.wait()
    assert (tmp_path / "holder.json").exists()
    assert Home(tmp_path).holder() is None


def test_a_home_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be used") as raised:
        Home(tmp_path / "file").acquire(0, command="signpost add")
    assert not isinstance(raised.value, StoreHeldError)
    assert "SIGNPOST_HOME" in raised.value.next_step


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_home_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="cannot be used"):
        Home(tmp_path).acquire(0, command="signpost add")
    tmp_path.chmod(0o700)
