"""Passages that are given instead of searched for: what the product makes of evidence, whatever a search would find."""

import re
from collections.abc import Iterable, Mapping, Sequence

from tools.access import Access
from tools.shapes import Fact, Filters, Hit, Language, Passage, SearchResult, Section, WebPage
from tools.sources.source import no_cues
from tools.stores.protocols import EntityMatch, SavedPages


class GivenEvidence:
    """Implements `EvidenceStore` over these passages alone. Everybody may read them; nothing is kept."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = {passage.id: passage for passage in passages}

    async def collections(self, access: Access) -> list[str]:
        return ["given"] if self._passages else []

    async def passages(self, ids: Iterable[str], access: Access) -> dict[str, Passage]:
        return {id_: self._passages[id_] for id_ in ids if id_ in self._passages}

    async def sections(self, ids: Iterable[str], access: Access) -> dict[str, Section]:
        return {}

    async def facts(self, ids: Iterable[str], access: Access) -> dict[str, Fact]:
        return {}

    async def save_web_pages(self, pages: Sequence[WebPage], access: Access, lifetime_seconds: float) -> SavedPages:
        return SavedPages(())


class GivenPassages:
    """A source that finds all of its passages, in their order, whatever the query."""

    name = "vector"
    description = "Passages that are given."
    leaves_machine = False
    cues: Mapping[Language, re.Pattern[str]] = no_cues()
    weak_cues: Mapping[Language, re.Pattern[str]] = no_cues()
    timeout_seconds = 10.0

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages

    async def search(
        self, query: str, *, access: Access, filters: Filters, limit: int, deadline: float
    ) -> SearchResult:
        """The first `limit` passages, scored by their place."""
        hits = tuple(Hit(each, 1.0 / place, self.name) for place, each in enumerate(self._passages[:limit], start=1))
        return SearchResult("ok" if hits else "empty", hits)


class NoKnowledgeGraph:
    """Implements `KnowledgeGraph` with nothing in it."""

    async def entities_in(self, text: str, *, access: Access, filters: Filters, limit: int) -> list[EntityMatch]:
        return []

    async def neighbourhood(
        self, names: Sequence[str], *, hops: int, access: Access, filters: Filters, limit: int
    ) -> list[Fact]:
        return []

    async def paths(
        self, head: str, tail: str, *, max_hops: int, access: Access, filters: Filters, limit: int
    ) -> list[list[Fact]]:
        return []

    async def check(self) -> str:
        return "nothing"

    async def close(self) -> None:
        return None
