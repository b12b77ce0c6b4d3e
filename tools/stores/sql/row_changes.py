"""From the rows that a document has in a table to those that it is to have: what stays is not written again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, bindparam, delete, insert, select


@dataclass(frozen=True, slots=True)
class RowChanges:
    """`gone`: rows that stand there and must not, or not as they are. `new`: rows to be written, by column."""

    table: Table
    gone: Sequence[Row[Any]]
    new: Sequence[dict[str, Any]]

    def write(self, connection: Connection) -> None:
        """Deletes and inserts. Raises IntegrityError where another document has a new row's key."""
        if self.gone:
            keys = self.table.primary_key.columns.keys()
            is_it = and_(*(self.table.c[key] == bindparam(f"gone_{key}") for key in keys))
            values = [{f"gone_{key}": getattr(row, key) for key in keys} for row in self.gone]
            connection.execute(delete(self.table).where(is_it), values)
        if self.new:
            connection.execute(insert(self.table), self.new)


def rows_of(connection: Connection, table: Table, document_id: str) -> Sequence[Row[Any]]:
    """The document's rows, with all columns."""
    return connection.execute(select(table).where(table.c.document_id == document_id)).all()


def row_changes(table: Table, held: Iterable[Row[Any]], rows: Iterable[dict[str, Any]]) -> RowChanges:
    """What makes the `held` rows of a table these `rows`, each with all columns."""
    columns, keys = table.columns.keys(), table.primary_key.columns.keys()
    left = {tuple(getattr(row, key) for key in keys): row for row in held}
    new = []
    for row in rows:
        key = tuple(row[key] for key in keys)
        if key in left and tuple(left[key]) == tuple(row[column] for column in columns):
            del left[key]
        else:
            new.append(row)
    return RowChanges(table, tuple(left.values()), tuple(new))
