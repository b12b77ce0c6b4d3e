"""What the ledger holds, whoever may read it: for ingestion and the outbox, never for a search, an answer or a list.

No access filter stands here. Each function is a part of one transaction.
"""

from collections import defaultdict

from sqlalchemy import ColumnElement, Connection, select

from tools.shapes import Document
from tools.stores.ledger_rows import document_from
from tools.stores.tables import document_readers, documents


def documents_held(connection: Connection, collection: str | None, uri: str) -> list[Document]:
    """All documents of one file in a collection (None: in every one), by id."""
    is_wanted = documents.c.uri == uri
    if collection is not None:
        is_wanted &= documents.c.collection == collection
    of_file = documents_whoever_reads(connection, is_wanted)
    return [of_file[id_] for id_ in sorted(of_file)]


def documents_whoever_reads(connection: Connection, condition: ColumnElement[bool]) -> dict[str, Document]:
    """The documents that meet a condition on `documents`, by id."""
    chosen = select(documents.c.id).where(condition)
    readers: dict[str, list[str]] = defaultdict(list)
    for id_, reader in connection.execute(select(document_readers).where(document_readers.c.document_id.in_(chosen))):
        readers[id_].append(reader)
    rows = connection.execute(select(documents).where(condition)).mappings()
    return {row["id"]: document_from(row, readers[row["id"]]) for row in rows}
