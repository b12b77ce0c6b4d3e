"""Brings a graph database up to what the ledger says: the replay of the ledger's outbox.

It may end at any point, by Ctrl-C or kill -9, and be run again: a document leaves the outbox only after the graph
database holds it, and writing it twice changes nothing.
"""

import weakref

from tools.stores.progress import Counting, Progress
from tools.stores.protocols import GraphDatabase, Ledger

_BATCH = 100

# Graph databases of this process that hold what the ledger believes: compared once, when they are first used.
_checked: "weakref.WeakSet[GraphDatabase]" = weakref.WeakSet()


async def replay_graph(ledger: Ledger, graph: GraphDatabase, progress: Progress | None = None) -> int:
    """Adds and removes what the outbox lists, until it is empty; returns the number of documents written.

    The first replay of a graph database also compares it with the ledger: one that is lost, wholly or in part, or holds
    what the ledger does not know is written again. `progress` is called with the documents done and the documents
    known to be due, first with none done. Raises StoreError and its kin.
    """
    written = Counting(progress)
    while True:
        await _drain(ledger, graph, written)
        if graph in _checked or not await _emptied_if_differing(ledger, graph):
            return written.done


async def empty_graph(ledger: Ledger, graph: GraphDatabase) -> None:
    """Empties a graph database; the next replay writes it again from the ledger. Raises StoreError."""
    async with ledger.replaying("graph"):
        await _empty(ledger, graph)


async def _drain(ledger: Ledger, graph: GraphDatabase, written: Counting) -> None:
    """Applies the outbox until it is empty. `written`: counts documents."""
    if written.is_heard:
        written.expect((await ledger.graph_state(graph.graph_version)).pending)
    while True:
        async with ledger.replaying("graph"):
            batch = await ledger.pending_graph(graph.graph_version, _BATCH)
            if not batch.documents and not batch.removed_document_ids:
                return
            # Removed first: an id may be on both lists.
            if batch.removed_document_ids:
                await graph.remove(batch.removed_document_ids)
                await ledger.mark_out_of_graph(batch.removed_document_ids)
            if batch.documents:
                await graph.write(batch.documents)
                await ledger.mark_in_graph(batch.documents, graph.graph_version)
        written.add(len(batch.documents))


async def _emptied_if_differing(ledger: Ledger, graph: GraphDatabase) -> bool:
    """Empties a graph database that does not hold what the ledger believes; True when the outbox is to be applied."""
    async with ledger.replaying("graph"):
        held = await graph.document_count()
        state = await ledger.graph_state(graph.graph_version)
        if state.pending or state.pending_removals:
            return True  # written meanwhile: counts can be compared only when nothing is under way
        if held == state.written:
            _checked.add(graph)
            return False
        await _empty(ledger, graph)
        return True


async def _empty(ledger: Ledger, graph: GraphDatabase) -> None:
    # Due before it is gone: stopped in between, it is written again all the same.
    await ledger.mark_graph_pending()
    await graph.clear()
