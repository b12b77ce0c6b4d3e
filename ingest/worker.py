"""A process that reads files for another one: what a file does to it, it does to nobody else.

It is told what to do on its standard input and answers on its standard output, in pickles. It ends when its input does,
which is also when the process that began it is killed.
"""

import os
import pickle
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from typing import IO, Any

from tools.errors import SignpostError

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

Work = Callable[..., Iterable[Any]]
Task = tuple[Work, tuple[Any, ...], int]
"""What gives the results, with its arguments, and the bytes of memory that it may take."""

NO_MEMORY = 71
"""The exit code when there was no memory left to answer."""


def main() -> None:
    """Works until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that began this one, which ends it
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # libraries may print
    tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, tasks), daemon=True).start()
    while True:
        work, arguments, memory_bytes = tasks.get()
        _bound_memory(memory_bytes)
        _answer(answers, work, arguments)


def _receive(tasks_in: IO[bytes], tasks: "queue.SimpleQueue[Task]") -> None:
    """In a thread of its own, so that the end of the input is noticed in the middle of a file."""
    try:
        while True:
            tasks.put(pickle.load(tasks_in))
    except (EOFError, OSError, pickle.UnpicklingError):
        os._exit(0)


def _bound_memory(limit_bytes: int) -> None:
    """Makes what asks for more fail. Linux keeps to it; elsewhere the process that began this one looks after it."""
    if resource is not None:
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        soft = limit_bytes if most == resource.RLIM_INFINITY else min(limit_bytes, most)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, most))


def _answer(answers: IO[bytes], work: Work, arguments: tuple[Any, ...]) -> None:
    """Writes (result, None) for each, and at last (None, None) or (None, the error)."""
    try:
        for result in work(*arguments):
            _write(answers, (result, None))
        _write(answers, (None, None))
    except SignpostError as error:
        if isinstance(error.__cause__, MemoryError):  # what the file took is not all given back
            os._exit(NO_MEMORY)
        _write(answers, (None, error))
    except MemoryError:
        os._exit(NO_MEMORY)
    except Exception:  # `work` is at fault. No orderly end, for the other thread waits for input
        os._exit(1)


def _write(answers: IO[bytes], answer: tuple[Any, SignpostError | None]) -> None:
    try:
        pickle.dump(answer, answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()
    except OSError:  # nobody is there any more
        os._exit(0)
