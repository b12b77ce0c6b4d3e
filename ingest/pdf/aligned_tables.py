"""Tables without rules: cells that stand below one another."""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.pdf.lines import line_of
from ingest.pdf.printed import Fragment, around
from ingest.pdf.tables import Cell, Gap, Item, Table

_LEAST_ROWS = 3
_CROSSED = 0.2  # share of the rows that may go across a gutter, as cells that span columns do
_GUTTER = 0.8  # times the size of the print
_LEADERS = re.compile(r"(?:[.…·_]\s?){4,}")
_LIST_MARK = re.compile(r"[-•·●■◆*–]|[(（]?(?:\d{1,3}|[a-z]|[ivx]{1,4}|[一二三四五六七八九十]{1,3})[.、)）]")
_NUMBER = re.compile(r"[-+±(]?[$€£¥￥]?\s?\d[\d,.:/ -]*\s?(?:%|[A-Za-z°℃元万亿米]{1,3})?\)?|[-–—]")
_FORMULA = re.compile(r"[=∑∫∂√≤≥∈∀→]")
_FULL = 0.7  # share of the widest cell of the column that a cell takes which goes on in the next line
_CLOSE = 1.45  # times the size: lines of one cell
_FAR = 2.2  # times the usual distance of rows: what follows is no row of the table


@dataclass(frozen=True, slots=True)
class _Row:
    """What stands level; `cells` by column."""

    fragments: tuple[Fragment, ...]
    cells: tuple[Cell, ...]

    @property
    def filled(self) -> int:
        return sum(bool(cell) for cell in self.cells)

    @property
    def baseline(self) -> float:
        return next(cell[0].baseline for cell in self.cells if cell)

    @property
    def size(self) -> float:
        return next(cell[0].size for cell in self.cells if cell)


def with_aligned_tables(items: Sequence[Item]) -> list[Item]:
    """The items from top to bottom, those that are the cells of a table as the table."""
    found: list[Item] = [item for item in items if isinstance(item, Table)]
    for rows in _parts(_rows([item for item in items if isinstance(item, Fragment)])):
        gutters = _gutters(rows)
        placed = _with_continuations([_Row(tuple(row), _cells(row, gutters)) for row in rows])
        several = [index for index, row in enumerate(placed) if row.filled > 1]
        body = placed[several[0] : several[-1] + 1] if several else []
        if _is_table(body):
            box = around(fragment.box for row in body for fragment in row.fragments)
            found.append(Table(tuple(row.cells for row in body), box))
            placed = [*placed[: several[0]], *placed[several[-1] + 1 :]]
        found.extend(fragment for row in placed for fragment in row.fragments)
    return found


def _parts(rows: Sequence[Sequence[Fragment]]) -> list[list[Sequence[Fragment]]]:
    """Rows, parted where much more white is between them than usual."""
    distances = sorted(after[0].baseline - before[0].baseline for before, after in itertools.pairwise(rows))
    usual = distances[len(distances) // 2] if distances else 0.0
    parts = [[row] for row in rows[:1]]
    for before, row in itertools.pairwise(rows):
        if row[0].baseline - before[0].baseline > _FAR * usual:
            parts.append([])
        parts[-1].append(row)
    return parts


def _rows(fragments: Sequence[Fragment]) -> list[tuple[Fragment, ...]]:
    """Fragments by the line that they stand on."""
    rows: list[list[Fragment]] = []
    for fragment in sorted(fragments, key=lambda each: each.baseline):
        if rows and fragment.baseline - rows[-1][0].baseline < 0.5 * min(fragment.size, rows[-1][0].size):
            rows[-1].append(fragment)
        else:
            rows.append([fragment])
    return [tuple(row) for row in rows]


def _gutters(rows: Sequence[Sequence[Fragment]]) -> list[Gap]:
    """White down the rows. Where more of it shows without the few rows that have cells across, without them."""
    several = [row for row in rows if _has_gap(row)]
    whole = _white(several, 0)
    without_few = _white(several, int(_CROSSED * len(several)))
    return without_few if len(without_few) > len(whole) else whole


def _has_gap(row: Sequence[Fragment]) -> bool:
    """Whether more than words are apart in it."""
    ordered = sorted(row, key=lambda each: each.box[0])
    end = ordered[0].box[2]
    for fragment in ordered[1:]:
        if fragment.box[0] - end >= _GUTTER * fragment.size:
            return True
        end = max(end, fragment.box[2])
    return False


def _white(rows: Sequence[Sequence[Fragment]], most: int) -> list[Gap]:
    """Gaps from left to right that at most `most` fragments cross, with something at both sides."""
    if not rows:
        return []
    edges: Counter[float] = Counter()
    for row in rows:
        for fragment in row:
            edges[fragment.box[0]] += 1
            edges[fragment.box[2]] -= 1
    sizes = sorted(fragment.size for row in rows for fragment in row)
    least = _GUTTER * sizes[len(sizes) // 2]
    gaps: list[Gap] = []
    over = 0
    start: float | None = None
    for x in sorted(edges):
        over += edges[x]
        if over <= most and start is None:
            start = x
        elif over > most and start is not None:
            if x - start >= least and _has_sides(rows, start, x):
                gaps.append((start, x))
            start = None
    return gaps


def _has_sides(rows: Sequence[Sequence[Fragment]], start: float, end: float) -> bool:
    """Whether there is something before and something after the gap in any row."""
    middle = (start + end) / 2
    return any(fragment.box[2] <= middle for row in rows for fragment in row) and any(
        fragment.box[0] >= middle for row in rows for fragment in row
    )


def _cells(row: Sequence[Fragment], gutters: Sequence[Gap]) -> tuple[Cell, ...]:
    columns: list[list[Fragment]] = [[] for _ in range(len(gutters) + 1)]
    for fragment in row:
        middle = (fragment.box[0] + fragment.box[2]) / 2
        columns[sum(middle > (start + end) / 2 for start, end in gutters)].append(fragment)
    return tuple(tuple(line for line in (line_of(column),) if line) if column else () for column in columns)


def _is_table(rows: Sequence[_Row]) -> bool:
    """Rows enough, most with several cells that are short; no list, no contents, no formula."""
    if len(rows) < _LEAST_ROWS or not rows[0].cells or len(rows[0].cells) < 2:
        return False
    if sum(row.filled > 1 for row in rows) < 0.6 * len(rows):
        return False
    columns = list(zip(*(row.cells for row in rows), strict=True))
    texts = [[" ".join(line.text for line in cell) for cell in column if cell] for column in columns]
    everything = [text for column in texts for text in column]
    if sum(bool(_LEADERS.search(text)) for text in everything) > 1:
        return False
    if sum(bool(_FORMULA.search(text)) for text in everything) > 0.3 * len(everything):
        return False
    if sum(bool(_LIST_MARK.fullmatch(text)) for text in texts[0]) > 0.5 * len(texts[0]):
        return False
    if not any(row.filled == len(texts) for row in rows):
        return False
    if len(texts) == 2:
        return _is_pair_of_columns(rows, texts)
    return True


def _is_pair_of_columns(rows: Sequence[_Row], texts: Sequence[Sequence[str]]) -> bool:
    """Two columns are most often something else. They are a table below a header: bold, or words above numbers."""
    if sum(row.filled == 2 for row in rows) < 0.8 * len(rows) or rows[0].filled < 2:
        return False
    header = [line for cell in rows[0].cells for line in cell]
    others = [line for row in rows[1:] for cell in row.cells for line in cell]
    if all(line.is_bold for line in header) and not any(line.is_bold for line in others[1::2]):
        return True
    numbers = [bool(_NUMBER.fullmatch(text)) for text in texts[1]]
    return not numbers[0] and sum(numbers[1:]) >= 0.7 * len(numbers[1:])


def _with_continuations(rows: Sequence[_Row]) -> list[_Row]:
    """Each row with what its cells go on in: lines closely below, without a first cell, under cells that are full."""
    widest = [max((_width(row.cells[column]) for row in rows), default=0.0) for column in range(_columns(rows))]
    found: list[_Row] = []
    above: _Row | None = None
    for row in rows:
        if above is not None and _goes_on(above, row, widest):
            cells = tuple((*before, *cell) for before, cell in zip(found[-1].cells, row.cells, strict=True))
            found[-1] = _Row((*found[-1].fragments, *row.fragments), cells)
        else:
            found.append(row)
        above = row
    return found


def _goes_on(above: _Row, row: _Row, widest: Sequence[float]) -> bool:
    if row.cells[0] or not 0 < row.baseline - above.baseline < _CLOSE * row.size:
        return False
    return all(
        _width(before) >= _FULL * width
        for before, cell, width in zip(above.cells, row.cells, widest, strict=True)
        if cell
    )


def _width(cell: Cell) -> float:
    return cell[0].box[2] - cell[0].box[0] if cell else 0.0


def _columns(rows: Sequence[_Row]) -> int:
    return len(rows[0].cells) if rows else 0
