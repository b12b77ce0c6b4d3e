"""A server's graph used like one of this process, and as a node of another."""

import uuid
from typing import Any

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.pregel.remote import RemoteGraph
from langgraph.types import Command

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("langgraph dev")]

NOISE = "一标段施工场界昼间噪声预测值是多少分贝？"
UNANSWERABLE = "东站项目屋顶光伏的年发电量是多少？"


@pytest.fixture
def graph(server: str) -> RemoteGraph:
    return RemoteGraph("signpost", url=server)


async def _thread(graph: RemoteGraph) -> RunnableConfig:
    client = graph._validate_client()
    return {"configurable": {"thread_id": (await client.threads.create())["thread_id"]}}


async def test_every_stream_mode_carries_its_part(graph: RemoteGraph) -> None:
    parts: dict[str, list[Any]] = {}
    async for part in graph.astream(
        {"question": NOISE}, await _thread(graph), stream_mode=["values", "updates", "messages", "custom"]
    ):
        parts.setdefault(part.event, []).append(part.data)
    answer = parts["values"][-1]["answer"]
    assert answer["citations"][0]["page"] == 3
    assert [node for part in parts["updates"] for node in part][-1] == "finalize"
    assert "".join(message["content"] for message, _ in parts["messages"]) == answer["answer"]
    assert [event["type"] for event in parts["custom"]][-1] == "final"


async def test_an_interrupt_is_seen_and_resumed(graph: RemoteGraph) -> None:
    config = await _thread(graph)
    first = [part async for part in graph.astream({"question": UNANSWERABLE}, config, stream_mode="updates")]
    assert first[-1]["__interrupt__"][0]["value"]["kind"] == "permission"
    state = await graph.aget_state(config)
    assert state.next == ("ask",)
    assert state.interrupts[0].value["source"] == "web"
    result: Any = await graph.ainvoke(Command(resume={"allow": False}), config)
    assert result["answer"]["status"] == "refused"
    assert (await graph.aget_state(config)).next == ()


async def test_a_thread_has_a_history(graph: RemoteGraph) -> None:
    config = await _thread(graph)
    for question in (NOISE, "那二标段呢？"):
        await graph.ainvoke({"question": question}, config)
    snapshots = [snapshot async for snapshot in graph.aget_state_history(config)]
    newest = snapshots[0].values
    assert [message["type"] for message in newest["messages"]] == ["human", "ai", "human", "ai"]
    assert "68" in newest["answer"]["answer"]
    assert any("66" in snapshot.values.get("answer", {}).get("answer", "") for snapshot in snapshots)


async def test_it_is_a_node_of_another_graph(graph: RemoteGraph) -> None:
    """The state of the host's graph needs nothing but messages."""
    builder = StateGraph(MessagesState)
    builder.add_node("signpost", graph)
    builder.add_edge(START, "signpost")
    builder.add_edge("signpost", END)
    result = await builder.compile().ainvoke(
        {"messages": [{"role": "user", "content": NOISE}]}, {"configurable": {"thread_id": str(uuid.uuid4())}}
    )
    assert "66" in str(result["messages"][-1].content)
    assert [message.type for message in result["messages"]] == ["human", "ai"]
