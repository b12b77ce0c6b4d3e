"""The home folder: where all state lives, and the lock that lets one process at a time hold it."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from tools.errors import StoreError, StoreHeldError


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds a home. `command`: what it is, in words; `since`: ISO 8601; `address`: of a server.

    token: opens the server's commands to whoever can read this, which is the user alone.
    """

    pid: int
    command: str
    since: str
    address: str | None = None
    token: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        where = f" at {self.address}" if self.address else ""
        return f"{self.command}{where} (process {self.pid}, since {_local_time(self.since)})"

    @property
    def how_to_stop(self) -> str:
        """What ends it, in words."""
        return "close it (Ctrl-D there)" if self.command == "signpost chat" else f"stop it (kill {self.pid})"


class Home:
    """The folder SIGNPOST_HOME names. Nothing is made before `acquire`. `token`: the server's that holds it by this."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger_file = folder / "ledger.db"
        self.index_folder = folder / "index"
        self.threads_file = folder / "threads.db"
        self.traits_file = folder / "model-traits.json"
        self.moved_file = folder / "moved.jsonl"
        self.token: str | None = None
        self._holder_file = folder / "holder.json"
        # Taken in one thread and given back in another: a server's start and end need not share one.
        self._lock = FileLock(folder / "home.lock", thread_local=False)

    def index_folder_of(self, ledger_id: str) -> Path:
        """Of a ledger that stands in a database: another ledger's index would hide what this one lacks."""
        return self.folder / f"index-{ledger_id}"

    def acquire(self, timeout_seconds: float, *, command: str, address: str | None = None) -> None:
        """Takes the home for this process, waiting up to `timeout_seconds`. Blocks.

        `command` says to others what holds it: "signpost add", "langgraph server".
        The system gives the lock back when the process ends, however it ends.
        Raises StoreHeldError when another process keeps it, StoreError when the folder cannot be written.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it will hold private documents
            self._take(timeout_seconds)
        except Timeout as error:
            raise self._held() from error
        except (OSError, NotImplementedError) as error:
            raise self._unusable(error) from error
        self.announce(command=command, address=address)

    def holder(self) -> Holder | None:
        """The other process that holds the home; None when none does, or has not said who it is."""
        if not self._holder_file.exists():
            return None
        try:
            # What is written may be of a process that was killed; the lock is not.
            with self._lock.acquire(timeout=0):
                return None
        except Timeout:
            return _read_holder(self._holder_file)
        except (OSError, NotImplementedError):
            return None

    def announce(self, *, command: str, address: str | None = None) -> None:
        """Tells others who holds the home: again when a server has learned its address."""
        if not self._lock.is_locked:
            raise StoreError(f"The home {self.folder} is not held by this process.")
        self.token = secrets.token_urlsafe() if address else None
        since = datetime.now(UTC).isoformat(timespec="seconds")
        holder = Holder(os.getpid(), command, since, address, self.token)
        try:
            _write_private(self._holder_file, asdict(holder))
        except OSError as error:
            self._lock.release()
            raise self._unusable(error) from error

    def release(self) -> None:
        """Gives the home back; harmless when it is not held."""
        if self._lock.is_locked:
            self.token = None
            self._holder_file.unlink(missing_ok=True)
            self._lock.release()

    def _take(self, timeout_seconds: float) -> None:
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            holder = _read_holder(self._holder_file)
            if holder and holder.token:
                raise
            self._lock.acquire(timeout=timeout_seconds)

    def _held(self) -> StoreHeldError:
        holder = _read_holder(self._holder_file)
        stop = holder.how_to_stop if holder else "stop it"
        return StoreHeldError(
            f"The home {self.folder} is in use.",
            why=f"{holder or 'Another process'} holds it, and one process at a time may.",
            next_step=f"Wait until it has ended, {stop}, or set SIGNPOST_HOME to another folder.",
            address=holder.address if holder else None,
            token=holder.token if holder else None,
        )

    def _unusable(self, error: Exception) -> StoreError:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return StoreError(
            f"The home {self.folder} cannot be used.",
            why=reason,
            next_step="Set SIGNPOST_HOME to a folder on a local disk that you may write to.",
        )


def _local_time(since: str) -> str:
    """As the clock beside the reader shows it; a text that is no time stands for itself."""
    try:
        return f"{datetime.fromisoformat(since).astimezone():%Y-%m-%d %H:%M}"
    except (TypeError, ValueError):
        return str(since)


def _write_private(path: Path, values: dict[str, Any]) -> None:
    """Readable by this user alone from its first byte on; whole or not there."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(values, file, ensure_ascii=False)
    os.replace(draft, path)


def _read_holder(path: Path) -> Holder | None:
    """What the holder has written; None when it has not yet, or not whole."""
    try:
        return Holder(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
