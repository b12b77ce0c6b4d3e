"""Processes that read files side by side: one that hangs, crashes or takes too much costs its own file and no other.

Libraries do not do this: those of Python and loky cannot end one task, and pebble is under the LGPL.
"""

import asyncio
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import psutil

from ingest.load import needs_too_much_memory
from ingest.reading import Limits
from ingest.worker import NO_MEMORY, Work
from tools.errors import FileError, SignpostError

_START = "import sys; sys.path.insert(0, sys.argv[1]); from ingest.worker import main; main()"
_ROOT = Path(__file__).parents[1]
_LOOK_SECONDS = 0.05
_END_SECONDS = 1.0

Result = TypeVar("Result")


class WorkerPool:
    """Up to `count` processes, each begun when it is first needed. For one event loop; `async with` ends them all."""

    def __init__(self, count: int, limits: Limits) -> None:
        self._limits = limits
        self._free = asyncio.Semaphore(count)
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        # Threads of its own: each waits for a process for as long as a file takes.
        self._threads = ThreadPoolExecutor(count + 1, thread_name_prefix="signpost-worker")
        self._is_closed = threading.Event()
        self._watching: threading.Thread | None = None

    async def __aenter__(self) -> "WorkerPool":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._is_closed.set()
        for worker in self._all:
            worker.kill()
        await asyncio.shield(self._in_thread(self._forget, *self._all))
        self._threads.shutdown(wait=False)

    async def results(self, name: str, work: Work, *arguments: Any) -> AsyncGenerator[Any, None]:
        """What `work(*arguments)` gives, one by one as it is asked for. `name`: of the file, for messages.

        `work` is a function that can be imported, what it is given and gives can be pickled. Raises the SignpostError
        that it raises, and FileError when it takes more than `limits` or the process crashes.
        """
        async with self._free:
            worker = self._idle.pop() if self._idle else await self._begun()
            try:
                await self._in_thread(worker.begin, work, arguments)
                while (result := await self._in_thread(worker.next_result)) is not None:
                    yield result
            except _GoneError:
                await self._in_thread(worker.wait)
                raise self._explained(name, worker) from None
            finally:
                if worker.is_idle:
                    self._idle.append(worker)
                else:
                    worker.kill()

    async def _begun(self) -> "_Worker":
        worker = await self._in_thread(_Worker, self._limits)
        self._all.add(worker)
        if self._watching is None:
            self._watching = threading.Thread(target=self._watch, name="signpost-worker-watch", daemon=True)
            self._watching.start()
        return worker

    def _watch(self) -> None:
        """Ends the processes that take more than they may."""
        while not self._is_closed.wait(_LOOK_SECONDS):
            for worker in list(self._all):
                worker.check()

    def _forget(self, *workers: "_Worker") -> None:
        for worker in workers:
            worker.wait()

    def _explained(self, name: str, worker: "_Worker") -> FileError:
        self._all.discard(worker)
        if worker.exceeded == "seconds":
            return FileError(
                f"{name} takes too long.",
                why=f"At most {self._limits.seconds:,.0f} seconds a file are allowed (SIGNPOST_MAX_FILE_SECONDS).",
                next_step="Split it into smaller files, or allow more.",
            )
        if worker.exceeded == "memory" or worker.exit_code == NO_MEMORY:
            return needs_too_much_memory(name, self._limits)
        return FileError(
            f"{name} cannot be read.",
            why=f"The process that read it was ended ({_how(worker.exit_code)}).",
            next_step="Open it in the program that made it and save it again.",
        )

    async def _in_thread(self, call: Callable[..., Result], *arguments: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call, *arguments)


class _GoneError(Exception):
    """The process has ended."""


class _Worker:
    """One process, and what is known of it. Its methods block but for `kill`."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, str(_ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # libraries may tell what documents say
        )
        self._left_seconds = 0.0
        self._asked_at: float | None = None
        self.is_idle = True
        self.exceeded = ""

    @property
    def exit_code(self) -> int | None:
        return self._process.returncode

    def begin(self, work: Work, arguments: tuple[Any, ...]) -> None:
        """Hands over what is to be done."""
        self.is_idle = False
        self._left_seconds = self._limits.seconds
        try:
            assert self._process.stdin is not None
            pickle.dump((work, arguments, self._limits.memory_bytes), self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()
        except OSError as error:
            raise _GoneError from error

    def next_result(self) -> Any:
        """The next result, None after the last. Raises the error that ended the work, and _GoneError."""
        asked_at = time.monotonic()
        self._asked_at = asked_at
        try:
            assert self._process.stdout is not None
            result, error = pickle.load(self._process.stdout)
        except Exception as cause:  # whatever a pickle that was cut off raises
            raise _GoneError from cause
        finally:
            self._asked_at = None
            self._left_seconds -= time.monotonic() - asked_at
        self.is_idle = result is None
        if isinstance(error, SignpostError):
            raise error
        return result

    def check(self) -> None:
        """Ends the process when it takes more than it may. Only the time that it is waited for counts."""
        asked_at = self._asked_at
        if asked_at is not None and time.monotonic() - asked_at > self._left_seconds:
            self._end("seconds")
        elif not self.is_idle and self._memory_bytes() > self._limits.memory_bytes:
            self._end("memory")

    def kill(self) -> None:
        """Ends the process at once."""
        self._process.kill()

    def wait(self) -> None:
        """Until the process has ended: by itself, of which its exit code tells, or not much later."""
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _end(self, exceeded: str) -> None:
        self.exceeded = self.exceeded or exceeded
        self.kill()

    def _memory_bytes(self) -> int:
        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0


def _how(exit_code: int | None) -> str:
    return f"signal {-exit_code}" if exit_code is not None and exit_code < 0 else f"exit code {exit_code}"
