"""The order in which a page is read: columns, tables, and the text between them.

The page is cut into strips by white space across it. Neighbouring strips that share a white gap down the page, a
gutter, are one group; what stands beside a gutter is columns of prose, a table, or lines that go across.
"""

import itertools
import re
from collections.abc import Sequence

from ingest.pdf.aligned_tables import with_aligned_tables
from ingest.pdf.lines import Line, is_right_to_left, lines_of
from ingest.pdf.printed import Fragment, around
from ingest.pdf.tables import Gap, Item, Table

Region = list[Line | Table]

_GUTTER = 0.9  # times the size of the print
_PROSE_WIDTH = 11  # times the size: narrower columns hold cells, or notes beside the text
_PROSE_LINES = 3
_NUMBER_WIDTH = 4
_FULL = 0.75  # share of the column's width that most lines of prose take
_LEVEL = 0.6  # share of the lines of a column that stand level with those beside it where they are rows
_BULLET = re.compile(r"[-•·●■◆*–]\s|\d{1,3}[.、)）]\s")
_LARGER = 1.15  # times the size of the columns: print of a heading above them
_HANGING = ("，", "。", "、", "；", "：", "！", "？", "．")
_LEAST_WHITE = 0.3  # of a gutter, beside punctuation that hangs into it
_DEEPEST = 6


def regions(items: Sequence[Item], depth: int = 0) -> list[Region]:
    """Parts of the page in the order of reading; lines of one part may be one paragraph."""
    found: list[Region] = []
    across: list[Item] = []  # not yet told apart: lines that go across the page

    def close() -> None:
        if across:
            found.append(_region(across))
            across.clear()

    for group in _groups(items):
        columns = _columns(group) if depth < _DEEPEST else [group]
        if len(columns) == 1 or _is_level_text(columns):
            across.extend(group)
            continue
        if _is_prose(columns):
            close()
            for column in _side_by_side(columns):
                found.extend(regions(column, depth + 1))
            continue
        across.extend(with_aligned_tables(group))
    close()
    return found


def _region(items: Sequence[Item]) -> Region:
    lines: Region = list(lines_of([item for item in items if isinstance(item, Fragment)]))
    return sorted([*lines, *(item for item in items if isinstance(item, Table))], key=lambda each: each.box[1])


def _groups(items: Sequence[Item]) -> list[list[Item]]:
    """Neighbouring strips that share a gutter, and neighbouring strips that have none."""
    if not items:
        return []
    left, _, right, _ = around(item.box for item in items)
    groups: list[list[Item]] = []
    shared: list[Gap] = []
    strips = _strips(items)
    for number, strip in enumerate(strips):
        gaps = _gaps(strip, left, right)
        both = _common(shared, gaps, _GUTTER * _size(strip))
        below = strips[number + 1] if number + 1 < len(strips) else []
        is_above_columns = bool(_gutters(_gaps(below, left, right), below))
        if groups and _belongs(strip, groups[-1], (gaps, shared, both), is_above_columns):
            groups[-1].extend(strip)
            shared = both
        else:
            groups.append(list(strip))
            shared = gaps
    return groups


def _belongs(
    strip: Sequence[Item], group: Sequence[Item], gaps: tuple[list[Gap], list[Gap], list[Gap]], is_above_columns: bool
) -> bool:
    """Whether a strip is part of the group above it. `gaps`: those of the strip, of the group, and of both."""
    own, shared, both = gaps
    if not _gutters(shared, group):
        return bool(_gutters(both, [*group, *strip])) or not _gutters(own, strip)
    is_heading = len(strip) == 1 and _size(strip) > _LARGER * _size(group)
    return bool(_gutters(both, [*group, *strip])) and not (is_heading and is_above_columns)


def _gutters(gaps: Sequence[Gap], items: Sequence[Item]) -> list[Gap]:
    """The gaps that have items at both sides."""
    if not items:
        return []
    first_end, last_start = min(_end(item) for item in items), max(item.box[0] for item in items)
    return [(start, end) for start, end in gaps if first_end <= start + 1.0 and last_start >= end - 1.0]


def _strips(items: Sequence[Item]) -> list[list[Item]]:
    """Items that overlap from top to bottom, ascenders and descenders aside."""
    strips: list[list[Item]] = []
    end = 0.0
    for item in sorted(items, key=lambda each: each.box[1]):
        _, top, _, bottom = item.box
        height = bottom - top
        if strips and top + 0.2 * height < end:
            strips[-1].append(item)
            end = max(end, bottom - 0.2 * height)
        else:
            strips.append([item])
            end = bottom - 0.2 * height
    return strips


def _size(items: Sequence[Item]) -> float:
    sizes = sorted(item.size for item in items if isinstance(item, Fragment))
    return sizes[len(sizes) // 2] if sizes else 0.0


def _gaps(items: Sequence[Item], left: float, right: float) -> list[Gap]:
    """White from top to bottom between `left` and `right`, wide enough for a gutter."""
    least = max(_GUTTER * _size(items), 1.0)
    gaps: list[Gap] = []
    end = hanging_end = left
    for item in sorted(items, key=lambda each: each.box[0]):
        if item.box[0] - hanging_end >= least and item.box[0] - end >= _LEAST_WHITE * least:
            gaps.append((hanging_end, item.box[0]))
        end, hanging_end = max(end, item.box[2]), max(hanging_end, _end(item))
    if right - end >= least:
        gaps.append((end, right))
    return gaps


def _end(item: Item) -> float:
    """Where an item ends at the right; Chinese punctuation may hang over the end of a line."""
    hangs = isinstance(item, Fragment) and item.text.rstrip().endswith(_HANGING)
    return item.box[2] - item.size if hangs and isinstance(item, Fragment) else item.box[2]


def _common(first: Sequence[Gap], second: Sequence[Gap], least: float) -> list[Gap]:
    pairs = ((max(a, c), min(b, d)) for a, b in first for c, d in second)
    return [gap for gap in pairs if gap[1] - gap[0] >= max(least, 1.0)]


def _columns(items: Sequence[Item]) -> list[list[Item]]:
    """What stands between the gutters of a group, from left to right."""
    left, _, right, _ = around(item.box for item in items)
    columns: list[list[Item]] = [[]]
    gutters = iter([*_gaps(items, left, right), (right + 1.0, right + 1.0)])
    gutter = next(gutters)
    for item in sorted(items, key=lambda each: each.box[0]):
        while item.box[0] >= gutter[1]:
            columns.append([])
            gutter = next(gutters)
        columns[-1].append(item)
    return [column for column in columns if column]


def _lines(column: Sequence[Item]) -> list[Line]:
    return lines_of([item for item in column if isinstance(item, Fragment)])


def _is_column_of_prose(lines: Sequence[Line]) -> bool:
    """Whether most lines fill the column, as the lines of a paragraph do; fields are as wide, whatever is in them."""
    if len(lines) < _PROSE_LINES or 2 * sum(line.ends_filled_in for line in lines) > len(lines):
        return False
    widths = [line.box[2] - line.box[0] for line in lines]
    widest = max(widths)
    if widest < _PROSE_WIDTH * sorted(line.size for line in lines)[len(lines) // 2]:
        return False
    return sum(width >= _FULL * widest for width in widths) >= 0.5 * len(lines)


def _is_prose(columns: Sequence[Sequence[Item]]) -> bool:
    """Whether the columns are read one after the other."""
    lines = [_lines(column) for column in columns]
    prose = [_is_column_of_prose(each) for each in lines]
    if any(any(isinstance(item, Table) for item in column) for column in columns):
        return True
    if not any(prose):
        short = sorted(lines, key=len)
        return len(short[0]) >= 2 and (
            all(sum(bool(_BULLET.match(line.text)) for line in each) >= 2 for each in lines)
            or all(_share_level(first, second) < _LEVEL for first, second in itertools.pairwise(short))
        )
    if any(_is_numbering(each, other) for pair in itertools.pairwise(lines) for each, other in (pair, pair[::-1])):
        return False
    most = max(len(each) for each, is_prose in zip(lines, prose, strict=True) if is_prose)
    beside = [each for each, is_prose in zip(lines, prose, strict=True) if not is_prose]
    # Cells beside cells of prose stand far apart, level with the first line of each.
    return all(not _is_sparse(each, most) for each in beside)


def _is_numbering(lines: Sequence[Line], beside: Sequence[Line]) -> bool:
    """Whether a column holds the numbers of the lines beside it, or bullets."""
    widest = max(line.box[2] - line.box[0] for line in lines)
    return widest < _NUMBER_WIDTH * lines[0].size and _share_level(lines, beside) >= 0.9


def _is_sparse(lines: Sequence[Line], beside: int) -> bool:
    if len(lines) >= 0.6 * beside:
        return False
    pitches = [after.baseline - before.baseline for before, after in itertools.pairwise(lines)]
    return not pitches or sorted(pitches)[len(pitches) // 2] > 1.8 * lines[0].size


def _share_level(lines: Sequence[Line], beside: Sequence[Line]) -> float:
    """Share of `lines` that have a line level with them in `beside`."""
    level = sum(any(abs(line.baseline - each.baseline) < 0.2 * line.size for each in beside) for line in lines)
    return level / len(lines)


def _is_level_text(columns: Sequence[Sequence[Item]]) -> bool:
    """Whether there is so little that nothing can be said but that it goes across."""
    lines = [_lines(column) for column in columns]
    has_table = any(isinstance(item, Table) for column in columns for item in column)
    return not has_table and sum(len(each) >= 2 for each in lines) < 2


def _side_by_side(columns: Sequence[list[Item]]) -> list[list[Item]]:
    """Columns in the order of reading. Neighbours that are the columns of a table beside prose are one."""
    joined: list[list[Item]] = []
    was_prose = True
    for column in columns:
        lines = _lines(column)
        is_prose = _is_column_of_prose(lines) or any(isinstance(item, Table) for item in column)
        if joined and not is_prose and not was_prose and _share_level(lines, _lines(joined[-1])) >= _LEVEL:
            joined[-1].extend(column)
        else:
            joined.append(list(column))
        was_prose = is_prose
    if is_right_to_left("".join(item.text for column in columns for item in column if isinstance(item, Fragment))):
        joined.reverse()
    if len(joined) == 1:  # all of them are columns of one thing: cut them as they stand
        return [list(column) for column in columns]
    return joined
