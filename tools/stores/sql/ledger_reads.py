"""The ledger's reads, each a function of one read transaction. Every statement holds the access filter."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    and_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
)

from tools.access import Access
from tools.shapes import Chunk, Counts, Document, Fact, Filters, Passage, Section
from tools.stores.sql.knowledge_rows import BATCH, fact_from
from tools.stores.sql.ledger_rows import chunk_from, document_from, folded, passage_from, web_passage_from
from tools.stores.sql.sql_expressions import has_uri
from tools.stores.sql.tables import chunks, document_readers, documents, entities, facts, mentions, web_pages
from tools.stores.sql.visibility import for_reader, readable, scope, visible
from tools.text.joined_section import joined_section

Shape = TypeVar("Shape")
# Chunks on either side: a section is bounded by its tokens, but what an older version has split is all one section.
SECTION_REACH = 24
_IDS: BindParameter[str] = bindparam("ids", expanding=True)

_PASSAGES = (
    select(chunks, documents.c.title, documents.c.uri, documents.c.metadata.label("document_metadata"))
    .join(documents, documents.c.id == chunks.c.document_id)
    .where(chunks.c.id.in_(_IDS), readable(chunks.c.document_id))
)
_WEB_PASSAGES = select(web_pages).where(
    web_pages.c.id.in_(_IDS), for_reader(web_pages.c.reader), web_pages.c.expires_at > bindparam("now")
)
_found = chunks.alias("found")
_SECTIONS = (
    select(_found.c.id.label("found_id"), chunks)
    .join(
        _found,
        and_(
            chunks.c.document_id == _found.c.document_id,
            chunks.c.parent == _found.c.parent,
            chunks.c.position.between(_found.c.position - SECTION_REACH, _found.c.position + SECTION_REACH),
        ),
    )
    .where(_found.c.id.in_(_IDS), readable(chunks.c.document_id))
    .order_by(_found.c.id, chunks.c.position)
)
_FACTS = select(facts).where(facts.c.id.in_(_IDS), readable(facts.c.document_id))


def _readable_collections() -> Select[Any]:
    # From one name to the next in the index, and then the first document that may be read: every question asks this,
    # and its cost must not grow with the documents.
    named = select(func.min(documents.c.collection).label("name")).cte("named", recursive=True)
    following = select(func.min(documents.c.collection)).where(documents.c.collection > named.c.name)
    named = named.union_all(select(following.scalar_subquery()).where(named.c.name.is_not(None)))
    is_readable = exists(select(1).where(documents.c.collection == named.c.name, readable(documents.c.id)))
    return select(named.c.name).where(named.c.name.is_not(None), is_readable).order_by(named.c.name)


_COLLECTIONS = _readable_collections()
_FOUND = or_(
    documents.c.id == bindparam("reference"),
    has_uri(bindparam("reference")),
    documents.c.folded_title == bindparam("folded"),
    documents.c.folded_file_name == bindparam("folded"),
)


def _rows_of_documents(table: Table) -> Select[Any]:
    # Counted a document at a time: the access filter is asked once a document, not once a row of it.
    of_document = select(func.count()).where(table.c.document_id == documents.c.id).correlate(documents)
    # In PostgreSQL the sum of whole numbers is a Decimal.
    total = cast(func.coalesce(func.sum(of_document.scalar_subquery()), 0), BigInteger)
    return select(total).select_from(documents).where(visible(documents.c.id))


_NAMED = exists(select(1).where(mentions.c.folded_name == entities.c.folded_name, visible(mentions.c.document_id)))
_COUNTS = (
    select(func.count()).select_from(documents).where(visible(documents.c.id)),
    _rows_of_documents(chunks),
    select(func.count()).select_from(entities).where(_NAMED.correlate(entities)),
    _rows_of_documents(facts),
)


def _documents_where(condition: ColumnElement[bool]) -> tuple[Select[Any], Select[Any]]:
    """The statement for documents, and the one for their readers."""
    chosen = select(documents).where(visible(documents.c.id), condition)
    readers = select(document_readers).where(
        document_readers.c.document_id.in_(chosen.with_only_columns(documents.c.id))
    )
    return chosen.order_by(documents.c.collection, documents.c.title, documents.c.id), readers


_EVERY_DOCUMENT = _documents_where(documents.c.id == documents.c.id)
_DOCUMENT_BY_ID = _documents_where(documents.c.id == bindparam("reference"))
_DOCUMENTS_FOUND = _documents_where(_FOUND)


def passages(connection: Connection, ids: Iterable[str], access: Access) -> dict[str, Passage]:
    """Chunks and unexpired web pages by id, in the order asked for."""
    wanted = list(dict.fromkeys(ids))
    found = _by_id(connection, _PASSAGES, wanted, scope(access), passage_from)
    missing = [id_ for id_ in wanted if id_ not in found]
    if missing:
        parameters = {**scope(access), "now": time.time()}
        found |= _by_id(connection, _WEB_PASSAGES, missing, parameters, web_passage_from)
    return {id_: found[id_] for id_ in wanted if id_ in found}


def sections(connection: Connection, ids: Iterable[str], access: Access) -> dict[str, Section]:
    """The sections of chunks by their ids, in the order asked for."""
    wanted = list(dict.fromkeys(ids))
    together: dict[str, list[Chunk]] = defaultdict(list)
    for start in range(0, len(wanted), BATCH):
        rows = connection.execute(_SECTIONS, {**scope(access), "ids": wanted[start : start + BATCH]}).mappings()
        for row in rows:
            together[row["found_id"]].append(chunk_from(row))
    return {id_: joined_section(together[id_]) for id_ in wanted if id_ in together}


def facts_by_id(connection: Connection, ids: Iterable[str], access: Access) -> dict[str, Fact]:
    """Facts by id, in the order asked for."""
    wanted = list(dict.fromkeys(ids))
    found = _by_id(connection, _FACTS, wanted, scope(access), fact_from)
    return {id_: found[id_] for id_ in wanted if id_ in found}


def every_document(connection: Connection, access: Access, filters: Filters) -> list[Document]:
    """All readable documents, by collection and title."""
    return _documents(connection, _EVERY_DOCUMENT, scope(access, filters))


def document_by_id(connection: Connection, document_id: str, access: Access) -> Document | None:
    """One readable document, or None."""
    found = _documents(connection, _DOCUMENT_BY_ID, {**scope(access), "reference": document_id})
    return found[0] if found else None


def find_documents(connection: Connection, reference: str, access: Access) -> list[Document]:
    """Readable documents whose id, uri, file name or title is the reference."""
    if not reference.strip():
        return []
    parameters = {**scope(access), "reference": reference, "folded": folded(reference)}
    return _documents(connection, _DOCUMENTS_FOUND, parameters)


def collections(connection: Connection, access: Access) -> list[str]:
    """Names of the collections that hold a readable document, sorted."""
    return list(connection.execute(_COLLECTIONS, scope(access)).scalars())


def counts(connection: Connection, access: Access, filters: Filters) -> Counts:
    """How much is readable."""
    parameters = scope(access, filters)
    return Counts(*(connection.execute(statement, parameters).scalar_one() for statement in _COUNTS))


def _by_id(
    connection: Connection,
    statement: Select[Any],
    ids: Sequence[str],
    parameters: dict[str, Any],
    shape: Callable[[RowMapping], Shape],
) -> dict[str, Shape]:
    found: dict[str, Shape] = {}
    for start in range(0, len(ids), BATCH):
        rows = connection.execute(statement, {**parameters, "ids": ids[start : start + BATCH]}).mappings()
        found.update((row["id"], shape(row)) for row in rows)
    return found


def _documents(
    connection: Connection, statements: tuple[Select[Any], Select[Any]], parameters: dict[str, Any]
) -> list[Document]:
    chosen, of_readers = statements
    readers: dict[str, list[str]] = defaultdict(list)
    for document_id, reader in connection.execute(of_readers, parameters):
        readers[document_id].append(reader)
    rows = connection.execute(chosen, parameters).mappings()
    return [document_from(row, readers[row["id"]]) for row in rows]
