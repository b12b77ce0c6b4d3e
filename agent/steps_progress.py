"""How far a command of several steps is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from agent.output import note
from agent.progress_bar import progress_bars

StepProgress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done and how much there is."""


@contextmanager
def shown_steps() -> Iterator[StepProgress]:
    """A bar or a line for each thing that is done: bars for a person at the terminal."""
    begun: set[str] = set()

    def line(what: str, done: int, total: int) -> None:
        if what not in begun:
            begun.add(what)
            note(f"{what} …")

    with progress_bars() as show:
        yield show or line
