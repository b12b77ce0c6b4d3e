"""verify → repair: what a writer says without support is withheld, replaced once from the evidence, or refused."""

from typing import Any

from tests.graph.conversation import Conversation
from tests.graph.fakes import FakeChat, make_resources
from tests.graph.test_answers import FACTS, PASSAGES
from tools.text.citations import marks_in

QUESTION = "二标段的合同金额是多少？"


async def ask(*says: str) -> tuple[Conversation, dict[str, Any]]:
    talk = Conversation(make_resources(PASSAGES, FACTS, chat=FakeChat(says)))
    return talk, await talk.ask(QUESTION)


async def test_an_unsupported_sentence_is_replaced_from_the_evidence() -> None:
    talk, answer = await ask("二标段合同金额为99亿元。[1]")
    assert talk.nodes[-4:] == ["verify", "repair", "verify", "finalize"]
    assert "99亿元" not in talk.streamed_text
    assert "5.2亿元" in answer["answer"]
    assert answer["status"] == "answered"
    assert talk.streamed_text == answer["answer"]
    assert answer["receipt"]["verdict"]["unsupported"] == 1
    assert answer["receipt"]["verdict"]["supported"] >= 1
    assert {"component": "verify", "reason": "unsupported_left_out"} in answer["receipt"]["degraded"]


async def test_what_was_right_stays_and_is_not_said_twice() -> None:
    talk, answer = await ask("二标段合同金额为5.2亿元，工期24个月，由江岚建工承建。[1]二标段合同金额为99亿元。[1]")
    assert talk.nodes.count("repair") == 1
    assert answer["answer"].count("5.2亿元") == 1
    assert "99亿元" not in answer["answer"]


async def test_invented_citations_do_not_reach_the_reader() -> None:
    marks = "".join(f"[{n}]" for n in range(1, 60))
    _, answer = await ask(f"二标段合同金额为5.2亿元。{marks}")
    numbers = {citation["number"] for citation in answer["citations"]}
    assert set(marks_in(answer["answer"])) == numbers
    assert len(numbers) <= len(PASSAGES)
    assert {"component": "verify", "reason": "unknown_marks_dropped"} in answer["receipt"]["degraded"]


async def test_every_step_down_of_the_receipt_was_streamed() -> None:
    talk, answer = await ask("The contract is worth 99 million.[1]")
    streamed = {(event["component"], event["reason"]) for event in talk.events if event["type"] == "degraded"}
    assert {(step["component"], step["reason"]) for step in answer["receipt"]["degraded"]} == streamed
    assert streamed
