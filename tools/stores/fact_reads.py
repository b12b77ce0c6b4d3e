"""Walking over facts in few statements: a frontier of names at a time, hubs read in part."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import BindParameter, Column, Connection, Integer, RowMapping, Select, bindparam, select

from tools.access import Access
from tools.shapes import Fact, Filters
from tools.stores.knowledge_rows import BATCH, fact_from
from tools.stores.tables import entities, facts
from tools.stores.visibility import scope, visible

# More facts are read of a few names than are asked for: several chunks may state the same.
_SPARE = 4
# Names that are followed from each side of a path, and facts read of each.
_PATH_FRONTIER = 300
_PATH_FACTS_OF_A_NAME = 300
# What one statement may read at most, however many hubs stand in the frontier.
_MOST_ROWS = 10_000

_NAMES: BindParameter[str] = bindparam("names", expanding=True)


def _facts_at(end: Column[str]) -> Select[Any]:
    """The facts at this end of each name, at most `each` a name, with the name as `origin`."""
    inner = facts.alias("inner_facts")
    some = (
        select(inner.c.id)
        .where(inner.c[end.name] == entities.c.folded_name, visible(inner.c.document_id))
        .order_by(inner.c.id)
        .limit(bindparam("each", type_=Integer))
        .correlate(entities)
    )
    return (
        select(facts, entities.c.folded_name.label("origin"))
        .select_from(entities.join(facts, facts.c.id.in_(some)))
        .where(entities.c.folded_name.in_(_NAMES))
        .order_by(entities.c.folded_name, facts.c.id)
        .limit(_MOST_ROWS)
    )


_FROM_HEADS = _facts_at(facts.c.folded_head)
_FROM_TAILS = _facts_at(facts.c.folded_tail)


def _between(heads: str, tails: str) -> Select[Any]:
    return (
        select(facts)
        .where(
            facts.c.folded_head.in_(bindparam(heads, expanding=True)),
            facts.c.folded_tail.in_(bindparam(tails, expanding=True)),
            visible(facts.c.document_id),
        )
        .limit(_MOST_ROWS)
    )


_BETWEEN = (_between("left", "right"), _between("right", "left"))


def neighbourhood(
    connection: Connection, names: Sequence[str], hops: int, access: Access, filters: Filters, limit: int
) -> list[Fact]:
    """Facts around folded names: nearest first; of one hop, each name's in turn, repeated statements last."""
    found: dict[str, Fact] = {}
    visited = set(names)
    frontier = list(names)
    for _ in range(hops):
        if not frontier or len(found) >= limit:
            break
        # `limit` of each name is enough to miss nothing: fewer than that have been found before.
        each = max(limit, limit * _SPARE // len(frontier))
        rows = _facts_of(connection, frontier, scope(access, filters), each)
        frontier = []
        for row in _in_turn(rows):
            if row["id"] in found or len(found) >= limit:
                continue
            found[row["id"]] = fact_from(row)
            for name in (row["folded_head"], row["folded_tail"]):
                if name not in visited:
                    visited.add(name)
                    frontier.append(name)
    return list(found.values())


def paths(
    connection: Connection, head: str, tail: str, max_hops: int, access: Access, filters: Filters, limit: int
) -> list[list[Fact]]:
    """All shortest chains between two folded names, at most `limit`; searched from both ends at once."""
    if not head or not tail or head == tail or limit <= 0:
        return []
    parameters = scope(access, filters)
    left, right = _Side(head), _Side(tail)
    for length in range(1, max_hops + 1):
        if length > 1:
            smaller = min(left, right, key=lambda side: len(side.frontier))
            smaller.advance(_facts_of(connection, smaller.frontier, parameters, _PATH_FACTS_OF_A_NAME))
        links = _links(connection, left.frontier, right.frontier, parameters)
        if links:
            return _chains(left, links, right, limit)
    return []


class _Side:
    """What is known on one side of a path: for each name the facts that lead to it from nearer the start."""

    def __init__(self, start: str) -> None:
        self.frontier = [start]
        self._leading: dict[str, list[tuple[str, Fact]]] = {start: []}

    def advance(self, rows: Iterable[RowMapping]) -> None:
        """One hop further."""
        current = set(self.frontier)
        reached: dict[str, list[tuple[str, Fact]]] = defaultdict(list)
        stated: set[tuple[str, str, str]] = set()
        for row in rows:
            for near, far in _directions(row):
                if near in current and far not in self._leading and _statement(row) not in stated:
                    reached[far].append((near, fact_from(row)))
            stated.add(_statement(row))
        self._leading.update(reached)
        self.frontier = list(reached)[:_PATH_FRONTIER]

    def chains_to(self, name: str) -> Iterator[list[Fact]]:
        """Facts from the start to `name`."""
        leading = self._leading[name]
        if not leading:
            yield []
        for near, fact in leading:
            for chain in self.chains_to(near):
                yield [*chain, fact]


def _chains(left: _Side, links: Sequence[tuple[str, Fact, str]], right: _Side, limit: int) -> list[list[Fact]]:
    found: list[list[Fact]] = []
    for near, fact, far in links:
        for before in left.chains_to(near):
            for after in right.chains_to(far):
                found.append([*before, fact, *reversed(after)])
                if len(found) == limit:
                    return found
    return found


def _links(
    connection: Connection, left: Sequence[str], right: Sequence[str], parameters: dict[str, Any]
) -> list[tuple[str, Fact, str]]:
    """Facts that join a name on the left with one on the right, one of each statement."""
    if not left or not right:
        return []
    wanted = {**parameters, "left": left, "right": right}
    links: dict[tuple[str, str, str], tuple[str, Fact, str]] = {}
    for statement, (near, far) in zip(
        _BETWEEN, (("folded_head", "folded_tail"), ("folded_tail", "folded_head")), strict=True
    ):
        # Sorted here: told to sort, the database would read all facts of a hub in that order.
        for row in sorted(connection.execute(statement, wanted).mappings(), key=lambda row: row["id"]):
            links.setdefault(_statement(row), (row[near], fact_from(row), row[far]))
    return list(links.values())


def _facts_of(connection: Connection, names: Sequence[str], parameters: dict[str, Any], each: int) -> list[RowMapping]:
    """Facts with one of the names at either end; `origin` is that name."""
    rows: list[RowMapping] = []
    for start in range(0, len(names), BATCH):
        wanted = {**parameters, "names": names[start : start + BATCH], "each": each}
        for statement in (_FROM_HEADS, _FROM_TAILS):
            rows.extend(connection.execute(statement, wanted).mappings())
    return rows


def _in_turn(rows: Iterable[RowMapping]) -> list[RowMapping]:
    """First one fact at each end of each name, then the next…; what another chunk has stated already comes last."""
    turns: dict[tuple[str, bool], int] = defaultdict(int)
    stated: dict[tuple[str, str, str], int] = defaultdict(int)
    ranked: list[tuple[int, int, int, RowMapping]] = []
    for row in rows:
        repeat = stated[_statement(row)]
        stated[_statement(row)] += 1
        end = (row["origin"], row["origin"] == row["folded_head"])
        turn = turns[end]
        turns[end] += 1
        ranked.append((repeat, turn, len(ranked), row))
    return [row for *_, row in sorted(ranked, key=lambda entry: entry[:3])]


def _statement(row: RowMapping) -> tuple[str, str, str]:
    return row["folded_head"], row["relation"], row["folded_tail"]


def _directions(row: RowMapping) -> tuple[tuple[str, str], tuple[str, str]]:
    head, tail = row["folded_head"], row["folded_tail"]
    return (head, tail), (tail, head)
