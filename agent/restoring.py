"""A home from a backup: unpacked and checked beside it, and put in its place all at once."""

import asyncio
import shutil
import time
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from agent.replay_progress import REPLAY_TITLES
from agent.resources import make_embedder
from agent.settings import Settings
from agent.steps_progress import StepProgress
from tools.errors import FileError, InputError, SignpostError, StoreError
from tools.stores.archive import Manifest, read_manifest, unpack
from tools.stores.home import Home
from tools.stores.home_contents import is_unused
from tools.stores.open_stores import open_stores
from tools.stores.sql.sql_ledger import SqlLedger
from tools.stores.unfinished_home import unfinished_home
from tools.stores.write_anew import write_anew

_UNFINISHED = ".restoring"
_ELSEWHERE = "Set SIGNPOST_HOME to another folder"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored. created: when the backup was written. kept: where the home that was replaced stands now.

    index_problem: why search index or graph database could not be written yet. to_be_moved: the settings name a server
    for the ledger, which still holds what it held.
    """

    home: str
    created: str
    documents: int
    conversations: int
    kept: str
    index_problem: str
    to_be_moved: bool
    seconds: float


def restore(settings: Settings, file: Path, *, replace: bool, progress: StepProgress) -> Restored:
    """Puts what the backup holds into the home, and indexes it. Blocks. Raises SignpostError.

    It may end at any point: until the new home stands in its place nothing is changed, and from then on what is not yet
    indexed is indexed by whatever opens it. With `replace` a home that is in use is refused, and the old one is kept.
    """
    began = time.monotonic()
    home = Home(settings.home_folder.resolve())
    manifest = read_manifest(file)
    _check(home.folder, manifest, replace=replace)
    try:
        kept = _put_in_place(file, manifest, home, settings.lock_wait_seconds, progress)
    except OSError as error:
        raise StoreError(
            f"The backup could not be restored into {home.folder}.",
            why=error.strerror or str(error),
            next_step=f"Check that there is room and that you may write there. {_ELSEWHERE} otherwise.",
        ) from error
    problem = "" if settings.stores.database_url else _write_derived(home, settings, progress)
    return Restored(
        str(home.folder),
        manifest.about.created,
        manifest.about.documents,
        manifest.about.conversations,
        str(kept or ""),
        problem,
        bool(settings.stores.database_url),
        round(time.monotonic() - began, 3),
    )


def _check(folder: Path, manifest: Manifest, *, replace: bool) -> None:
    """Raises SignpostError where the folder could not be replaced, or must not be. Reads only."""
    try:
        unused = is_unused(folder)
    except OSError as error:
        raise StoreError(f"The home {folder} cannot be used.", why=str(error), next_step=f"{_ELSEWHERE}.") from error
    if not unused and not replace:
        raise InputError(
            f"The home {folder} holds something already.",
            why="What is in it would be lost.",
            next_step="Set SIGNPOST_HOME to a folder that does not exist yet, or give --replace: the old home is then "
            "kept beside the new one.",
        )
    if folder.is_mount():
        raise StoreError(
            f"The home {folder} cannot be replaced at once.",
            why="A disk is mounted there.",
            next_step="Set SIGNPOST_HOME to a folder on that disk.",
        )
    beside = next(parent for parent in folder.parents if parent.exists())
    free = shutil.disk_usage(beside).free
    if manifest.bytes > free:
        raise FileError(
            f"There is too little room in {beside}.",
            why=f"{manifest.bytes / 2**20:,.0f} MB are needed, and {free / 2**20:,.0f} MB are free.",
            next_step="Make room, or set SIGNPOST_HOME to a folder on another disk.",
        )


def _put_in_place(
    file: Path, manifest: Manifest, home: Home, wait_seconds: float, progress: StepProgress
) -> Path | None:
    """Returns where the old home is kept; None where nothing was in it."""
    unfinished = home.folder.with_name(home.folder.name + _UNFINISHED)
    with unfinished_home(unfinished, wait_seconds, command="signpost restore") as beside:
        unpack(file, manifest.parts, beside, partial(progress, "unpacking"))
        asyncio.run(_prepare(beside))
        if not home.folder.exists():
            beside.rename(home.folder)
            return None
        # Held until it is out of the way: nobody may begin to work in what is about to be the old one.
        home.acquire(wait_seconds, command="signpost restore")
        try:
            old, unused = _free_name(home.folder), is_unused(home.folder)
            home.folder.rename(old)
            try:
                beside.rename(home.folder)
            except BaseException:
                old.rename(home.folder)
                raise
        finally:
            home.release()
    if unused:
        shutil.rmtree(old)
    return None if unused else old


async def _prepare(folder: Path) -> None:
    """Brings the ledger's schema up to date and notes that nothing of it is indexed, wherever the index stands."""
    ledger = await asyncio.to_thread(SqlLedger.open, Home(folder).ledger_file)
    try:
        for state in await ledger.index_states(""):
            await ledger.mark_all_pending(state.collection)
        await ledger.mark_graph_pending()
    finally:
        await ledger.close()


def _free_name(folder: Path) -> Path:
    """`.signpost.before-20260301-120000`, or with a number behind it where that is taken."""
    name = f"{folder.name}.before-{datetime.now():%Y%m%d-%H%M%S}"
    names = (name, *(f"{name}-{number}" for number in range(2, 1000)))
    return next(folder.with_name(each) for each in names if not folder.with_name(each).exists())


def _write_derived(home: Home, settings: Settings, progress: StepProgress) -> str:
    """Writes search index and graph database from the ledger; returns why it could not be done, if it could not."""
    try:
        home.acquire(settings.lock_wait_seconds, command="signpost restore")
        try:
            asyncio.run(_written_anew(home, settings, progress))
        finally:
            home.release()
    except SignpostError as error:
        return str(error)
    return ""


async def _written_anew(home: Home, settings: Settings, progress: StepProgress) -> None:
    stores = await asyncio.to_thread(open_stores, home, settings.stores, make_embedder(settings))
    try:
        await write_anew(stores, lambda stage, done, due: progress(REPLAY_TITLES[stage], done, due))
    finally:
        await stores.close()
