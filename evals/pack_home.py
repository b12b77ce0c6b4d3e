"""A home of its own for a pack's corpora, kept between runs: loading them takes a minute."""

import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from agent.resources import LiveResources
from agent.settings import Settings
from evals.corpora import CorpusProgress, corpora_fingerprint, load_corpora
from evals.pack import Pack
from evals.records import RowFault
from evals.versions import key_of, storing_version
from tools.errors import StoreError
from tools.stores.home import Home

_PREFIX = "corpora-"
_KEPT = 2
_SHOWN = 16


@asynccontextmanager
async def pack_home(
    pack: Pack, settings: Settings, folder: Path, progress: CorpusProgress
) -> AsyncIterator[tuple[LiveResources, Mapping[str, Sequence[RowFault]]]]:
    """The stores that hold the corpora, embedded whatever the settings say, and the corpora's bad rows by file.

    They are loaded once for each state of pack and product; the newest two are kept in `folder`. The web is a route
    that may be chosen; whoever asks decides whether it is searched. Raises SignpostError.
    """
    home = folder / f"{_PREFIX}{pack_version(pack, settings)[:_SHOWN]}"
    embedded = {"database_url": "off", "QDRANT_URL": "off", "NEO4J_URI": "off"}
    resources = LiveResources(Settings.model_validate({"home": home, "web": "on", **embedded}), held_by="signpost eval")
    try:
        faults = await load_corpora(pack, await resources.stores(), progress)
        home.touch()
        _forget_old(folder)
        yield resources, faults
    finally:
        await resources.close()


def pack_version(pack: Pack, settings: Settings) -> str:
    """Of the corpora as the product stores them."""
    return key_of({"storing": storing_version(settings), "corpora": corpora_fingerprint(pack)})


def _forget_old(folder: Path) -> None:
    homes = sorted(folder.glob(f"{_PREFIX}*"), key=lambda home: home.stat().st_mtime, reverse=True)
    for folder_of_old in homes[_KEPT:]:
        old = Home(folder_of_old)
        try:
            old.acquire(0, command="signpost eval")
        except StoreError:  # another run asks it now
            continue
        old.release()
        shutil.rmtree(folder_of_old, ignore_errors=True)
