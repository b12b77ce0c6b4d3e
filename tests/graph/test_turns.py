"""Several turns on one thread: what carries over and what must not."""

from pathlib import Path

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from tests.graph.conversation import Conversation
from tests.graph.fakes import make_resources
from tests.graph.test_answers import FACTS, PASSAGES

CHECKPOINT_BYTES = 15_000


async def test_a_follow_up_is_understood_from_the_turn_before() -> None:
    talk = Conversation(make_resources(PASSAGES, FACTS), InMemorySaver())
    await talk.ask("一标段的合同金额是多少？")
    answer = await talk.ask("那二标段呢？")
    assert answer["question"] == "那二标段呢？"
    assert "5.2亿元" in answer["answer"]
    assert answer["receipt"]["rounds"][0]["queries"][0]["text"] == "二标段的合同金额是多少？"


async def test_turn_two_carries_nothing_of_turn_one() -> None:
    talk = Conversation(make_resources(PASSAGES, FACTS), InMemorySaver())
    await talk.ask("东站项目食堂的承包商是谁？")
    answer = await talk.ask("你好")
    assert answer["receipt"]["rounds"] == []
    assert answer["receipt"]["degraded"] == []
    assert answer["citations"] == []
    assert set(answer["receipt"]["ms"]) == {"intake", "route", "generate", "verify", "total"}
    state = (await talk.graph.aget_state(talk.config)).values
    assert state["found"] == []
    assert state["evidence"] == []
    assert state["question"] == ""


async def test_the_second_question_is_not_read_as_the_first_again() -> None:
    talk = Conversation(make_resources(PASSAGES, FACTS), InMemorySaver())
    await talk.ask("你好")
    answer = await talk.run({"messages": [{"role": "user", "content": "什么是纳统？"}]})
    assert answer["question"] == "什么是纳统？"


async def test_checkpoints_stay_small_at_turn_twenty(tmp_path: Path) -> None:
    async with AsyncSqliteSaver.from_conn_string(str(tmp_path / "threads.db")) as saver:
        talk = Conversation(make_resources(PASSAGES, FACTS), saver)
        for _ in range(20):
            await talk.ask("二标段的合同金额是多少，监理单位的总监是谁？食堂的承包商是哪家？")
        async with saver.conn.execute("SELECT checkpoint_id, length(checkpoint) FROM checkpoints ORDER BY 1") as rows:
            sizes = [row[1] async for row in rows]
        state = (await talk.graph.aget_state(talk.config)).values
        messages = len(saver.serde.dumps_typed(state["messages"])[1])
    assert len(sizes) == 20  # one a turn
    assert sizes[-1] - messages <= CHECKPOINT_BYTES


async def test_passage_text_is_not_in_the_state(tmp_path: Path) -> None:
    talk = Conversation(make_resources(PASSAGES, FACTS), InMemorySaver())
    await talk.ask("东站项目食堂的承包商是谁？")
    state = (await talk.graph.aget_state(talk.config)).values
    kept = {key: value for key, value in state.items() if key not in ("messages", "answer", "reply")}
    assert not any(each.text in str(kept) for each in PASSAGES)
