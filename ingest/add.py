"""Adds files to a collection: read, parse, split, extract, store, index. Each document is one transaction.

What is in the ledger as it is now is left alone. One bad file does not stop the others. It may end at any point, by
Ctrl-C or kill -9, and be run again.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ingest.discover import discover, named
from ingest.file_uri import file_uri
from ingest.load import read_source
from ingest.prepare import Prepared, Source
from ingest.reading import Reading
from tools.access import Access, parse_readers
from tools.errors import InputError, SignpostError
from tools.shapes import Document, LoadedFile
from tools.stores.progress import ReplayStage
from tools.stores.stores import Stores
from tools.text.clean import one_line

_CHUNKS_BETWEEN_REPLAYS = 1000
_NAMED_SKIPPED = 5
_ADDER = Access()

Describe = Callable[[LoadedFile], Awaitable[LoadedFile]]
"""Puts descriptions in the place of pictures."""

Stage = Literal["reading", "parsing", "storing", "done"] | ReplayStage


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an `add` is. `chunks` counts those stored.

    While indexing, `replayed` of `to_replay` chunks are done, and while writing, documents; a large `add` does both
    several times.
    """

    files_done: int
    files_total: int
    name: str
    stage: Stage
    chunks: int
    replayed: int = 0
    to_replay: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """A file or row that was not added, or a remark about one that was."""

    name: str
    message: str


@dataclass(frozen=True, slots=True)
class AddSummary:
    """What an `add` did; `dataclasses.asdict` of it is JSON. Counts are documents but for `skipped` and the chunks'.

    `skipped`: hidden or unknown files; `skipped_names`: the first 5. `removed`: documents whose row is gone from
    its .jsonl file. `chunks`: stored now; `indexed`: added to the vector store now. `interrupted`: it was cancelled;
    what the counts say is stored all the same, and what is not yet indexed will be at the next start.
    `index_problem`: why the search index or the graph database lacks some of it still; they get it once that is over.
    """

    added: int
    updated: int
    unchanged: int
    removed: int
    skipped: int
    skipped_names: tuple[str, ...]
    failed: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    chunks: int
    indexed: int
    seconds: float
    interrupted: bool = False
    index_problem: str = ""


@dataclass(slots=True)
class _Tally:
    """The summary while it grows."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: Sequence[Path] = ()
    failed: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    chunks: int = 0
    indexed: int = 0
    index_problem: str = ""
    unreadable: dict[tuple[str, ...], set[Path]] = field(default_factory=dict)
    """Files that the adder may not read, by who may."""

    def note_readers(self, path: Path, documents: Iterable[Document]) -> None:
        for document in documents:
            if not _ADDER.allows(document.readers):
                self.unreadable.setdefault(document.readers, set()).add(path)

    def summary(self, seconds: float, interrupted: bool) -> AddSummary:
        return AddSummary(
            added=self.added,
            updated=self.updated,
            unchanged=self.unchanged,
            removed=self.removed,
            skipped=len(self.skipped),
            skipped_names=tuple(one_line(path.name) for path in self.skipped[:_NAMED_SKIPPED]),
            failed=tuple(self.failed),
            warnings=(*self.warnings, *(_unreadable(paths, who) for who, paths in self.unreadable.items())),
            chunks=self.chunks,
            indexed=self.indexed,
            seconds=round(seconds, 3),
            interrupted=interrupted,
            index_problem=self.index_problem,
        )


def _unreadable(paths: Collection[Path], readers: tuple[str, ...]) -> Problem:
    """One remark for all files of the same readers: a folder may hold thousands."""
    name = one_line(next(iter(paths)).name) if len(paths) == 1 else f"{len(paths):,} files"
    verb, it = ("is", "it") if len(paths) == 1 else ("are", "them")
    consequence = f"status, ask and remove on this command line will not find {it}."
    return Problem(name, f"{verb} readable by {', '.join(readers)} only: {consequence}")


async def add(
    paths: Sequence[Path],
    *,
    stores: Stores,
    collection: str,
    readers: tuple[str, ...] | None,
    reading: Reading = Reading(),
    describe: Describe | None = None,
    progress: Callable[[Progress], None],
) -> AddSummary:
    """Adds the files at `paths` and in the folders among them.

    `describe`: given where pictures are described (`Reading.describes_pictures`).
    `readers` None leaves each document those that it has, gives a file that only another collection holds those that
    it has there, and new files to everyone. Whoever may call this may
    replace what was added from the same path to the same collection, read it or not; an id that a row gives itself is
    never taken from another file. A cancelled add ends after the transaction that is under way and returns its
    summary, with `interrupted` set. An index that cannot be written ends nothing: see `AddSummary.index_problem`.
    Raises InputError for wrong readers and StoreError when the ledger cannot be used.
    """
    started = time.monotonic()
    allowed = None if readers is None else parse_readers(readers)
    adding = _Adding(stores, collection, allowed, reading, describe, progress)
    interrupted = False
    try:
        await adding.run(paths)
    except asyncio.CancelledError:
        interrupted = True
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
    return adding.tally.summary(time.monotonic() - started, interrupted)


class _Adding:
    """One `add` under way."""

    def __init__(
        self,
        stores: Stores,
        collection: str,
        readers: tuple[str, ...] | None,
        reading: Reading,
        describe: Describe | None,
        progress: Callable[[Progress], None],
    ) -> None:
        self.tally = _Tally()
        self._stores = stores
        self._collection = collection
        self._readers = readers
        self._reading = reading
        self._describe = describe
        self._progress = progress
        self._files_done = 0
        self._files_total = 0
        self._waiting_chunks = 0

    async def run(self, paths: Sequence[Path]) -> None:
        found = await asyncio.to_thread(named if self._reading.loader else discover, paths)
        self.tally.skipped = found.skipped
        self._files_total = len(found.files)
        for path in found.files:
            try:
                await self._add_file(path)
            except InputError as error:
                self.tally.failed.append(Problem(one_line(path.name), str(error)))
            self._files_done += 1
            if self._waiting_chunks >= _CHUNKS_BETWEEN_REPLAYS:
                await self._index(path.name)
        await self._index("")
        self._report("", "done")

    async def _add_file(self, path: Path) -> None:
        self._report(path.name, "reading")
        content = await asyncio.to_thread(read_source, path, self._reading)
        known = await self._stores.ledger.documents_held(None, file_uri(path))
        held = {document.id: document for document in known if document.collection == self._collection}
        elsewhere = [document for document in known if document.collection != self._collection]
        source = Source(path, content, self._collection, self._readers, held, elsewhere, self._reading)
        if source.is_kept():
            self.tally.unchanged += 1
            self.tally.note_readers(path, held.values())
            return
        self._report(path.name, "parsing")
        loaded = await asyncio.to_thread(source.load)
        ids = [await self._add_document(source, document) for document in loaded]
        for gone in source.held.keys() - set(ids):
            await self._finish(self._remove(gone))

    async def _add_document(self, source: Source, loaded: LoadedFile) -> str:
        """Stores one document and returns its id."""
        name = one_line(source.path.name)
        if self._describe is not None:
            loaded = await self._describe(loaded)
        self.tally.warnings.extend(Problem(name, warning) for warning in loaded.warnings)
        prepared = await asyncio.to_thread(source.prepare, loaded)
        if isinstance(prepared, str):
            self.tally.unchanged += 1
            self.tally.note_readers(source.path, [source.held[prepared]])
            return prepared
        document = prepared.document
        self._report(source.path.name, "storing")
        try:
            await self._finish(self._store(prepared, is_new=document.id not in source.held))
        except InputError as error:
            self.tally.failed.append(Problem(f"{name}: {document.title}", str(error)))
        else:
            self.tally.note_readers(source.path, [document])
        return document.id

    async def _store(self, prepared: Prepared, *, is_new: bool) -> None:
        document = prepared.document
        await self._stores.ledger.replace_document(document, prepared.chunks, prepared.extraction, prepared.vocabulary)
        if is_new:
            self.tally.added += 1
        else:
            self.tally.updated += 1
        self.tally.chunks += len(prepared.chunks)
        self._waiting_chunks += len(prepared.chunks)

    async def _remove(self, document_id: str) -> None:
        await self._stores.ledger.remove_document(document_id)
        self.tally.removed += 1

    async def _finish(self, work: Coroutine[Any, Any, None]) -> None:
        """Waits for `work` even when cancelled meanwhile: what the summary counts is what the stores hold."""
        task = asyncio.ensure_future(work)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            await task
            raise

    async def _index(self, name: str) -> None:
        def report(stage: ReplayStage, done: int, due: int) -> None:
            self._report(name, stage, done, due)

        self._waiting_chunks = 0
        if self.tally.index_problem:
            return  # each further try would wait for it again
        try:
            self.tally.indexed += await self._stores.replay(report)
        except SignpostError as error:
            self.tally.index_problem = str(error)

    def _report(self, name: str, stage: Stage, replayed: int = 0, to_replay: int = 0) -> None:
        chunks = self.tally.chunks
        self._progress(Progress(self._files_done, self._files_total, name, stage, chunks, replayed, to_replay))
