"""What every knowledge graph must do.

A test class inherits this and gives a `graph` fixture, fresh and empty, and `put` and `remove`: how a document with
what was read out of it gets in and out, in the way of the product.
"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.stores.examples import (
    EVERYTHING,
    LIN,
    ODD_NAMES,
    STRANGER,
    WANG,
    make_chunks,
    make_document,
    make_extraction,
    make_fact,
)
from tools.access import Access
from tools.shapes import Chunk, Document, Entity, Extraction, Fact, Filters
from tools.stores.protocols import EntityMatch, KnowledgeGraph

Put = Callable[[Document, list[Chunk], Extraction], Awaitable[None]]
Remove = Callable[[str], Awaitable[None]]
Triple = tuple[str, str, str]


async def put_triples(
    put: Put, key: str, *triples: Triple, readers: tuple[str, ...] = ("everyone",), **more: str
) -> Chunk:
    document = make_document(key, readers=readers, **more)
    chunks = make_chunks(document, f"text of {key}")
    await put(document, chunks, make_extraction(chunks[0], *triples))
    return chunks[0]


async def names_in(graph: KnowledgeGraph, text: str, access: Access = LIN, filters: Filters = EVERYTHING) -> list[str]:
    return [match.name for match in await graph.entities_in(text, access=access, filters=filters, limit=50)]


async def around(
    graph: KnowledgeGraph,
    *names: str,
    hops: int = 1,
    access: Access = LIN,
    filters: Filters = EVERYTHING,
    limit: int = 50,
) -> list[Triple]:
    facts = await graph.neighbourhood(names, hops=hops, access=access, filters=filters, limit=limit)
    assert len({fact.id for fact in facts}) == len(facts)
    return [triple(fact) for fact in facts]


async def chains(
    graph: KnowledgeGraph,
    head: str,
    tail: str,
    max_hops: int = 4,
    access: Access = LIN,
    filters: Filters = EVERYTHING,
    limit: int = 10,
) -> list[list[Triple]]:
    found = await graph.paths(head, tail, max_hops=max_hops, access=access, filters=filters, limit=limit)
    return [[triple(fact) for fact in chain] for chain in found]


def triple(fact: Fact) -> Triple:
    return fact.head, fact.relation, fact.tail


class KnowledgeGraphContract:
    # Names in a text

    async def test_names_are_found_in_chinese_and_english(self, graph: KnowledgeGraph, put: Put) -> None:
        await put_triples(
            put, "a", ("东站", "位于", "东城"), ("China Railway", "owns", "Unit 7"), ("纳统", "属于", "统计")
        )
        assert await names_in(graph, "请问东站的纳统情况？") == ["东站", "纳统"]
        assert await names_in(graph, "does CHINA  RAILWAY own unit 7?") == ["China Railway", "Unit 7"]
        assert await names_in(graph, "ｃｈｉｎａ Railway的东城") == ["China Railway", "东城"]
        assert await names_in(graph, "") == await names_in(graph, "  \n") == await names_in(graph, "别的") == []

    async def test_english_names_stand_on_word_borders(self, graph: KnowledgeGraph, put: Put) -> None:
        await put_triples(put, "a", ("Art", "r", "Unit 7"), ("GB/T 50378-2019", "r", "C++"))
        assert await names_in(graph, "start of the party in Unit 70") == []
        assert await names_in(graph, "the art.") == ["Art"]
        assert await names_in(graph, "按GB/T 50378—2019执行") == ["GB/T 50378-2019"]
        assert await names_in(graph, "written in C++?") == ["C++"]

    async def test_a_name_inside_a_longer_one_is_left_out(self, graph: KnowledgeGraph, put: Put) -> None:
        await put_triples(put, "a", ("东站", "r", "东站建设集团"), ("建设集团", "r", "集团"))
        assert await names_in(graph, "东站建设集团在哪里") == ["东站建设集团"]
        assert await names_in(graph, "东站建设集团在东站吗") == ["东站建设集团", "东站"]
        assert await names_in(graph, "建设集团和东站") == ["建设集团", "东站"]

    async def test_a_match_says_how_it_is_written_and_how_often(self, graph: KnowledgeGraph, put: Put) -> None:
        document = make_document("a")
        chunks = make_chunks(document, "one", "two", "three")
        entities = (
            Entity("Unit 7", "place", chunks[0].id),
            Entity("UNIT 7", "code", chunks[1].id),
            Entity("Unit  7", "place", chunks[0].id),
            Entity("Unit 7", "place", chunks[2].id),
        )
        await put(document, chunks, Extraction(entities))
        found = await graph.entities_in("unit 7", access=LIN, filters=EVERYTHING, limit=5)
        assert found == [EntityMatch("Unit 7", "place", 3)]

    async def test_a_name_that_only_a_fact_has_is_known(self, graph: KnowledgeGraph, put: Put) -> None:
        document = make_document("a")
        chunks = make_chunks(document, "one")
        await put(document, chunks, Extraction((), (make_fact(chunks[0], "甲方", "签订", "合同"),)))
        assert await names_in(graph, "甲方") == ["甲方"]
        (match,) = await graph.entities_in("合同", access=LIN, filters=EVERYTHING, limit=5)
        assert (match.name, match.mentions) == ("合同", 1)

    async def test_the_limit_keeps_the_longest(self, graph: KnowledgeGraph, put: Put) -> None:
        await put_triples(put, "a", ("东站", "r", "东站建设集团"), ("指挥部", "r", "东城"))
        found = await graph.entities_in("东城指挥部和东站建设集团", access=LIN, filters=EVERYTHING, limit=2)
        assert [match.name for match in found] == ["东站建设集团", "指挥部"]

    async def test_a_long_text_holds_many_names(self, graph: KnowledgeGraph, put: Put) -> None:
        names = [f"第{n}项目部" for n in range(200)]
        await put_triples(put, "a", *((name, "r", "总部") for name in names))
        found = await graph.entities_in("，".join(names) * 3, access=LIN, filters=EVERYTHING, limit=500)
        assert {match.name for match in found} == set(names)

    # Neighbourhood

    async def test_hops_are_counted_and_near_comes_first(self, graph: KnowledgeGraph, put: Put) -> None:
        await put_triples(put, "a", ("A", "1", "B"), ("C", "2", "B"), ("C", "3", "D"), ("X", "4", "Y"))
        assert await around(graph, "a") == [("A", "1", "B")]
        assert await around(graph, "A", hops=2) == [("A", "1", "B"), ("C", "2", "B")]
        assert await around(graph, "A", hops=3) == [("A", "1", "B"), ("C", "2", "B"), ("C", "3", "D")]
        assert await around(graph, "A", hops=9, limit=2) == [("A", "1", "B"), ("C", "2", "B")]
        assert set(await around(graph, "B", "X")) == {("A", "1", "B"), ("C", "2", "B"), ("X", "4", "Y")}
        assert await around(graph, "unknown") == await around(graph) == await around(graph, "A", hops=0) == []
        assert await around(graph, "A", limit=0) == await around(graph, "", "  ") == []

    async def test_a_hub_hides_neither_other_names_nor_all_its_facts(self, graph: KnowledgeGraph, put: Put) -> None:
        await put_triples(put, "hub", *(("Hub", "r", f"N{n}") for n in range(300)), ("Small", "r", "Other"))
        facts = await around(graph, "Hub", "Small", limit=10)
        assert len(facts) == 10
        assert ("Small", "r", "Other") in facts
        assert len(await around(graph, "Hub", limit=1000)) == 300

    async def test_repeated_statements_do_not_crowd_out_others(self, graph: KnowledgeGraph, put: Put) -> None:
        for number in range(12):
            await put_triples(put, f"{number}", ("A", "with", "B"))
        await put_triples(put, "last", ("A", "owns", "C"), ("D", "owns", "A"))
        facts = await around(graph, "A", limit=4)
        assert {("A", "owns", "C"), ("D", "owns", "A"), ("A", "with", "B")} == set(facts)
        assert len(await around(graph, "A", limit=50)) == 14

    async def test_loops_and_circles_end(self, graph: KnowledgeGraph, put: Put) -> None:
        await put_triples(put, "a", ("A", "self", "A"), ("A", "1", "B"), ("B", "2", "A"))
        assert len(await around(graph, "A", hops=5)) == 3

    # Paths

    async def test_the_shortest_chains_in_either_direction(self, graph: KnowledgeGraph, put: Put) -> None:
        await put_triples(
            put,
            "a",
            ("A", "1", "B"),
            ("C", "2", "B"),
            ("C", "3", "D"),
            ("A", "4", "X"),
            ("X", "5", "Y"),
            ("Y", "6", "Z"),
            ("Z", "7", "D"),
        )
        assert await chains(graph, "A", "d") == [[("A", "1", "B"), ("C", "2", "B"), ("C", "3", "D")]]
        assert await chains(graph, "D", "A") == [[("C", "3", "D"), ("C", "2", "B"), ("A", "1", "B")]]
        assert await chains(graph, "A", "B") == [[("A", "1", "B")]]
        assert await chains(graph, "A", "D", max_hops=2) == []
        assert await chains(graph, "A", "D", max_hops=0) == await chains(graph, "A", "D", limit=0) == []
        assert (
            await chains(graph, "A", "A") == await chains(graph, "A", "unknown") == await chains(graph, "", "A") == []
        )

    async def test_all_shortest_chains_up_to_the_limit(self, graph: KnowledgeGraph, put: Put) -> None:
        middles = [f"M{n}" for n in range(6)]
        await put_triples(put, "a", *(("A", "r", m) for m in middles), *((m, "s", "B") for m in middles))
        found = await chains(graph, "A", "B", limit=10)
        assert sorted(found) == sorted([("A", "r", m), (m, "s", "B")] for m in middles)
        assert len(await chains(graph, "A", "B", limit=4)) == 4

    @pytest.mark.parametrize("length", range(1, 8))
    async def test_chains_of_any_length(self, graph: KnowledgeGraph, put: Put, length: int) -> None:
        steps = [(f"N{n}", "r", f"N{n + 1}") for n in range(length)]
        await put_triples(put, "a", *steps)
        assert await chains(graph, "N0", f"N{length}", max_hops=length) == [steps]
        assert await chains(graph, "N0", f"N{length}", max_hops=length - 1) == []

    async def test_one_statement_in_two_documents_is_one_chain(self, graph: KnowledgeGraph, put: Put) -> None:
        for key in "12":
            await put_triples(put, key, ("A", "r", "B"), ("B", "s", "C"))
        assert await chains(graph, "A", "C") == [[("A", "r", "B"), ("B", "s", "C")]]

    async def test_a_path_between_two_hubs(self, graph: KnowledgeGraph, put: Put) -> None:
        await put_triples(
            put, "1", *(("A", "r", f"a{n}") for n in range(250)), *(("B", "r", f"b{n}") for n in range(250))
        )
        await put_triples(put, "2", ("a7", "s", "b9"))
        assert await chains(graph, "A", "B") == [[("A", "r", "a7"), ("a7", "s", "b9"), ("B", "r", "b9")]]

    # Replacing and removing

    async def test_what_only_one_document_said_goes_with_it(
        self, graph: KnowledgeGraph, put: Put, remove: Remove
    ) -> None:
        one = await put_triples(put, "1", ("东站", "r", "西站"), ("东站", "r", "南站"))
        two = await put_triples(put, "2", ("东站", "s", "南站"))
        await remove(one.document_id)
        assert await names_in(graph, "东站西站南站") == ["东站", "南站"]
        assert await around(graph, "东站", hops=3) == [("东站", "s", "南站")]
        (match,) = await graph.entities_in("东站", access=LIN, filters=EVERYTHING, limit=9)
        assert match.mentions == 1
        await remove(two.document_id)
        assert await names_in(graph, "东站西站南站") == await around(graph, "东站") == []

    async def test_writing_again_replaces(self, graph: KnowledgeGraph, put: Put) -> None:
        await put_triples(put, "1", ("A", "r", "B"))
        for _ in range(2):
            await put_triples(put, "1", ("A", "r", "C"))
        assert await around(graph, "A") == [("A", "r", "C")]
        assert await names_in(graph, "A B C") == ["A", "C"]

    async def test_writing_and_removing_twice_changes_nothing(
        self, graph: KnowledgeGraph, put: Put, remove: Remove
    ) -> None:
        document = make_document("1")
        chunks = make_chunks(document, "text")
        extraction = make_extraction(chunks[0], ("A", "r", "B"))
        await put(document, chunks, extraction)
        await put(document, chunks, extraction)
        assert await around(graph, "A") == [("A", "r", "B")]
        await remove(document.id)
        await remove(document.id)
        assert await around(graph, "A") == await names_in(graph, "A") == []

    # As the wrong user

    async def test_what_may_not_be_read_does_not_exist(self, graph: KnowledgeGraph, put: Put) -> None:
        await put_triples(
            put, "secret", ("秘密项目", "r", "东站"), ("东站", "s", "西站"), readers=("user:lin", "group:finance")
        )
        await put_triples(put, "public", ("东站", "t", "南站"))
        text = "秘密项目、东站、西站、南站"
        for reader in (LIN, WANG):
            assert await names_in(graph, text, reader) == ["秘密项目", "东站", "西站", "南站"]
            assert len(await around(graph, "东站", access=reader)) == 3
            assert len(await chains(graph, "秘密项目", "南站", access=reader)) == 1
        assert await names_in(graph, text, STRANGER) == ["东站", "南站"]
        (match,) = await graph.entities_in("东站", access=STRANGER, filters=EVERYTHING, limit=5)
        assert match.mentions == 1
        assert await around(graph, "秘密项目", "东站", "西站", hops=3, access=STRANGER) == [("东站", "t", "南站")]
        assert await chains(graph, "秘密项目", "南站", access=STRANGER) == []
        assert await chains(graph, "西站", "东站", access=STRANGER) == []

    async def test_a_hidden_name_hides_no_other(self, graph: KnowledgeGraph, put: Put) -> None:
        await put_triples(put, "secret", ("东站扩建项目", "r", "x"), readers=("user:lin",))
        await put_triples(put, "public", ("东站", "r", "y"))
        assert await names_in(graph, "东站扩建项目") == ["东站扩建项目"]
        assert await names_in(graph, "东站扩建项目", STRANGER) == ["东站"]

    async def test_a_hidden_spelling_is_not_shown(self, graph: KnowledgeGraph, put: Put) -> None:
        for key in "123":
            await put_triples(put, key, ("ACME", "r", "x"), readers=("user:lin",))
        await put_triples(put, "public", ("Acme", "r", "y"))
        assert await names_in(graph, "acme") == ["ACME"]
        assert await names_in(graph, "acme", STRANGER) == ["Acme"]

    async def test_a_hub_that_may_not_be_read_hides_nothing(self, graph: KnowledgeGraph, put: Put) -> None:
        await put_triples(put, "secret", *(("Hub", "r", f"N{n}") for n in range(300)), readers=("user:lin",))
        await put_triples(put, "public", ("Hub", "s", "Other"))
        assert await around(graph, "Hub", access=STRANGER, limit=5) == [("Hub", "s", "Other")]
        assert await chains(graph, "Hub", "Other", access=STRANGER) == [[("Hub", "s", "Other")]]

    async def test_filters_limit_every_read(self, graph: KnowledgeGraph, put: Put) -> None:
        await put_triples(put, "1", ("A", "r", "B"), collection="one")
        await put_triples(put, "2", ("A", "s", "B"), ("A", "s", "C"), collection="two")
        only = Filters(("one",))
        assert await names_in(graph, "A B C", filters=only) == ["A", "B"]
        assert await around(graph, "A", filters=only) == [("A", "r", "B")]
        assert await chains(graph, "A", "B", filters=only) == [[("A", "r", "B")]]
        (match,) = await graph.entities_in("A", access=LIN, filters=only, limit=9)
        assert match.mentions == 1
        assert await around(graph, "A", filters=Filters(("none",))) == []

    @pytest.mark.parametrize("name", ODD_NAMES)
    async def test_odd_names_are_names(self, graph: KnowledgeGraph, put: Put, name: str) -> None:
        await put_triples(put, "a", (name, name, "Other"))
        await put_triples(put, "b", ("xOtherx", "r", "100"))
        assert await names_in(graph, f"what is {name} ?") == [name]
        assert await around(graph, name) == [(name, name, "Other")]
        assert await chains(graph, "other", name) == [[(name, name, "Other")]]

    async def test_reads_beside_writes(self, graph: KnowledgeGraph, put: Put) -> None:
        await put_triples(put, "steady", ("A", "r", "B"))

        async def write(number: int) -> None:
            await put_triples(put, f"{number}", (f"C{number}", "r", f"D{number}"), ("E", "r", f"D{number}"))

        async def read() -> None:
            for _ in range(10):
                assert await around(graph, "A", hops=2) == [("A", "r", "B")]
                assert await names_in(graph, "A") == ["A"]

        await asyncio.gather(*map(write, range(20)), *(read() for _ in range(5)))
        assert len(await around(graph, "E")) == 20
