"""Walking over facts in few steps: a frontier of names at a time, hubs read in part.

A walk reads nothing itself. It is a generator that asks for facts and is sent what was found, so that every knowledge
graph, whatever its language, walks in the same order and stops at the same limits.
"""

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from tools.shapes import Fact
from tools.stores.entity_names import fold_name

MOST_ROWS = 10_000
"""How many facts are read at one end of the names of a step, or between them, however many hubs stand among them."""

# Names asked for at once: well below the databases' limits on parameters.
_MOST_NAMES = 900
# More facts are read of a few names than are asked for: several chunks may state the same.
_SPARE = 4
# Names that are followed from each side of a path, and facts read of each.
_PATH_FRONTIER = 300
_PATH_FACTS_OF_A_NAME = 300
# The end of a fact that was left blank is no entity: nothing is reached by it.
_BLANK = ""


class FactRow(NamedTuple):
    """A fact that was asked for by `origin`, the folded name at its head (`at_head`) or its tail."""

    fact: Fact
    folded_head: str
    folded_tail: str
    at_head: bool

    @property
    def origin(self) -> str:
        return self.folded_head if self.at_head else self.folded_tail

    @property
    def other_end(self) -> str:
        return self.folded_tail if self.at_head else self.folded_head

    @property
    def statement(self) -> tuple[str, str, str]:
        """What several chunks may say."""
        return self.folded_head, self.fact.relation, self.folded_tail


@dataclass(frozen=True, slots=True)
class FactsAround:
    """Facts with one of the folded names at an end: at most `each` of a name and end, those of the lowest ids."""

    names: tuple[str, ...]
    each: int


@dataclass(frozen=True, slots=True)
class FactsBetween:
    """Facts from one side to the other, in either direction. The side `near` is their origin."""

    near: tuple[str, ...]
    far: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What a walk reads next. `around` is of use only where nothing lies between."""

    between: FactsBetween | None = None
    around: FactsAround | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a step, each part in any order."""

    between: Sequence[FactRow] = ()
    around: Sequence[FactRow] = ()


Result = TypeVar("Result")
Walk = Generator[Step, Found, Result]


def neighbourhood_walk(names: Sequence[str], hops: int, limit: int) -> Walk[list[Fact]]:
    """Facts around names: nearest first; of one hop, each name's in turn, repeated statements last."""
    found: dict[str, Fact] = {}
    frontier = [name for name in dict.fromkeys(map(fold_name, names)) if name]
    visited = {*frontier, _BLANK}
    for _ in range(hops):
        if not frontier or len(found) >= limit:
            break
        # `limit` of each name is enough to miss nothing: fewer than that have been found before.
        each = max(limit, limit * _SPARE // len(frontier))
        rows: list[FactRow] = []
        for start in range(0, len(frontier), _MOST_NAMES):
            step = Step(around=FactsAround(tuple(frontier[start : start + _MOST_NAMES]), each))
            rows.extend(_ordered((yield step).around))
        frontier = []
        for row in _in_turn(rows):
            if row.fact.id in found or len(found) >= limit:
                continue
            found[row.fact.id] = row.fact
            for name in (row.folded_head, row.folded_tail):
                if name not in visited:
                    visited.add(name)
                    frontier.append(name)
    return list(found.values())


def paths_walk(head: str, tail: str, max_hops: int, limit: int) -> Walk[list[list[Fact]]]:
    """All shortest chains between two names, at most `limit`; searched from both ends at once.

    At most `max_hops` steps: each looks for links of the next length and for what leads further if there are none.
    """
    start, end = fold_name(head), fold_name(tail)
    if not start or not end or start == end or limit <= 0:
        return []
    left, right = _Side(start), _Side(end)
    for length in range(1, max_hops + 1):
        if not left.frontier or not right.frontier:
            return []
        smaller = min(left, right, key=lambda side: len(side.frontier))
        further = FactsAround(tuple(smaller.frontier), _PATH_FACTS_OF_A_NAME) if length < max_hops else None
        found = yield Step(FactsBetween(tuple(left.frontier), tuple(right.frontier)), further)
        links: dict[tuple[str, str, str], FactRow] = {}
        for row in sorted(found.between, key=lambda row: (not row.at_head, row.fact.id)):
            links.setdefault(row.statement, row)
        if links:
            return _chains(left, list(links.values()), right, limit)
        smaller.advance(_ordered(found.around))
    return []


class _Side:
    """What is known on one side of a path: for each name the facts that lead to it from nearer the start."""

    def __init__(self, start: str) -> None:
        self.frontier = [start]
        self._leading: dict[str, list[tuple[str, Fact]]] = {start: [], _BLANK: []}

    def advance(self, rows: Iterable[FactRow]) -> None:
        """One hop further."""
        current = set(self.frontier)
        reached: dict[str, list[tuple[str, Fact]]] = defaultdict(list)
        stated: set[tuple[str, str, str]] = set()
        for row in rows:
            for near, far in ((row.folded_head, row.folded_tail), (row.folded_tail, row.folded_head)):
                if near in current and far not in self._leading and row.statement not in stated:
                    reached[far].append((near, row.fact))
            stated.add(row.statement)
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


def _chains(left: _Side, links: Sequence[FactRow], right: _Side, limit: int) -> list[list[Fact]]:
    found: list[list[Fact]] = []
    for link in links:
        for before in left.chains_to(link.origin):
            for after in right.chains_to(link.other_end):
                found.append([*before, link.fact, *reversed(after)])
                if len(found) == limit:
                    return found
    return found


def _ordered(rows: Iterable[FactRow]) -> list[FactRow]:
    """First what was found at heads, then at tails; by name, then by id."""
    return sorted(rows, key=lambda row: (not row.at_head, row.origin, row.fact.id))


def _in_turn(rows: Iterable[FactRow]) -> list[FactRow]:
    """First one fact at each end of each name, then the next…; what another chunk has stated already comes last."""
    turns: dict[tuple[str, bool], int] = defaultdict(int)
    stated: dict[tuple[str, str, str], int] = defaultdict(int)
    ranked: list[tuple[int, int, int, FactRow]] = []
    for row in rows:
        repeat = stated[row.statement]
        stated[row.statement] += 1
        end = (row.origin, row.origin == row.folded_head)
        turn = turns[end]
        turns[end] += 1
        ranked.append((repeat, turn, len(ranked), row))
    return [row for *_, row in sorted(ranked, key=lambda entry: entry[:3])]
