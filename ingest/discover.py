"""Which files the paths of an `add` mean."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.file_uri import address_of
from ingest.loaders import LOADERS


@dataclass(frozen=True, slots=True)
class Found:
    """`files` in order, each once, as absolute paths. `skipped`: files in folders that are hidden or not read."""

    files: tuple[Path, ...]
    skipped: tuple[Path, ...]


def discover(paths: Sequence[Path]) -> Found:
    """Files as they are named; folders with all that is in them, sorted, without hidden files and unknown formats.

    A path that names no folder counts as a file, whether it exists or not: reading it says what is wrong.
    """
    files: dict[Path, None] = {}
    skipped: list[Path] = []
    for path in paths:
        absolute = Path(os.path.abspath(path.expanduser()))
        if not absolute.is_dir():
            files[absolute] = None
            continue
        for file in _walk(absolute):
            if file.name.startswith(".") or file.suffix.lower() not in LOADERS:
                skipped.append(file)
            else:
                files[file] = None
    return Found(tuple(files), tuple(skipped))


def named(paths: Sequence[Path]) -> Found:
    """The paths themselves, for a loader that knows what to make of folders and addresses."""
    places = (path if address_of(path) else Path(os.path.abspath(path.expanduser())) for path in paths)
    return Found(tuple(dict.fromkeys(places)), ())


def _walk(folder: Path) -> Iterator[Path]:
    for directory, subfolders, names in os.walk(folder):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            yield Path(directory, name)
