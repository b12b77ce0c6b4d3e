"""Adds files to a collection: read, parse, split, extract, store, index. Each document is one transaction.

What is in the ledger as it is now is left alone. Files are read side by side, in processes of their own. One bad file
does not stop the others. It may end at any point, by Ctrl-C or kill -9, and be run again.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import aclosing, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from ingest.add_summary import AddSummary, Gone, Progress, Stage, Tally
from ingest.budget import Budget, BudgetSpentError
from ingest.by_topic import prepared_by_topic
from ingest.discover import Found, Patterns, files_for
from ingest.prepare import Kept, Prepared, Source, loaded_documents, prepared_document, prepared_documents
from ingest.reading import Reading
from ingest.sources import Sources, content_of
from ingest.sync import lost_documents
from ingest.worker_pool import WorkerPool
from tools.access import parse_readers
from tools.errors import FileError, InputError, SignpostError, StoreError
from tools.shapes import Document, LoadedFile
from tools.stores.index_replay import searched_text
from tools.stores.progress import ReplayStage
from tools.stores.qdrant.dense_vectors import Embedder
from tools.stores.stores import Stores

Describe = Callable[[LoadedFile, str], Awaitable[LoadedFile]]
"""Puts descriptions in the place of pictures, kept for the document of that id. Raises BudgetSpentError."""
Forget = Callable[[str], None]
"""Deletes what is kept of a document outside of the stores, by its id. Blocks. Raises SignpostError."""

Result = TypeVar("Result")

_CHUNKS_BETWEEN_REPLAYS = 1000

# Beginning a process takes a quarter of a second: a little plain text is read in this one. Whatever it holds is done
# in an instant, as no step takes more than the square of so few characters.
_READ_HERE = frozenset({".md", ".markdown", ".txt", ".csv", ".tsv", ".jsonl"})
_READ_HERE_BYTES = 32 * 2**10
_READ_HERE_BYTES_IN_ALL = 256 * 2**10

_ROWS_WITH_IDS = ".jsonl"


async def add(
    paths: Sequence[Path],
    *,
    stores: Stores,
    collection: str,
    readers: tuple[str, ...] | None,
    progress: Callable[[Progress], None],
    patterns: Patterns = Patterns(),
    syncs: bool = False,
    reading: Reading = Reading(),
    describe: Describe | None = None,
    forget: Forget | None = None,
    embedder: Embedder | None = None,
    workers: int = 2,
    budget: Budget | None = None,
) -> AddSummary:
    """Adds the files at `paths`, and in the folders among them those that `patterns` leave.

    `readers` None leaves each document those that it has, gives a file that only another collection holds those that it
    has there, a copy of a document of this collection those of that one, and other new files to everyone. `syncs`:
    documents of the folders are removed whose file is gone; see `lost_documents`. `describe`: given where pictures are
    described (`Reading.describes_pictures`). `forget`: called before a document is removed. `embedder`: for the
    splitter by topic. `workers`: how many processes read files. Whoever may call this may replace what was added from
    the same path to the same collection, read it or not; an id that a row gives itself is never taken from another
    file. A cancelled add ends after the transactions that are under way and returns its summary, with
    `interrupted` set. An index that cannot be written ends nothing: see `AddSummary.index_problem`; a ledger that
    cannot be, or a budget that is used up, does: see `AddSummary.stopped`.
    Raises InputError for wrong readers, and as `files_for` does.
    """
    started = time.monotonic()
    allowed = None if readers is None else parse_readers(readers)
    template = Source(Path(), None, collection, allowed, {}, reading=reading)
    pool = WorkerPool(workers, reading.limits)
    adding = _Adding(
        template,
        stores,
        progress,
        pool,
        budget or Budget(),
        describe,
        forget,
        embedder,
    )
    try:
        found = await asyncio.to_thread(files_for, paths, patterns, loader=reading.loader, syncs=syncs)
        await adding.run(found, lanes=workers + 1, syncs=syncs)
    except asyncio.CancelledError:
        adding.tally.interrupted = True
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
    return adding.summary(time.monotonic() - started)


class _Adding:
    """One `add` under way. `template`: what the sources of all its files have in common."""

    def __init__(
        self,
        template: Source,
        stores: Stores,
        progress: Callable[[Progress], None],
        workers: WorkerPool,
        budget: Budget,
        describe: Describe | None,
        forget: Forget | None,
        embedder: Embedder | None,
    ) -> None:
        self.tally = Tally()
        self._template = template
        self._stores = stores
        self._progress = progress
        self._workers = workers
        self._budget = budget
        self._describe = describe
        self._forget = forget
        self._embedder = embedder
        self._waiting_chunks = 0
        self._is_without_ledger = False
        self._left_to_read_here = _READ_HERE_BYTES_IN_ALL
        self._sources = Sources((), template, stores.ledger)
        self._not_given: dict[Path, OSError] = {}
        # Two files may claim the same id for a row: the first of them has it, whichever is read faster.
        self._one_with_rows = asyncio.Lock()
        self._one_that_indexes = asyncio.Lock()

    async def run(self, found: Found, *, lanes: int, syncs: bool) -> None:
        self.tally.found = found
        self._sources = Sources(found.files, self._template, self._stores.ledger)
        await self._add_files(iter(found.files), lanes)
        if syncs and not self.tally.stopped:
            try:
                await self._remove_lost(found)
            except SignpostError as error:
                self._stop(error)
        if not self._is_without_ledger:
            await self._index("")
        self._report("", "done")

    def summary(self, seconds: float) -> AddSummary:
        return self.tally.summary(seconds, self._budget.spent if self._budget.is_counted else None)

    async def _add_files(self, files: Iterator[Path], lanes: int) -> None:
        """Best one lane more than there are processes: while a file is being stored, each process has another."""
        async with self._workers:
            tasks = [asyncio.create_task(self._add_some(files)) for _ in range(lanes)]
            try:
                await asyncio.gather(*tasks)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _add_some(self, files: Iterator[Path]) -> None:
        """When something ends the add, the files that are under way are still finished."""
        for path in files:
            if self.tally.stopped:
                return
            try:
                async with self._one_with_rows if path.suffix.lower() == _ROWS_WITH_IDS else nullcontext():
                    await self._add_file(path)
            except (StoreError, BudgetSpentError) as error:
                self._stop(error)
                return
            except SignpostError as error:
                self.tally.fail(path, str(error))
            self.tally.files_done += 1
            if self._waiting_chunks >= _CHUNKS_BETWEEN_REPLAYS and not self._one_that_indexes.locked():
                await self._index(path.name)

    async def _add_file(self, path: Path) -> None:
        self._report(path.name, "reading")
        content, hash_, size_bytes = await self._content(path)
        source = replace(await self._sources.of(path), content=content)
        if source.is_kept(hash_):
            self.tally.unchanged += 1
            self.tally.note_readers(path, source.held.values())
            return
        self._report(path.name, "parsing")
        ids = set[str]()
        is_whole = True
        async with aclosing(self._documents(source, size_bytes)) as documents:
            async for each in documents:
                ids.add(each.document_id)
                is_whole = is_whole and each.is_whole
                await self._add_document(source, each)
        gone = source.held.keys() - ids
        if gone and not is_whole:  # they may be what could not be read: a row half written, for instance
            self.tally.warn(path, ["rows of it cannot be read, so nothing of it was removed"])
            return
        for document_id in gone:
            await self._finish(self._remove(document_id))

    async def _content(self, path: Path) -> tuple[bytes | None, str, int]:
        """As `content_of`. Remembers files that the system could not give."""
        try:
            return await content_of(path, self._template.reading)
        except FileError as error:
            if isinstance(error.__cause__, OSError):
                self._not_given[path] = error.__cause__
            raise

    async def _documents(self, source: Source, size_bytes: int) -> AsyncGenerator[Prepared | Kept, None]:
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
                        prepared_by_topic, source, loaded, self._embedder, self._stores.ledger, self._budget
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
            async with aclosing(self._workers.results(source.path.name, work, source)) as results:
                async for each in results:
                    yield each

    def _is_read_here(self, path: Path, size_bytes: int) -> bool:
        if path.suffix.lower() not in _READ_HERE or size_bytes > _READ_HERE_BYTES:
            return False
        self._left_to_read_here -= size_bytes
        return self._left_to_read_here >= 0

    async def _add_document(self, source: Source, each: Prepared | Kept) -> None:
        self.tally.warn(source.path, each.warnings)
        if isinstance(each, Prepared) and source.is_new:
            each = await self._as_private_as_its_like(source, each)
        if isinstance(each, Kept):
            self.tally.unchanged += 1
            self.tally.note_readers(source.path, [source.held[each.document_id]])
            return
        document = each.document
        self._report(source.path.name, "storing")
        try:
            await self._pay_for(each)
            await self._finish(self._store(each, is_new=document.id not in source.held))
        except InputError as error:
            self.tally.fail(source.path, str(error), document.title)
        else:
            self.tally.note_readers(source.path, [document])

    async def _as_private_as_its_like(self, source: Source, prepared: Prepared) -> Prepared:
        document = prepared.document
        readers = await self._sources.readers_of_a_copy(source.path, document.content_hash)
        return prepared if readers is None else replace(prepared, document=replace(document, readers=readers))

    async def _pay_for(self, prepared: Prepared) -> None:
        """Counts the chunks that are new: those that the ledger holds already are not embedded again."""
        if self._budget.prices.embedding is None:
            return
        document = prepared.document
        before = (await self._stores.ledger.stored([document.id])).get(document.id)
        known = before.chunks if before and _is_indexed_alike(before.document, document) else ()
        same = {(chunk.id, chunk.section) for chunk in known}
        new = [chunk for chunk in prepared.chunks if (chunk.id, chunk.section) not in same]
        self._budget.embed(searched_text(document, chunk) for chunk in new)

    async def _store(self, prepared: Prepared, *, is_new: bool) -> None:
        document = prepared.document
        await self._stores.ledger.replace_document(document, prepared.chunks, prepared.extraction)
        if is_new:
            self.tally.added += 1
        else:
            self.tally.updated += 1
        self.tally.pages += document.page_count or 0
        self.tally.chunks += len(prepared.chunks)
        self._waiting_chunks += len(prepared.chunks)

    async def _remove(self, document_id: str) -> None:
        if self._forget is not None:  # first: as long as something is left, the document is removed again
            await asyncio.to_thread(self._forget, document_id)
        await self._stores.ledger.remove_document(document_id)
        self.tally.removed += 1

    async def _remove_lost(self, found: Found) -> None:
        lost, doubtful = await lost_documents(found, self._stores.ledger, self._template.collection, self._not_given)
        for path, why in doubtful:
            self.tally.warn(path, [why])
        for document in lost:
            await self._finish(self._remove(document.id))
            self.tally.gone.append(Gone.of(document))

    async def _finish(self, work: Coroutine[Any, Any, None]) -> None:
        """Waits for `work` even when cancelled meanwhile: what the summary counts is what the stores hold."""
        task = asyncio.ensure_future(work)
        is_cancelled = False
        while not task.done():
            try:
                await asyncio.wait([task])
            except asyncio.CancelledError:  # more than once, perhaps
                is_cancelled = True
        task.result()
        if is_cancelled:
            raise asyncio.CancelledError

    async def _index(self, name: str) -> None:
        def report(stage: ReplayStage, done: int, due: int) -> None:
            self._report(name, stage, done, due)

        async with self._one_that_indexes:
            self._waiting_chunks = 0
            if self.tally.index_problem:
                return  # each further try would wait for it again
            try:
                self.tally.indexed += await self._stores.replay(report)
            except SignpostError as error:
                self.tally.index_problem = str(error)

    def _stop(self, error: SignpostError) -> None:
        self.tally.stopped = self.tally.stopped or str(error)
        self._is_without_ledger |= isinstance(error, StoreError)

    def _report(self, name: str, stage: Stage, replayed: int = 0, to_replay: int = 0) -> None:
        tally = self.tally
        files, total = tally.files_done, len(tally.found.files)
        self._progress(Progress(files, total, name, stage, tally.chunks, replayed, to_replay, tally.pages))


def _is_indexed_alike(before: Document, after: Document) -> bool:
    """Whether chunks that are the same need not be indexed again."""
    return before.title == after.title and set(before.readers) == set(after.readers)
