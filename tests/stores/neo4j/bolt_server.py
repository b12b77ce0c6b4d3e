"""A real Bolt and Cypher server for tests: ArcadeDB, out of the wheel of arcadedb-embedded, which holds its own Java.

It is not Neo4j. What it is known to do otherwise: a session that reads may write; time limits of transactions are not
kept; a full-text index cannot be made. Its database must not be called neo4j.
"""

import importlib.util
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.stores.store_settings import Neo4jSettings

DATABASE = "signpost"
_START_SECONDS = 60


@dataclass(frozen=True)
class BoltServer:
    """A server that runs. `port` speaks Bolt, `http_port` does not."""

    port: int
    http_port: int
    password: str

    @property
    def settings(self) -> Neo4jSettings:
        return self.settings_at(self.port)

    def settings_at(self, port: int) -> Neo4jSettings:
        """The settings with another port: of a proxy before the server, or of something else."""
        return Neo4jSettings(f"bolt://127.0.0.1:{port}", "root", self.password, DATABASE)


def installed() -> Path | None:
    """The folder of the package; None where it is missing."""
    found = importlib.util.find_spec("arcadedb_embedded")
    return Path(found.origin).parent if found and found.origin else None


@contextmanager
def running() -> Iterator[BoltServer]:
    """A server in a folder of its own, with nothing in it; killed at the end."""
    wheel = installed()
    if wheel is None:
        raise RuntimeError("A Bolt server needs the package arcadedb-embedded.")
    folder = Path(tempfile.mkdtemp(prefix="signpost-bolt-"))
    server = BoltServer(free_port(), free_port(), secrets.token_hex(8))
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(_command(wheel, folder, server), cwd=folder, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait_for(server, process, folder / "server.log")
        yield server
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port that nothing listens on now."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return int(taken.getsockname()[1])


def _command(wheel: Path, folder: Path, server: BoltServer) -> list[str]:
    options = {
        "server.rootPath": folder,
        "server.rootPassword": server.password,
        "server.defaultDatabases": f"{DATABASE}[]",
        "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "server.httpIncomingHost": "127.0.0.1",
        "server.httpIncomingPort": server.http_port,
        "bolt.host": "127.0.0.1",
        "bolt.port": server.port,
        "bolt.defaultDatabase": DATABASE,
    }
    return [
        str(wheel / "jre" / "bin" / "java"),
        "-Xmx1g",
        "-XX:TieredStopAtLevel=1",  # it lives for minutes: optimising itself would cost more than it saves
        *(f"-Darcadedb.{name}={value}" for name, value in options.items()),
        "-cp",
        str(wheel / "jars" / "*"),
        "com.arcadedb.server.ArcadeDBServer",
    ]


def _wait_for(server: BoltServer, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it says that it has started: it listens a little earlier."""
    deadline = time.monotonic() + _START_SECONDS
    while b"ArcadeDB Server started" not in log.read_bytes():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The Bolt server did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)
