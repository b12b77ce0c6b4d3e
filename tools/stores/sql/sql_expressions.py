"""SQL that the databases must be told in different words to run it fast."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, func, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ScalarSelect
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

from tools.stores.sql.tables import documents, uri_start


def has_uri(uri: BindParameter[str]) -> ColumnElement[bool]:
    """True where the document has this uri, found by the index on how it begins."""
    return and_(uri_start == func.substr(uri, literal_column("1"), literal_column("500")), documents.c.uri == uri)


def has_one_of(uris: Sequence[str]) -> ColumnElement[bool]:
    """True where the document has one of these uris, found as `has_uri` finds one."""
    return and_(uri_start.in_([uri[:500] for uri in uris]), documents.c.uri.in_(uris))


class IsOneOf(FunctionElement[Any]):
    """True where a column is one of the few values that a subquery gives, which reads the row beside it."""

    # Not Boolean: what is one SQLite would be told to compare with 1, and then looks up nothing.
    type = NullType()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], few: ScalarSelect[Any]) -> None:
        super().__init__(column, few)


@compiles(IsOneOf)
def _in(element: IsOneOf, compiler: SQLCompiler, **more: Any) -> str:
    column, few = element.clauses
    return f"{compiler.process(column, **more)} IN {compiler.process(few, **more)}"


@compiles(IsOneOf, "postgresql")
def _any_of_array(element: IsOneOf, compiler: SQLCompiler, **more: Any) -> str:
    # PostgreSQL does not look up the values of an IN that reads another row: it would run the subquery for each pair.
    column, few = element.clauses
    return f"{compiler.process(column, **more)} = ANY (ARRAY{compiler.process(few, **more)})"
