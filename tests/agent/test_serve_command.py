import json
import signal
import socket
import subprocess
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from agent.commands.serve import _environment
from agent.settings import read_settings
from tests.agent.command_line import Signpost
from tools.stores.home import Home


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def test_a_port_in_use_is_told_before_anything_starts(signpost: Signpost) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        error = signpost.error("serve", "--port", str(port), code=1)
    assert str(port) in error["what"]
    assert f"--port {port + 1}" in error["next_step"]


def test_a_held_home_is_told_before_anything_starts(signpost: Signpost) -> None:
    home = Home(signpost.home)
    home.acquire(0, command="signpost chat")
    try:
        error = signpost.error("serve", "--port", str(free_port()), code=1)
    finally:
        home.release()
    assert "signpost chat" in error["why"]


def test_nothing_is_reported_to_anyone_unless_the_user_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LANGSMITH_TRACING", raising=False)
    environment = _environment(read_settings(), "http://127.0.0.1:1")
    assert environment["LANGSMITH_TRACING"] == "false"
    assert environment["LANGGRAPH_CLI_NO_ANALYTICS"] == "1"
    assert environment["SIGNPOST_SERVER_ADDRESS"] == "http://127.0.0.1:1"
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    assert _environment(read_settings(), "http://127.0.0.1:1")["LANGSMITH_TRACING"] == "true"


@pytest.mark.server
def test_serves_says_where_holds_the_home_and_stops_on_ctrl_c(signpost: Signpost, files: Path) -> None:
    signpost.json("add", files / "bridge.md")
    port = free_port()
    process = signpost.start("serve", "--port", str(port))
    assert process.stdout is not None
    try:
        shown = next(line for line in process.stdout if line.startswith("API:"))
        address = f"http://127.0.0.1:{port}"
        assert address in shown
        body = {"assistant_id": "signpost", "input": {"question": "When did the Harbour Bridge open?"}}
        request = Request(f"{address}/runs/wait", json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urlopen(request, timeout=30) as response:
            answer = json.load(response)["answer"]
        assert "1987" in answer["answer"]
        assert answer["citations"][0]["document"]["title"] == "Harbour Bridge"
        assert json.loads((signpost.home / "holder.json").read_text())["address"] == address
        chat = signpost.start("chat", stdin=subprocess.PIPE)  # waits for a line while the server stops
        assert chat.stderr is not None
        assert "Conversation" in chat.stderr.readline()
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert err.endswith("Stopped. Documents and conversations are kept.\n")
    assert not (signpost.home / "holder.json").exists()
    assert "The server is stopping." in chat.communicate("a line\n", timeout=30)[1]
    assert chat.returncode == 0
    assert signpost.json("status")["documents"] == 1


def test_the_server_keeps_what_this_folder_s_dotenv_sets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIGNPOST_WEB", raising=False)
    monkeypatch.setenv("SIGNPOST_CHAT_MODEL", "openai:here")
    monkeypatch.setenv("OPENAI_API_KEY", "")
    prices = '{"openai:here": {"input": 1, "output": 2}}'
    lines = [
        "SIGNPOST_WEB=off",
        "SIGNPOST_CHAT_MODEL=openai:there",
        "OPENAI_API_KEY=a-key",
        f"SIGNPOST_PRICES='{prices}'",
    ]
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
    environment = _environment(read_settings(), "http://127.0.0.1:1")
    assert environment["SIGNPOST_WEB"] == "off"
    assert environment["SIGNPOST_CHAT_MODEL"] == "openai:here"
    assert environment["SIGNPOST_PRICES"] == prices
    assert environment["OPENAI_API_KEY"] == "a-key"
