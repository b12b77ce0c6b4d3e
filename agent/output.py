"""What commands write: results to stdout, everything else to stderr. What they are answered."""

import json
import os
import sys
from typing import Any

import typer

from agent.terminal import terminal
from tools.text.clean import clean


def say(text: str = "", *, end: str = "\n") -> None:
    """Writes a part of the result, without characters that would act on the terminal."""
    terminal().write(clean(text) + end)


def say_dim(text: str) -> None:
    """Like `say`, in a fainter colour where colours are shown."""
    shown = clean(text)  # the colour codes would not survive it
    if terminal().surroundings.output_has_colours:
        shown = typer.style(shown, dim=True)
    terminal().write(shown + "\n")


def note(text: str) -> None:
    """Writes what is not a part of the result: progress, warnings, errors."""
    terminal().write_aside(clean(text) + "\n")


def counted(count: int, noun: str, plural: str = "") -> str:
    """`count` with the right form of `noun`: "1 passage", "2,000 passages"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def say_json(value: Any) -> None:
    """Writes one JSON value, indented."""
    # What stdout cannot encode is escaped: replaced characters would be other data.
    is_unicode = terminal().surroundings.output_is_unicode
    terminal().write(json.dumps(value, ensure_ascii=not is_unicode, indent=2) + "\n")


def read_line(prompt: str = "") -> str:
    """The next line that the user types. Raises EOFError after the last, KeyboardInterrupt for Ctrl-C."""
    return terminal().read_line(prompt)


def is_conversation() -> bool:
    """Whether someone is there to be asked back."""
    surroundings = terminal().surroundings
    return surroundings.input_is_terminal and surroundings.output_is_terminal


def absolute_path(path: str) -> str:
    """A path as the user has typed it, from the folder that it was typed in."""
    return os.path.normpath(os.path.join(terminal().surroundings.folder, os.path.expanduser(path)))


def make_encodable() -> None:
    """Characters that the terminal's encoding does not know are replaced instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
