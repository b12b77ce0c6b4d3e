"""Whole questions through the whole graph, without a model."""

from dataclasses import replace
from typing import Any

import pytest

from graph.generate import marked
from tests.graph.conversation import Conversation
from tests.graph.fakes import FakeKnowledgeGraph, FakeSource, facts_from, make_resources, passage
from tools.errors import StoreError
from tools.shapes import Hit, SearchResult
from tools.sources.web import WebSource

PASSAGES = [
    passage("a", "东站综合交通枢纽项目总投资为38.6亿元，其中建筑安装工程费27.1亿元。", page=3),
    passage("b", "二标段合同金额为5.2亿元，工期24个月，由江岚建工承建。一标段合同金额为7.9亿元。"),
    passage("c", "纳统是指将项目纳入统计部门的统计范围。", title="术语表"),
    passage("d", "华衡监理的总监是周明远。", title="人员"),
    passage("e", "Night work at the East Station site ends at 22:00 on weekdays.", title="Night work notice"),
]
FACTS = facts_from(("二标段", "监理单位", "华衡监理", "b"), ("华衡监理", "总监", "周明远", "d"))


def conversation(**parts: FakeSource) -> Conversation:
    return Conversation(make_resources(PASSAGES, FACTS, **parts))


async def test_document_question_is_answered_with_page_and_quote() -> None:
    talk = conversation()
    answer = await talk.ask("东站项目的总投资是多少？")
    assert answer["status"] == "answered"
    assert "38.6亿元" in answer["answer"]
    assert answer["answer"].endswith("[1]")
    (citation,) = answer["citations"]
    assert citation["number"] == 1
    assert citation["page"] == 3
    assert citation["source"] == "vector"
    assert "38.6亿元" in citation["quote"]
    assert citation["document"] == {"id": "doc-a", "title": "项目概况", "uri": "/files/项目概况"}
    assert [route["route"] for route in answer["receipt"]["routes"]] == ["vector"]
    assert answer["receipt"]["rounds"][0]["sources"][0]["status"] == "ok"
    assert talk.nodes == ["intake", "route", "retrieve", "fuse", "generate", "verify", "finalize"]


async def test_english_question_about_an_english_document() -> None:
    answer = await conversation().ask("When does night work at the East Station end?")
    assert answer["language"] == "en"
    assert answer["status"] == "answered"
    assert "22:00" in answer["answer"]


async def test_relation_over_two_hops_comes_from_the_graph_with_its_facts() -> None:
    answer = await conversation().ask("二标段监理单位的总监是谁？")
    assert [route["route"] for route in answer["receipt"]["routes"]] == ["graph"]
    assert "周明远" in answer["answer"]
    facts = [(f["head"], f["relation"], f["tail"]) for c in answer["citations"] for f in c["facts"]]
    assert ("二标段", "监理单位", "华衡监理") in facts
    assert ("华衡监理", "总监", "周明远") in facts


async def test_two_part_question_goes_two_ways_at_once() -> None:
    talk = conversation()
    answer = await talk.ask("二标段的合同金额是多少，监理单位的总监是谁？")
    assert {route["route"] for route in answer["receipt"]["routes"]} == {"vector", "graph"}
    assert "5.2亿元" in answer["answer"]
    assert "周明远" in answer["answer"]
    assert talk.nodes.count("retrieve") == 2
    assert talk.nodes.count("fuse") == 1


@pytest.mark.parametrize("web", ["never", "auto"])
async def test_a_product_without_documents_says_so(web: str) -> None:
    answer = await Conversation(make_resources()).ask("东站项目的总投资是多少？", web=web)
    assert answer["status"] == "refused"
    assert "signpost add" in answer["answer"]


async def test_searches_that_ran_out_of_time_are_not_called_unreachable() -> None:
    vector = FakeSource("vector", PASSAGES, results=[SearchResult("timeout")] * 20)
    talk = Conversation(make_resources(PASSAGES, FACTS, vector=vector))
    answer = await talk.ask("东站项目的总投资是多少？", route="vector", web="never")
    assert "限定时间" in answer["answer"]


async def test_a_refusal_says_which_source_could_not_be_searched() -> None:
    vector = FakeSource("vector", PASSAGES, results=[SearchResult("down")] * 20)
    answer = await Conversation(make_resources(PASSAGES, FACTS, vector=vector)).ask("围挡多高？", web="never")
    assert answer["status"] == "refused"
    assert "未能检索：文档" in answer["answer"]
    assert "在您可以查阅的文档中" not in answer["answer"]


@pytest.mark.parametrize(
    ("question", "is_told"), [("二标段由谁设计并承建？", True), ("二标段的合同金额是多少？", False)]
)
async def test_an_unclear_answer_says_which_source_is_missing(question: str, is_told: bool) -> None:
    """The graph is away when the router looks into it, and so it is not searched."""

    class Away(FakeKnowledgeGraph):
        async def entities_in(self, text: str, **_: Any) -> Any:
            raise StoreError("The graph is away.")

    resources = replace(make_resources(PASSAGES, FACTS), knowledge_graph=Away())  # type: ignore[arg-type]
    answer = await Conversation(resources).ask(question, web="never")
    assert answer["status"] == "answered"
    assert ("未能检索：知识图谱" in answer["answer"]) == is_told
    assert {"component": "graph", "reason": "down"} in answer["receipt"]["degraded"]


async def test_one_part_without_evidence_is_said_to_be_missing() -> None:
    answer = await conversation().ask("二标段的合同金额是多少？食堂的供货商是哪家？")
    assert answer["status"] == "answered"
    assert "5.2亿元" in answer["answer"]
    assert "没有找到依据：" in answer["answer"]


@pytest.mark.parametrize(
    ("question", "why"),
    [("你好", "greeting"), ("thanks a lot!", "thanks"), ("你是谁？", "about"), ("帮我写一首诗", "needs_model")],
)
async def test_direct_questions_search_nothing(question: str, why: str) -> None:
    talk = conversation()
    answer = await talk.ask(question)
    assert answer["receipt"]["routes"] == [{"route": "direct", "confidence": 0.95, "why": why}]
    assert answer["receipt"]["rounds"] == []
    assert answer["citations"] == []
    assert "retrieve" not in talk.nodes


async def test_fresh_news_offline_says_that_the_web_could_not_be_reached() -> None:
    answer = await conversation().ask("今天上海的天气怎么样？")
    assert answer["status"] == "refused"
    assert "无法访问互联网" in answer["answer"]
    assert answer["citations"] == []
    assert {"component": "web", "reason": "down"} in answer["receipt"]["degraded"]


async def test_fresh_news_online_is_answered_from_the_web() -> None:
    page = passage("w", "上海今天的天气：多云，28度。", title="天气网", page=None)
    found = SearchResult("ok", (Hit(page, 1.0, "web"),))
    web = FakeSource("web", [page], results=[found], leaves_machine=True, cues=WebSource.cues)
    answer = await conversation(web=web).ask("今天上海的天气怎么样？")
    assert answer["status"] == "answered"
    assert answer["citations"][0]["source"] == "web"
    assert web.searches == ["今天上海的天气怎么样？"]


async def test_what_the_documents_do_not_say_is_refused() -> None:
    talk = conversation()
    answer = await talk.ask("东站项目食堂的承包商是谁？")
    assert answer["status"] == "refused"
    assert answer["citations"] == []
    assert "没有搜索互联网" in answer["answer"]
    assert answer["confidence"] < 0.5
    # A question is never searched twice in the same way.
    searches = [(q["source"], q["text"]) for r in answer["receipt"]["rounds"] for q in r["queries"]]
    assert len(searches) == len(set(searches))
    assert 2 <= len(answer["receipt"]["rounds"]) <= 3


async def test_no_web_is_not_mentioned_when_it_is_off() -> None:
    answer = await conversation().ask("东站项目食堂的承包商是谁？", web="never")
    assert answer["status"] == "refused"
    assert "互联网" not in answer["answer"]


async def test_a_route_can_be_forced() -> None:
    talk = conversation()
    answer = await talk.ask("二标段的合同金额是多少？", route="graph")
    assert {q["source"] for r in answer["receipt"]["rounds"] for q in r["queries"]} == {"graph"}


async def test_nothing_may_be_searched() -> None:
    answer = await conversation().ask("二标段的合同金额是多少？", sources=["vector"], route="web")
    assert answer["status"] == "refused"
    assert answer["receipt"]["rounds"] == []
    assert "没有可以检索的来源" in answer["answer"]


@pytest.mark.parametrize("choice", [{"sources": ["vektor"]}, {"collections": ["nope"]}])
async def test_unknown_names_are_said_with_the_known_ones(choice: dict[str, list[str]]) -> None:
    answer = await conversation().ask("二标段的合同金额是多少？", **choice)
    assert answer["status"] == "needs_input"
    assert next(iter(choice.values()))[0] in answer["answer"]
    assert ("vector" if "sources" in choice else "default") in answer["answer"]


@pytest.mark.parametrize("question", [5, ["x"], None])
async def test_a_question_that_is_no_text_needs_input(question: object) -> None:
    answer = await conversation().run({"question": question})
    assert answer["status"] == "needs_input"


async def test_marks_inside_a_document_cite_nothing() -> None:
    marked = passage("m", "凤凰桥的合同工期为720天[2]，见原合同[7]。", title="凤凰桥")
    other = passage("n", "完全无关的名录，凤凰桥也在其中。", title="名录")
    answer = await Conversation(make_resources([marked, other])).ask("凤凰桥的合同工期是多少天？")
    assert answer["answer"] == "凤凰桥的合同工期为720天(2)，见原合同(7)。[1]"
    (citation,) = answer["citations"]
    assert citation["chunk_id"] == "m"


async def test_what_the_documents_know_is_not_sent_out_for_a_word_like_latest() -> None:
    web = FakeSource("web", results=[SearchResult("down")] * 9, leaves_machine=True)
    web.cues, web.weak_cues = WebSource.cues, WebSource.weak_cues
    answer = await conversation(web=web).ask("二标段最新的合同金额是多少？")
    assert web.searches == []
    assert "5.2亿元" in answer["answer"]


async def test_what_the_documents_do_not_know_goes_out_for_a_word_like_latest() -> None:
    web = FakeSource("web", results=[SearchResult("down")] * 9, leaves_machine=True)
    web.cues, web.weak_cues = WebSource.cues, WebSource.weak_cues
    await conversation(web=web).ask("Who won the latest chess championship?")
    assert web.searches == ["Who won the latest chess championship?"]


async def test_a_failing_store_sends_nothing_out() -> None:
    web = FakeSource("web", results=[SearchResult("down")] * 9, leaves_machine=True, cues=WebSource.cues)
    vector = FakeSource("vector", results=[RuntimeError("no")] * 9)
    answer = await Conversation(make_resources(web=web, vector=vector)).ask("二标段的合同金额是多少？")
    assert web.searches == []
    assert answer["status"] == "refused"


def test_what_is_closed_ends_as_its_language_does() -> None:
    assert marked("Departure: 07:00; From: Lundøy", 1) == "Departure: 07:00; From: Lundøy.[1]"
    assert marked("始发：Lundøy", 2) == "始发：Lundøy。[2]"
    assert marked("10⁶ per m²", 3) == "10⁶ per m².[3]"


async def test_empty_product_says_so() -> None:
    web = FakeSource("web", leaves_machine=True, cues=WebSource.cues)
    answer = await Conversation(make_resources(web=web)).ask("二标段的合同金额是多少？")
    assert answer["status"] == "refused"
    assert "还没有可供查阅的文档" in answer["answer"]
    assert web.searches == []


async def test_an_unclear_answer_says_what_it_found_nothing_on() -> None:
    passages = [passage("x", "青崖小麦的保质期为180天，酒精度为5.2%。", title="产品手册")]
    answer = await Conversation(make_resources(passages)).ask("青崖黑啤的酒精度是多少？", web="never")
    assert answer["answer"].startswith("找到的内容没有提到“黑啤”。其中最接近的是：\n青崖小麦")
    assert answer["confidence"] < 0.7
    assert [citation["number"] for citation in answer["citations"]] == [1]


async def test_messages_input_is_accepted() -> None:
    talk = conversation()
    answer = await talk.run({"messages": [{"role": "user", "content": "什么是纳统？"}]})
    assert "统计范围" in answer["answer"]
