"""Tables that are drawn with rules."""

import bisect
import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ingest.pdf.lines import Line, lines_of
from ingest.pdf.printed import Fragment, Rule, around
from ingest.pdf.tables import Cell, Table
from tools.shapes import Box

_NEAR = 3.0  # points: rules that end so close to one another meet
_MOST_LINES = 40  # of a cell: a frame around more is no table
_LEAST_FILLED = 0.25  # of all cells
_ALIGNED_ROWS = 3  # lines of all cells beside one another: so many are rows of their own
_MOST_RULES = 2_000  # a page with more is a drawing

Place = tuple[int, int]


def take_ruled_tables(fragments: Sequence[Fragment], rules: Sequence[Rule]) -> tuple[list[Table], list[Fragment]]:
    """The tables, and the fragments that stand in none of them."""
    tables: list[Table] = []
    left = list(fragments)
    for xs, ys, meeting in _grids(rules):
        box = (xs[0], ys[0], xs[-1], ys[-1])
        inside = [each for each in left if _is_inside(each.box, box)]
        table = _table(inside, xs, ys, meeting)
        if table is not None:
            tables.append(table)
            left = [each for each in left if not _is_inside(each.box, box)]
    return tables, left


def _is_inside(box: Box, around_it: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return around_it[0] - 1 <= x <= around_it[2] + 1 and around_it[1] - 1 <= y <= around_it[3] + 1


def _grids(rules: Sequence[Rule]) -> Iterable[tuple[list[float], list[float], list[Rule]]]:
    """Where the columns and rows of rules that meet one another begin and end; small ones first."""
    if len(rules) > _MOST_RULES:
        return
    joined = [*_joined(rule for rule in rules if rule.is_horizontal), *_joined(r for r in rules if not r.is_horizontal)]
    found = []
    for meeting in _meeting(joined):
        ys = _places([rule.at for rule in meeting if rule.is_horizontal])
        xs = _places([rule.at for rule in meeting if not rule.is_horizontal])
        if len(xs) < 1 or len(ys) < 1:
            continue
        left, top, right, bottom = around(rule.box for rule in meeting)
        xs = _with_edges(xs, left, right)
        ys = _with_edges(ys, top, bottom)
        if len(xs) > 2 and len(ys) > 2:
            found.append((xs, ys, meeting))
    yield from sorted(found, key=lambda grid: (grid[0][-1] - grid[0][0]) * (grid[1][-1] - grid[1][0]))


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Rules that continue or double one another as one."""
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda each: (round(each.at), each.start)):
        last = joined[-1] if joined else None
        if last and abs(last.at - rule.at) <= 1.5 and rule.start <= last.end + _NEAR:
            joined[-1] = Rule(rule.is_horizontal, last.at, min(last.start, rule.start), max(last.end, rule.end))
        else:
            joined.append(rule)
    return joined


def _meeting(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Groups of rules that are connected by crossing or touching."""
    leader = list(range(len(rules)))

    def find(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    horizontal = [index for index, rule in enumerate(rules) if rule.is_horizontal]
    for index, rule in enumerate(rules):
        if rule.is_horizontal:
            continue
        for other in horizontal:
            across = rules[other]
            if rule.start - _NEAR <= across.at <= rule.end + _NEAR and (
                across.start - _NEAR <= rule.at <= across.end + _NEAR
            ):
                leader[find(index)] = find(other)
    groups: defaultdict[int, list[Rule]] = defaultdict(list)
    for index, rule in enumerate(rules):
        groups[find(index)].append(rule)
    return list(groups.values())


def _places(values: list[float]) -> list[float]:
    """The values, ascending, of those that lie close together the first."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _NEAR:
            places.append(value)
    return places


def _with_edges(places: list[float], first: float, last: float) -> list[float]:
    """With the ends of the rules that cross them, where a table is open at its sides."""
    before = [first] if places[0] - first > 2 * _NEAR else []
    after = [last] if last - places[-1] > 2 * _NEAR else []
    return [*before, *places, *after]


def _table(
    fragments: Sequence[Fragment], xs: Sequence[float], ys: Sequence[float], rules: Sequence[Rule]
) -> Table | None:
    """None when what stands in the grid is not the text of a table: frames, diagrams, charts."""
    cells: defaultdict[Place, list[Fragment]] = defaultdict(list)
    owner = _owners(xs, ys, rules)
    for fragment in fragments:
        x, y = (fragment.box[0] + fragment.box[2]) / 2, (fragment.box[1] + fragment.box[3]) / 2
        cells[owner[_index(xs, x), _index(ys, y)]].append(fragment)
    columns, rows = len(xs) - 1, len(ys) - 1
    grid = [[tuple(lines_of(cells[column, row])) for column in range(columns)] for row in range(rows)]
    filled = [(column, row) for row in range(rows) for column in range(columns) if grid[row][column]]
    owned = len(set(owner.values()))
    if len({column for column, _ in filled}) < 2 or len({row for _, row in filled}) < 2:
        return None
    if len(filled) < _LEAST_FILLED * owned or any(len(cell) > _MOST_LINES for row in grid for cell in row):
        return None
    split = [part for row in grid for part in _rows_within(row)]
    return Table(tuple(tuple(row) for row in split if any(row)), (xs[0], ys[0], xs[-1], ys[-1]))


def _index(places: Sequence[float], value: float) -> int:
    return min(max(bisect.bisect_right(places, value) - 1, 0), len(places) - 2)


def _owners(xs: Sequence[float], ys: Sequence[float], rules: Sequence[Rule]) -> dict[Place, Place]:
    """For each (column, row) the first cell of the merged one that it belongs to: where no rule parts two, they are."""
    across = [[rule for rule in rules if rule.is_horizontal and abs(rule.at - y) <= _NEAR] for y in ys]
    down = [[rule for rule in rules if not rule.is_horizontal and abs(rule.at - x) <= _NEAR] for x in xs]
    owner: dict[Place, Place] = {}
    for row, column in itertools.product(range(len(ys) - 1), range(len(xs) - 1)):
        own = (column, row)
        above, before = owner.get((column, row - 1)), owner.get((column - 1, row))
        if before and not _is_covered(down[column], ys[row], ys[row + 1]):
            own = before
        elif above and not _is_covered(across[row], xs[column], xs[column + 1]):
            own = above
        owner[column, row] = own
    return owner


def _is_covered(rules: Sequence[Rule], start: float, end: float) -> bool:
    """Whether the rules cover more than half of the way."""
    covered = sum(max(0.0, min(rule.end, end) - max(rule.start, start)) for rule in rules)
    return covered > (end - start) / 2


def _rows_within(row: list[Cell]) -> list[list[Cell]]:
    """The rows of a row whose rules part only groups of them."""
    filled = [cell for cell in row if cell]
    count = len(filled[0]) if filled else 0
    if len(filled) < 2 or count < _ALIGNED_ROWS or any(len(cell) != count for cell in filled):
        return [row]
    for beside in zip(*filled, strict=True):
        if not _is_level(beside):
            return [row]
    return [[(cell[index],) if cell else () for cell in row] for index in range(count)]


def _is_level(lines: Sequence[Line]) -> bool:
    baselines = [line.baseline for line in lines]
    return max(baselines) - min(baselines) < 0.3 * lines[0].size
