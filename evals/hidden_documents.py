"""The product as it would be without some of its documents: nothing of them is found, read or known.

What is left of them: the statistics of words that a search engine ranks by, and the name of a collection that holds
nothing else. Where a visible document states the same as a hidden one, a chain of facts may be missed.
"""

import functools
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from tools.access import Access
from tools.shapes import Fact, Filters, Language, Passage, SearchResult, Section, WebPage
from tools.sources.knowledge_graph import KnowledgeGraphSource
from tools.sources.source import Source
from tools.stores.protocols import EntityMatch, EvidenceStore, KnowledgeGraph, SavedPages
from tools.text.tokens import fold

Item = TypeVar("Item")
NamesIt = Callable[[str, Access, Filters], Awaitable[bool]]
"""Whether a document that is not hidden holds a name."""

_MOST = 10_000
_FACTS_OF_A_NAME = 20
_PASSAGES_OF_A_NAME = 20


class HiddenInSource:
    """A source that finds nothing of these documents, and as much of the others as it would without them."""

    def __init__(self, source: Source, hidden: frozenset[str]) -> None:
        self._source = source
        self._hidden = hidden
        self.name: str = source.name
        self.description: str = source.description
        self.leaves_machine: bool = source.leaves_machine
        self.cues: Mapping[Language, re.Pattern[str]] = source.cues
        self.weak_cues: Mapping[Language, re.Pattern[str]] = source.weak_cues
        self.timeout_seconds: float = source.timeout_seconds

    async def search(
        self, query: str, *, access: Access, filters: Filters, limit: int, deadline: float
    ) -> SearchResult:
        """As the source does. Raises what it raises."""
        result = SearchResult("empty")

        async def passages(asked: int) -> Sequence[tuple[Passage, int]]:
            nonlocal result
            result = await self._source.search(query, access=access, filters=filters, limit=asked, deadline=deadline)
            return [(hit.passage, place) for place, hit in enumerate(result.hits)]

        kept = await _as_many(passages, lambda found: found[0].document_id not in self._hidden, limit)
        hits = tuple(result.hits[place] for _, place in kept)
        status = "empty" if result.status == "ok" and not hits else result.status
        return replace(result, status=status, hits=hits)


class HiddenInEvidence:
    """Implements `EvidenceStore`: passages and facts of these documents are unknown."""

    def __init__(self, ledger: EvidenceStore, hidden: frozenset[str]) -> None:
        self._ledger = ledger
        self._hidden = hidden

    async def collections(self, access: Access) -> list[str]:
        return await self._ledger.collections(access)

    async def passages(self, ids: Iterable[str], access: Access) -> dict[str, Passage]:
        found = await self._ledger.passages(ids, access)
        return {id_: passage for id_, passage in found.items() if passage.document_id not in self._hidden}

    async def sections(self, ids: Iterable[str], access: Access) -> dict[str, Section]:
        found = await self._ledger.sections(ids, access)
        return {id_: section for id_, section in found.items() if section.document_id not in self._hidden}

    async def facts(self, ids: Iterable[str], access: Access) -> dict[str, Fact]:
        found = await self._ledger.facts(ids, access)
        return {id_: fact for id_, fact in found.items() if fact.document_id not in self._hidden}

    async def save_web_pages(self, pages: Sequence[WebPage], access: Access, lifetime_seconds: float) -> SavedPages:
        return await self._ledger.save_web_pages(pages, access, lifetime_seconds)


class HiddenInKnowledgeGraph:
    """Implements `KnowledgeGraph`: facts of these documents, and entities that only they name, are unknown."""

    def __init__(self, graph: KnowledgeGraph, hidden: frozenset[str], names_it: NamesIt) -> None:
        self._graph = graph
        self._hidden = hidden
        self._names_it = names_it

    async def entities_in(self, text: str, *, access: Access, filters: Filters, limit: int) -> list[EntityMatch]:
        """A known name inside of one that is not known any more is found in its place."""
        asked = functools.partial(self._graph.entities_in, access=access, filters=filters, limit=_MOST)
        known: list[EntityMatch] = []
        inner: dict[str, EntityMatch] = {}
        texts, seen = [text], {text}
        while texts:
            part = texts.pop()
            for match in await asked(part):
                if not await self._is_known(match.name, access, filters):
                    shorter = [each for each in _inner_parts(match.name) if each not in seen]
                    texts += shorter
                    seen.update(shorter)
                elif part == text:
                    known.append(match)
                else:
                    inner[match.name] = match
        others = _outermost(inner.values(), {match.name for match in known})
        return sorted([*known, *others], key=lambda match: -len(match.name))[:limit]

    async def neighbourhood(
        self, names: Sequence[str], *, hops: int, access: Access, filters: Filters, limit: int
    ) -> list[Fact]:
        """Step by step, so that nothing is reached by way of a hidden fact."""
        found: dict[str, Fact] = {}
        frontier, visited = list(names), {fold(name) for name in names}
        for _ in range(hops):
            if not frontier or len(found) >= limit:
                break
            near = functools.partial(self._near, tuple(frontier), access, filters)
            facts = await _as_many(near, self._is_shown, limit)
            frontier = []
            for fact in facts:
                found.setdefault(fact.id, fact)
                for name in (fact.head, fact.tail):
                    if fold(name) not in visited:
                        visited.add(fold(name))
                        frontier.append(name)
        return list(found.values())[:limit]

    async def paths(
        self, head: str, tail: str, *, max_hops: int, access: Access, filters: Filters, limit: int
    ) -> list[list[Fact]]:
        """The shortest chains that use no hidden fact; longer ones than the shortest of all are not looked for."""

        async def chains(asked: int) -> list[list[Fact]]:
            return await self._graph.paths(head, tail, max_hops=max_hops, access=access, filters=filters, limit=asked)

        return await _as_many(chains, lambda chain: all(map(self._is_shown, chain)), limit)

    async def check(self) -> str:
        return await self._graph.check()

    async def close(self) -> None:
        """Nothing: the graph belongs to whoever opened it."""

    async def _near(self, names: Sequence[str], access: Access, filters: Filters, asked: int) -> list[Fact]:
        return await self._graph.neighbourhood(names, hops=1, access=access, filters=filters, limit=asked)

    async def _is_known(self, name: str, access: Access, filters: Filters) -> bool:
        near = functools.partial(self._near, (name,), access, filters)
        return bool(await _as_many(near, self._is_shown, 1, _FACTS_OF_A_NAME)) or await self._names_it(
            name, access, filters
        )

    def _is_shown(self, fact: Fact) -> bool:
        return fact.document_id not in self._hidden


def sources_without(
    sources: Mapping[str, Source], evidence: EvidenceStore, graph: HiddenInKnowledgeGraph, hidden: frozenset[str]
) -> dict[str, Source]:
    """The sources over what is shown. A search of the knowledge graph walks the graph that is shown."""
    return {
        name: KnowledgeGraphSource(evidence, graph)
        if isinstance(source, KnowledgeGraphSource)
        else HiddenInSource(source, hidden)
        for name, source in sources.items()
    }


def named_by(source: HiddenInSource | None) -> NamesIt:
    """Whether a search of `source` finds a passage that holds a name; without a source no passage does."""

    async def names_it(name: str, access: Access, filters: Filters) -> bool:
        if source is None:
            return False
        result = await source.search(
            name,
            access=access,
            filters=filters,
            limit=_PASSAGES_OF_A_NAME,
            deadline=time.time() + source.timeout_seconds,
        )
        wanted = fold(name)
        return any(wanted in fold(f"{hit.passage.title}\n{hit.passage.text}") for hit in result.hits)

    return names_it


async def _as_many(
    search: Callable[[int], Awaitable[Sequence[Item]]], is_shown: Callable[[Item], bool], limit: int, start: int = 0
) -> list[Item]:
    """The first `limit` that are shown of what `search` finds, which is asked for more until there are so many.

    search: given how many it may find. start: how many are asked for at first.
    """
    asked = max(start, limit)
    while True:
        found = await search(asked)
        kept = [item for item in found if is_shown(item)]
        if len(kept) >= limit or len(found) < asked or asked >= _MOST:
            return kept[:limit]
        asked = min(_MOST, asked * 4)


def _inner_parts(name: str) -> list[str]:
    """The name without its first and without its last word or Chinese character: all names inside of it stand in one
    of these."""
    pieces = re.findall(r"[^\W\u3400-\u9fff]+|[\u3400-\u9fff]|\W", name)
    return ["".join(part).strip() for part in (pieces[1:], pieces[:-1]) if "".join(part).strip()]


def _outermost(matches: Iterable[EntityMatch], known: Iterable[str]) -> list[EntityMatch]:
    """Those that are not `known` already and stand inside of no longer one."""
    kept: list[EntityMatch] = []
    for match in sorted(matches, key=lambda match: -len(match.name)):
        if match.name not in known and not any(fold(match.name) in fold(longer.name) for longer in kept):
            kept.append(match)
    return kept
