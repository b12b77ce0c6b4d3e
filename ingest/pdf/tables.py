"""A table on a page, before it is text, and what stands on a page besides."""

from dataclasses import dataclass

from ingest.pdf.lines import Line
from ingest.pdf.printed import Fragment
from tools.shapes import Box

Cell = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, all rows of one length; of a cell that spans others, the first holds its lines."""

    rows: tuple[tuple[Cell, ...], ...]
    box: Box


Item = Fragment | Table
Gap = tuple[float, float]
"""White between two x."""
