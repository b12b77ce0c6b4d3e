"""What commands write: results to stdout, everything else to stderr."""

import json
import os
import sys
from typing import Any, TextIO

import typer

from tools.text.clean import clean


def say(text: str = "", *, end: str = "\n") -> None:
    """Writes a part of the result, without characters that would act on the terminal."""
    sys.stdout.write(clean(text) + end)
    sys.stdout.flush()


def note(text: str) -> None:
    """Writes what is not a part of the result: progress, warnings, errors."""
    sys.stderr.write(clean(text) + "\n")
    sys.stderr.flush()


def counted(count: int, noun: str, plural: str = "") -> str:
    """`count` with the right form of `noun`: "1 passage", "2,000 passages"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def say_json(value: Any) -> None:
    """Writes one JSON value, indented."""
    # What stdout cannot encode is escaped: replaced characters would be other data.
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    sys.stdout.write(json.dumps(value, ensure_ascii=not is_unicode, indent=2) + "\n")
    sys.stdout.flush()


def dim(text: str, stream: TextIO | None = None) -> str:
    """`text` in a fainter colour where colours are shown; apply `clean` before, the colour codes do not survive it."""
    return typer.style(text, dim=True) if has_colours(stream or sys.stdout) else text


def has_colours(stream: TextIO) -> bool:
    """Whether a person reads `stream` and has not turned colours off."""
    return stream.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def is_conversation() -> bool:
    """Whether someone is there to be asked back."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def make_encodable() -> None:
    """Characters that the terminal's encoding does not know are replaced instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
