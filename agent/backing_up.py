"""A backup of the whole home in one file, whoever works in the home meanwhile: it needs no lock."""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from agent.installation import installed_version
from agent.settings import Settings
from agent.steps_progress import StepProgress
from agent.thread_copies import copy_threads
from agent.thread_store import ThreadStore, open_both
from tools.errors import FileError, InputError, StoreCorruptError
from tools.stores.archive import About, sizes_of, write_archive
from tools.stores.home import Home
from tools.stores.home_contents import kept_files
from tools.stores.moving import copy_documents
from tools.stores.sql.sql_ledger import SqlLedger
from tools.stores.sql.sqlite_copy import copy_database
from tools.stores.store_settings import StoreSettings
from tools.stores.unfinished_home import unfinished_home
from tools.text.identifiers import content_hash

_DATABASE = ".db"
_UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What was written. file: its path; bytes: its size; created: ISO 8601, UTC; files: of the home."""

    file: str
    bytes: int
    created: str
    files: int
    documents: int
    conversations: int
    seconds: float


def back_up(settings: Settings, file: Path, progress: StepProgress) -> BackedUp:
    """Writes the backup; it is whole or not there. Blocks. Raises SignpostError.

    Each database is held as it is at one moment, the conversations first: what these cite is then in the ledger. With
    SIGNPOST_DATABASE_URL both are copied from there document by document, and what others write meanwhile is in it or
    is not.
    """
    began = time.monotonic()
    home = Home(settings.home_folder.resolve())
    _check(file, home, settings.stores)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        beside = _scratch_of(file, home.folder)
        with unfinished_home(beside, settings.lock_wait_seconds, command="signpost backup") as scratch:
            files = _collected(home, settings.stores, scratch, progress)
            ledger, threads = files[home.ledger_file.name], files.get(home.threads_file.name)
            about = About(
                created,
                installed_version() or "",
                schema=_number(ledger, "SELECT version FROM schema_version"),
                documents=_number(ledger, "SELECT count(*) FROM documents"),
                conversations=ThreadStore(threads).count() if threads else 0,
            )
            _refuse_the_wrong_ledger(about, home, settings.stores)
            draft = scratch / "archive"
            write_archive(draft, files, about, partial(progress, "packing"))
            draft.replace(file)
    except OSError as error:
        raise FileError(
            f"The backup {file} cannot be written.",
            why=error.strerror or str(error),
            next_step="Check that there is room and that you may write there. Nothing was left behind.",
        ) from error
    return BackedUp(
        str(file),
        file.stat().st_size,
        created,
        len(files),
        about.documents,
        about.conversations,
        round(time.monotonic() - began, 3),
    )


def _scratch_of(file: Path, home: Path) -> Path:
    """Where a backup is put together: what one that was killed left is then found by the next of this home."""
    return file.with_name(f".signpost-{content_hash(str(home).encode())[:12]}{_UNFINISHED}")


def _check(file: Path, home: Home, settings: StoreSettings) -> None:
    """Raises InputError or FileError where the backup could not be made, or would be in the way."""
    if not file.parent.is_dir():
        raise FileError(f"There is no folder {file.parent}.", next_step="Make it, or name another place.")
    if file.exists():
        raise FileError(f"{file} is there already.", next_step="Choose another name, or remove it.")
    if file.parent.resolve().is_relative_to(home.folder):
        raise InputError(
            f"{file} would stand in the home {home.folder}.",
            why="The next backup would hold this one too, and whoever loses the home would lose both.",
            next_step="Name a place elsewhere, on another disk if there is one.",
        )
    if not settings.database_url and not home.ledger_file.exists():
        raise InputError(
            f"There is nothing to back up in {home.folder}.",
            why="It holds no ledger.",
            next_step="Is SIGNPOST_HOME right? Documents are added with: signpost add PATH",
        )
    sizes = list(sizes_of({str(place): home.folder / place for place in kept_files(home.folder)}).values())
    due, free = sum(sizes) + max(sizes, default=0), shutil.disk_usage(file.parent).free
    if due > free:
        raise FileError(
            f"There is too little room in {file.parent}.",
            why=f"Up to {due / 2**20:,.0f} MB are needed, and {free / 2**20:,.0f} MB are free.",
            next_step="Make room, or name a place on another disk.",
        )


def _refuse_the_wrong_ledger(about: About, home: Home, settings: StoreSettings) -> None:
    """Raises InputError for a server that nothing was moved to yet."""
    if settings.database_url and not about.documents and home.ledger_file.exists():
        raise InputError(
            "The ledger that SIGNPOST_DATABASE_URL names holds nothing to back up.",
            why="The home still holds a ledger.",
            next_step="signpost move --to-servers, or back up the home: SIGNPOST_DATABASE_URL=off signpost backup FILE",
        )


def _collected(home: Home, settings: StoreSettings, scratch: Path, progress: StepProgress) -> Mapping[str, Path]:
    """The files to be packed by their places in the home: databases as copies in `scratch`, the others as they are."""
    places = [str(place) for place in kept_files(home.folder)]
    copied: dict[str, Path] = {}
    if settings.database_url:
        copied = asyncio.run(_copied_from_server(settings, home, scratch, progress))
        # What was left in the home by a move is older.
        places = [place for place in places if place not in (home.ledger_file.name, home.threads_file.name)]
    for place in sorted((each for each in places if each.endswith(_DATABASE)), reverse=True):  # threads before ledger
        copied[place] = scratch / place
        copied[place].parent.mkdir(parents=True, exist_ok=True)
        copied[place].touch(mode=0o600)
        copy_database(home.folder / place, copied[place], partial(progress, f"copying {place}"))
    return {**copied, **{place: home.folder / place for place in places if place not in copied}}


async def _copied_from_server(
    settings: StoreSettings, home: Home, scratch: Path, progress: StepProgress
) -> dict[str, Path]:
    """Conversations and ledger of the database as files. Web pages are left out, as by a move: they live for a day."""
    ledger_file, threads_file = scratch / home.ledger_file.name, scratch / home.threads_file.name
    async with open_both(threads_file, settings) as (here, there):
        await copy_threads(there, here, partial(progress, "copying conversations"))
    source = await asyncio.to_thread(SqlLedger.open, settings.database_url, timeout_seconds=settings.timeout_seconds)
    try:
        target = await asyncio.to_thread(SqlLedger.open, ledger_file)
        try:
            await copy_documents(source, target, partial(progress, "copying documents"))
        finally:
            await target.close()
    finally:
        await source.close()
    return {file.name: file for file in (threads_file, ledger_file)}


def _number(ledger: Path, query: str) -> int:
    try:
        with closing(sqlite3.connect(ledger)) as connection:
            return int(connection.execute(query).fetchone()[0])
    except (sqlite3.Error, TypeError) as error:
        raise StoreCorruptError(
            "The ledger cannot be backed up.",
            why=f"It is none of Signpost's, or not whole: {error}.",
            next_step="See what is wrong: signpost doctor",
        ) from error
