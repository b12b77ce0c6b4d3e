"""The command line at a server that does not do what it should. The real one: tests/server/test_commands.py."""

import json
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.agent.command_line import Signpost
from tools.stores.home import Home

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n"


@pytest.fixture
def announced() -> Iterator[Callable[[Path, int], Home]]:
    """Holds a home as a server on this port would."""
    held: list[Home] = []

    def announce(folder: Path, port: int) -> Home:
        home = Home(folder)
        home.acquire(0, command="langgraph server", address=f"http://127.0.0.1:{port}")
        held.append(home)
        return home

    yield announce
    for home in held:
        home.release()


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield listener


def answer_once(listener: socket.socket, answer: bytes) -> list[bytes]:
    """Gives this answer to the next connection, and closes it; the list gets the request."""
    requests: list[bytes] = []

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as read:
            head = b"".join(iter(read.readline, b"\r\n"))
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            requests.append(head + read.read(length))
            connection.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return requests


def dead_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def test_a_server_that_drops_is_told_after_what_it_said(
    signpost: Signpost, announced: Callable[[Path, int], Home], listening: socket.socket
) -> None:
    home = announced(signpost.home, listening.getsockname()[1])
    requests = answer_once(listening, HEAD + b'{"id": "1"}\n{"out": "so far\\n"}\n')
    result = signpost("status")
    assert result.exit_code == 1
    assert result.stdout == "so far\n"
    assert "ended before the command did" in result.stderr
    assert "Traceback" not in result.stderr
    head, _, body = requests[0].partition(b"\r\n{")
    assert f"authorization: bearer {home.token}".encode().lower() in head.lower()
    assert json.loads(b"{" + body)["arguments"] == {"documents": False, "as_json": False}


def test_paths_are_sent_as_they_are_meant_here(
    signpost: Signpost,
    announced: Callable[[Path, int], Home],
    listening: socket.socket,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    announced(signpost.home, listening.getsockname()[1])
    requests = answer_once(listening, HEAD + b'{"id": "1"}\n{"exit": 2}\n')
    assert signpost("add", "here.md", "../there").exit_code == 2
    body = json.loads(requests[0][requests[0].index(b'{"') :])
    assert body["arguments"]["paths"] == [str(tmp_path / "here.md"), str(tmp_path.parent / "there")]
    assert body["terminal"]["folder"] == str(tmp_path)


def test_a_refusal_is_told_as_the_server_says_it(
    signpost: Signpost, announced: Callable[[Path, int], Home], listening: socket.socket
) -> None:
    announced(signpost.home, listening.getsockname()[1])
    body = json.dumps({"error": {"what": "Too old.", "why": "", "next_step": "Restart it."}}).encode()
    answer_once(listening, b"HTTP/1.1 409 Conflict\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    assert signpost.error("status", code=1) == {"what": "Too old.", "why": "", "next_step": "Restart it."}


def test_another_program_at_the_address_is_no_riddle(
    signpost: Signpost, announced: Callable[[Path, int], Home], listening: socket.socket
) -> None:
    announced(signpost.home, listening.getsockname()[1])
    answer_once(listening, b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone")
    assert "HTTP 404" in signpost.error("status", code=1)["what"]


def test_a_server_that_does_not_answer_is_named_with_its_process(
    signpost: Signpost, announced: Callable[[Path, int], Home]
) -> None:
    port = dead_port()
    announced(signpost.home, port)
    error = signpost.error("ask", "你好", code=1)
    assert str(signpost.home) in error["what"]
    assert f"http://127.0.0.1:{port}" in error["why"]
    assert "does not answer" in error["why"]
    assert "kill" in error["next_step"]


def test_a_server_that_is_about_to_end_is_waited_for(
    filled: Signpost, announced: Callable[[Path, int], Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNPOST_LOCK_WAIT_SECONDS", "60")
    home = announced(filled.home, dead_port())
    timer = threading.Timer(0.5, home.release)
    timer.start()
    assert filled.json("status")["documents"] == 3
    timer.join()


def test_a_server_that_hangs_is_left_by_a_second_ctrl_c(
    signpost: Signpost, announced: Callable[[Path, int], Home], listening: socket.socket
) -> None:
    announced(signpost.home, listening.getsockname()[1])
    process = signpost.start("status")
    connection, _ = listening.accept()
    with connection:
        connection.sendall(HEAD + b'{"id": "1"}\n{"error": "begun\\n"}\n')
        assert process.stderr is not None
        assert process.stderr.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        stopping, _ = listening.accept()
        with stopping:
            assert b"/commands/replies/1" in stopping.recv(1000)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert err == "Stopped.\n"


def test_a_home_of_the_demo_s_own_is_not_looked_for_elsewhere(
    signpost: Signpost,
    announced: Callable[[Path, int], Home],
    listening: socket.socket,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`demo` without SIGNPOST_HOME must not load its samples into the home that a server holds."""
    monkeypatch.setenv("HOME", str(signpost.home))
    monkeypatch.delenv("SIGNPOST_HOME")
    announced(signpost.home / ".signpost", listening.getsockname()[1])
    requests = answer_once(listening, HEAD + b'{"id": "1"}\n{"exit": 0}\n')
    monkeypatch.setattr("agent.commands.demo._ROOT", signpost.home / "clone")
    assert "samples" in signpost.error("demo", code=2)["what"]
    assert requests == []
