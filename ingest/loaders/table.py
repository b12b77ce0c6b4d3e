"""Rows of cells as a Markdown table, cells that span several included."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

_WHITE_SPACE = re.compile(r"\s+")
_MAX_SPAN = 1000
_MAX_HEADER_ROWS = 4
MAX_GRID = 5_000_000
"""How many cells a table may have, empty ones included: files can claim any number of them with a few bytes."""


class Cell(NamedTuple):
    """A cell of a row, over so many rows and columns."""

    text: str
    rows: int = 1
    columns: int = 1


class Span(NamedTuple):
    """A cell that covers others: the row and column of its first, counted from 0, and how many it covers."""

    row: int
    column: int
    rows: int
    columns: int


def markdown_table(rows: Iterable[Sequence[str]]) -> str:
    """A table with the first row as its header. Short rows are filled up, empty columns and rows left out."""
    cells = [[_WHITE_SPACE.sub(" ", cell).strip().replace("|", "\\|") for cell in row] for row in rows]
    cells = [row for row in cells if any(row)]
    if not cells:
        return ""
    width = max(len(row) for row in cells)
    filled = [row + [""] * (width - len(row)) for row in cells]
    kept = [column for column in range(width) if any(row[column] for row in filled)]
    lines = ["| " + " | ".join(row[column] for column in kept) + " |" for row in filled]
    lines.insert(1, "|" + " --- |" * len(kept))
    return "\n".join(lines)


def laid_out(rows: Iterable[Sequence[Cell]]) -> tuple[list[list[str]], list[Span]]:
    """The grid that cells with spans take, as HTML lays it out, and the spans in it."""
    grid: list[list[str]] = []
    spans: list[Span] = []
    covered: dict[int, int] = {}  # column → rows that a cell from above still covers there
    room = MAX_GRID
    for number, row in enumerate(rows):
        texts: list[str] = []
        next_covered = {column: left - 1 for column, left in covered.items() if left > 1}
        for cell in row:
            while covered.get(len(texts), 0):
                texts.append("")
            rows_covered, columns = (min(max(count, 1), _MAX_SPAN) for count in (cell.rows, cell.columns))
            room -= columns
            columns = columns if room > 0 else 1
            if rows_covered > 1 or columns > 1:
                spans.append(Span(number, len(texts), rows_covered, columns))
            if rows_covered > 1:
                next_covered |= dict.fromkeys(range(len(texts), len(texts) + columns), rows_covered - 1)
            texts += [cell.text, *[""] * (columns - 1)]
        grid.append(texts)
        covered = next_covered
    return grid, spans


def table_blocks(
    grid: Sequence[Sequence[str]], spans: Sequence[Span] = (), header_rows: int | None = None
) -> Iterator[str]:
    """A table as blocks: first rows that one cell fills are captions; each row says all that its header says of it.

    A cell over several rows stands in each of them. One over several columns heads each of them in a header, and
    stands once in other rows. A header of several rows becomes one. `header_rows`: where the file says how many.
    """
    rows = [list(row) for row in grid]
    width = max((len(row) for row in rows), default=0)
    if width * len(rows) > MAX_GRID:
        yield "\n".join(" ".join(filter(None, row)) for row in rows)
        return
    rows = [row + [""] * (width - len(row)) for row in rows]
    first = 0
    while first < len(rows) - 1 and header_rows != first + 1 and _is_caption(rows[first], first, spans):
        yield from filter(None, (_WHITE_SPACE.sub(" ", text).strip() for text in rows[first]))
        first += 1
    header_end = max(header_rows or first + _header_rows(first, rows, spans), first + 1)
    _fill(rows, spans, range(first, header_end))
    header = [" ".join(dict.fromkeys(filter(None, column))) for column in zip(*rows[first:header_end], strict=True)]
    table = markdown_table([header, *rows[header_end:]])
    if table:
        yield table


def _fill(rows: Sequence[list[str]], spans: Sequence[Span], header: range) -> None:
    """Writes the text of cells that span others into those, in the columns that are used."""
    used = {column for row in rows for column, text in enumerate(row) if text}
    width = max(used, default=-1) + 1
    room = width * len(rows)
    for span in spans:
        if span.row >= len(rows) or span.column not in used:
            continue
        columns = min(span.columns if span.row in header else 1, width - span.column)
        covered = range(span.row, min(span.row + span.rows, len(rows)))
        room -= len(covered) * columns
        if room < 0:  # they lie over each other, as no program writes them
            return
        text = rows[span.row][span.column]
        for row in covered:
            for column in range(span.column, span.column + columns):
                if column in used:
                    rows[row][column] = rows[row][column] or text


def _is_caption(row: Sequence[str], number: int, spans: Sequence[Span]) -> bool:
    """Whether one cell takes the whole row, or there is nothing in it."""
    width = len(row)
    is_one_cell = any(span.row == number and span.rows == 1 and span.columns >= width for span in spans)
    return not any(row) or (width > 1 and is_one_cell)


def _header_rows(first: int, rows: Sequence[Sequence[str]], spans: Sequence[Span]) -> int:
    """How many rows the header has: a cell over several columns is parted below, one over several rows spans it."""
    heads = [
        span for span in spans if span.row == first and rows[first][span.column : span.column + 1] not in ([], [""])
    ]
    if not any(span.columns > 1 for span in heads):
        return 1
    tallest = max((span.rows for span in heads if span.columns == 1), default=2)
    count = min(max(tallest, 2), _MAX_HEADER_ROWS, len(rows) - first - 1)
    return count if count > 1 else 1
