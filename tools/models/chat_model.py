"""One chat model of any provider, made patient and predictable: decisions of a given shape, and streamed text.

What providers differ in (structured output, streaming, parameters) is found out by asking, and remembered. Every
failure is a ModelFailure; every request is counted.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import TypeVar
from weakref import WeakKeyDictionary

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from pydantic import BaseModel

from tools.breaker import Breaker
from tools.models.decision import read_decision, with_schema
from tools.models.failures import ModelFailure, Reason, failure_of
from tools.models.meter import Meter
from tools.models.request import ending, replied, streamed
from tools.models.traits import TraitMemory, Traits
from tools.text.thoughts import ThoughtFilter
from tools.text.token_estimate import estimate_tokens

Shape = TypeVar("Shape", bound=BaseModel)

_TRIES = 3
_TRIES_WHEN_LIMITED = 5
"""A provider that asks for patience will answer; one that fails may not."""
_READINGS = 2
_FIRST_PAUSE_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 20.0
_MOST_CHARACTERS = 60_000
"""No answer is longer, thoughts included: a model that repeats itself is stopped."""
_MOST_CHUNKS = 40_000
"""Pieces, empty ones of thoughts included."""
_BREAKING: tuple[Reason, ...] = ("down", "timeout", "unauthorized", "unknown_model", "unusable")


class ChatModel:
    """A model by its `provider:model` name. Usable from any event loop: each gets clients of its own.

    timeout_seconds bounds a decision; idle_seconds the wait for the next piece of a streamed text, so that slow local
    models may take their time.
    """

    def __init__(
        self,
        name: str,
        make: Callable[[Traits], BaseChatModel],
        memory: TraitMemory,
        *,
        address: str = "",
        timeout_seconds: float = 20.0,
        idle_seconds: float = 60.0,
        breaker: Breaker | None = None,
    ) -> None:
        """make: the provider's client for these traits; it may block and raise. address: where it is, if not usual."""
        self.name = name
        self._make = make
        self._memory = memory
        self._remembered_as = f"{name} at {address}" if address else name
        self._timeout = timeout_seconds
        self._idle = idle_seconds
        self._breaker = breaker or Breaker()
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Traits, BaseChatModel]] = WeakKeyDictionary()

    async def decide(self, messages: Sequence[BaseMessage], shape: type[Shape], meter: Meter) -> Shape:
        """A value of `shape`, read leniently. Raises ModelFailure."""
        told = with_schema(messages, shape)
        for _ in range(_READINGS):
            reply = await self._structured(told, shape, meter)
            value = read_decision(reply, shape)
            if value is not None:
                return value
        raise ModelFailure("unreadable", f"no {shape.__name__} in the reply")

    async def write(self, messages: Sequence[BaseMessage], meter: Meter) -> AsyncGenerator[str, None]:
        """The model's text piece by piece, without its thoughts. Raises ModelFailure.

        Retried as long as nothing was given back; after that a failure is `cut_off`.
        """
        known = traits = await self._traits()
        tries = 0
        self._check_breaker()
        while True:
            spoken = False
            try:
                async with aclosing(self._pieces(messages, traits, meter)) as pieces:
                    async for piece in pieces:
                        # White space after thoughts, or alone, is nothing said.
                        if spoken or (piece := piece.lstrip()):
                            spoken = True
                            yield piece
                if spoken:
                    self._breaker.record(True)
                    await self._learn(traits, known)
                    return
                failure = ModelFailure("empty")
            except ModelFailure as error:
                failure = error
            if spoken:
                raise ModelFailure("cut_off", failure.detail) from failure
            if getattr(traits, failure.refused_feature, False) and (failure.reason == "bad_request" or tries):
                traits = traits.without(failure.refused_feature)
                continue
            self._record(failure)
            tries += 1
            if not await _may_try_again(failure, tries, meter):
                raise failure

    async def _pieces(self, messages: Sequence[BaseMessage], traits: Traits, meter: Meter) -> AsyncGenerator[str, None]:
        client = await self._client(traits)
        self._admit(meter)
        told = sum(estimate_tokens(str(message.text)) for message in messages)
        whole: AIMessageChunk | None = None
        thoughts = ThoughtFilter()
        pieces = size = 0
        try:
            async with aclosing(streamed(client, messages, traits, meter.seconds_left(self._idle))) as chunks:
                async for chunk in chunks:
                    pieces += 1
                    if pieces > _MOST_CHUNKS:
                        raise ModelFailure("cut_off", "the thoughts have no end")
                    text = str(chunk.text)[: _MOST_CHARACTERS + 1 - size]
                    whole = ending(whole, chunk)
                    size += len(text)
                    if shown := thoughts.feed(text):
                        yield shown
                    if size > _MOST_CHARACTERS:
                        raise ModelFailure("cut_off", "the text has no end")
            if rest := thoughts.flush():
                yield rest
        except Exception as error:
            failure = failure_of(error)
            raise _no_stream(failure) if whole is None and failure.reason == "unreadable" else failure from error
        finally:
            if whole is not None:  # what was refused was not read
                self._count(whole, told, size, meter)
        if whole is not None and whole.response_metadata.get("finish_reason") in ("length", "max_tokens"):
            raise ModelFailure("cut_off", "the model's limit of tokens")

    async def close(self) -> None:
        """Closes the connections of the running event loop."""
        for client in self._clients.pop(asyncio.get_running_loop(), {}).values():
            connections = getattr(client, "http_async_client", None)
            if connections is not None:
                await connections.aclose()

    async def _structured(self, messages: Sequence[BaseMessage], shape: type[Shape], meter: Meter) -> BaseMessage:
        known = traits = await self._traits()
        while True:
            try:
                reply = await self._patiently(messages, shape, traits, meter)
            except ModelFailure as failure:
                further = _without_what_was_refused(traits, failure)
                if further is None:
                    raise
                traits = further
                continue
            await self._learn(traits, known)
            return reply

    async def _patiently(
        self, messages: Sequence[BaseMessage], shape: type[Shape], traits: Traits, meter: Meter
    ) -> BaseMessage:
        """One decision as the provider replies, asked again where that may help. Raises ModelFailure."""
        told = sum(estimate_tokens(str(message.text)) for message in messages)
        tries = 0
        self._check_breaker()
        while True:
            tries += 1
            seconds = meter.seconds_left(self._timeout)
            if seconds <= 0:
                raise ModelFailure("timeout", "no time left")
            client = await self._client(traits)
            self._admit(meter)
            try:
                async with asyncio.timeout(seconds):
                    reply = await replied(client, messages, shape, traits)
            except Exception as error:
                failure = failure_of(error)
                # Cut short by the turn's deadline, it says nothing about the model.
                if failure.reason != "timeout" or seconds >= self._timeout:
                    self._record(failure)
                if not await _may_try_again(failure, tries, meter):
                    raise failure from error
            else:
                self._breaker.record(True)
                self._count(reply, told, len(str(reply.text)), meter)
                return reply

    def _check_breaker(self) -> None:
        """Once a call, before its first request: a refusal is no failure of the model."""
        if not self._breaker.allows():
            raise ModelFailure("down", "failed repeatedly, left alone for a while")

    def _admit(self, meter: Meter) -> None:
        if not meter.take(self.name):
            raise ModelFailure("budget")

    def _record(self, failure: ModelFailure) -> None:
        if failure.reason != "budget":
            self._breaker.record(failure.reason not in _BREAKING)

    def _count(self, reply: BaseMessage | None, told: int, said_characters: int, meter: Meter) -> None:
        usage = getattr(reply, "usage_metadata", None) or {}
        meter.count(
            self.name,
            input_tokens=usage.get("input_tokens", told),
            output_tokens=usage.get("output_tokens", said_characters // 2),
        )

    async def _traits(self) -> Traits:
        return await asyncio.to_thread(self._memory.recall, self._remembered_as)

    async def _learn(self, traits: Traits, known: Traits) -> None:
        if traits != known:
            await asyncio.to_thread(self._memory.learn, self._remembered_as, traits)

    async def _client(self, traits: Traits) -> BaseChatModel:
        clients = self._clients.setdefault(asyncio.get_running_loop(), {})
        key = Traits(temperature=traits.temperature, stream_usage=traits.stream_usage)
        if key not in clients:
            try:
                clients[key] = await asyncio.to_thread(self._make, key)
            except Exception as error:
                raise failure_of(error) from error
        return clients[key]


def _no_stream(failure: ModelFailure) -> ModelFailure:
    """Some servers do not know streaming, and send what cannot be read as a stream."""
    return ModelFailure("empty", failure.detail, refused_feature="stream")


def _without_what_was_refused(traits: Traits, failure: ModelFailure) -> Traits | None:
    """The traits to try next after a refusal, or None when it was about something else."""
    if failure.reason != "bad_request":
        return None
    if failure.refused_feature == "temperature" and traits.temperature:
        return traits.without("temperature")
    return traits.next_structured()


async def _may_try_again(failure: ModelFailure, tries: int, meter: Meter) -> bool:
    """Waits as the provider asked, or a little longer each time; False when waiting is of no use."""
    most = _TRIES_WHEN_LIMITED if failure.reason == "rate_limited" else _TRIES
    if tries >= most or not failure.may_pass or not meter.calls_left:
        return False
    pause = failure.retry_after_seconds
    if pause is None:
        pause = _FIRST_PAUSE_SECONDS * 2**tries * (0.5 + random.random())
    if pause >= meter.seconds_left(_LONGEST_PAUSE_SECONDS):
        return False
    await asyncio.sleep(pause)
    return True
