"""The cells of a sheet as tables with captions, for all formats of spreadsheets."""

import itertools
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ingest.loaders.blocks import heading, join_blocks
from ingest.loaders.table import MAX_GRID, Span, table_blocks
from ingest.reading import Limits
from tools.errors import FileError
from tools.text.language import detect_language

Row = Mapping[int, str]
"""Column, counted from 0 → what its cell shows. Without empty cells."""

_BYTES_A_CELL = 400  # what a cell takes in memory until its table is written
_MAX_NOTE_SHARE = 0.5
_MAX_NOTE_ROWS = 5
_HIDDEN = {"en": " (hidden)", "zh": "（隐藏）"}


class _Region(NamedTuple):
    """Rows of a sheet up to the next blank one, with their numbers."""

    numbers: list[int]
    rows: list[Row]


def sheet_blocks(rows: Mapping[int, Row], merged: Sequence[Span] = ()) -> Iterator[str]:
    """Tables as Markdown with their captions. `rows`: by number, counted from 0, ascending; `merged`: cells that span.

    Blank rows part tables, and so do blank columns between two that each have a header. What stands above the header
    in fewer cells, such as a title or a unit, becomes a line of text.
    """
    for region in _regions(rows):
        for columns in _side_by_side(region):
            yield from _table(region, columns, merged)


def sheet_text(name: str, blocks: Iterable[str], *, is_hidden: bool) -> str:
    """A sheet's blocks below its name, which says in the language of the sheet where it is hidden."""
    text = join_blocks(blocks)
    mark = _HIDDEN[detect_language(f"{name} {text}")] if is_hidden else ""
    return join_blocks([heading(2, f"{name}{mark}"), text])


def check_cells(count: int, name: str, limits: Limits) -> None:
    """Raises FileError for more filled cells than fit in memory."""
    most = limits.memory_bytes // _BYTES_A_CELL
    if count > most:
        raise FileError(
            f"{name} holds too many cells.",
            why=f"At most {most:,} filled cells a file are read.",
            next_step="Split it into smaller files, or load the table into a database and export what is asked for.",
        )


def _regions(rows: Mapping[int, Row]) -> Iterator[_Region]:
    region = _Region([], [])
    for number, row in rows.items():
        if not row:
            continue
        if region.numbers and number > region.numbers[-1] + 1:
            yield region
            region = _Region([], [])
        region.numbers.append(number)
        region.rows.append(row)
    if region.numbers:
        yield region


def _side_by_side(region: _Region) -> list[list[int]]:
    """The used columns, in one list for each table."""
    used = sorted(set().union(*region.rows))
    groups = [[used[0]]]
    for before, column in itertools.pairwise(used):
        if column > before + 1:
            groups.append([])
        groups[-1].append(column)
    return groups if len(groups) > 1 and all(_has_header(region, group) for group in groups) else [used]


def _has_header(region: _Region, columns: Sequence[int]) -> bool:
    below = [row for row in region.rows if any(column in row for column in columns)]
    return len(columns) > 1 and len(below) > 1 and all(column in below[0] for column in columns)


def _table(region: _Region, columns: list[int], merged: Sequence[Span]) -> Iterator[str]:
    place = {column: index for index, column in enumerate(columns)}
    kept = [
        (number, row)
        for number, row in zip(region.numbers, region.rows, strict=True)
        if any(column in place for column in row)
    ]
    if len(kept) * len(columns) > MAX_GRID:
        yield "\n".join(" ".join(row.values()) for _, row in kept)
        return
    spans = list(_spans(merged, [number for number, _ in kept], columns))
    grid = [[row.get(column, "") for column in columns] for _, row in kept]
    notes = rows_of_notes(grid, spans)
    for row in grid[:notes]:
        yield " ".join(filter(None, row))
    below = [Span(span.row - notes, *span[1:]) for span in spans if span.row >= notes]
    if len(columns) == 1 or (len(grid) == notes + 1 and sum(map(bool, grid[-1])) == 1):
        yield from ("\n".join(filter(None, row)) for row in grid[notes:])
    else:
        yield from table_blocks(grid[notes:], below)


def _spans(merged: Sequence[Span], numbers: Sequence[int], columns: Sequence[int]) -> Iterator[Span]:
    """The merged cells within these rows and columns of the sheet, counted as in the table."""
    if not merged:
        return
    row_place = {number: index for index, number in enumerate(numbers)}
    column_place = {column: index for index, column in enumerate(columns)}
    for span in merged:
        if span.row in row_place and span.column in column_place:
            rows = bisect_left(numbers, span.row + span.rows) - bisect_left(numbers, span.row)
            width = bisect_left(columns, span.column + span.columns) - bisect_left(columns, span.column)
            yield Span(row_place[span.row], column_place[span.column], rows, width)


def rows_of_notes(grid: Sequence[Sequence[str]], spans: Sequence[Span] = ()) -> int:
    """How many rows stand above the header: with at most half as many cells as the fullest row below them.

    A header may lack the name of its first column, as tables with numbered rows do.
    """
    widths = [sum(map(bool, row)) for row in grid[: 2 * _MAX_NOTE_ROWS]]
    for span in spans:  # a merged cell heads all of its columns, but for one that is as wide as the table
        if span.row < len(widths) and span.columns < len(grid[0]) and grid[span.row][span.column]:
            widths[span.row] += span.columns - 1
    notes = 0
    while notes < min(len(grid) - 1, _MAX_NOTE_ROWS):
        widest = max(widths[notes + 1 :], default=0)
        if widths[notes] > max(1, widest * _MAX_NOTE_SHARE):
            break
        if not grid[notes][0] and (widths[notes] > 1 or widest < 3):
            break
        if any(span.row <= notes < span.row + span.rows - 1 for span in spans):
            break
        notes += 1
    return notes
