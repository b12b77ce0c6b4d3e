"""Writes documents to the stores, each in one transaction, and now and then what is derived from them.

What a summary counts is what the stores hold: a change that has begun is waited for, even by a cancelled add.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from ingest.add_summary import Tally
from ingest.budget import Budget
from ingest.prepare import Prepared
from tools.errors import SignpostError
from tools.shapes import Document
from tools.stores.index_replay import searched_text
from tools.stores.progress import ReplayProgress
from tools.stores.stores import Stores

Forget = Callable[[str], None]
"""Deletes what is kept of a document outside of the stores, by its id. Blocks. Raises SignpostError."""

_CHUNKS_BETWEEN_REPLAYS = 1000


class DocumentWriter:
    """For one add. `tally`: where it counts. `forget`: called before a document is removed."""

    def __init__(self, stores: Stores, tally: Tally, budget: Budget, forget: Forget | None) -> None:
        self._stores = stores
        self._tally = tally
        self._budget = budget
        self._forget = forget
        self._waiting_chunks = 0
        self._one_that_indexes = asyncio.Lock()

    @property
    def is_index_due(self) -> bool:
        """Whether so much waits for the search index that it should get it now."""
        return self._waiting_chunks >= _CHUNKS_BETWEEN_REPLAYS and not self._one_that_indexes.locked()

    async def store(self, prepared: Prepared, *, is_new: bool) -> None:
        """Raises InputError where the document cannot be stored, BudgetSpentError, StoreError."""
        await self._pay_for(prepared)
        await _finish(self._store(prepared, is_new=is_new))

    async def remove(self, document_id: str) -> None:
        """Raises SignpostError."""
        await _finish(self._remove(document_id))

    async def index(self, report: ReplayProgress) -> None:
        """Writes search index and graph. Where one of them cannot be written, the tally says why."""
        async with self._one_that_indexes:
            self._waiting_chunks = 0
            if self._tally.index_problem:
                return  # each further try would wait for it again
            try:
                self._tally.indexed += await self._stores.replay(report)
            except SignpostError as error:
                self._tally.index_problem = str(error)

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
            self._tally.added += 1
        else:
            self._tally.updated += 1
        self._tally.pages += document.page_count or 0
        self._tally.chunks += len(prepared.chunks)
        self._waiting_chunks += len(prepared.chunks)

    async def _remove(self, document_id: str) -> None:
        if self._forget is not None:  # first: as long as something is left, the document is removed again
            await asyncio.to_thread(self._forget, document_id)
        await self._stores.ledger.remove_document(document_id)
        self._tally.removed += 1


async def _finish(work: Coroutine[Any, Any, None]) -> None:
    """Waits for `work` even when cancelled meanwhile."""
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


def _is_indexed_alike(before: Document, after: Document) -> bool:
    """Whether chunks that are the same need not be indexed again."""
    return before.title == after.title and set(before.readers) == set(after.readers)
