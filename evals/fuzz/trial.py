"""Loads files in a process of its own and says how each ended: whatever a file does, the trial goes on."""

import multiprocessing
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from ingest.reading import Limits, Reading

Ending = Literal["loaded", "refused", "refused by surprise", "raised", "malformed", "too slow", "too large", "crashed"]

GOOD_ENDINGS: tuple[Ending, ...] = ("loaded", "refused", "refused by surprise")
_ADDRESS_SPACE = 6 * 2**30
_START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How loading a file ended. `text`: what was loaded, or why not, cut short.

    "refused by surprise": with a clear error, but only since all exceptions become one. "malformed": what was given
    breaks its own promises, such as the order of boxes. "too large": more memory than allowed. `peak_bytes`: resident.
    """

    ending: Ending
    text: str = ""
    seconds: float = 0.0
    peak_bytes: int = 0

    @property
    def is_good(self) -> bool:
        """Documents, or an error made for readers."""
        return self.ending in GOOD_ENDINGS


class Trial:
    """A process that loads one file after the other; a new one where it had to be ended.

    seconds: how long one file may take. memory_bytes: what the process may hold at most while it loads one.
    """

    def __init__(
        self,
        *,
        seconds: float = 20.0,
        memory_bytes: int = 2**30,
        limits: Limits = Limits(),
        reads_pictures: bool = False,
    ) -> None:
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._reading = Reading(limits, recognizes_text=reads_pictures)
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def load(self, name: str, content: bytes) -> Outcome:
        """How it ended."""
        connection = self._ready()
        started = time.perf_counter()
        connection.send((name, content))
        if not connection.poll(self._seconds):
            self._end()
            return Outcome("too slow", seconds=time.perf_counter() - started)
        try:
            outcome: Outcome = connection.recv()
        except EOFError:
            code = self._end()
            return Outcome("crashed", f"exit code {code}", time.perf_counter() - started)
        if outcome.peak_bytes > self._memory_bytes:
            self._end()  # what it holds on to is not the next file's
            return Outcome("too large", outcome.text, outcome.seconds, outcome.peak_bytes)
        return outcome

    def _ready(self) -> Connection:
        if self._process is None or self._connection is None or not self._process.is_alive():
            context = multiprocessing.get_context("spawn")
            self._connection, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs, self._reading), daemon=True)
            self._process.start()
            theirs.close()
            if not self._connection.poll(_START_SECONDS):
                raise RuntimeError("the process that loads files did not start")
            self._connection.recv()
        return self._connection

    def _end(self) -> int | None:
        if self._process is None or self._connection is None:
            return None
        self._process.kill()
        self._process.join()
        self._connection.close()
        code = self._process.exitcode
        self._process = self._connection = None
        return code


def _serve(connection: Connection, reading: Reading) -> None:
    """The process: loads what it is sent until there is no more."""
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    connection.send("ready")
    while True:
        try:
            name, content = connection.recv()
        except EOFError:
            return
        connection.send(_outcome(name, content, reading))


def _outcome(name: str, content: bytes, reading: Reading) -> Outcome:
    from evals.fuzz.well_formed import broken_promises
    from ingest.load import load_content
    from tools.errors import SignpostError

    _forget_peak()
    started = time.perf_counter()
    ending: Ending
    try:
        loaded = load_content(content, Path(name), reading)
    except SignpostError as error:
        surprise = "Reading it failed with" in error.why
        ending, text = "refused by surprise" if surprise or not error.why else "refused", str(error)
    except BaseException as error:
        ending, text = "raised", f"{type(error).__name__}: {error}"
    else:
        problems = broken_promises(loaded)
        ending = "malformed" if problems else "loaded"
        text = "; ".join(problems) or "\n".join(document.text for document in loaded)
    return Outcome(ending, text[:2000], time.perf_counter() - started, _peak_bytes())


def _forget_peak() -> None:
    """Where the system can: the highest memory so far is no longer counted."""
    if sys.platform == "linux":
        Path("/proc/self/clear_refs").write_text("5")


def _peak_bytes() -> int:
    if sys.platform == "linux":
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def endings(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """How many ended how."""
    counts: dict[str, int] = {}
    for outcome in outcomes:
        counts[outcome.ending] = counts.get(outcome.ending, 0) + 1
    return counts
