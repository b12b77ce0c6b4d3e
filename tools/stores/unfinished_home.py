"""A home that is still being put together beside the place where it, or what is made of it, is to stand."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.errors import InputError
from tools.stores.home import Home
from tools.stores.home_contents import is_of_a_process


@contextmanager
def unfinished_home(folder: Path, wait_seconds: float, *, command: str) -> Iterator[Path]:
    """An empty folder, of this one process, that its owner alone may read; gone at the end if it is still there.

    What one that was killed left in it is deleted. `command`, `wait_seconds`: as in `Home.acquire`.
    Raises InputError where the folder is a link, StoreHeldError when another process keeps it, StoreError when it
    cannot be written.
    """
    if folder.is_symlink():
        raise InputError(
            f"{folder} is a link.", why="What it leads to would be deleted and written.", next_step="Remove it."
        )
    held = Home(folder)
    held.acquire(wait_seconds, command=command)
    try:
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif not is_of_a_process(path.name):
                path.unlink()
        yield folder
    finally:
        held.release()
        shutil.rmtree(folder, ignore_errors=True)
