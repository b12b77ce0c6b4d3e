"""Reads files side by side: in processes of their own, a little plain text in this one, with models in between."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

from ingest.budget import Budget
from ingest.by_topic import prepared_by_topic
from ingest.prepare import Kept, Prepared, Source, loaded_documents, prepared_document, prepared_documents
from ingest.reading import Reading
from ingest.sources import content_of
from ingest.splitting.semantic import Vectors
from ingest.worker_pool import WorkerPool
from tools.errors import FileError
from tools.shapes import LoadedFile

Describe = Callable[[LoadedFile, str], Awaitable[LoadedFile]]
"""Puts descriptions in the place of pictures, kept for the document of that id. Raises BudgetSpentError."""

# Beginning a process takes a quarter of a second: a little plain text is read in this one. Whatever it holds is done
# in an instant, as no step takes more than the square of so few characters.
_READ_HERE = frozenset({".md", ".markdown", ".txt", ".csv", ".tsv", ".jsonl"})
_READ_HERE_BYTES = 32 * 2**10
_READ_HERE_BYTES_IN_ALL = 256 * 2**10


class FileReader:
    """Of the files of one add. `describe` and `vectors`: as in `add`. For one event loop.

    `workers`: its processes, to be ended by `async with`. `not_given`: files that the system could not give.
    """

    def __init__(
        self, reading: Reading, workers: int, budget: Budget, describe: Describe | None, vectors: Vectors | None
    ) -> None:
        self.workers = WorkerPool(workers, reading.limits)
        self.not_given: dict[Path, OSError] = {}
        self._reading = reading
        self._budget = budget
        self._describe = describe
        self._vectors = vectors
        self._left_to_read_here = _READ_HERE_BYTES_IN_ALL

    async def content(self, path: Path) -> tuple[bytes | None, str, int]:
        """As `content_of`. Remembers files that the system could not give."""
        try:
            return await content_of(path, self._reading)
        except FileError as error:
            if isinstance(error.__cause__, OSError):
                self.not_given[path] = error.__cause__
            raise

    async def documents(self, source: Source, size_bytes: int) -> AsyncGenerator[Prepared | Kept, None]:
        """The documents of a file, one by one. Raises SignpostError."""
        if self._describe is not None or (self._vectors is not None and source.splits_by_topic):
            async for each in self._documents_with_models(source):
                yield each
        elif self._is_read_here(source.path, size_bytes):
            for each in await asyncio.to_thread(lambda: list(prepared_documents(source))):
                yield each
        else:
            async with aclosing(self.workers.results(source.path.name, prepared_documents, source)) as results:
                async for each in results:
                    yield each

    async def _documents_with_models(self, source: Source) -> AsyncGenerator[Prepared | Kept, None]:
        """Models are asked in this process, between loading and splitting."""
        async with aclosing(self.workers.results(source.path.name, loaded_documents, source)) as results:
            async for loaded in results:
                if self._describe is not None and not source.holds(loaded):
                    loaded = await self._describe(loaded, source.document_id_of(loaded))
                if self._vectors is not None and source.splits_by_topic:
                    yield await asyncio.to_thread(prepared_by_topic, source, loaded, self._vectors, self._budget)
                else:
                    yield await asyncio.to_thread(prepared_document, source, loaded)

    def _is_read_here(self, path: Path, size_bytes: int) -> bool:
        if path.suffix.lower() not in _READ_HERE or size_bytes > _READ_HERE_BYTES:
            return False
        self._left_to_read_here -= size_bytes
        return self._left_to_read_here >= 0
