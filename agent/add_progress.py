"""Shows how far an `add` is: a bar for a person at the terminal, else a line a file that is new or changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from agent.output import counted, note
from agent.terminal import Terminal, terminal
from tools.text.clean import one_line

if TYPE_CHECKING:
    from rich.console import Console

    from ingest.add import Progress

Report = Callable[["Progress"], None]


@contextmanager
def shown_progress() -> Iterator[Report]:
    """A function to be given to `ingest.add.add`; it writes to stderr."""
    if not terminal().surroundings.errors_have_bars:
        yield _line
        return
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    # Not redirected: a server has the standard streams for itself.
    with Bar(*columns, console=_console(), transient=True, redirect_stdout=False, redirect_stderr=False) as bar:
        task = bar.add_task("", total=None)

        def show(progress: "Progress") -> None:
            bar.update(
                task,
                completed=progress.files_done,
                total=progress.files_total,
                description=escape(_description(progress)),
            )

        yield show


def _console() -> "Console":
    from rich.console import Console

    surroundings = terminal().surroundings
    return Console(
        file=cast(IO[str], _Aside(terminal(), "utf-8" if surroundings.output_is_unicode else "ascii")),
        force_terminal=True,
        width=surroundings.columns,
        no_color=not surroundings.errors_have_colours,
        color_system="standard",
        _environ={},  # of the process, which need not be the terminal's
    )


class _Aside:
    """What is written to it appears beside the result. Not bound to a context: the bar has a thread of its own."""

    def __init__(self, written_to: Terminal, encoding: str) -> None:
        self.encoding = encoding
        self._terminal = written_to

    def write(self, text: str) -> int:
        self._terminal.write_aside(text)
        return len(text)

    def flush(self) -> None:
        """What is written is there at once."""


def _description(progress: "Progress") -> str:
    if progress.stage == "indexing":
        return f"indexing {progress.indexed:,} of {counted(progress.to_index, 'passage')}"
    return f"{progress.stage} {one_line(progress.name)}"


def _line(progress: "Progress") -> None:
    if progress.stage == "parsing":  # not for each file that is there already and unchanged
        note(f"{progress.files_done + 1}/{progress.files_total} {one_line(progress.name)}")
    elif progress.stage == "indexing" and not progress.indexed:
        note(f"indexing {counted(progress.to_index, 'passage')}")
