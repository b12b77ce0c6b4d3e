"""The ledger's outbox: what the vector store must still add or forget, each a function of one transaction.

It serves the replay alone and holds everything, whoever may read it: no access filter stands here.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, bindparam, case, delete, func, or_, select, update

from tools.shapes import Chunk, Document
from tools.stores.ledger_held import documents_whoever_reads
from tools.stores.ledger_rows import chunk_from
from tools.stores.protocols import IndexState, PendingIndex
from tools.stores.tables import chunks, documents, removals


def _not_indexed(index_version: str) -> ColumnElement[bool]:
    # Not `<>`: these three read the index on the column, that one the whole table.
    column = chunks.c.index_version
    return or_(column.is_(None), column < index_version, column > index_version)


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
    indexed = func.sum(case((chunks.c.index_version == index_version, 1), else_=0))
    rows = connection.execute(
        select(documents.c.collection, indexed, func.count())
        .join(documents, documents.c.id == chunks.c.document_id)
        .group_by(documents.c.collection)
        .order_by(documents.c.collection)
    )
    return [IndexState(collection, done, total - done, removed.get(collection, 0)) for collection, done, total in rows]


def mark_indexed(connection: Connection, chunk_ids: Sequence[str], index_version: str) -> None:
    if chunk_ids:
        statement = update(chunks).where(chunks.c.id == bindparam("chunk")).values(index_version=index_version)
        connection.execute(statement, [{"chunk": chunk_id} for chunk_id in chunk_ids])


def mark_removed(connection: Connection, chunk_ids: Sequence[str]) -> None:
    if chunk_ids:
        statement = delete(removals).where(removals.c.chunk_id == bindparam("chunk"))
        connection.execute(statement, [{"chunk": chunk_id} for chunk_id in chunk_ids])


def mark_all_pending(connection: Connection, collection: str) -> None:
    of_collection = select(documents.c.id).where(documents.c.collection == collection)
    connection.execute(update(chunks).where(chunks.c.document_id.in_(of_collection)).values(index_version=None))


def _additions(
    connection: Connection, index_version: str, limit: int
) -> defaultdict[str, list[tuple[Document, Chunk]]]:
    rows = connection.execute(select(chunks).where(_not_indexed(index_version)).limit(limit)).mappings().all()
    known = documents_whoever_reads(connection, documents.c.id.in_(sorted({row["document_id"] for row in rows})))
    additions: defaultdict[str, list[tuple[Document, Chunk]]] = defaultdict(list)
    for row in rows:
        document = known[row["document_id"]]
        additions[document.collection].append((document, chunk_from(row)))
    return additions


def _removals(connection: Connection, limit: int) -> defaultdict[str, list[str]]:
    # All collections of a chunk id in one answer, since mark_removed names the id alone.
    some = select(removals.c.chunk_id).distinct().order_by(removals.c.chunk_id).limit(limit)
    removed: defaultdict[str, list[str]] = defaultdict(list)
    for chunk_id, collection in connection.execute(select(removals).where(removals.c.chunk_id.in_(some))):
        removed[collection].append(chunk_id)
    return removed
