"""One request to a provider's client, as LangChain makes it: a reply for a decision, or a stream of text.

None of it is heard by whoever listens to the graph's stream: answers leave by the door alone.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.runnables import RunnableConfig
from pydantic import BaseModel

from tools.models.decision import as_json_schema
from tools.models.traits import Traits

_NOT_STREAMED: RunnableConfig = {"tags": ["nostream"]}


async def replied(
    client: BaseChatModel, messages: Sequence[BaseMessage], shape: type[BaseModel], traits: Traits
) -> BaseMessage:
    """The reply to one request for a decision, in the mode of `traits`. Raises what the provider's library does."""
    quiet = _quiet(client)
    if traits.structured == "text":
        return await quiet.ainvoke(list(messages), _NOT_STREAMED)
    asked: Any = quiet.with_structured_output(as_json_schema(shape), method=traits.structured, include_raw=True)
    try:
        replied: dict[str, Any] = await asked.ainvoke(list(messages), _NOT_STREAMED)
    except Exception as error:
        # A reply that was cut short is an error there, and may still hold what was asked for.
        completion = getattr(error, "completion", None)
        if completion is None:
            raise
        return AIMessage(completion.choices[0].message.content or "")
    raw: BaseMessage = replied["raw"]
    return raw


def _quiet(client: BaseChatModel) -> BaseChatModel:
    """The same client, which does not stream even where the graph's own stream is listened to."""
    return client.model_copy(update={"disable_streaming": True})


async def streamed(
    client: BaseChatModel, messages: Sequence[BaseMessage], traits: Traits, idle_seconds: float
) -> AsyncGenerator[AIMessageChunk, None]:
    """The reply's chunks, each awaited for at most `idle_seconds`; without streaming, one."""
    if not traits.stream:
        async with asyncio.timeout(idle_seconds):
            reply = await _quiet(client).ainvoke(list(messages), _NOT_STREAMED)
        yield AIMessageChunk(
            content=reply.content, usage_metadata=reply.usage_metadata, response_metadata=reply.response_metadata
        )
        return
    stream: Any = client.astream(list(messages), _NOT_STREAMED)
    async with aclosing(stream):
        while True:
            try:
                async with asyncio.timeout(idle_seconds):
                    chunk = await anext(stream)
            except StopAsyncIteration:
                return
            yield chunk


def ending(before: AIMessageChunk | None, chunk: AIMessageChunk) -> AIMessageChunk:
    """What a stream's chunks say of its end and its tokens; the text is not kept."""
    bare = chunk.model_copy(update={"content": ""})
    return bare if before is None else before + bare
