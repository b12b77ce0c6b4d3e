"""Shows how far an `add` is: bars for a person at the terminal, else a line now and then."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from agent.output import counted, note
from agent.pace import pace
from agent.progress_bar import Show, progress_bars
from agent.replay_progress import REPLAY_TITLES, replay_line
from tools.text.clean import one_line

if TYPE_CHECKING:
    from ingest.add_summary import Progress
    from tools.stores.progress import ReplayStage

Report = Callable[["Progress"], None]

_LINE_SECONDS = 2.0


@contextmanager
def shown_progress() -> Iterator[Report]:
    """A function to be given to `ingest.add.add`; it writes to stderr."""
    with progress_bars() as show:
        yield _Lines() if show is None else partial(_bars, show)


def _bars(show: Show, progress: "Progress") -> None:
    if progress.stage in ("indexing", "writing"):
        show("files", progress.files_done, progress.files_total, text=f"files{_stored(progress)}")
        show(REPLAY_TITLES[progress.stage], progress.replayed, progress.to_replay)
    else:
        text = f"files{_stored(progress)}: {progress.stage} {one_line(progress.name)}".removesuffix(": done ")
        show("files", progress.files_done, progress.files_total, text=text)


def _stored(progress: "Progress") -> str:
    counts = ((progress.pages, "page"), (progress.chunks, "passage"))
    return "".join(f", {counted(count, noun)}" for count, noun in counts if count)


class _Lines:
    """The first file that is read, what is indexed, and every few seconds how far it is; nothing where all is kept."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._done_before = 0
        self._told = 0.0

    def __call__(self, progress: "Progress") -> None:
        if progress.stage in ("indexing", "writing"):
            self._begin(progress)
            self._tell_replay(progress, progress.stage)
        elif progress.stage == "parsing" and self._began is None:
            self._begin(progress)
            self._tell(f"{progress.files_done + 1}/{progress.files_total} {one_line(progress.name)}")
        elif self._began is not None and progress.stage == "done":
            self._tell(f"{progress.files_done}/{progress.files_total} files{_stored(progress)}")
        elif self._began is not None and self._is_due:
            done = progress.files_done - self._done_before
            speed = pace(done, progress.files_total - progress.files_done, time.monotonic() - self._began)
            self._tell(f"{progress.files_done}/{progress.files_total} files{_stored(progress)}{speed and ', ' + speed}")

    def _tell_replay(self, progress: "Progress", stage: "ReplayStage") -> None:
        if progress.files_done < progress.files_total:  # one of several, between files
            return
        if not progress.replayed:
            self._tell(replay_line(stage, progress.to_replay))
        elif self._is_due:
            self._tell(f"{REPLAY_TITLES[stage]}: {progress.replayed:,} of {progress.to_replay:,}")

    def _begin(self, progress: "Progress") -> None:
        if self._began is None:
            self._began, self._done_before = time.monotonic(), progress.files_done

    @property
    def _is_due(self) -> bool:
        return time.monotonic() - self._told >= _LINE_SECONDS

    def _tell(self, line: str) -> None:
        self._told = time.monotonic()
        note(line)
