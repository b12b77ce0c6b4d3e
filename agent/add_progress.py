"""Shows how far an `add` is: a bar for a person at the terminal, else a line a file that is new or changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from agent.output import counted, note
from agent.progress_bar import progress_bar
from tools.text.clean import one_line

if TYPE_CHECKING:
    from ingest.add import Progress

Report = Callable[["Progress"], None]


@contextmanager
def shown_progress() -> Iterator[Report]:
    """A function to be given to `ingest.add.add`; it writes to stderr."""
    with progress_bar() as show:
        if show is None:
            yield _line
        else:
            yield lambda progress: show(_description(progress), progress.files_done, progress.files_total)


def _description(progress: "Progress") -> str:
    if progress.stage == "indexing":
        return f"indexing {progress.indexed:,} of {counted(progress.to_index, 'passage')}"
    return f"{progress.stage} {one_line(progress.name)}"


def _line(progress: "Progress") -> None:
    if progress.stage == "parsing":  # not for each file that is there already and unchanged
        note(f"{progress.files_done + 1}/{progress.files_total} {one_line(progress.name)}")
    elif progress.stage == "indexing" and not progress.indexed:
        note(f"indexing {counted(progress.to_index, 'passage')}")
