"""Threads and assistants of the LangGraph API, through langgraph-sdk."""

import asyncio
from typing import Any

import pytest
from langgraph_sdk import get_client
from langgraph_sdk.client import LangGraphClient

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("langgraph dev")]

NOISE = "一标段施工场界昼间噪声预测值是多少分贝？"


@pytest.fixture
def client(server: str) -> LangGraphClient:
    return get_client(url=server)


async def _thread(client: LangGraphClient) -> str:
    return str((await client.threads.create())["thread_id"])


async def _ask(client: LangGraphClient, question: str, assistant: str = "signpost", **choices: Any) -> dict[str, Any]:
    result: Any = await client.runs.wait(None, assistant, input={"question": question}, **choices)
    answer: dict[str, Any] = result["answer"]
    return answer


async def test_updates_name_the_nodes_in_their_order(client: LangGraphClient) -> None:
    nodes: list[str] = []
    async for part in client.runs.stream(
        await _thread(client), "signpost", input={"question": NOISE}, stream_mode="updates", durability="exit"
    ):
        assert part.event != "error", part.data
        if part.event == "updates":
            nodes += part.data
    assert nodes == ["intake", "route", "retrieve", "fuse", "generate", "verify", "finalize"]


async def test_messages_carry_the_answer_and_nothing_else(client: LangGraphClient) -> None:
    """The mode of the chat interfaces: each part holds the text so far."""
    said: dict[str, str] = {}
    thread = await _thread(client)
    for question in (NOISE, "那二标段呢？"):
        async for part in client.runs.stream(
            thread, "signpost", input={"question": question}, stream_mode="messages", durability="exit"
        ):
            if part.event in ("messages/partial", "messages/complete"):
                for message in part.data:
                    said[message["id"]] = message["content"]
    messages = (await client.threads.get_state(thread))["values"]["messages"]
    assert said == {message["id"]: message["content"] for message in messages if message["type"] == "ai"}
    assert len(said) == 2


async def test_a_thread_keeps_its_turns(client: LangGraphClient) -> None:
    thread = await _thread(client)
    for question in (NOISE, "那二标段呢？"):
        await client.runs.wait(thread, "signpost", input={"question": question}, durability="exit")
    history = await client.threads.get_history(thread)
    answers = [state["values"]["answer"]["answer"] for state in history if state["values"].get("answer")]
    assert "68" in answers[0]
    assert "66" in answers[-1]
    assert [run["status"] for run in await client.runs.list(thread)] == ["success", "success"]


async def test_a_clarification_is_asked_and_resumed(client: LangGraphClient) -> None:
    thread = await _thread(client)
    await client.runs.wait(thread, "signpost", input={"question": "它的工期是多久？"}, durability="exit")
    state = await client.threads.get_state(thread)
    assert state["interrupts"][0]["value"]["kind"] == "clarify"
    assert (await client.threads.get(thread))["status"] == "interrupted"
    result: Any = await client.runs.wait(
        thread, "signpost", command={"resume": {"answer": "二标段"}}, durability="exit"
    )
    assert result["answer"]["status"] == "answered"
    assert result["answer"]["question"].startswith("二标段")


async def test_an_assistant_brings_its_choices(client: LangGraphClient) -> None:
    assistant = await client.assistants.create("signpost", context={"language": "en", "sources": ["graph"]})
    chosen, overruled, plain = await asyncio.gather(
        _ask(client, NOISE, assistant["assistant_id"]),
        _ask(client, NOISE, assistant["assistant_id"], context={"language": "zh"}),
        _ask(client, NOISE),
    )
    assert chosen["language"] == "en"
    searched = {source["source"] for one in chosen["receipt"]["rounds"] for source in one["sources"]}
    assert searched == {"graph"}
    assert overruled["language"] == plain["language"] == "zh"
    await client.assistants.delete(assistant["assistant_id"])


async def test_a_choice_that_is_none_ends_the_run_and_is_named(client: LangGraphClient) -> None:
    with pytest.raises(Exception, match="language"):
        await _ask(client, NOISE, context={"language": "fr"})


async def test_the_form_of_the_choices_explains_itself(client: LangGraphClient) -> None:
    (assistant,) = await client.assistants.search(metadata={"created_by": "system"})
    schemas = await client.assistants.get_schemas(assistant["assistant_id"])
    choices = schemas["context_schema"]["properties"]  # type: ignore[index]
    assert all(choice["description"] for choice in choices.values())
    assert [name for name, choice in choices.items() if "default" not in choice] == []
    assert choices["collections"]["default"] == []
    assert choices["web"]["enum"] == ["auto", "ask", "never"]
    assert choices["rounds"]["maximum"] == 2
