"""The order in which the lines of a picture are read: down the columns of prose, along the rows of a table."""

import itertools
from collections.abc import Sequence
from statistics import median

from tools.shapes import Box

_PROSE_WIDTH = 9.0
"""Times its height: a line that is shorter is a cell of a table or one side of a form."""
_FLUSH_WIDTH, _FLUSH_SHARE, _FLUSH = 6.0, 0.6, 0.3
"""Lines are prose from so many times their height on where such a share of them ends equally far right, so exactly."""
_LEAST_COLUMN_LINES = 3
_SAME_ROW = 0.5
"""Share of the lower line's height that two lines of one row have in common."""


def reading_order(boxes: Sequence[Box]) -> list[int]:
    """The places of `boxes` in the order of reading. They are those of upright lines."""
    ordered: list[int] = []
    for band in _bands(rows_of(boxes), boxes):
        columns = _columns([index for row in band for index in row], boxes)
        ordered += itertools.chain.from_iterable(columns if _are_prose(columns, boxes) else band)
    return ordered


def rows_of(boxes: Sequence[Box]) -> list[list[int]]:
    """The places of `boxes` by row, from the top; within a row from the left."""
    rows: list[list[int]] = []
    for index in sorted(range(len(boxes)), key=lambda each: boxes[each][1] + boxes[each][3]):
        if rows and all(is_beside(boxes[other], boxes[index]) for other in rows[-1]):
            rows[-1].append(index)
        else:
            rows.append([index])
    return [sorted(row, key=lambda index: boxes[index][0]) for row in rows]


def is_beside(first: Box, second: Box) -> bool:
    """Whether two boxes stand in one row."""
    common = min(first[3], second[3]) - max(first[1], second[1])
    apart = max(first[0], second[0]) >= min(first[2], second[2]) - (second[3] - second[1])
    return apart and common > _SAME_ROW * min(first[3] - first[1], second[3] - second[1])


def _bands(rows: Sequence[list[int]], boxes: Sequence[Box]) -> list[list[list[int]]]:
    """Rows grouped so that each group has, or has not, a gap that runs down through all of it."""
    bands: list[list[list[int]]] = []
    is_divided = False
    for row in rows:
        if bands and is_divided:
            goes_on = _is_divided([*itertools.chain.from_iterable(bands[-1]), *row], boxes)
        else:
            goes_on = bool(bands) and not _is_divided(row, boxes)
        if goes_on:
            bands[-1].append(row)
        else:
            bands.append([row])
            is_divided = _is_divided(row, boxes)
    return bands


def _is_divided(indexes: Sequence[int], boxes: Sequence[Box]) -> bool:
    return len(_columns(indexes, boxes)) > 1


def _columns(indexes: Sequence[int], boxes: Sequence[Box]) -> list[list[int]]:
    """Parted where nothing stands across a gap as wide as half a line is high; each in its order from the top."""
    gap = median(boxes[index][3] - boxes[index][1] for index in indexes) / 2
    columns: list[list[int]] = []
    right = float("-inf")
    for index in sorted(indexes, key=lambda each: boxes[each][0]):
        if boxes[index][0] > right + gap:
            columns.append([])
        columns[-1].append(index)
        right = max(right, boxes[index][2])
    place = {index: position for position, index in enumerate(indexes)}
    return [sorted(column, key=place.__getitem__) for column in columns]


def _are_prose(columns: Sequence[Sequence[int]], boxes: Sequence[Box]) -> bool:
    def is_prose(column: Sequence[int]) -> bool:
        height = median(boxes[index][3] - boxes[index][1] for index in column)
        width = median(boxes[index][2] - boxes[index][0] for index in column)
        right = max(boxes[index][2] for index in column)
        flush = sum(right - boxes[index][2] <= _FLUSH * height for index in column) / len(column)
        least = _FLUSH_WIDTH if flush >= _FLUSH_SHARE else _PROSE_WIDTH
        return len(column) >= _LEAST_COLUMN_LINES and width > height * least

    return all(is_prose(column) for column in columns)
