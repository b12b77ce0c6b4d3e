"""Bars for a person at the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Protocol, cast

from agent.pace import pace
from agent.terminal import Terminal, terminal

if TYPE_CHECKING:
    from rich.console import Console


class Show(Protocol):
    """Shows what is done of what there is to do."""

    def __call__(self, title: str, done: int, total: int, *, text: str = "") -> None:
        """Each title has a bar of its own, below those that began before it. `text`: shown instead of the title."""
        ...


@contextmanager
def progress_bars() -> Iterator[Show | None]:
    """Bars on stderr, gone when it ends; None where none can be shown."""
    if not terminal().surroundings.errors_have_bars:
        yield None
        return
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TextColumn("{task.fields[pace]}"))
    # Not redirected: a server has the standard streams for itself.
    with Progress(*columns, console=_console(), transient=True, redirect_stdout=False, redirect_stderr=False) as bars:
        tasks: dict[str, tuple[TaskID, int]] = {}

        def show(title: str, done: int, total: int, *, text: str = "") -> None:
            description = escape(text or title)
            if title not in tasks:
                tasks[title] = bars.add_task(description, completed=done, total=total, pace=""), done
                return
            task, done_before = tasks[title]
            seconds = next(each.elapsed or 0.0 for each in bars.tasks if each.id == task)
            speed = pace(done - done_before, total - done, seconds)
            bars.update(task, completed=done, total=total, description=description, pace=speed)

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
