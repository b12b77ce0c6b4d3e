"""What the ledger holds, whoever may read it: for ingestion, removing, the outbox and moving, never for a search, an
answer or a list.

No access filter stands here. Each function is a part of one transaction.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from tools.shapes import Chunk, Document
from tools.stores.protocols import StoredDocument
from tools.stores.sql.knowledge_rows import extractions_of
from tools.stores.sql.ledger_rows import chunk_from, document_from, folded
from tools.stores.sql.sql_expressions import has_one_of
from tools.stores.sql.tables import chunks, document_readers, documents, identity


def ledger_id(connection: Connection) -> str | None:
    """What tells this ledger from others; None when it was not made yet."""
    return connection.execute(select(identity.c.id)).scalar_one_or_none()


def documents_held(connection: Connection, collection: str | None, uris: Sequence[str]) -> list[Document]:
    """All documents of these files in a collection (None: in every one), by id."""
    # The collection is no part of the condition: SQLite would read all that it holds.
    of_files = documents_whoever_reads(connection, has_one_of(uris))
    return [of_files[id_] for id_ in sorted(of_files) if collection in (None, of_files[id_].collection)]


def documents_below(connection: Connection, collection: str, folder_uri: str) -> list[Document]:
    """All documents of a collection whose uri is below a folder's, by uri and id."""
    start = folder_uri.rstrip("/") + "/"
    # Not LIKE: SQLite's knows no difference between capitals and others.
    is_below = func.substr(documents.c.uri, 1, len(start)) == start
    found = documents_whoever_reads(connection, and_(documents.c.collection == collection, is_below))
    return sorted(found.values(), key=lambda document: (document.uri, document.id))


def documents_called(connection: Connection, reference: str) -> list[Document]:
    """Documents whose id, uri, file name or title is the reference, by collection, title and id."""
    if not reference.strip():
        return []
    name = folded(reference)
    is_called = or_(
        documents.c.id == reference,
        has_one_of([reference]),
        documents.c.folded_title == name,
        documents.c.folded_file_name == name,
    )
    found = documents_whoever_reads(connection, is_called)
    return sorted(found.values(), key=lambda document: (document.collection, document.title, document.id))


def document_ids(connection: Connection, after: str, limit: int) -> list[str]:
    """The first ids behind `after`, sorted."""
    statement = select(documents.c.id).where(documents.c.id > after).order_by(documents.c.id).limit(limit)
    return list(connection.execute(statement).scalars())


def stored(connection: Connection, ids: Sequence[str]) -> dict[str, StoredDocument]:
    """All of these documents, by id."""
    known = documents_whoever_reads(connection, documents.c.id.in_(ids))
    chunks_of: dict[str, list[Chunk]] = defaultdict(list)
    of_documents = select(chunks).where(chunks.c.document_id.in_(ids)).order_by(chunks.c.document_id, chunks.c.position)
    for row in connection.execute(of_documents).mappings():
        chunks_of[row["document_id"]].append(chunk_from(row))
    said = extractions_of(connection, list(known))
    return {id_: StoredDocument(known[id_], tuple(chunks_of[id_]), said[id_]) for id_ in sorted(known)}


def documents_whoever_reads(connection: Connection, condition: ColumnElement[bool]) -> dict[str, Document]:
    """The documents that meet a condition on `documents`, by id."""
    chosen = select(documents.c.id).where(condition)
    readers: dict[str, list[str]] = defaultdict(list)
    for id_, reader in connection.execute(select(document_readers).where(document_readers.c.document_id.in_(chosen))):
        readers[id_].append(reader)
    rows = connection.execute(select(documents).where(condition)).mappings()
    return {row["id"]: document_from(row, readers[row["id"]]) for row in rows}
