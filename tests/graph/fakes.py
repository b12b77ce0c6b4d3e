"""Stores and sources in memory, for tests of the graph's own behaviour."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from typing import Any

from graph.resources import Resources
from tools.access import Access
from tools.models.decision import Decision
from tools.models.failures import ModelFailure
from tools.models.meter import Meter
from tools.shapes import Chunk, Fact, Hit, Passage, SearchResult, Section
from tools.sources.knowledge_graph import KnowledgeGraphSource
from tools.sources.source import no_cues
from tools.sources.web import WebSource
from tools.stores.protocols import EntityMatch
from tools.text.joined_section import joined_section
from tools.text.tokens import fold, search_tokens


def passage(id: str, text: str, title: str = "项目概况", page: int | None = 1) -> Passage:
    return Passage(id=id, document_id=f"doc-{id}", title=title, uri=f"/files/{title}", text=text, page=page)


class FakeLedger:
    def __init__(self, passages: Iterable[Passage] = (), facts: Iterable[Fact] = ()) -> None:
        self.stored = {each.id: each for each in passages}
        self.known_facts = {each.id: each for each in facts}
        self.readers: dict[str, tuple[str, ...]] = {}

    async def passages(self, ids: Iterable[str], access: Access) -> dict[str, Passage]:
        return {
            id: self.stored[id]
            for id in ids
            if id in self.stored and access.allows(self.readers.get(id, ("everyone",)))
        }

    async def sections(self, ids: Iterable[str], access: Access) -> dict[str, Section]:
        """The passages of one document are one section."""
        found: dict[str, Section] = {}
        for id, asked in (await self.passages(ids, access)).items():
            of_document = [one for one in self.stored.values() if one.document_id == asked.document_id]
            chunks = [Chunk(one.id, one.document_id, place, one.text) for place, one in enumerate(of_document)]
            found[id] = joined_section(chunks)
        return found

    async def facts(self, ids: Iterable[str], access: Access) -> dict[str, Fact]:
        return {id: self.known_facts[id] for id in ids if id in self.known_facts}

    async def collections(self, access: Access) -> list[str]:
        return ["default"] if self.stored else []


class FakeKnowledgeGraph:
    def __init__(self, facts: Sequence[Fact] = ()) -> None:
        self.known = list(facts)

    async def entities_in(self, text: str, **_: Any) -> list[EntityMatch]:
        names = dict.fromkeys(name for fact in self.known for name in (fact.head, fact.tail))
        return [EntityMatch(name, "thing", 1) for name in names if fold(name) in fold(text)]

    async def neighbourhood(self, names: Sequence[str], **_: Any) -> list[Fact]:
        return [fact for fact in self.known if fact.head in names or fact.tail in names]


class FakeSource:
    """Ranks its passages by shared tokens; `results` replaces the answers in order, an exception is raised."""

    description = "a source for tests"
    timeout_seconds = 5.0

    def __init__(
        self,
        name: str,
        passages: Sequence[Passage] = (),
        *,
        results: Sequence[SearchResult | Exception | float] = (),
        leaves_machine: bool = False,
        cues: Any = None,
    ) -> None:
        self.name = name
        self.leaves_machine = leaves_machine
        self.cues = cues or no_cues()
        self.weak_cues = no_cues()
        self.passages = list(passages)
        self.results = list(results)
        self.searches: list[str] = []

    async def search(self, query: str, *, limit: int, **_: Any) -> SearchResult:
        self.searches.append(query)
        if self.results:
            result = self.results.pop(0)
            if isinstance(result, Exception):
                raise result
            if isinstance(result, float):
                await asyncio.sleep(result)
            else:
                return result
        wanted = set(search_tokens(query))
        shared = {each.id: len(wanted & set(search_tokens(each.text))) for each in self.passages}
        ranked = sorted((each for each in self.passages if shared[each.id]), key=lambda each: -shared[each.id])
        hits = tuple(Hit(each, float(shared[each.id]), self.name) for each in ranked[:limit])
        return SearchResult("ok" if hits else "empty", hits)


class FakeChat:
    """A model that says `texts` in turn and decides what `decisions` give by the shape's name; a failure is raised."""

    name = "fake:model"

    def __init__(self, texts: Sequence[str | ModelFailure] = (), **decisions: Any) -> None:
        self.texts = list(texts)
        self.decisions = decisions
        self.asked: list[str] = []
        self.prompts: list[str] = []

    async def decide(self, messages: Sequence[Any], shape: type[Decision], meter: Meter) -> Any:
        self._take(shape.__name__, messages, meter)
        decision = self.decisions.get(shape.__name__, ModelFailure("unreadable"))
        if isinstance(decision, list):
            decision = decision.pop(0) if len(decision) > 1 else decision[0]
        if isinstance(decision, ModelFailure):
            raise decision
        return shape.model_validate(decision)

    async def write(self, messages: Sequence[Any], meter: Meter) -> AsyncGenerator[str, None]:
        self._take("text", messages, meter)
        text = self.texts.pop(0) if len(self.texts) > 1 else self.texts[0]
        if isinstance(text, ModelFailure):
            raise text
        for start in range(0, len(text), 3):
            yield text[start : start + 3]

    def _take(self, kind: str, messages: Sequence[Any], meter: Meter) -> None:
        self.asked.append(kind)
        self.prompts.append("\n".join(str(message.content) for message in messages))
        if not meter.take(self.name):
            raise ModelFailure("budget")
        meter.count(self.name, input_tokens=100, output_tokens=10)


class FakeModels:
    """One chat model for every role."""

    def __init__(self, chat: FakeChat | None = None, **prices: Any) -> None:
        self.chat = chat
        self.prices = {"fake:model": prices} if prices else {}
        self.names = [chat.name] if chat else []

    def get(self, role: str, name: str = "") -> FakeChat | None:
        return self.chat


class Provider:
    def __init__(self, resources: Resources) -> None:
        self.resources = resources

    async def get(self) -> Resources:
        return self.resources


def make_resources(
    passages: Sequence[Passage] = (),
    facts: Sequence[Fact] = (),
    web: FakeSource | None = None,
    vector: FakeSource | None = None,
    chat: FakeChat | None = None,
) -> Resources:
    """The real graph source over a fake graph, a fake vector source and a web that cannot be reached."""
    ledger = FakeLedger(passages, facts)
    knowledge_graph = FakeKnowledgeGraph(facts)
    web = web or FakeSource("web", leaves_machine=True, cues=WebSource.cues, results=[SearchResult("down")] * 20)
    ledger.stored.update({each.id: each for each in web.passages})
    return Resources(
        ledger=ledger,  # type: ignore[arg-type]
        knowledge_graph=knowledge_graph,  # type: ignore[arg-type]
        sources={
            "vector": vector or FakeSource("vector", passages),
            "graph": KnowledgeGraphSource(ledger, knowledge_graph),  # type: ignore[arg-type]
            "web": web,
        },
        models=FakeModels(chat),  # type: ignore[arg-type]
    )


def facts_from(*rows: tuple[str, str, str, str]) -> list[Fact]:
    """Facts from (head, relation, tail, chunk id)."""
    return [
        Fact(f"fact-{n}", head, relation, tail, f"{head}的{relation}是{tail}。", chunk, f"doc-{chunk}")
        for n, (head, relation, tail, chunk) in enumerate(rows)
    ]
