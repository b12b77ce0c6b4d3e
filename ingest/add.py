"""Adds files to a collection: read, parse, split, extract, store, index. Each document is one transaction.

What is in the ledger as it is now is left alone. Files are read side by side, in processes of their own. One bad file
does not stop the others. It may end at any point, by Ctrl-C or kill -9, and be run again.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing, nullcontext
from dataclasses import replace
from pathlib import Path

from ingest.add_summary import AddSummary, Gone, Progress, Stage, Tally
from ingest.budget import Budget, BudgetSpentError
from ingest.discover import Found, Patterns, files_for
from ingest.document_writer import DocumentWriter, Forget
from ingest.file_reader import Describe, FileReader
from ingest.prepare import Kept, Prepared, Source
from ingest.reading import Reading
from ingest.sources import Sources
from ingest.sync import lost_documents
from tools.access import parse_readers
from tools.errors import InputError, SignpostError, StoreError
from tools.stores.progress import ReplayStage
from tools.stores.protocols import Ledger
from tools.stores.qdrant.dense_vectors import Embedder
from tools.stores.stores import Stores

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
    money = budget or Budget()
    tally = Tally()
    adding = _Adding(
        Source(Path(), None, collection, allowed, {}, reading=reading),
        stores.ledger,
        FileReader(reading, workers, stores.ledger, money, describe, embedder),
        DocumentWriter(stores, tally, money, forget),
        tally,
        progress,
    )
    try:
        found = await asyncio.to_thread(files_for, paths, patterns, loader=reading.loader, syncs=syncs)
        await adding.run(found, lanes=workers + 1, syncs=syncs)
    except asyncio.CancelledError:
        tally.interrupted = True
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
    return tally.summary(time.monotonic() - started, money.spent if money.is_counted else None)


class _Adding:
    """One `add` under way. `template`: what the sources of all its files have in common."""

    def __init__(
        self,
        template: Source,
        ledger: Ledger,
        reader: FileReader,
        writer: DocumentWriter,
        tally: Tally,
        progress: Callable[[Progress], None],
    ) -> None:
        self._template = template
        self._ledger = ledger
        self._reader = reader
        self._writer = writer
        self._tally = tally
        self._progress = progress
        self._is_without_ledger = False
        self._sources = Sources((), template, ledger)
        # Two files may claim the same id for a row: the first of them has it, whichever is read faster.
        self._one_with_rows = asyncio.Lock()

    async def run(self, found: Found, *, lanes: int, syncs: bool) -> None:
        self._tally.found = found
        self._sources = Sources(found.files, self._template, self._ledger)
        await self._add_files(iter(found.files), lanes)
        if syncs and not self._tally.stopped:
            try:
                await self._remove_lost(found)
            except SignpostError as error:
                self._stop(error)
        if not self._is_without_ledger:
            await self._index("")
        self._report("", "done")

    async def _add_files(self, files: Iterator[Path], lanes: int) -> None:
        """Best one lane more than there are processes: while a file is being stored, each process has another."""
        async with self._reader.workers:
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
            if self._tally.stopped:
                return
            try:
                async with self._one_with_rows if path.suffix.lower() == _ROWS_WITH_IDS else nullcontext():
                    await self._add_file(path)
            except (StoreError, BudgetSpentError) as error:
                self._stop(error)
                return
            except SignpostError as error:
                self._tally.fail(path, str(error))
            self._tally.files_done += 1
            if self._writer.is_index_due:
                await self._index(path.name)

    async def _add_file(self, path: Path) -> None:
        self._report(path.name, "reading")
        content, hash_, size_bytes = await self._reader.content(path)
        source = replace(await self._sources.of(path), content=content)
        if source.is_kept(hash_):
            self._tally.unchanged += 1
            self._tally.note_readers(path, source.held.values())
            return
        self._report(path.name, "parsing")
        ids = set[str]()
        is_whole = True
        async with aclosing(self._reader.documents(source, size_bytes)) as documents:
            async for each in documents:
                ids.add(each.document_id)
                is_whole = is_whole and each.is_whole
                await self._add_document(source, each)
        gone = source.held.keys() - ids
        if gone and not is_whole:  # they may be what could not be read: a row half written, for instance
            self._tally.warn(path, ["rows of it cannot be read, so nothing of it was removed"])
            return
        for document_id in gone:
            await self._writer.remove(document_id)

    async def _add_document(self, source: Source, each: Prepared | Kept) -> None:
        self._tally.warn(source.path, each.warnings)
        if isinstance(each, Prepared) and source.is_new:
            each = await self._as_private_as_its_like(source, each)
        if isinstance(each, Kept):
            self._tally.unchanged += 1
            self._tally.note_readers(source.path, [source.held[each.document_id]])
            return
        document = each.document
        self._report(source.path.name, "storing")
        try:
            await self._writer.store(each, is_new=document.id not in source.held)
        except InputError as error:
            self._tally.fail(source.path, str(error), document.title)
        else:
            self._tally.note_readers(source.path, [document])

    async def _as_private_as_its_like(self, source: Source, prepared: Prepared) -> Prepared:
        document = prepared.document
        readers = await self._sources.readers_of_a_copy(source.path, document.content_hash)
        return prepared if readers is None else replace(prepared, document=replace(document, readers=readers))

    async def _remove_lost(self, found: Found) -> None:
        lost, doubtful = await lost_documents(found, self._ledger, self._template.collection, self._reader.not_given)
        for path, why in doubtful:
            self._tally.warn(path, [why])
        for document in lost:
            await self._writer.remove(document.id)
            self._tally.gone.append(Gone.of(document))

    async def _index(self, name: str) -> None:
        def report(stage: ReplayStage, done: int, due: int) -> None:
            self._report(name, stage, done, due)

        await self._writer.index(report)

    def _stop(self, error: SignpostError) -> None:
        self._tally.stopped = self._tally.stopped or str(error)
        self._is_without_ledger |= isinstance(error, StoreError)

    def _report(self, name: str, stage: Stage, replayed: int = 0, to_replay: int = 0) -> None:
        tally = self._tally
        files, total = tally.files_done, len(tally.found.files)
        self._progress(Progress(files, total, name, stage, tally.chunks, replayed, to_replay, tally.pages))
