"""Documents that are hidden: nothing of them reaches a search, an answer, a citation or the router."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from evals.hidden_documents import HiddenInKnowledgeGraph, HiddenInSource, named_by
from tests.evals.sample_products import SAMPLES, SampleProduct, fill, opened
from tests.graph.fakes import FakeSource, facts_from, passage
from tools.access import Access
from tools.shapes import Fact, Filters, SearchResult
from tools.stores.protocols import EntityMatch

HIDDEN = "人员与职责.csv"
QUESTION = "华衡工程监理有限公司的法定代表人是谁？"
ANSWER = "孟庭芳"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("samples") / "home"
    fill(home, SAMPLES)
    return home


@pytest.fixture
async def samples(home: Path) -> AsyncIterator[SampleProduct]:
    async with opened(home) as product:
        yield product


async def test_nothing_of_a_hidden_document_is_found(samples: SampleProduct) -> None:
    hidden = await samples.id_of(HIDDEN)
    without = samples.product.hiding([hidden])
    for source in ("vector", "graph"):
        shown = {hit.passage.document_id for hit in await samples.product.search(QUESTION, source=source)}
        left = await without.search(QUESTION, source=source)
        assert hidden in shown, source
        assert hidden not in {hit.passage.document_id for hit in left}, source
        assert all(fact.document_id != hidden for hit in left for fact in hit.facts), source
    assert len(await without.search(QUESTION)) == 10, "as much as without the document"


async def test_an_answer_has_nothing_of_it(samples: SampleProduct) -> None:
    hidden = await samples.id_of(HIDDEN)
    answered = await samples.product.ask(QUESTION)
    assert ANSWER in answered["answer"]
    refused = await samples.product.hiding([hidden]).ask(QUESTION)
    told = json.dumps(refused, ensure_ascii=False)
    assert ANSWER not in told
    assert hidden not in told


async def test_the_router_does_not_know_what_only_it_names(samples: SampleProduct) -> None:
    hidden = await samples.id_of(HIDDEN)
    graph = samples.product.hiding([hidden]).resources.knowledge_graph
    known = samples.product.resources.knowledge_graph
    text = "孟庭芳和沈若川是什么关系？"

    async def names(in_graph: object) -> list[str]:
        found = await in_graph.entities_in(text, access=Access(), filters=Filters(), limit=6)  # type: ignore[attr-defined]
        return sorted(match.name for match in found)

    assert await names(known) == ["孟庭芳", "沈若川"]
    assert await names(graph) == ["沈若川"], "other documents name him"
    before = await samples.product.route("孟庭芳的上级是谁？")
    after = await samples.product.hiding([hidden]).route("孟庭芳的上级是谁？")
    assert before["routes"][0]["confidence"] > after["routes"][0]["confidence"]


async def test_what_is_hidden_cannot_be_read_by_its_id(samples: SampleProduct) -> None:
    hidden = await samples.id_of(HIDDEN)
    held = (await samples.ledger.stored([hidden]))[hidden]
    without = samples.product.hiding([hidden]).resources.ledger
    chunk_ids = [chunk.id for chunk in held.chunks]
    assert len(await samples.ledger.passages(chunk_ids, Access())) == len(chunk_ids)
    assert await without.passages(chunk_ids, Access()) == {}
    fact_ids = [fact.id for fact in held.extraction.facts]
    assert fact_ids
    assert await without.facts(fact_ids, Access()) == {}


async def test_hiding_nothing_changes_nothing(samples: SampleProduct) -> None:
    def without_times(answer: dict[str, object]) -> dict[str, object]:
        return {key: value for key, value in answer.items() if key not in ("receipt", "run_id", "message_id")}

    plain, hiding = await samples.product.ask(QUESTION), await samples.product.hiding([]).ask(QUESTION)
    assert (plain["answer"], plain["confidence"]) == (hiding["answer"], hiding["confidence"])
    assert [each["chunk_id"] for each in plain["citations"]] == [each["chunk_id"] for each in hiding["citations"]]


# Over fakes: what the real stores show only now and then


class Graph:
    """Knows names and facts, the names by whole text alone, as the stores do: longest first, none inside another."""

    def __init__(self, *names: str, facts: list[Fact] | None = None) -> None:
        self.names = sorted(names, key=len, reverse=True)
        self.facts = facts or []

    async def entities_in(self, text: str, *, limit: int, **_: object) -> list[EntityMatch]:
        found: list[EntityMatch] = []
        for name in self.names:
            if name in text:
                found.append(EntityMatch(name, "thing", 1))
                text = text.replace(name, "|")
        return found[:limit]

    async def neighbourhood(self, names: list[str], *, hops: int, limit: int, **_: object) -> list[Fact]:
        assert hops == 1
        return [fact for fact in self.facts if fact.head in names or fact.tail in names][:limit]

    async def paths(self, head: str, tail: str, *, limit: int, **_: object) -> list[list[Fact]]:
        return [[fact] for fact in self.facts if {fact.head, fact.tail} == {head, tail}][:limit]


def hiding(graph: Graph, *hidden: str, naming: str = "") -> HiddenInKnowledgeGraph:
    source = HiddenInSource(FakeSource("vector", [passage("shown", naming)]), frozenset(hidden))  # type: ignore[arg-type]
    return HiddenInKnowledgeGraph(graph, frozenset(hidden), named_by(source))  # type: ignore[arg-type]


async def test_a_known_name_inside_of_an_unknown_one_is_found() -> None:
    graph = Graph("北辰隧道工程有限公司", "北辰隧道", "Harbour Bridge Authority", "Harbour Bridge", "Bridge")
    without = hiding(graph, "gone", naming="北辰隧道于五月开工。 The Harbour Bridge is long.")
    text = "北辰隧道工程有限公司 and the Harbour Bridge Authority"
    found = await without.entities_in(text, access=Access(), filters=Filters(), limit=6)
    assert [match.name for match in found] == ["Harbour Bridge", "北辰隧道"]


async def test_nothing_is_reached_by_way_of_a_hidden_fact() -> None:
    facts = facts_from(
        ("甲", "负责", "乙", "甲负责乙。"), ("乙", "负责", "丙", "乙负责丙。"), ("丙", "负责", "丁", "丙负责丁。")
    )
    without = hiding(Graph(facts=facts), facts[1].document_id)
    near = await without.neighbourhood(["甲"], hops=3, access=Access(), filters=Filters(), limit=10)
    assert near == [facts[0]]
    assert await without.paths("乙", "丙", max_hops=3, access=Access(), filters=Filters(), limit=2) == []


async def test_more_is_asked_for_where_much_is_hidden() -> None:
    passages = [passage(f"p{number}", "桥 " * (40 - number)) for number in range(40)]
    source = HiddenInSource(FakeSource("vector", passages), frozenset(f"doc-p{number}" for number in range(30)))  # type: ignore[arg-type]
    result = await source.search("桥", access=Access(), filters=Filters(), limit=5, deadline=0)
    assert [hit.passage.id for hit in result.hits] == ["p30", "p31", "p32", "p33", "p34"]


async def test_a_source_that_fails_says_so() -> None:
    failing = FakeSource("vector", results=[SearchResult("timeout", detail="slow", without={"ledger": "down"})])
    result = await HiddenInSource(failing, frozenset({"doc-a"})).search(  # type: ignore[arg-type]
        "桥", access=Access(), filters=Filters(), limit=5, deadline=0
    )
    assert result == SearchResult("timeout", detail="slow", without={"ledger": "down"})
    assert failing.searches == ["桥"]
