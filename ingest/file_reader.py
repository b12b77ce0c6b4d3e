"""Reads files side by side: in processes of their own, a little plain text in this one, with models in between."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import TypeVar

from ingest.budget import Budget
from ingest.by_topic import prepared_by_topic
from ingest.prepare import Kept, Prepared, Source, loaded_documents, prepared_document, prepared_documents
from ingest.reading import Reading
from ingest.sources import content_of
from ingest.worker_pool import WorkerPool
from tools.errors import FileError
from tools.shapes import LoadedFile
from tools.stores.protocols import Ledger
from tools.stores.qdrant.dense_vectors import Embedder

Describe = Callable[[LoadedFile, str], Awaitable[LoadedFile]]
"""Puts descriptions in the place of pictures, kept for the document of that id. Raises BudgetSpentError."""

Result = TypeVar("Result")

# Beginning a process takes a quarter of a second: a little plain text is read in this one. Whatever it holds is done
# in an instant, as no step takes more than the square of so few characters.
_READ_HERE = frozenset({".md", ".markdown", ".txt", ".csv", ".tsv", ".jsonl"})
_READ_HERE_BYTES = 32 * 2**10
_READ_HERE_BYTES_IN_ALL = 256 * 2**10


class FileReader:
    """Of the files of one add. `describe` and `embedder`: as in `add`. For one event loop.

    `workers`: its processes, to be ended by `async with`. `not_given`: files that the system could not give.
    """

    def __init__(
        self,
        reading: Reading,
        workers: int,
        ledger: Ledger,
        budget: Budget,
        describe: Describe | None,
        embedder: Embedder | None,
    ) -> None:
        self.workers = WorkerPool(workers, reading.limits)
        self.not_given: dict[Path, OSError] = {}
        self._reading = reading
        self._ledger = ledger
        self._budget = budget
        self._describe = describe
        self._embedder = embedder
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
        if self._describe is not None or (self._embedder is not None and source.splits_by_topic):
            documents = self._documents_with_models(source, size_bytes)
        else:
            documents = self._results(prepared_documents, source, size_bytes)
        async with aclosing(documents):
            async for each in documents:
                yield each

    async def _documents_with_models(self, source: Source, size_bytes: int) -> AsyncGenerator[Prepared | Kept, None]:
        """Models are asked in this process, between loading and splitting."""
        async with aclosing(self._results(loaded_documents, source, size_bytes)) as results:
            async for loaded in results:
                if self._describe is not None and not source.holds(loaded):
                    loaded = await self._describe(loaded, source.document_id_of(loaded))
                if self._embedder is not None and source.splits_by_topic:
                    yield await asyncio.to_thread(
                        prepared_by_topic, source, loaded, self._embedder, self._ledger, self._budget
                    )
                else:
                    yield await asyncio.to_thread(prepared_document, source, loaded)

    async def _results(
        self, work: Callable[[Source], Iterator[Result]], source: Source, size_bytes: int
    ) -> AsyncGenerator[Result, None]:
        """What `work` yields of a file: in a process of its own, or in this one where that takes but an instant."""
        if self._is_read_here(source.path, size_bytes):
            for each in await asyncio.to_thread(lambda: list(work(source))):
                yield each
        else:
            async with aclosing(self.workers.results(source.path.name, work, source)) as results:
                async for each in results:
                    yield each

    def _is_read_here(self, path: Path, size_bytes: int) -> bool:
        if path.suffix.lower() not in _READ_HERE or size_bytes > _READ_HERE_BYTES:
            return False
        self._left_to_read_here -= size_bytes
        return self._left_to_read_here >= 0
