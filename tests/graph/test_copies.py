"""The same text in several documents: said and cited once, with the other places; same titles are told apart."""

from dataclasses import replace

from agent.hits import hits_values
from graph.distinct import search_texts
from graph.fuse import pack
from graph.state import EvidenceItem
from tests.graph.conversation import Conversation
from tests.graph.fakes import make_resources, passage
from tools.shapes import Hit, SearchResult
from tools.text.document_names import file_name, shared_titles, shown_copies, shown_name

TEXT = "供应商应保存备件五年。"
FIRST = replace(passage("a", TEXT, title="供货协议"), uri="/files/协议.docx")
COPY = replace(passage("b", TEXT, title="供货协议"), uri="/mail/attachment.docx")
OTHER = replace(passage("c", "供应商应在十日内交货。", title="交货说明"), uri="/files/交货.md")


def item(id_: str) -> EvidenceItem:
    return EvidenceItem(id=id_, source="vector", score=1.0, facts=[], whole=True, parts=[0])


def test_copies_are_one_piece_of_evidence() -> None:
    web = replace(COPY, id="w", document_id="w")
    again = replace(FIRST, id="again")
    copied_again = replace(COPY, id="copied again")
    passages = {each.id: each for each in (FIRST, COPY, OTHER, web, again, copied_again)}
    packed = pack([item(id_) for id_ in ("a", "b", "w", "again", "copied again", "c")], passages, {})
    assert [(each["id"], each.get("copies", [])) for each in packed] == [("a", ["b"]), ("c", [])]


async def test_an_answer_cites_one_of_them_and_names_the_others() -> None:
    answer = await Conversation(make_resources([FIRST, COPY, OTHER])).ask("供应商保存备件几年？", web="never")
    assert answer["answer"] == f"{TEXT}[1]"
    (citation,) = answer["citations"]
    places = [citation["document"], *citation["also_in"]]
    assert sorted(place["file"] for place in places) == ["attachment.docx", "协议.docx"]
    assert {place["id"] for place in places} == {FIRST.document_id, COPY.document_id}


async def test_copies_take_no_other_passage_from_the_evidence() -> None:
    copies = [
        replace(passage(f"copy{n}", "备件由供应商在几日内交货是常见的问题吗？"), document_id=f"d{n}") for n in range(10)
    ]
    answer = await Conversation(make_resources([*copies, OTHER])).ask("备件由供应商在几日内交货？", web="never")
    assert answer["answer"].startswith(OTHER.text)


async def test_a_title_of_several_documents_is_shown_with_its_file() -> None:
    elsewhere = replace(OTHER, title="供货协议")
    answer = await Conversation(make_resources([FIRST, elsewhere])).ask("供应商保存备件几年？", web="never")
    assert answer["citations"][0]["document"]["file"] == "协议.docx"
    assert "also_in" not in answer["citations"][0]
    alone = await Conversation(make_resources([FIRST, OTHER])).ask("供应商保存备件几年？", web="never")
    assert "file" not in alone["citations"][0]["document"]


async def test_a_limit_counts_texts_and_not_their_copies() -> None:
    copies = [replace(passage(f"copy{n}", TEXT), document_id=f"d{n}") for n in range(12)]
    others = [passage(f"other{n}", f"供应商应在 {n} 日内交货。") for n in range(2)]
    asked = []

    async def search(limit: int) -> SearchResult:
        asked.append(limit)
        return SearchResult("ok", tuple(Hit(each, 1.0, "vector") for each in [*copies, *others][:limit]))

    found = await search_texts(search, 3)
    assert [hit.passage.id for hit in found.hits] == [each.id for each in [*copies, *others]]
    assert asked == [3, 6, 12, 24]
    assert [hit.passage.id for hit in (await search_texts(search, 2)).hits] == [
        each.id for each in [*copies, others[0]]
    ]


def test_a_search_lists_the_same_text_once() -> None:
    copies = [COPY, replace(COPY, id="copied again")]
    hits = hits_values([Hit(each, 3.0, "vector") for each in (FIRST, *copies, OTHER)])
    assert [hit["chunk_id"] for hit in hits] == ["a", "c"]
    assert hits[0]["also_in"] == [{"id": "doc-b", "title": "供货协议", "uri": COPY.uri, "file": "attachment.docx"}]
    assert (hits[0]["file"], "also_in" in hits[1], "file" in hits[1]) == ("协议.docx", False, False)


def test_documents_are_named_by_title_and_by_file_where_that_is_needed() -> None:
    assert shared_titles([FIRST, replace(FIRST, id="x"), OTHER]) == frozenset()
    assert shared_titles([FIRST, COPY]) == {"供货协议"}
    document = {"id": "d", "title": "Plan", "uri": "/a/plan.pdf", "file": "plan.pdf"}
    assert shown_name(document) == "Plan (plan.pdf)"
    assert shown_name({"id": "d", "title": "", "uri": "/a/plan.pdf"}) == "/a/plan.pdf"
    assert shown_name({"id": "", "title": "", "uri": ""}) == ""
    assert shown_copies(document, [document, {"id": "e", "title": "Draft", "uri": "/b"}]) == ["plan.pdf", "Draft"]
    assert file_name("file:///a/%E5%8D%8F.docx") == "协.docx"
