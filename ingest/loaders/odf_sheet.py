"""The cells of an OpenDocument sheet. Repeated empty rows and cells, of which a sheet claims millions, take no room."""

import functools
from typing import Any

from ingest.loaders.elements import attribute, children, local, text_of, whole
from ingest.loaders.sheet import check_cells
from ingest.loaders.table import Span
from ingest.reading import Limits
from tools.text.clean import one_line

_MAX_REPEATED = 1_000


class SheetRows:
    """`rows`: by number, each by column, counted from 0, what is shown. `merged`: the cells that span several."""

    def __init__(self, table: Any, name: str, limits: Limits) -> None:
        """Raises FileError for more cells than fit in memory. `name`: of the file."""
        self._check = functools.partial(check_cells, name=name, limits=limits)
        self.count = 0
        self.rows: dict[int, dict[int, str]] = {}
        self.merged: list[Span] = []
        self._next = 0
        self._read(table)

    def _read(self, container: Any) -> None:
        for element in container:
            if local(element) == "table-row":
                self._read_row(element)
            elif local(element) in ("table-rows", "table-header-rows", "table-row-group"):
                self._read(element)

    def _read_row(self, row: Any) -> None:
        cells: dict[int, str] = {}
        column = 0
        for cell in row:
            repeated = _count(cell, "number-columns-repeated")
            text = "\n".join(one_line(text_of(paragraph)) for paragraph in children(cell, "p"))
            if text and local(cell) == "table-cell":
                cells |= dict.fromkeys(range(column, column + min(repeated, _MAX_REPEATED)), text)
                rows, columns = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
                if rows > 1 or columns > 1:
                    self.merged.append(Span(self._next, column, rows, columns))
            column += repeated
        repeated = _count(row, "number-rows-repeated")
        if cells:
            self.count += len(cells) * min(repeated, _MAX_REPEATED)
            self._check(self.count)
            self.rows |= {self._next + offset: cells for offset in range(min(repeated, _MAX_REPEATED))}
        self._next += repeated


def _count(element: Any, name: str) -> int:
    return max(whole(attribute(element, name), 1), 1)
