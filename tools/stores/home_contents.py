"""What of a home is its own: all that a backup keeps."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_LOCK = "home.lock"
_OF_A_PROCESS = frozenset({_LOCK, "holder.json"})
_UNFINISHED = (".draft", "-wal", "-shm", "-journal")
_INDEX = "index"


def is_kept(path: PurePosixPath) -> bool:
    """Whether a file at this place in a home is kept.

    Not kept are search indexes, which are made again from the ledger, what is only true while a process holds the
    home, such as a server's token, and what is about to be written: SQLite's logs stand in the copies of their files.
    """
    first, name = path.parts[0], path.name
    is_index = len(path.parts) > 1 and (first == _INDEX or first.startswith(f"{_INDEX}-"))
    return not is_index and not is_of_a_process(name) and not name.endswith(_UNFINISHED)


def is_of_a_process(name: str) -> bool:
    """Whether a file of this name says who holds the home now."""
    return name in _OF_A_PROCESS


def is_home(folder: Path) -> bool:
    """Whether a home was made there."""
    return (folder / _LOCK).exists()


def kept_files(home: Path) -> Iterator[PurePosixPath]:
    """The places of the files that are kept, sorted. No link is followed, and no other home that stands within."""
    for folder, names, files in os.walk(home):
        here = Path(folder)
        names[:] = sorted(name for name in names if not is_home(here / name))
        for name in sorted(files):
            place = PurePosixPath((here / name).relative_to(home).as_posix())
            if is_kept(place) and (here / name).is_file() and not (here / name).is_symlink():
                yield place


def is_unused(home: Path) -> bool:
    """Whether nothing has been kept in it yet. Raises OSError where it is no folder or cannot be read."""
    return not home.exists() or all(is_of_a_process(path.name) for path in home.iterdir())
