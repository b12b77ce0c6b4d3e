"""The ledger's changes, each a function of one write transaction."""

import secrets
import time
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, case, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from tools.access import Access, parse_readers
from tools.errors import InputError
from tools.shapes import Chunk, Document, Extraction, WebPage
from tools.stores.protocols import SavedPages, StoredDocument
from tools.stores.sql.graph_outbox import BEING_WRITTEN, note_removal, take_back_removal
from tools.stores.sql.knowledge_rows import delete_extraction, write_extraction
from tools.stores.sql.ledger_held import ledger_id, stored
from tools.stores.sql.ledger_rows import chunk_row, document_row, web_page_row, web_passage_from
from tools.stores.sql.row_changes import RowChanges, row_changes, rows_of
from tools.stores.sql.sql_database import insert_new
from tools.stores.sql.tables import (
    chunks,
    document_readers,
    documents,
    findings,
    identity,
    removals,
    web_pages,
)

# A document that was removed and is added again must not come to a revision that was listed of it before: its readers
# may be others. So each begins by chance. Half of the numbers, that there is room for raising it.
_FIRST_REVISIONS = 2**30


def make_ledger_id(connection: Connection) -> str:
    """What tells this ledger from others, made unless another process has just done it."""
    found = ledger_id(connection)
    if found is None:
        found = str(uuid.uuid4())
        connection.execute(insert(identity), {"id": found})
    return found


def replace_document(
    connection: Connection,
    document: Document,
    new_chunks: Sequence[Chunk],
    extraction: Extraction,
) -> None:
    """Writes of a document what it did not hold before."""
    title = _held_title(connection, document)
    held = rows_of(connection, chunks, document.id) if title is not None else ()
    is_alike = title == document.title and _has_same_readers(connection, document)
    indexed = _still_indexed(held, new_chunks) if is_alike else {}
    rows = [chunk_row(document.id, chunk, indexed.get(chunk.id)) for chunk in new_chunks]
    _write_document(connection, document, is_new=title is None)
    try:
        _write_chunks(connection, document.collection, row_changes(chunks, held, rows))
        write_extraction(connection, document.id, extraction)
    except IntegrityError as error:
        raise InputError(
            f"'{document.title}' was not stored.",
            why="A chunk or fact of it has an id that is used already.",
            next_step="Remove the other document with this text first, or give this one a key of its own.",
        ) from error


def remove_document(connection: Connection, document_id: str, if_stored: StoredDocument | None) -> bool:
    """Deletes all of a document, with `if_stored` only where it is that; returns whether it did."""
    collection = _collection(connection, document_id)
    if collection is None:
        return False
    if if_stored is not None and stored(connection, [document_id])[document_id] != if_stored:
        return False
    ids = connection.execute(select(chunks.c.id).where(chunks.c.document_id == document_id)).scalars()
    _add_removals(connection, collection, list(ids))
    note_removal(connection, document_id)
    delete_extraction(connection, document_id)
    connection.execute(delete(findings).where(findings.c.document_id == document_id))
    connection.execute(delete(documents).where(documents.c.id == document_id))  # the rest by its foreign keys
    return True


def save_web_pages(
    connection: Connection, pages: Sequence[WebPage], access: Access, lifetime_seconds: float
) -> SavedPages:
    """Stores pages for one user; those that are there live on from now. Deletes what has expired."""
    now = time.time()
    rows = {}
    for page in pages:
        row = web_page_row(page, access.user, now + lifetime_seconds)
        rows[row["id"]] = row
    connection.execute(delete(web_pages).where(web_pages.c.expires_at <= now))
    if rows:
        connection.execute(delete(web_pages).where(web_pages.c.id == bindparam("old")), [{"old": id_} for id_ in rows])
        connection.execute(insert(web_pages), list(rows.values()))
    return SavedPages(tuple(web_passage_from(row) for row in rows.values()))


def _collection(connection: Connection, document_id: str) -> str | None:
    return connection.execute(select(documents.c.collection).where(documents.c.id == document_id)).scalar_one_or_none()


def _held_title(connection: Connection, document: Document) -> str | None:
    """The title that the document has, None for a new one. Raises InputError where it is another file's.

    Of that one nothing is said: it may be another user's.
    """
    place = select(documents.c.collection, documents.c.uri, documents.c.title).where(documents.c.id == document.id)
    held = connection.execute(place).one_or_none()
    if held is not None and (held.collection, held.uri) != (document.collection, document.uri):
        raise InputError(
            f"'{document.title}' was not stored.",
            why=f"Another file or collection holds a document with its id {document.id}.",
            next_step="Give it another id. Those that you may read: signpost status --documents",
        )
    return None if held is None else str(held.title)


def _has_same_readers(connection: Connection, document: Document) -> bool:
    of_document = document_readers.c.document_id == document.id
    readers = connection.execute(select(document_readers.c.reader).where(of_document)).scalars()
    return set(readers) == set(document.readers)


def _still_indexed(held: Iterable[Row[Any]], new_chunks: Iterable[Chunk]) -> dict[str, str]:
    """Index versions of the chunks that the vector store would index as it did: title and readers are the same."""
    known = {row.id: row for row in held if row.index_version is not None}
    return {
        chunk.id: known[chunk.id].index_version
        for chunk in new_chunks
        if chunk.id in known and (known[chunk.id].text, known[chunk.id].section) == (chunk.text, chunk.section)
    }


def _write_chunks(connection: Connection, collection: str, changes: RowChanges) -> None:
    """Those that do not come back enter the outbox of removals, and those that do leave it."""
    new = [row["id"] for row in changes.new]
    _add_removals(connection, collection, sorted({row.id for row in changes.gone}.difference(new)))
    if new:
        is_back = and_(removals.c.chunk_id == bindparam("back"), removals.c.collection == collection)
        connection.execute(delete(removals).where(is_back), [{"back": chunk_id} for chunk_id in new])
    changes.write(connection)


def _add_removals(connection: Connection, collection: str, chunk_ids: Sequence[str]) -> None:
    if chunk_ids:
        values = [{"chunk_id": chunk_id, "collection": collection} for chunk_id in chunk_ids]
        connection.execute(insert_new(connection, removals), values)


def _write_document(connection: Connection, document: Document, *, is_new: bool) -> None:
    row = document_row(document)
    if is_new:
        held = BEING_WRITTEN if take_back_removal(connection, document.id) else None
        first = 1 + secrets.randbelow(_FIRST_REVISIONS)
        connection.execute(insert(documents), {**row, "revision": first, "graph_version": held})
    else:
        outdated = case((documents.c.graph_version.is_not(None), BEING_WRITTEN))
        raised = {"revision": documents.c.revision + 1, "graph_version": outdated}
        connection.execute(update(documents).where(documents.c.id == document.id).values(**row, **raised))
        connection.execute(delete(document_readers).where(document_readers.c.document_id == document.id))
    connection.execute(
        insert(document_readers),
        [{"document_id": document.id, "reader": reader} for reader in parse_readers(document.readers)],
    )
