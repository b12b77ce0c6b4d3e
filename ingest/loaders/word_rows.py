"""The rows and cells of Word's tables, also those within content controls and tracked insertions."""

from collections.abc import Iterator
from typing import Any

from ingest.loaders.elements import child, local
from ingest.loaders.table import Cell

TRANSPARENT = {
    *("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple", "bdo", "dir", "r"),
    *("ruby", "rubyBase"),
}
"""Elements that only hold others: what is in them is part of the text."""


def rows_of(table: Any) -> Iterator[Any]:
    """The rows that are not deleted."""
    return (row for row in within(table, "tr") if child(row, "trPr", "del") is None)


def within(container: Any, name: str) -> Iterator[Any]:
    """Children of that name, also those within content controls and tracked insertions."""
    for element in container:
        if local(element) == name:
            yield element
        elif local(element) in TRANSPARENT:
            yield from within(element, name)


def merged_down(rows: list[list[tuple[Cell, str]]]) -> Iterator[list[Cell]]:
    """The rows with cells that go on from above taken into the cell that they go on from."""
    heights: dict[tuple[int, int], int] = {}
    begun: dict[int, tuple[int, int]] = {}  # column → where the cell begins that may go on there
    places: list[list[tuple[Cell, tuple[int, int]]]] = []
    for number, row in enumerate(rows):
        column = 0
        places.append([])
        for cell, merged in row:
            place = (number, column)
            if merged == "continue" and column in begun:
                place = begun[column]
                heights[place] += 1
            else:
                heights[place] = 1
                begun.pop(column, None)
                if merged:
                    begun[column] = place
            places[-1].append((cell, place))
            column += cell.columns
    for number, placed in enumerate(places):
        yield [cell._replace(rows=heights[place]) for cell, place in placed if place[0] == number]
