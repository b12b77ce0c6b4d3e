"""A table on a page, before it is text."""

from dataclasses import dataclass

from ingest.pdf.lines import Line
from tools.shapes import Box

Cell = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, all rows of one length; of a cell that spans others, the first holds its lines."""

    rows: tuple[tuple[Cell, ...], ...]
    box: Box
