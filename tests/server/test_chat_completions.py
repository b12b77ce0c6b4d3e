"""/v1 of a real server, asked through the official openai client."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("langgraph dev")]

NOISE = "一标段施工场界昼间噪声预测值是多少分贝？"


@pytest.fixture
async def client(server: str) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=f"{server}/v1", api_key="none", max_retries=0) as client:
        yield client


def _said(*texts: str) -> list[Any]:
    """A conversation that the user begins."""
    return [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(texts)]


async def _ask(client: openai.AsyncOpenAI, *texts: str, **more: Any) -> Any:
    return await client.chat.completions.create(model="signpost", messages=_said(*texts), **more)


async def test_the_model_is_listed(client: openai.AsyncOpenAI) -> None:
    assert [model.id async for model in client.models.list()] == ["signpost"]
    assert (await client.models.retrieve("signpost")).owned_by == "signpost"


async def test_an_answer_has_footnotes_and_citations(client: openai.AsyncOpenAI) -> None:
    completion = await _ask(client, NOISE, temperature=0.5, user="someone")
    content = completion.choices[0].message.content
    assert "66" in content
    assert content.endswith("\n\n[1] 东站综合交通枢纽工程环境影响报告书 · 第 3 页 · 3 声环境影响")
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage.total_tokens == 0, "no model, no tokens"
    assert completion.model_extra["citations"][0]["page"] == 3
    assert completion.model_extra["signpost"]["receipt"]["rounds"]


async def test_a_stream_is_the_same_answer(client: openai.AsyncOpenAI) -> None:
    whole = (await _ask(client, NOISE)).choices[0].message.content
    text, usage, last = "", None, None
    async for chunk in await _ask(client, NOISE, stream=True, stream_options={"include_usage": True}):
        usage = chunk.usage or usage
        for choice in chunk.choices:
            text += choice.delta.content or ""
            last = chunk
    assert text == whole
    assert last is not None
    assert last.choices[0].finish_reason == "stop"
    assert last.model_extra["citations"][0]["page"] == 3
    assert usage.total_tokens == 0


async def test_a_follow_up_is_understood(client: openai.AsyncOpenAI) -> None:
    completion = await _ask(client, NOISE, "66分贝。[1]", "那二标段呢？")
    assert "68" in completion.choices[0].message.content


async def test_choices_are_made_in_the_context(client: openai.AsyncOpenAI) -> None:
    completion = await _ask(client, NOISE, extra_body={"context": {"language": "en", "sources": ["graph"]}})
    assert completion.model_extra["signpost"]["language"] == "en"


async def test_errors_are_the_client_s_own(client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as unknown:
        await client.chat.completions.create(model="gpt-4", messages=_said(NOISE))
    assert unknown.value.code == "model_not_found"
    with pytest.raises(openai.BadRequestError) as wrong:
        await _ask(client, NOISE, extra_body={"context": {"rounds": 99}}, stream=True)
    assert wrong.value.param == "context.rounds"
    with pytest.raises(openai.BadRequestError):
        await _ask(client, NOISE, "The last word is the assistant's.")
    with pytest.raises(openai.APIStatusError) as large:
        await _ask(client, "长" * 1_000_000)
    assert large.value.status_code == 413


async def test_many_at_once_do_not_disturb_each_other(client: openai.AsyncOpenAI) -> None:
    questions = {"什么是纳统？": "统计", "How far in advance must a hot work permit be requested?": "24 hours"}
    completions = await asyncio.gather(*(_ask(client, question) for question in list(questions) * 8))
    for completion, expected in zip(completions, list(questions.values()) * 8, strict=True):
        assert expected in completion.choices[0].message.content
