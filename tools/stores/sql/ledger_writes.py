"""The ledger's changes, each a function of one write transaction."""

import secrets
import time
import uuid
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, case, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from tools.access import Access, parse_readers
from tools.errors import InputError
from tools.shapes import Chunk, Document, Extraction, WebPage
from tools.stores.protocols import SavedPages, StoredDocument
from tools.stores.sql.graph_outbox import BEING_WRITTEN, note_removal, take_back_removal
from tools.stores.sql.knowledge_rows import delete_extraction, write_extraction
from tools.stores.sql.ledger_held import ledger_id, stored
from tools.stores.sql.ledger_rows import chunk_row, document_row, web_page_row, web_passage_from
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
    """Writes all of a document."""
    _refuse_taken_id(connection, document)
    indexed = _still_indexed(connection, document, new_chunks)
    _forget_chunks(connection, document, new_chunks)
    _write_document(connection, document)
    rows = [chunk_row(document.id, chunk, indexed.get(chunk.id)) for chunk in new_chunks]
    try:
        if rows:
            connection.execute(insert(chunks), rows)
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


def _refuse_taken_id(connection: Connection, document: Document) -> None:
    """A document is replaced by its own file alone. Of the other one nothing is said: it may be another user's."""
    place = select(documents.c.collection, documents.c.uri).where(documents.c.id == document.id)
    held = connection.execute(place).one_or_none()
    if held is not None and tuple(held) != (document.collection, document.uri):
        raise InputError(
            f"'{document.title}' was not stored.",
            why=f"Another file or collection holds a document with its id {document.id}.",
            next_step="Give it another id. Those that you may read: signpost status --documents",
        )


def _still_indexed(connection: Connection, document: Document, new_chunks: Sequence[Chunk]) -> dict[str, str]:
    """Index versions of the chunks that the vector store would index exactly as it did."""
    before = connection.execute(select(documents.c.title).where(documents.c.id == document.id)).scalar_one_or_none()
    readers = connection.execute(
        select(document_readers.c.reader).where(document_readers.c.document_id == document.id)
    ).scalars()
    if before != document.title or set(readers) != set(document.readers):
        return {}
    rows = connection.execute(
        select(chunks.c.id, chunks.c.text, chunks.c.section, chunks.c.index_version).where(
            chunks.c.document_id == document.id, chunks.c.index_version.is_not(None)
        )
    )
    known = {row.id: row for row in rows}
    return {
        chunk.id: known[chunk.id].index_version
        for chunk in new_chunks
        if chunk.id in known and (known[chunk.id].text, known[chunk.id].section) == (chunk.text, chunk.section)
    }


def _forget_chunks(connection: Connection, document: Document, new_chunks: Sequence[Chunk]) -> None:
    """Deletes the chunks that the document had; those that do not come back enter the outbox of removals."""
    of_document = chunks.c.document_id == document.id
    before = set(connection.execute(select(chunks.c.id).where(of_document)).scalars())
    now = {chunk.id for chunk in new_chunks}
    connection.execute(delete(chunks).where(of_document))
    _add_removals(connection, document.collection, sorted(before - now))
    if now:
        connection.execute(
            delete(removals).where(
                removals.c.chunk_id == bindparam("back"), removals.c.collection == document.collection
            ),
            [{"back": chunk_id} for chunk_id in now],
        )


def _add_removals(connection: Connection, collection: str, chunk_ids: Sequence[str]) -> None:
    if chunk_ids:
        values = [{"chunk_id": chunk_id, "collection": collection} for chunk_id in chunk_ids]
        connection.execute(insert_new(connection, removals), values)


def _write_document(connection: Connection, document: Document) -> None:
    row = document_row(document)
    if _collection(connection, document.id) is None:
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
