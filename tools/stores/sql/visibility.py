"""The SQL access filter: what an identity may not read does not exist in any query of the ledger or the graph.

Statements are built once with these conditions and executed with `scope(...)`: without it the database refuses to
run them, so that a forgotten filter cannot pass as an open one.
"""

from typing import Any

from sqlalchemy import Boolean, ColumnClause, ColumnElement, Text, and_, bindparam, exists, literal_column, or_, select

from tools.access import Access
from tools.shapes import Filters
from tools.stores.sql.tables import document_readers, documents

_READERS = "access_readers"
_COLLECTIONS = "filter_collections"
_EVERY_COLLECTION = "filter_every_collection"


def scope(access: Access, filters: Filters = Filters()) -> dict[str, Any]:
    """The values of the parameters that the conditions below hold."""
    return {
        _READERS: access.readers,
        _COLLECTIONS: filters.collections,
        _EVERY_COLLECTION: not filters.collections,
    }


def for_reader(reader: ColumnElement[str]) -> ColumnElement[bool]:
    """True where a reader label is one of the identity's."""
    return reader.in_(bindparam(_READERS, expanding=True))


def readable(document_id: ColumnClause[str]) -> ColumnElement[bool]:
    """True where the identity may read the document of the row."""
    return exists(
        select(1).where(document_readers.c.document_id == _of_row(document_id), for_reader(document_readers.c.reader))
    )


def visible(document_id: ColumnClause[str]) -> ColumnElement[bool]:
    """True where the identity may read the document of the row and the filters ask for its collection."""
    wanted = documents.alias("wanted")
    chosen = exists(
        select(1).where(
            wanted.c.id == _of_row(document_id), wanted.c.collection.in_(bindparam(_COLLECTIONS, expanding=True))
        )
    )
    return and_(readable(document_id), or_(bindparam(_EVERY_COLLECTION, type_=Boolean), chosen))


def _of_row(column: ColumnClause[str]) -> ColumnElement[str]:
    """The column as the row has it that the statement around reads.

    By its bare name: given the column itself, SQLAlchemy asks "does any document…?" where that statement does not
    read the column's table, and every row would pass. So the database refuses it.
    """
    return literal_column(str(column), Text)
