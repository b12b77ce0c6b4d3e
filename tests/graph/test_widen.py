"""What a model reads: the sections of what was found, each passage under a number of its own."""

from dataclasses import replace
from typing import Any

from graph.state import EvidenceItem
from graph.widen import with_sections
from tests.graph.conversation import Conversation
from tests.graph.fakes import FakeChat, FakeSource, make_resources, passage
from tools.models.failures import ModelFailure
from tools.shapes import Passage, Section, TextBox

QUESTION = "二标段的合同金额是多少？"
FOUND = "二标段合同金额为5.2亿元，工期24个月。"
BESIDE = "付款分四期，每期在验收后三十日内支付。"
BEFORE = "本节说明东站枢纽工程的标段划分。"


def _section(*texts: str) -> list[Passage]:
    """Passages of one document and section, each a line with a box on page 3."""
    return [
        replace(
            passage(f"chunk-{place}", text, page=3),
            document_id="doc-1",
            boxes=(TextBox(0, len(text), (10.0, place * 10.0, 90.0, place * 10.0 + 10)),),
        )
        for place, text in enumerate(texts)
    ]


def _talk(chat: FakeChat | None) -> Conversation:
    section = _section(BEFORE, FOUND, BESIDE)
    other = passage("other", "食堂早上六点开门。")
    return Conversation(make_resources([*section, other], chat=chat, vector=FakeSource("vector", [section[1]])))


async def test_the_writer_reads_the_section_in_its_order() -> None:
    chat = FakeChat([f"{FOUND}[2]"])
    await _talk(chat).ask(QUESTION)
    (prompt,) = chat.prompts
    assert f"[1] 项目概况\n{BEFORE}\n\n[2]\n{FOUND}\n\n[3]\n{BESIDE}\n" in prompt
    assert "食堂" not in prompt


async def test_what_stands_beside_what_was_found_is_cited_as_itself() -> None:
    answer = await _talk(FakeChat([f"{FOUND}[2]{BESIDE}[3]"])).ask(QUESTION)
    told = [
        (each["number"], each["chunk_id"], each["quote"], each["page"], each["box"]) for each in answer["citations"]
    ]
    assert told == [
        (1, "chunk-1", FOUND, 3, [10.0, 10.0, 90.0, 20.0]),
        (2, "chunk-2", BESIDE, 3, [10.0, 20.0, 90.0, 30.0]),
    ]
    assert answer["receipt"]["verdict"] == {"supported": 2, "unsupported": 0}


async def test_a_sentence_with_the_mark_of_its_neighbour_gets_its_own() -> None:
    answer = await _talk(FakeChat([f"{BESIDE}[2]"])).ask(QUESTION)
    assert [each["chunk_id"] for each in answer["citations"]] == ["chunk-2"]


async def test_without_a_model_what_was_found_is_read_alone() -> None:
    answer = await _talk(None).ask(QUESTION)
    assert answer["answer"] == f"{FOUND}[1]"
    failed = await _talk(FakeChat([ModelFailure("down")])).ask(QUESTION)
    assert failed["answer"] == f"{FOUND}[1]"
    assert [each["chunk_id"] for each in failed["citations"]] == ["chunk-1"]


async def test_without_the_sections_what_was_found_is_read() -> None:
    talk = _talk(chat := FakeChat([f"{FOUND}[1]"]))
    resources: Any = make_resources(_section(BEFORE, FOUND), chat=chat)

    async def away(*_: Any) -> dict[str, Section]:
        raise OSError

    resources.ledger.sections = away
    talk = Conversation(replace(resources, sources={"vector": FakeSource("vector", _section(BEFORE, FOUND)[1:])}))
    answer = await talk.ask(QUESTION)
    assert answer["answer"] == f"{FOUND}[1]"
    assert {"component": "ledger", "reason": "down"} in answer["receipt"]["degraded"]


def _items(*ids: str, whole: bool = True) -> list[EvidenceItem]:
    return [EvidenceItem(id=id_, source="vector", score=1.0, facts=[], whole=whole, parts=[0]) for id_ in ids]


def _of(*ids: str, size: int = 4) -> Section:
    """A section of passages of `size` tokens each."""
    text = "".join("word" * size for _ in ids)
    return Section("doc-1", text, {id_: (n * size * 4, (n + 1) * size * 4) for n, id_ in enumerate(ids)})


def _ids(items: list[EvidenceItem]) -> list[str]:
    return [item["id"] for item in items]


def test_the_nearest_come_first_and_the_budget_holds() -> None:
    section = _of("a", "b", "c", "d", "e")
    assert _ids(with_sections(_items("c"), {"c": section}, 100)) == ["a", "b", "c", "d", "e"]
    assert _ids(with_sections(_items("c"), {"c": section}, 8)) == ["b", "c", "d"]
    assert _ids(with_sections(_items("c"), {"c": section}, 7)) == ["c", "d"]
    assert _ids(with_sections(_items("c"), {"c": section}, -5)) == ["c"]


def test_the_best_section_is_widened_first_and_each_passage_stands_once() -> None:
    first, second = _of("a", "b", "c"), _of("x", "y")
    sections = {"b": first, "y": second, "c": first}
    assert _ids(with_sections(_items("b", "y", "c"), sections, 4)) == ["a", "b", "c", "y"]
    assert _ids(with_sections(_items("y", "b", "c"), sections, 100)) == ["x", "y", "a", "b", "c"]


def test_what_has_no_section_keeps_its_place() -> None:
    assert _ids(with_sections(_items("web", "b"), {"b": _of("a", "b")}, 100)) == ["web", "a", "b"]


def test_what_is_added_was_found_for_no_part_of_the_question() -> None:
    (before, found) = with_sections(_items("b"), {"b": _of("a", "b")}, 100)
    assert (before["parts"], before["whole"], before["facts"]) == ([], True, [])
    assert found["parts"] == [0]
