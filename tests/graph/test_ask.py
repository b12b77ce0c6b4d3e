"""The only interrupt: permission and clarification, given, refused, and impossible to ask."""

import asyncio

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from graph.ask import allows, clarification
from tests.graph.conversation import Conversation
from tests.graph.fakes import FakeSource, make_resources, passage
from tests.graph.test_answers import FACTS, PASSAGES
from tools.shapes import Hit, SearchResult
from tools.sources.web import WebSource

UNKNOWN = "东站项目食堂的承包商是谁？"
PAGE = passage("w", "东站项目食堂的承包商是味佳餐饮的李春。", title="新闻", page=None)


def web() -> FakeSource:
    found = SearchResult("ok", (Hit(PAGE, 1.0, "web"),))
    return FakeSource("web", [PAGE], results=[found], leaves_machine=True, cues=WebSource.cues)


def talk(source: FakeSource | None = None, checkpointer: bool = True) -> Conversation:
    resources = make_resources(PASSAGES, FACTS, web=source or web())
    return Conversation(resources, InMemorySaver() if checkpointer else None)


@pytest.mark.parametrize("reply", [{"allow": True}, True, "yes", "好的", "可以", {"answer": "是"}])
async def test_permission_given_searches_the_web_with_the_question_alone(reply: object) -> None:
    source = web()
    conversation = talk(source)
    assert await conversation.ask(UNKNOWN, interactive=True) == {}
    (waiting,) = conversation.interrupts
    assert waiting["kind"] == "permission"
    assert waiting["source"] == "web"
    assert UNKNOWN in waiting["question"]
    assert source.searches == []
    answer = await conversation.resume(reply, interactive=True)
    assert source.searches == [UNKNOWN]
    assert answer["status"] == "answered"
    assert "李春" in answer["answer"]


@pytest.mark.parametrize("reply", [{"allow": False}, False, "no", "不", "whatever", None, 3])
async def test_permission_refused_is_honoured_and_said(reply: object) -> None:
    source = web()
    conversation = talk(source)
    await conversation.ask(UNKNOWN, interactive=True)
    answer = await conversation.resume({"allow": reply} if reply is None else reply, interactive=True)
    assert source.searches == []
    assert answer["status"] == "refused"
    assert "没有搜索互联网" in answer["answer"]


async def test_nobody_to_ask_without_a_checkpointer() -> None:
    source = web()
    answer = await talk(source, checkpointer=False).ask(UNKNOWN, interactive=True)
    assert answer["status"] == "refused"
    assert source.searches == []


async def test_web_policy_ask_asks_before_anything_leaves() -> None:
    source = web()
    conversation = talk(source)
    await conversation.ask("今天的新闻是什么？", interactive=True, web="ask")
    assert conversation.interrupts[0]["kind"] == "permission"
    assert source.searches == []
    await conversation.resume({"allow": True}, interactive=True, web="ask")
    assert source.searches == ["今天的新闻是什么？"]


async def test_a_question_that_names_nothing_is_clarified() -> None:
    conversation = talk()
    await conversation.ask("它的合同金额是多少？", interactive=True)
    (waiting,) = conversation.interrupts
    assert waiting["kind"] == "clarify"
    answer = await conversation.resume({"answer": "二标段"}, interactive=True)
    assert "5.2亿元" in answer["answer"]


async def test_clarification_that_cannot_be_asked_needs_input() -> None:
    answer = await talk(checkpointer=False).ask("它的合同金额是多少？")
    assert answer["status"] == "needs_input"
    assert answer["confidence"] == 0


@pytest.mark.parametrize("question", ["", "   ", "？？", "\x00\x07", "x" * 100_000])
async def test_questions_that_cannot_be_read_need_input(question: str) -> None:
    conversation = talk()
    answer = await conversation.run({"messages": [{"role": "user", "content": question}]})
    assert answer["status"] == "needs_input"
    assert answer["answer"]


async def test_an_empty_clarification_ends_the_turn() -> None:
    conversation = talk()
    await conversation.ask("它的合同金额是多少？", interactive=True)
    answer = await conversation.resume("  ", interactive=True)
    assert answer["status"] == "needs_input"


async def test_permission_given_late_is_still_searched() -> None:
    source = web()
    conversation = talk(source)
    await conversation.ask(UNKNOWN, interactive=True, deadline_seconds=1.5)
    await asyncio.sleep(1.6)
    answer = await conversation.resume({"allow": True}, interactive=True, deadline_seconds=1.5)
    assert source.searches == [UNKNOWN]
    assert answer["status"] == "answered"
    assert answer["receipt"]["ms"]["total"] < 1000


async def test_permission_is_asked_even_when_one_round_is_allowed() -> None:
    conversation = talk()
    await conversation.ask(UNKNOWN, interactive=True, rounds=1)
    assert conversation.interrupts[0]["kind"] == "permission"


async def test_a_follow_up_is_not_completed_behind_the_user_s_back() -> None:
    source = web()
    conversation = talk(source)
    await conversation.ask("二标段的合同金额是多少？", interactive=True)
    await conversation.ask("它今天的股价是多少？", interactive=True)
    (waiting,) = conversation.interrupts
    assert "二标段今天的股价" in waiting["question"]
    assert source.searches == []


async def test_a_source_that_is_gone_at_resume_is_down() -> None:
    conversation = talk()
    await conversation.ask(UNKNOWN, interactive=True)
    answer = await conversation.resume({"allow": True}, interactive=True, web="never")
    assert answer["status"] == "refused"


async def test_a_refused_first_step_says_only_that() -> None:
    conversation = talk()
    await conversation.ask("今天的新闻是什么？", interactive=True, web="ask")
    answer = await conversation.resume({"allow": False}, interactive=True, web="ask")
    assert answer["answer"] == "按您的要求，没有搜索互联网。"


async def test_an_empty_turn_does_not_answer_the_one_before() -> None:
    conversation = talk()
    await conversation.ask("什么是纳统？")
    for nothing in ({"question": ""}, {"messages": []}):
        answer = await conversation.run(nothing)
        assert answer["status"] == "needs_input"


async def test_follow_ups_are_understood_whatever_the_answer_s_language() -> None:
    conversation = talk()
    await conversation.ask("二标段的合同金额是多少？", language="en")
    answer = await conversation.ask("它的工期是多久？", language="en")
    assert answer["receipt"]["rounds"][0]["queries"][0]["text"] == "二标段的工期是多久？"
    assert {"component": "verify", "reason": "other_language"} in answer["receipt"]["degraded"]


async def test_a_new_question_abandons_the_waiting_one() -> None:
    conversation = talk()
    await conversation.ask(UNKNOWN, interactive=True)
    answer = await conversation.ask("什么是纳统？", interactive=True)
    assert answer["status"] == "answered"
    assert "统计范围" in answer["answer"]
    assert answer["question"] == "什么是纳统？"


def test_what_counts_as_a_yes() -> None:
    assert allows("Yes!")
    assert not allows("yes but no")
    assert not allows({})
    assert clarification({"answer": 5}) == ""
    assert clarification("  二标段\x00 ") == "二标段"
