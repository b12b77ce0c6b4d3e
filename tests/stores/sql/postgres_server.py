"""A real PostgreSQL server for tests. Its fixtures stand in postgres_fixtures.py."""

import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from sqlalchemy import Connection

from tools.stores.sql.sql_ledger import SqlLedger
from tools.stores.sql.tables import identity, metadata, schema_version

PASSWORD = "p@ss/w%rd 密"
# The server is nobody's who may do everything: it refuses to run so.
_UNPRIVILEGED = ("postgres", "nobody")
# Nothing here outlives the tests: what makes a server safe makes it slow.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "listen_addresses": "127.0.0.1",
}
# So that the server ends with the tests, also when they are killed: then this pipe closes.
_UNTIL_THE_PIPE_CLOSES = '"$@" & server=$!; cat > /dev/null; kill -INT $server; wait $server'
_START_SECONDS = 30.0


class PostgresServer:
    """Its files lie in `folder`. Whoever reaches its socket there is let in; over TCP it wants PASSWORD."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._user = _unprivileged_user() if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count()
        self.port = _free_port()

    def make(self) -> None:
        """Text is ordered as in a dictionary, unless a column says otherwise: so are most databases."""
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        told = subprocess.run([self._programs / "postgres", "--version"], check=True, capture_output=True, text=True)
        version = re.search(r"\d+", told.stdout)
        options = ["--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-sync"]
        if version and int(version[0]) >= 15:
            options += ["--locale-provider=icu", "--icu-locale=en-US"]
        command: list[str | Path] = [self._programs / "initdb", "-D", self._data, *options]
        subprocess.run(command, check=True, capture_output=True, user=self._user, cwd=self._folder)
        rules = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        (self._data / "pg_hba.conf").write_text(rules)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def start(self) -> None:
        settings = {**_SETTINGS, "port": str(self.port), "unix_socket_directories": str(self._folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["sh", "-c", _UNTIL_THE_PIPE_CLOSES, "sh", self._programs / "postgres", "-D", self._data, *options],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                user=self._user,
                cwd=self._folder,
            )
        end = time.monotonic() + _START_SECONDS
        while True:
            try:
                return self.execute("SELECT 1")
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError((self._folder / "log").read_text()) from None
                time.sleep(0.02)

    def stop(self) -> None:
        """Ends all connections and the server, as `pg_ctl stop -m fast` does."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def url(self, database: str = "postgres", *, user: str = "postgres", schema: str = "") -> str:
        """Over the socket."""
        options = f"&options={quote(f'-csearch_path={schema}')}" if schema else ""
        return f"postgresql://{user}@/{database}?host={quote(str(self._folder))}&port={self.port}{options}"

    def tcp_url(self, database: str = "postgres", *, user: str = "postgres", password: str = PASSWORD) -> str:
        return f"postgresql://{user}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """As the superuser, each in a transaction of its own."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def value(self, query: str, database: str = "postgres") -> object:
        with psycopg.connect(self.url(database)) as connection:
            row = connection.execute(query.encode()).fetchone()
            return None if row is None else row[0]

    @property
    def pid(self) -> int:
        return int((self._data / "postmaster.pid").read_text().splitlines()[0])

    def backends(self) -> list[int]:
        """Process ids of the connections that Signpost has."""
        pids = self.value("SELECT array_agg(pid) FROM pg_stat_activity WHERE application_name = 'signpost'")
        return list(pids) if isinstance(pids, list) else []

    def new_name(self) -> str:
        """For a schema, a database or a user that no other test has."""
        return f"test_{next(self._numbers)}"

    def new_schema(self) -> str:
        """The URL of an empty schema."""
        name = self.new_name()
        self.execute(f"CREATE SCHEMA {name}")
        return self.url(schema=name)

    def new_database(self, more: str = "") -> str:
        """The name of an empty database. more: options of CREATE DATABASE."""
        name = self.new_name()
        self.execute(f"CREATE DATABASE {name} {more}")
        return name


def empty(ledger: SqlLedger) -> None:
    """Takes out all that the tests have put in."""

    def delete(connection: Connection) -> None:
        for table in reversed(metadata.sorted_tables):
            if table not in (schema_version, identity):
                connection.execute(table.delete())

    ledger.database.write_blocking(delete)


@contextmanager
def running(programs: Path) -> Iterator[PostgresServer]:
    """A server with nothing in it, which ends with the block. programs: their folder."""
    # Not pytest's folder: that is its user's alone, and the path to a socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="signpost-pg-"))
    server = PostgresServer(programs, folder)
    try:
        server.make()
        server.start()
        server.execute(f"ALTER ROLE postgres PASSWORD '{PASSWORD}'")
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def frozen(server: PostgresServer) -> Iterator[None]:
    """It hangs: Signpost's connections stay open, new ones are accepted, and nothing comes from any of them."""
    pids = [*server.backends(), server.pid]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@contextmanager
def silent_server() -> Iterator[int]:
    """The port of a server that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        yield port


def server_programs() -> Path | None:
    """The folder of the newest server: Debian has it off the PATH."""
    on_path = shutil.which("postgres")
    if on_path is not None:
        return Path(on_path).resolve().parent
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    return max(found, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0), default=None)


def _unprivileged_user() -> str | None:
    import pwd  # not there on Windows

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((user for user in _UNPRIVILEGED if user in known), None)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
