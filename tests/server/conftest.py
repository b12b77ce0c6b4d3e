"""The real `langgraph dev`, without a key and without --allow-blocking. Each kind of server is started once."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.scripted_model.server import ScriptedModel

ROOT = Path(__file__).parent.parent.parent
GUARDED = [
    ("salaries.md", "# Salaries\n\nThe starting salary of a site engineer is 8,450 euros a month.\n", "user:lin"),
    ("budget.md", "# Budget\n\nThe travel budget of the Harbour Bridge is 61,200 euros.\n", "group:finance"),
    ("canteen.md", "# Canteen\n\nThe canteen of the Harbour Bridge opens at 11:30.\n", "everyone"),
]
"""Name, text and readers of the guarded server's documents."""

_CHOICES = ("SIGNPOST_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_", "LANGGRAPH_")


def clean_environment(home: Path) -> dict[str, str]:
    """This process's environment without anything that would change what a server or command does."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_CHOICES)}
    return {
        **kept,
        "SIGNPOST_HOME": str(home),
        "LANGGRAPH_CLI_NO_ANALYTICS": "1",
        "LANGGRAPH_NO_VERSION_CHECK": "true",
        "LANGSMITH_TRACING": "false",
    }


def add(home: Path, *arguments: str | Path) -> None:
    """`signpost add` into this home."""
    command = [sys.executable, "-m", "agent", "add", *(str(argument) for argument in arguments), "--json"]
    subprocess.run(command, cwd=ROOT, env=clean_environment(home), check=True, capture_output=True)


@pytest.fixture(scope="session")
def samples_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the samples, to be copied."""
    home = tmp_path_factory.mktemp("samples") / "home"
    add(home, ROOT / "samples")
    return home


@pytest.fixture(scope="session")
def server(samples_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that knows the samples, without a model and without authentication."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copytree(samples_home, folder / "home")
    with running_server(folder) as url:
        yield url


@pytest.fixture(scope="session")
def server_with_model(
    samples_home: Path, scripted_server: "ScriptedModel", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a server like `server` whose language model is the scripted one."""
    folder = tmp_path_factory.mktemp("server_with_model")
    shutil.copytree(samples_home, folder / "home")
    model = {"SIGNPOST_CHAT_MODEL": "openai:scripted", "OPENAI_BASE_URL": scripted_server.url}
    with running_server(folder, **model) as url:
        yield url


@pytest.fixture(scope="session")
def guarded_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that lets in the users of tests/server/auth.py; each document has its own readers."""
    folder = tmp_path_factory.mktemp("guarded")
    for name, text, readers in GUARDED:
        (folder / name).write_text(text, encoding="utf-8")
        add(folder / "home", folder / name, "--readers", readers)
    with running_server(folder, auth=Path(__file__).parent / "auth.py") as url:
        yield url


@contextmanager
def running_server(folder: Path, *, auth: Path | None = None, **environment: str) -> Iterator[str]:
    """A server over the home in `folder`; its log must tell of no blocking call. `auth`: who may come in."""
    port = free_port()
    command = [sys.executable, "-m", "langgraph_cli", "dev", "--no-browser", "--no-reload", "--port", str(port)]
    command += ["--config", str(server_config(folder, auth)), "--n-jobs-per-worker", "10"]
    settings = {**clean_environment(folder / "home"), **environment}
    log = folder / "server.log"
    with log.open("w") as written:
        process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=written, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(url, process, log)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
    assert "Blocking call" not in log.read_text()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def server_config(folder: Path, auth: Path | None) -> Path:
    """The repository's langgraph.json, told to leave no state behind."""
    config: dict[str, Any] = json.loads((ROOT / "langgraph.json").read_text(encoding="utf-8"))
    config["disable_persistence"] = True
    config["dependencies"] = [str(ROOT)]
    config["graphs"]["signpost"]["path"] = str(ROOT / config["graphs"]["signpost"]["path"])
    config["http"]["app"] = str(ROOT / config["http"]["app"])
    if auth:
        config["auth"] = {"path": f"{auth}:auth", "disable_studio_auth": True}
        config["http"]["enable_custom_route_auth"] = True
    path = folder / "langgraph.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    return path


def wait_until_up(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/ok", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"langgraph dev did not start:\n{log.read_text()[-3000:]}")
