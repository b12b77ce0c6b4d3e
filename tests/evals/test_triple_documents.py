"""Triples as documents: one a head, one passage and one fact a triple."""

from evals.triple_documents import head_document_id, triple_documents
from tests.evals.tasks.question_pack import triple

ROWS = [
    triple("云顶湖", "门票", "35元"),
    triple("老茶山", "周边景点", "云顶湖"),
    triple("云顶湖", "门票", "35元"),
    triple(" 云顶湖 ", "地址", "临江路\n8号"),
]


def test_a_head_has_one_document_with_a_passage_and_a_fact_for_each_of_its_triples() -> None:
    lake, mountain = triple_documents(ROWS, "sights", "sights.jsonl")
    assert [chunk.text for chunk in lake.chunks] == ["云顶湖 — 门票 — 35元", "云顶湖 — 地址 — 临江路 8号"]
    assert [(fact.head, fact.relation, fact.tail) for fact in lake.extraction.facts] == [
        ("云顶湖", "门票", "35元"),
        ("云顶湖", "地址", "临江路 8号"),
    ]
    assert {entity.name for entity in mountain.extraction.entities} == {"老茶山", "云顶湖"}
    for each in (lake, mountain):
        chunk_ids = {chunk.id for chunk in each.chunks}
        assert {fact.chunk_id for fact in each.extraction.facts} <= chunk_ids
        assert {fact.document_id for fact in each.extraction.facts} == {each.document.id}


def test_a_document_is_known_by_its_head() -> None:
    lake, _ = triple_documents(ROWS, "sights", "sights.jsonl")
    assert lake.document.id == head_document_id("云顶湖", "sights", "sights.jsonl")
    assert lake.document.title == "云顶湖"


def test_what_a_head_says_is_what_its_document_is_compared_by() -> None:
    lake, mountain = triple_documents(ROWS, "sights", "sights.jsonl")
    again, changed = triple_documents([*ROWS, triple("老茶山", "门票", "免费")], "sights", "sights.jsonl")
    assert again.document == lake.document
    assert changed.document.content_hash != mountain.document.content_hash
