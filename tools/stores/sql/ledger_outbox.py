"""The ledger's outbox to the vector store: what that must still add or forget, each a function of one transaction.

It serves the replay alone and holds everything, whoever may read it: no access filter stands here.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Column, ColumnElement, Connection, bindparam, case, delete, exists, func, or_, select, update

from tools.stores.protocols import IndexState, PendingChunk, PendingIndex
from tools.stores.sql.ledger_held import documents_whoever_reads
from tools.stores.sql.ledger_rows import chunk_from
from tools.stores.sql.tables import chunks, documents, removals

# Where its document was written again since the chunk was listed, what was indexed is outdated.
_AS_LISTED = exists(
    select(1).where(documents.c.id == chunks.c.document_id, documents.c.revision == bindparam("listed_revision"))
)
_HOLD = (
    update(chunks).where(chunks.c.id == bindparam("chunk"), _AS_LISTED).values(index_version=bindparam("held_version"))
)


def is_of_another_version(column: Column[str], version: str) -> ColumnElement[bool]:
    """True where nothing or another version stands."""
    # Not `<>`: these three read the index on the column, that one the whole table.
    return or_(column.is_(None), column < version, column > version)


def pending(connection: Connection, index_version: str, limit: int) -> list[PendingIndex]:
    """At most `limit` chunks and the removals of at most `limit` chunk ids, by collection."""
    additions = _additions(connection, index_version, limit)
    removed = _removals(connection, limit)
    return [
        PendingIndex(collection, tuple(additions[collection]), tuple(removed[collection]))
        for collection in sorted(additions.keys() | removed.keys())
    ]


def index_states(connection: Connection, index_version: str) -> list[IndexState]:
    """For every collection with chunks how many are indexed, how many are not, and how many removals are due."""
    by_collection = select(removals.c.collection, func.count().label("due")).group_by(removals.c.collection)
    removed: dict[str, int] = {row.collection: row.due for row in connection.execute(by_collection)}
    indexed = func.count(case((chunks.c.index_version == index_version, 1)))
    rows = connection.execute(
        select(documents.c.collection, indexed, func.count())
        .join(documents, documents.c.id == chunks.c.document_id)
        .group_by(documents.c.collection)
        .order_by(documents.c.collection)
    )
    return [IndexState(collection, done, total - done, removed.get(collection, 0)) for collection, done, total in rows]


def mark_indexed(connection: Connection, indexed: Sequence[PendingChunk], index_version: str) -> None:
    """Takes chunks out of the outbox whose documents are as they were listed."""
    if indexed:
        values = [
            {"chunk": each.chunk.id, "listed_revision": each.revision, "held_version": index_version}
            for each in indexed
        ]
        connection.execute(_HOLD, values)


def mark_removed(connection: Connection, chunk_ids: Sequence[str]) -> None:
    """Takes removals out of the outbox."""
    if chunk_ids:
        statement = delete(removals).where(removals.c.chunk_id == bindparam("chunk"))
        connection.execute(statement, [{"chunk": chunk_id} for chunk_id in chunk_ids])


def mark_all_pending(connection: Connection, collection: str) -> None:
    """Puts a collection into the outbox."""
    of_collection = select(documents.c.id).where(documents.c.collection == collection)
    connection.execute(update(chunks).where(chunks.c.document_id.in_(of_collection)).values(index_version=None))


def _additions(connection: Connection, index_version: str, limit: int) -> defaultdict[str, list[PendingChunk]]:
    due = (
        select(chunks, documents.c.revision)
        .join(documents, documents.c.id == chunks.c.document_id)
        .where(is_of_another_version(chunks.c.index_version, index_version))
        .limit(limit)
    )
    rows = connection.execute(due).mappings().all()
    known = documents_whoever_reads(connection, documents.c.id.in_(sorted({row["document_id"] for row in rows})))
    additions: defaultdict[str, list[PendingChunk]] = defaultdict(list)
    for row in rows:
        document = known[row["document_id"]]
        additions[document.collection].append(PendingChunk(document, chunk_from(row), row["revision"]))
    return additions


def _removals(connection: Connection, limit: int) -> defaultdict[str, list[str]]:
    # All collections of a chunk id in one answer, since mark_removed names the id alone.
    some = select(removals.c.chunk_id).distinct().order_by(removals.c.chunk_id).limit(limit)
    removed: defaultdict[str, list[str]] = defaultdict(list)
    for chunk_id, collection in connection.execute(select(removals).where(removals.c.chunk_id.in_(some))):
        removed[collection].append(chunk_id)
    return removed
