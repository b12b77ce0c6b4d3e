"""The ledger's outbox to a graph database: what that must still add or forget, each a function of one transaction.

It serves the replay alone and holds everything, whoever may read it: no access filter stands here.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, case, delete, func, select, update

from tools.stores.protocols import GraphState, PendingFacts, PendingGraph
from tools.stores.sql.knowledge_rows import extractions_of
from tools.stores.sql.ledger_held import documents_whoever_reads
from tools.stores.sql.ledger_outbox import is_of_another_version
from tools.stores.sql.sql_database import insert_new
from tools.stores.sql.tables import documents, graph_removals

BEING_WRITTEN = ""
"""A version that none has: the graph database may hold something of the document, and not what it says now."""

_HOLD = (
    update(documents)
    # Written again since it was listed: what the graph database was given is outdated.
    .where(documents.c.id == bindparam("document"), documents.c.revision == bindparam("listed_revision"))
    .values(graph_version=bindparam("held_version"))
)


def pending_graph(connection: Connection, graph_version: str, limit: int) -> PendingGraph:
    """At most `limit` documents with all that they say, and at most `limit` removals."""
    due = (
        select(documents.c.id, documents.c.revision)
        .where(is_of_another_version(documents.c.graph_version, graph_version))
        .limit(limit)
    )
    revisions = {row.id: row.revision for row in connection.execute(due)}
    ids = sorted(revisions)
    known = documents_whoever_reads(connection, documents.c.id.in_(ids))
    said = extractions_of(connection, ids)
    connection.execute(update(documents).where(documents.c.id.in_(ids)).values(graph_version=BEING_WRITTEN))
    removed = connection.execute(select(graph_removals.c.document_id).limit(limit)).scalars()
    return PendingGraph(tuple(PendingFacts(known[id_], said[id_], revisions[id_]) for id_ in ids), tuple(removed))


def graph_state(connection: Connection, graph_version: str) -> GraphState:
    """Counts of documents."""
    # A sum would be a Decimal in PostgreSQL.
    written = func.count(case((documents.c.graph_version == graph_version, 1)))
    total, done = connection.execute(select(func.count(), written).select_from(documents)).one()
    due = connection.execute(select(func.count()).select_from(graph_removals)).scalar_one()
    return GraphState(done, total - done, due)


def mark_in_graph(connection: Connection, written: Sequence[PendingFacts], graph_version: str) -> None:
    """Takes documents out of the outbox that are as they were listed."""
    if written:
        values = [
            {"document": each.document.id, "listed_revision": each.revision, "held_version": graph_version}
            for each in written
        ]
        connection.execute(_HOLD, values)


def mark_out_of_graph(connection: Connection, document_ids: Sequence[str]) -> None:
    """Takes removals out of the outbox."""
    if document_ids:
        statement = delete(graph_removals).where(graph_removals.c.document_id == bindparam("document"))
        connection.execute(statement, [{"document": document_id} for document_id in document_ids])


def mark_graph_pending(connection: Connection) -> None:
    """Puts all documents into the outbox, as such of which the graph database may still hold something."""
    connection.execute(update(documents).values(graph_version=BEING_WRITTEN))


def note_removal(connection: Connection, document_id: str) -> None:
    """Before a document is deleted: a graph database that may hold something of it must forget that."""
    may_be_held = select(documents.c.id).where(documents.c.id == document_id, documents.c.graph_version.is_not(None))
    if connection.execute(may_be_held).first():
        connection.execute(insert_new(connection, graph_removals), {"document_id": document_id})


def take_back_removal(connection: Connection, document_id: str) -> bool:
    """A document that was removed is written again: writing it there replaces what is left of it.

    True where its removal was due: the graph database may still hold something of it.
    """
    due = delete(graph_removals).where(graph_removals.c.document_id == document_id)
    return connection.execute(due).rowcount > 0
