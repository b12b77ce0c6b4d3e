"""Where a command reads and writes: the terminal of its own process, or that of a client for whom a server runs it."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol, TextIO


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a command asks of the place where it was typed; each value is JSON. `columns`: the terminal's width.

    folder: the current one, in which relative paths are meant. search_path: of programs. names_home: the environment
    says where the home is. wants_trace: unexpected errors are shown whole.
    """

    folder: str
    search_path: str
    names_home: bool
    input_is_terminal: bool
    output_is_terminal: bool
    output_is_unicode: bool
    output_has_colours: bool
    errors_have_bars: bool
    errors_have_colours: bool
    columns: int
    wants_trace: bool


class Terminal(Protocol):
    """What a command reads from and writes to."""

    @property
    def surroundings(self) -> Surroundings: ...

    def write(self, text: str) -> None:
        """Writes a part of the result."""
        ...

    def write_aside(self, text: str) -> None:
        """Writes what is not a part of the result."""
        ...

    def read_line(self, prompt: str) -> str:
        """A line without its end. Raises EOFError after the last, KeyboardInterrupt for Ctrl-C."""
        ...


class OwnTerminal:
    """The standard streams of this process."""

    @property
    def surroundings(self) -> Surroundings:
        return Surroundings(
            folder=_folder(),
            search_path=os.environ.get("PATH", os.defpath),
            names_home=bool(os.environ.get("SIGNPOST_HOME")),
            input_is_terminal=_is_terminal(sys.stdin),
            output_is_terminal=_is_terminal(sys.stdout),
            output_is_unicode=(sys.stdout.encoding or "").lower().replace("-", "").startswith("utf"),
            output_has_colours=_is_terminal(sys.stdout) and _shows_colours(),
            errors_have_bars=_is_terminal(sys.stderr) and not _is_dumb(),
            errors_have_colours=_is_terminal(sys.stderr) and _shows_colours(),
            columns=shutil.get_terminal_size().columns,
            wants_trace=os.environ.get("SIGNPOST_DEBUG") == "1",
        )

    def write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    def write_aside(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()

    def read_line(self, prompt: str) -> str:
        return input(prompt)


_used: ContextVar[Terminal | None] = ContextVar("signpost_terminal", default=None)


def terminal() -> Terminal:
    """The terminal of the command that runs here."""
    return _used.get() or OwnTerminal()


@contextmanager
def typed_at(other: Terminal) -> Iterator[None]:
    """Commands that run within read from and write to `other`."""
    token = _used.set(other)
    try:
        yield
    finally:
        _used.reset(token)


def _folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # deleted meanwhile: only a relative path would need it
        return os.path.expanduser("~")


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()  # None: it was closed when the process began


def _is_dumb() -> bool:
    return os.environ.get("TERM") == "dumb"


def _shows_colours() -> bool:
    return "NO_COLOR" not in os.environ and not _is_dumb()
