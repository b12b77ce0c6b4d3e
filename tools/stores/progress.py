"""How those who wait are told how far something is."""

from collections.abc import Callable
from typing import Literal

Progress = Callable[[int, int], None]
"""Called with how much is done, and how much of it is known to be due."""

ReplayStage = Literal["indexing", "writing"]
"""indexing: passages into the search index. writing: documents into the graph database. Both run at once."""

ReplayProgress = Callable[[ReplayStage, int, int], None]
"""Called with what is being done, how much of it is done and how much is known to be due."""


class Counting:
    """Counts what a replay has done, and tells it while something is known to be due."""

    def __init__(self, progress: Progress | None) -> None:
        self.done = 0
        self._due = 0
        self._progress = progress

    @property
    def is_heard(self) -> bool:
        """Whether anybody wants to know what is due."""
        return self._progress is not None

    def expect(self, pending: int) -> None:
        """So much is due beside what is done; nothing is told where that is nothing."""
        self._due = self.done + pending if pending else 0
        self._tell()

    def add(self, count: int) -> None:
        """So much more is done."""
        self.done += count
        self._tell()

    def _tell(self) -> None:
        if self._progress is not None and self._due:
            self._progress(self.done, max(self._due, self.done))
