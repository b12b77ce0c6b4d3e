"""A server with a language model: its calls end with the run, and what it costs and says reaches every client."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import openai
import pytest
from langgraph_sdk import get_client

from tests.scripted_model.log import Entry
from tests.scripted_model.server import ScriptedModel

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("langgraph dev")]

NOISE = "一标段施工场界昼间噪声预测值是多少分贝？"
SAID: list[Any] = [{"role": "user", "content": NOISE}]
HANGS = 60.0
PATIENCE = 20.0

Record = Callable[[str, object], None]


@pytest.fixture
async def client(server_with_model: str) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=f"{server_with_model}/v1", api_key="none", max_retries=0) as client:
        yield client


async def _called(model: ScriptedModel) -> Entry:
    """The model call that runs."""
    until = time.monotonic() + PATIENCE
    while not model.open_requests:
        assert time.monotonic() < until, "the model was not asked"
        await asyncio.sleep(0.01)
    return model.log[-1]


async def _ended(model: ScriptedModel, call: Entry, left: float, record: Record) -> None:
    """The call's connection was closed long before the model would have answered, and no other was opened.

    left: when the client gave up, in Unix time.
    """
    assert await asyncio.to_thread(model.until_quiet, PATIENCE)
    assert call.hung_up
    assert call.ended is not None
    record("seconds_until_the_model_call_ended", round(call.ended - left, 3))
    await asyncio.sleep(0.2)
    assert model.log == [call]


async def test_a_cancelled_run_ends_its_model_call(
    server_with_model: str, scripted_model: ScriptedModel, record_property: Record
) -> None:
    scripted_model.script.faults = [{"hang": HANGS}]
    client = get_client(url=server_with_model)
    thread = (await client.threads.create())["thread_id"]
    run = await client.runs.create(thread, "signpost", input={"question": NOISE}, durability="exit")
    call = await _called(scripted_model)
    left = time.time()
    await client.runs.cancel(thread, run["run_id"])
    await _ended(scripted_model, call, left, record_property)
    await client.runs.join(thread, run["run_id"])
    assert (await client.runs.get(thread, run["run_id"]))["status"] == "interrupted"


async def test_a_stream_that_nobody_reads_ends_its_model_call(
    server_with_model: str, scripted_model: ScriptedModel, record_property: Record
) -> None:
    scripted_model.script.faults = [{"hang": HANGS}]
    client = get_client(url=server_with_model)

    async def read() -> None:
        async for _ in client.runs.stream(None, "signpost", input={"question": NOISE}, on_disconnect="cancel"):
            pass

    reading = asyncio.create_task(read())
    call = await _called(scripted_model)
    left = time.time()
    reading.cancel()
    await _ended(scripted_model, call, left, record_property)


@pytest.mark.parametrize("stream", [False, True])
async def test_a_client_of_v1_that_hangs_up_ends_the_model_call(
    client: openai.AsyncOpenAI, scripted_model: ScriptedModel, record_property: Record, stream: bool
) -> None:
    scripted_model.script.faults = [{"hang": HANGS}]

    async def read() -> None:
        reply: Any = await client.chat.completions.create(model="signpost", messages=SAID, stream=stream)
        async for _ in reply:
            pass

    reading = asyncio.create_task(read())
    call = await _called(scripted_model)
    left = time.time()
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    await _ended(scripted_model, call, left, record_property)


async def test_a_stream_of_v1_that_is_closed_in_the_middle_ends_the_model_call(
    client: openai.AsyncOpenAI, scripted_model: ScriptedModel, record_property: Record
) -> None:
    scripted_model.script.persona = "repeats"
    scripted_model.script.token_seconds = 0.01
    stream = await client.chat.completions.create(model="signpost", messages=SAID, stream=True)
    async for chunk in stream:
        if chunk.choices[0].delta.content:
            break
    call = await _called(scripted_model)
    left = time.time()
    await stream.close()
    await _ended(scripted_model, call, left, record_property)


async def test_usage_is_what_the_model_has_counted(client: openai.AsyncOpenAI, scripted_model: ScriptedModel) -> None:
    completion: Any = await client.chat.completions.create(
        model="signpost", messages=SAID, extra_body={"context": {"judgement": "always"}}
    )
    receipt = completion.signpost["receipt"]
    assert receipt["llm_calls"] == len(scripted_model.log) > 1
    assert completion.usage.prompt_tokens == receipt["tokens"]["input"] > 0
    assert completion.usage.completion_tokens == receipt["tokens"]["output"] > 0
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens


async def test_only_the_answer_is_streamed_however_much_is_judged(
    server_with_model: str, client: openai.AsyncOpenAI, scripted_model: ScriptedModel
) -> None:
    context: Any = {"judgement": "always"}
    pieces = []
    answer = ""
    async for part in get_client(url=server_with_model).runs.stream(
        None, "signpost", input={"question": NOISE}, context=context, stream_mode=["messages-tuple", "values"]
    ):
        if part.event == "messages":
            pieces.append(part.data[0]["content"])
        elif part.event == "values":
            answer = part.data.get("answer", {}).get("answer", "")
    assert "Grading" in scripted_model.kinds()
    assert "66" in answer
    assert "".join(pieces) == answer
    text = ""
    async for chunk in await client.chat.completions.create(
        model="signpost", messages=SAID, stream=True, extra_body={"context": context}
    ):
        text += chunk.choices[0].delta.content or ""
    assert text.startswith(f"{answer}\n\n[1] ")


async def test_a_model_that_refuses_leaves_an_answer(client: openai.AsyncOpenAI, scripted_model: ScriptedModel) -> None:
    scripted_model.script.api_key = "another"
    completion: Any = await client.chat.completions.create(model="signpost", messages=SAID)
    assert "66" in completion.choices[0].message.content
    assert completion.signpost["receipt"]["degraded"]
