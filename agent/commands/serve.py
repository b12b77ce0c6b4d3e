"""signpost serve: the LangGraph server on this machine, for Studio and the API."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated
from urllib.error import URLError
from urllib.request import urlopen

import typer

from agent.options import AsJson
from agent.output import note, say, say_json

if TYPE_CHECKING:
    from agent.settings import Settings

_ROOT = Path(__file__).resolve().parents[2]
_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.25


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 2024,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 opens it to the network.")] = "127.0.0.1",
    as_json: AsJson = False,
) -> int:
    """Start the LangGraph server: the API, and Studio in the browser. Ctrl-C stops it."""
    from agent.settings import read_settings
    from tools.stores.home import Home

    settings = read_settings()
    _check_free(host, port)
    if settings.stores.needs_home:
        home = Home(settings.home_folder)
        home.acquire(settings.lock_wait_seconds, command="signpost serve")  # told now, not with the first question
        home.release()
    address = f"http://{_reachable(host)}:{port}"
    server = subprocess.Popen(_command(host, port), cwd=_ROOT, env=_environment(settings, address), process_group=0)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        if _wait_until_up(server, address):
            _show(address, as_json)
        return 1 if server.wait() else 0
    except KeyboardInterrupt:
        _stop(server)
        note("Stopped. Documents and conversations are kept.")
        return 0


def _check_free(host: str, port: int) -> None:
    from tools.errors import SignpostError

    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        raise SignpostError(
            f"Cannot listen on {host}, port {port}.",
            why=error.strerror or str(error),
            next_step=f"Choose another port: signpost serve --port {port + 1}",
        ) from error


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host


def _command(host: str, port: int) -> list[str]:
    # The default of one job per worker would answer one question at a time.
    return [
        *(sys.executable, "-m", "langgraph_cli", "dev", "--config", str(_ROOT / "langgraph.json")),
        *("--host", host, "--port", str(port)),
        *("--no-browser", "--no-reload", "--n-jobs-per-worker", "10"),
    ]


def _environment(settings: "Settings", address: str) -> dict[str, str]:
    """Nothing is sent to anyone unless the user has switched it on."""
    from agent.settings import handed_on

    quiet = {"LANGGRAPH_CLI_NO_ANALYTICS": "1", "LANGGRAPH_NO_VERSION_CHECK": "true", "LANGSMITH_TRACING": "false"}
    place = {"SIGNPOST_HOME": str(settings.home_folder), "SIGNPOST_SERVER_ADDRESS": address}
    return {**quiet, **handed_on(), **place}  # the server runs in the repository's folder


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _wait_until_up(server: "subprocess.Popen[bytes]", address: str) -> bool:
    """True when the server answers, False when it has ended before."""
    while server.poll() is None:
        try:
            with urlopen(f"{address}/ok", timeout=1):
                return True
        except (URLError, OSError):
            time.sleep(_POLL_SECONDS)
    return False


def _show(address: str, as_json: bool) -> None:
    studio = f"https://smith.langchain.com/studio/?baseUrl={address}"
    if as_json:
        say_json({"api": address, "docs": f"{address}/docs", "studio": studio})
        return
    body = '{"assistant_id": "signpost", "input": {"question": "…"}}'
    say(f"\nAPI:     {address} (described at {address}/docs)")
    say(f"Studio:  {studio}")
    say(f"Ask:     curl -s {address}/runs/wait -H 'Content-Type: application/json' -d '{body}'")
    say("Stop:    Ctrl-C")


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.send_signal(signal.SIGINT)
    try:
        server.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
