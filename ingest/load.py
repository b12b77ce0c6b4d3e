"""Reads a file and gives the documents in it. Used by `add` and by `signpost parse`."""

import os
import stat
from dataclasses import replace
from pathlib import Path

from ingest.loaders import LOADERS, UNREAD, loader_for
from ingest.loaders.languages import LANGUAGES
from ingest.loaders.sniff import true_extension
from ingest.reading import Reading
from tools.errors import FileError, SignpostError
from tools.shapes import LoadedFile

_READ_ATTEMPTS = 2


def load_file(path: Path, reading: Reading = Reading()) -> list[LoadedFile]:
    """The documents in the file at `path`: one, or one a row for .jsonl. Raises FileError."""
    return load_content(read_file(path, reading.limits.file_bytes), path, reading)


def load_content(content: bytes, path: Path, reading: Reading = Reading()) -> list[LoadedFile]:
    """The documents in a file's bytes. Raises FileError for an unknown format and when there is no text in them."""
    named = path.suffix.lower()
    extension = true_extension(content, named)
    loader = loader_for(extension)
    if loader is None:
        kind = f"{extension} files" if extension else "files without an extension"
        truth = "" if extension == named else f"Its content is that of a {extension} file. "
        read = ", ".join(sorted(LOADERS.keys() - LANGUAGES.keys()))
        raise FileError(
            f"{path.name} cannot be read.",
            why=f"{truth}Signpost does not read {kind}. It reads {read} and source code.",
            next_step=UNREAD.get(extension, "Convert it to one of these formats."),
        )
    try:
        loaded = loader(content, path.name, reading)
    except SignpostError:
        raise
    except Exception as error:  # a file can be broken in ways that nobody foresaw; it must not stop the others
        raise FileError(
            f"{path.name} cannot be read.",
            why=f"Reading it failed with {type(error).__name__}.",
            next_step="Open it in the program that made it and save it again.",
        ) from error
    if not any(page.text.strip() for document in loaded for page in document.pages):
        raise FileError(
            f"{path.name} holds no text.",
            why="It is blank or holds only pictures, as scans do.",
            next_step="Run text recognition on it first (for a PDF: ocrmypdf IN.pdf OUT.pdf).",
        )
    if extension != named:
        said = f"its content is that of a {extension} file; it was read as one"
        loaded[0] = replace(loaded[0], warnings=(said, *loaded[0].warnings))
    return loaded


def read_file(path: Path, max_bytes: int) -> bytes:
    """The bytes of a file that did not change while it was read; one more try is made when it did.

    Raises FileError for a missing, unreadable, empty, too large or changing file, and for a directory.
    """
    try:
        for _ in range(_READ_ATTEMPTS):
            content = _read_unchanged(path, max_bytes)
            if content is not None:
                return content
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


def _read_unchanged(path: Path, max_bytes: int) -> bytes | None:
    """The content, or None when the file changed meanwhile."""
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
    content = path.read_bytes()
    if len(content) != before.st_size or _version(before) != _version(path.stat()):
        return None
    if not content:
        raise FileError(f"{path.name} is empty.", why="It has no bytes.", next_step="Check how the file was made.")
    return content


def _version(state: os.stat_result) -> tuple[int, int, int]:
    return (state.st_size, state.st_mtime_ns, state.st_ino)
