"""What leaves the graph while it runs: answer text alone in `messages`, codes in `custom`."""

from langgraph.checkpoint.memory import InMemorySaver

from tests.graph.conversation import Conversation
from tests.graph.fakes import FakeSource, make_resources, passage
from tests.graph.test_answers import FACTS, PASSAGES
from tools.shapes import Hit, SearchResult
from tools.sources.web import WebSource


async def test_messages_mode_carries_the_answer_and_nothing_else() -> None:
    talk = Conversation(make_resources(PASSAGES, FACTS), InMemorySaver())
    answer = await talk.ask("二标段的合同金额是多少，监理单位的总监是谁？")
    assert talk.streamed_text == answer["answer"]
    assert len({chunk.id for chunk in talk.streamed}) == 1
    assert len(talk.streamed) >= 2
    messages = (await talk.graph.aget_state(talk.config)).values["messages"]
    assert [message.type for message in messages] == ["human", "ai"]
    assert messages[1].id == talk.streamed[0].id
    assert messages[1].content == answer["answer"]


async def test_refusals_and_greetings_leave_by_the_same_door() -> None:
    talk = Conversation(make_resources(PASSAGES, FACTS))
    for question in ("你好", "东站项目食堂的承包商是谁？"):
        answer = await talk.ask(question)
        assert talk.streamed_text == answer["answer"]


async def test_events_follow_the_contract() -> None:
    talk = Conversation(make_resources(PASSAGES, FACTS))
    answer = await talk.ask("东站项目食堂的承包商是谁？")
    kinds = [event["type"] for event in talk.events]
    assert kinds[0] == "run.start"
    assert kinds[-1] == "final"
    assert set(kinds) <= {
        "run.start", "route", "retrieve.start", "retrieve.done", "evidence", "grade", "rewrite",
        "citations", "verdict", "degraded", "usage", "final",
    }  # fmt: skip
    assert {event["version"] for event in talk.events} == {1}
    assert talk.events[-1]["answer"] == answer
    done = next(event for event in talk.events if event["type"] == "retrieve.done")
    assert {"source", "status", "hits", "ms"} <= set(done)
    evidence = next(event for event in talk.events if event["type"] == "evidence")
    assert {"ids", "titles", "scores", "band"} <= set(evidence)


async def test_what_a_search_has_done_without_is_told_and_kept_in_the_receipt() -> None:
    page = passage("w", "上海今天的天气：多云，28度。", title="天气网", page=None)
    found = SearchResult("ok", (Hit(page, 1.0, "web"),), without={"ledger": "timeout"})
    web = FakeSource("web", [page], results=[found], leaves_machine=True, cues=WebSource.cues)
    talk = Conversation(make_resources(web=web))
    answer = await talk.ask("今天上海的天气怎么样？", route="web")
    assert answer["status"] == "answered"
    assert answer["receipt"]["degraded"] == [{"component": "ledger", "reason": "timeout"}]
    told = [(event["component"], event["reason"]) for event in talk.events if event["type"] == "degraded"]
    assert told == [("ledger", "timeout")]
