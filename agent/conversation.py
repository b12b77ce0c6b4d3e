"""A thread of questions and answers with the graph in this process."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command, StreamMode

from agent.steady_threads import SteadyThreads
from agent.thread_store import ThreadStore
from graph.build import build_graph
from graph.context import Context
from graph.resources import ResourceProvider
from graph.state import Input, Output, State
from tools.errors import StoreError

Show = Callable[[str], None]
Follow = Callable[[Mapping[str, Any]], None]
TURN_MODES: list[StreamMode] = ["messages", "updates"]


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a question has led: to an answer, or to something that the user is asked (`waiting`)."""

    answer: Mapping[str, Any] | None = None
    waiting: Mapping[str, Any] | None = None


class Conversation:
    """Asks the graph in one thread after the other. `thread` is any name; a new one starts an empty conversation."""

    def __init__(self, provider: ResourceProvider, saver: BaseCheckpointSaver[Any], context: Context) -> None:
        self._graph: CompiledStateGraph[State, Context, Input, Output] = build_graph(provider, saver)
        self._context = context

    @property
    def away(self) -> StoreError | None:
        """Why what is said from now on is not kept any more, where it was to be kept for as long as it can."""
        saver = self._graph.checkpointer
        return saver.away if isinstance(saver, SteadyThreads) else None

    async def ask(self, question: str, *, thread: str, show: Show, follow: Follow) -> Turn:
        """Asks; `show` is given the answer's text piece by piece, `follow` each event of the graph."""
        return await self._stream({"question": question}, thread, show, follow)

    async def resume(self, reply: object, *, thread: str, show: Show, follow: Follow) -> Turn:
        """Goes on with the user's reply to what the last turn was waiting for."""
        return await self._stream(Command(resume=reply), thread, show, follow)

    async def last_answer(self, thread: str) -> Mapping[str, Any] | None:
        """The answer that the thread's last turn has led to, as it was given; None where there is none."""
        kept = await self._graph.aget_state({"configurable": {"thread_id": thread}})
        return kept.values.get("answer") or None

    async def _stream(self, given: Any, thread: str, show: Show, follow: Follow) -> Turn:
        config: RunnableConfig = {"configurable": {"thread_id": thread}}
        turn = Turn()
        modes: Any = [*TURN_MODES, "custom"]
        streamed = self._graph.astream(given, config, context=self._context, stream_mode=modes, durability="exit")
        async for part in turn_parts(_followed(streamed, follow)):
            if isinstance(part, Turn):
                turn = part
            else:
                show(part)
        return turn


async def _followed(streamed: AsyncIterator[Any], follow: Follow) -> AsyncIterator[Any]:
    """What is streamed but for the events, which `follow` is given."""
    async for mode, part in streamed:
        if mode == "custom":
            follow(part)
        else:
            yield mode, part


async def turn_parts(streamed: AsyncIterator[Any]) -> AsyncIterator[str | Turn]:
    """What the graph streams in TURN_MODES, read: the answer's text piece by piece, and last where the turn has led.

    A text that was not written in pieces, such as a question back, comes as one.
    """
    turn = Turn()
    async for mode, part in streamed:
        if mode == "messages" and isinstance(part[0], AIMessage):
            yield str(part[0].text)
        elif mode == "updates" and "__interrupt__" in part:
            turn = Turn(waiting=part["__interrupt__"][0].value)
        elif mode == "updates" and "finalize" in part:
            turn = Turn(answer=part["finalize"]["answer"])
    yield turn


@asynccontextmanager
async def remembered(provider: ResourceProvider, threads: ThreadStore, context: Context) -> AsyncIterator[Conversation]:
    """Conversations that are kept in `threads`. Raises InputError or StoreError when they cannot be read."""
    async with threads.open() as saver:
        yield Conversation(provider, saver, context)


@asynccontextmanager
async def begun(provider: ResourceProvider, threads: ThreadStore, context: Context) -> AsyncIterator[Conversation]:
    """Conversations that begin here, kept in `threads` for as long as these can be written. Raises as `remembered`."""
    async with threads.open() as saver:
        yield Conversation(provider, SteadyThreads(saver), context)


@asynccontextmanager
async def forgotten(provider: ResourceProvider, context: Context) -> AsyncIterator[Conversation]:
    """Conversations that are gone when the command ends."""
    yield Conversation(provider, InMemorySaver(), context)
