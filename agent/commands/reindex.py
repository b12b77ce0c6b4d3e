"""signpost reindex: writes what is derived from the ledger anew."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from agent.options import AsJson
from agent.output import counted, note, say, say_json

if TYPE_CHECKING:
    from tools.stores.progress import ReplayProgress, ReplayStage
    from tools.stores.stores import Stores

IF_STOPPED = "Nothing is lost, but less is found until it is done: run signpost reindex again."


@dataclass(frozen=True, slots=True)
class Reindexed:
    """What may be read of that which was written anew."""

    passages: int
    documents: int
    seconds: float


def reindex(
    collection: Annotated[
        str | None, typer.Option(help="The search index of this collection alone; no graph database.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Empty search index and graph database and write them again from the ledger, as after restoring a backup."""
    from agent.session import open_session

    began = time.monotonic()
    with open_session("reindex", if_stopped=IF_STOPPED) as session:
        if collection is not None:
            session.check_collections([collection])
        stores = session.run(session.resources.stores())
        with _shown_progress() as report:
            passages, documents = session.run(_reindex(stores, collection, report))
    done = Reindexed(passages, documents, round(time.monotonic() - began, 3))
    if as_json:
        say_json(asdict(done))
    else:
        held = f"{counted(done.documents, 'document')} ({counted(done.passages, 'passage')}, {done.seconds:.1f} s)"
        say(f"Written anew: {held}")
    return 0


async def _reindex(stores: "Stores", collection: str | None, report: "ReplayProgress") -> tuple[int, int]:
    """Numbers of passages and documents that may be read. All is written anew, whoever may read it."""
    from tools.access import Access
    from tools.shapes import Filters
    from tools.stores.write_anew import write_anew

    names = await write_anew(stores, report, collection)
    counts = await stores.ledger.counts(Access(), Filters(tuple(names)))
    return counts.chunks, counts.documents


@contextmanager
def _shown_progress() -> "Iterator[ReplayProgress]":
    """A bar each for search index and graph database for a person at the terminal, else a line at the beginning."""
    from agent.progress_bar import progress_bars
    from agent.replay_progress import REPLAY_TITLES, replay_line

    def line(stage: "ReplayStage", done: int, due: int) -> None:
        if not done:
            note(replay_line(stage, due))

    with progress_bars() as show:
        yield line if show is None else lambda stage, done, due: show(REPLAY_TITLES[stage], done, due)
