"""Shows how far an `add` is: bars for a person at the terminal, else a line a file that is new or changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from agent.output import note
from agent.progress_bar import Show, progress_bars
from agent.replay_progress import REPLAY_TITLES, replay_line
from tools.text.clean import one_line

if TYPE_CHECKING:
    from ingest.add_summary import Progress

Report = Callable[["Progress"], None]


@contextmanager
def shown_progress() -> Iterator[Report]:
    """A function to be given to `ingest.add.add`; it writes to stderr."""
    with progress_bars() as show:
        yield _line if show is None else partial(_bars, show)


def _bars(show: Show, progress: "Progress") -> None:
    if progress.stage in ("indexing", "writing"):
        show("files", progress.files_done, progress.files_total)
        show(REPLAY_TITLES[progress.stage], progress.replayed, progress.to_replay)
    else:
        show("files", progress.files_done, progress.files_total, text=f"{progress.stage} {one_line(progress.name)}")


def _line(progress: "Progress") -> None:
    if progress.stage == "parsing":  # not for each file that is there already and unchanged
        note(f"{progress.files_done + 1}/{progress.files_total} {one_line(progress.name)}")
    elif progress.stage in ("indexing", "writing") and not progress.replayed:
        note(replay_line(progress.stage, progress.to_replay))
