"""Brings the vector store up to what the ledger says: the replay of the ledger's outbox.

It may end at any point, by Ctrl-C or kill -9, and be run again: a chunk leaves the outbox only after the vector
store holds it, and writing it twice changes nothing.
"""

import weakref
from collections.abc import Sequence

from tools.shapes import Chunk, Document
from tools.stores.progress import Counting, Progress
from tools.stores.protocols import IndexedChunk, Ledger, PendingIndex, VectorStore

_BATCH = 256

# The collections of each store of this process that hold what the ledger believes: it is held open, so once is enough.
_checked: "weakref.WeakKeyDictionary[VectorStore, set[str]]" = weakref.WeakKeyDictionary()


def searched_text(document: Document, chunk: Chunk) -> str:
    """What a chunk is found by: its document's title, its headings and its text."""
    return "\n".join(part for part in (document.title, chunk.section, chunk.text) if part)


async def replay_index(ledger: Ledger, vector_store: VectorStore, progress: Progress | None = None) -> int:
    """Adds and removes what the outbox lists, until it is empty; returns the number of chunks added.

    The first replay of a store, and the first that changes a collection, also compare the index with the ledger: one
    that is lost, wholly or in part, or holds what the ledger does not know is built again. `progress` is called with
    the chunks done and the chunks known to be due, first with none done. Raises StoreError and its kin.
    """
    added, touched = Counting(progress), set[str]()
    while True:
        touched |= await _drain(ledger, vector_store, added)
        async with ledger.replaying("index"):
            if not await _rebuild_differing(ledger, vector_store, touched):
                return added.done


async def empty_index(ledger: Ledger, vector_store: VectorStore, collection: str) -> None:
    """Empties the index of a collection; the next replay writes it again from the ledger. Raises StoreError."""
    async with ledger.replaying("index"):
        # Due before it is gone: stopped in between, it is written again all the same.
        await ledger.mark_all_pending(collection)
        await vector_store.clear(collection)


async def _drain(ledger: Ledger, vector_store: VectorStore, added: Counting) -> set[str]:
    """Applies the outbox until it is empty; returns the collections changed. `added`: counts chunks."""
    version = vector_store.index_version
    changed = set[str]()
    is_told = not added.is_heard
    while True:
        async with ledger.replaying("index"):
            batches = await ledger.pending(version, _BATCH)
            if not is_told:
                added.expect(await _due(ledger, version, batches))
                is_told = True
            for batch in batches:
                await _apply(batch, ledger, vector_store)
                changed.add(batch.collection)
            # After all collections: a removal is marked by the chunk's id alone.
            await ledger.mark_removed([id_ for batch in batches for id_ in batch.removed_chunk_ids])
        if not batches:
            return changed
        added.add(sum(len(batch.chunks) for batch in batches))


async def _due(ledger: Ledger, version: str, first: Sequence[PendingIndex]) -> int:
    """How many chunks are due, of which these are listed first. All chunks are counted only where there are more."""
    listed = sum(len(batch.chunks) for batch in first)
    return listed if listed < _BATCH else sum(state.pending for state in await ledger.index_states(version))


async def _rebuild_differing(ledger: Ledger, vector_store: VectorStore, touched: set[str]) -> bool:
    """Empties the indexes that do not hold what the ledger believes; True when the outbox is to be applied again.

    An index can lag behind, and it can be ahead: the ledger was deleted or an older one put in its place. Points that
    the ledger does not know would fill every search's limit.
    """
    checked = _checked.get(vector_store, set())
    # What has vanished since, as from a server that came back empty, is built again.
    checked -= set(await vector_store.lost_collections(sorted(touched & checked)))
    if vector_store in _checked and touched <= checked:
        return False
    states = [
        state for state in await ledger.index_states(vector_store.index_version) if state.collection not in checked
    ]
    lost = set(await vector_store.lost_collections([state.collection for state in states]))
    if any(state.pending or state.pending_removals for state in states):
        return True  # written meanwhile: counts can be compared only when nothing is under way
    is_due = False
    for state in states:
        if state.collection in lost or await vector_store.count(state.collection) != state.indexed:
            await vector_store.clear(state.collection)
            await ledger.mark_all_pending(state.collection)
            is_due = True
        checked.add(state.collection)
    _checked[vector_store] = checked  # without collections that hold no chunk: they are compared once they do
    return is_due


async def _apply(batch: PendingIndex, ledger: Ledger, vector_store: VectorStore) -> None:
    chunks = [_indexed(each.document, each.chunk) for each in batch.chunks]
    await vector_store.upsert(batch.collection, chunks, removing=batch.removed_chunk_ids)
    if chunks:
        await ledger.mark_indexed(batch.chunks, vector_store.index_version)


def _indexed(document: Document, chunk: Chunk) -> IndexedChunk:
    return IndexedChunk(
        chunk_id=chunk.id,
        document_id=document.id,
        readers=document.readers,
        text=searched_text(document, chunk),
    )
