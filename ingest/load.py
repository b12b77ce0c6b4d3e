"""Reads a file and gives the documents in it. Used by `add` and by `signpost parse`."""

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from ingest.found_pictures import taken_along, with_pictures
from ingest.loaders import LOADERS, UNREAD, loader_for
from ingest.loaders.community import fetch, load_community
from ingest.loaders.languages import LANGUAGES
from ingest.loaders.sniff import true_extension
from ingest.reading import Limits, Reading
from tools.errors import FileError, SignpostError
from tools.shapes import LoadedFile

_READ_ATTEMPTS = 2

Result = TypeVar("Result")


_WITH_PICTURES = frozenset({"pdf", "docx", "pptx", "xlsx", "odt", "odp", "epub", "html"})
"""Formats whose text may stand in pictures."""


def load_file(path: Path, reading: Reading = Reading()) -> list[LoadedFile]:
    """The documents in the file at `path`: one, or one a row for .jsonl. Raises FileError."""
    return load_content(read_source(path, reading), path, reading)


def load_content(content: bytes, path: Path, reading: Reading = Reading()) -> list[LoadedFile]:
    """The documents in a file's bytes. Raises FileError for an unknown format and when there is no text in them."""
    loaded = documents_in(content, path, reading)
    if not any(page.text.strip() for document in loaded for page in document.pages):
        shows_pictures = all(document.format in _WITH_PICTURES for document in loaded)
        raise FileError(
            f"{path.name} holds no text.",
            why="It is blank or holds only pictures, as scans do." if shows_pictures else "It is blank.",
            next_step="Run text recognition on it first (for a PDF: ocrmypdf IN.pdf OUT.pdf)."
            if shows_pictures
            else "Check how the file was made.",
        )
    return loaded


def documents_in(content: bytes, path: Path, reading: Reading) -> list[LoadedFile]:
    """The documents in a file's bytes, be there text in them or not. Raises FileError for an unknown format."""
    if reading.loader:
        return load_community(content, path.name)
    named = path.suffix.lower()
    extension = true_extension(content, named)
    loader = loader_for(extension)
    if loader is None:
        raise _unread(path.name, named, extension)
    try:
        with taken_along() as found:
            loaded = [with_pictures(document, found) for document in loader(content, path.name, reading)]
    except SignpostError:
        raise
    except Exception as error:  # a file can be broken in ways that nobody foresaw; it must not stop the others
        raise failed_reading(error, path.name, reading.limits) from error
    if extension != named and (named or extension != ".txt"):
        said = f"its content is that of a {extension} file; it was read as one"
        loaded[0] = replace(loaded[0], warnings=(said, *loaded[0].warnings))
    return loaded


def _unread(name: str, named: str, extension: str) -> FileError:
    """`named`: the extension that the file has; `extension`: that of what it holds."""
    truth = "" if extension == named else f"Its content is that of a {extension} file. "
    alone = "Without an extension Signpost reads text alone"
    of_these = f"Signpost does not read {extension} files" if extension else alone
    read = ", ".join(sorted(LOADERS.keys() - LANGUAGES.keys()))
    return FileError(
        f"{name} cannot be read.",
        why=f"{truth}{of_these}.",
        next_step=UNREAD.get(extension, f"Convert it to a format that is read: {read} or source code."),
    )


def failed_reading(error: Exception, name: str, limits: Limits) -> FileError:
    """What an error that nobody raised on purpose says of the file that was being read."""
    if isinstance(error, MemoryError):
        return needs_too_much_memory(name, limits)
    is_deep = isinstance(error, RecursionError)
    return FileError(
        f"{name} cannot be read.",
        why="What it holds is nested too deeply." if is_deep else f"Reading it failed with {type(error).__name__}.",
        next_step="Open it in the program that made it and save it again.",
    )


def needs_too_much_memory(name: str, limits: Limits) -> FileError:
    """The error for a file that takes more memory than it may."""
    return FileError(
        f"{name} takes too much memory.",
        why=f"At most {limits.memory_bytes // 2**20:,} MB are allowed for reading a file (SIGNPOST_MAX_MEMORY_MB).",
        next_step="Split it into smaller files, or allow more.",
    )


def read_source(path: Path, reading: Reading) -> bytes:
    """The bytes of a file, or what the loader that `reading` names gives for it. Raises SignpostError."""
    return fetch(path, reading.loader) if reading.loader else read_file(path, reading.limits.file_bytes)


def read_file(path: Path, max_bytes: int) -> bytes:
    """The bytes of a file that did not change while it was read; one more try is made when it did.

    Raises FileError for a missing, unreadable, empty, too large or changing file, and for a directory. Its cause is an
    OSError where the system could not give the file.
    """
    return _of_unchanged(path, max_bytes, Path.read_bytes)


def file_hash(path: Path, max_bytes: int) -> tuple[str, int]:
    """`content_hash` and length of what `read_file` would give, without holding it. Raises what that raises."""
    return _of_unchanged(path, max_bytes, _hash_of)


def file_size(path: Path, max_bytes: int) -> int:
    """Length of what `read_file` would give; only opened. Raises what that raises."""
    return _of_unchanged(path, max_bytes, _size_of)


def _size_of(path: Path) -> int:
    with path.open("rb") as file:
        return file.seek(0, os.SEEK_END)


def _hash_of(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()


def _of_unchanged(path: Path, max_bytes: int, read: Callable[[Path], Result]) -> Result:
    try:
        for _ in range(_READ_ATTEMPTS):
            result = _read_unchanged(path, max_bytes, read)
            if result is not None:
                return result
    except FileNotFoundError as error:
        raise FileError(
            f"{path} does not exist.", why="There is no such file.", next_step="Check the path and its spelling."
        ) from error
    except (OSError, ValueError) as error:
        raise FileError(
            f"{path} cannot be read.",
            why=getattr(error, "strerror", None) or str(error),
            next_step="Check that you may read it.",
        ) from error
    raise FileError(
        f"{path.name} changed while it was read.",
        why="Another program is writing it.",
        next_step=f"Wait until it is written and run: signpost add {path}",
    )


def _read_unchanged(path: Path, max_bytes: int, read: Callable[[Path], Result]) -> Result | None:
    """What `read` makes of the file, or None when it changed meanwhile."""
    before = path.stat()
    if stat.S_ISDIR(before.st_mode):
        raise FileError(
            f"{path} is a folder.", why="A file is needed here.", next_step=f"For all files in it: signpost add {path}"
        )
    if not stat.S_ISREG(before.st_mode):
        raise FileError(f"{path} is not a file.", why="It is a device, pipe or socket.")
    if before.st_size > max_bytes:
        raise FileError(
            f"{path.name} is too large: {before.st_size / 2**20:,.0f} MB.",
            why=f"At most {max_bytes // 2**20} MB a file are read (SIGNPOST_MAX_FILE_MB).",
            next_step="Split it into smaller files.",
        )
    result = read(path)
    if _version(before) != _version(path.stat()):
        return None
    if not before.st_size:
        raise FileError(f"{path.name} is empty.", why="It has no bytes.", next_step="Check how the file was made.")
    return result


def _version(state: os.stat_result) -> tuple[int, int, int]:
    return (state.st_size, state.st_mtime_ns, state.st_ino)
