"""Conversations that begin here: kept for as long as the store can be written, and going on without it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver

from agent.conversation import Conversation, Turn, begun, forgotten, remembered
from agent.steady_threads import SteadyThreads
from agent.thread_store import ThreadStore
from graph.context import Context
from tests.graph.fakes import Provider, make_resources
from tests.graph.test_answers import FACTS, PASSAGES
from tests.graph.test_ask import UNKNOWN, web
from tests.stores.sql.postgres_server import PostgresServer
from tools.errors import StoreError
from tools.stores.store_settings import StoreSettings

pytest_plugins = ["tests.stores.sql.postgres_fixtures"]

AMOUNT, OTHER_AMOUNT = "一标段的合同金额是多少？", "二标段的合同金额是多少？"
FOLLOW_UP = "那二标段呢？"


def threads(url: str) -> ThreadStore:
    return ThreadStore(Path("/nowhere/threads.db"), StoreSettings(database_url=url, timeout_seconds=2))


def provider() -> Provider:
    return Provider(make_resources(PASSAGES, FACTS, web=web()))


async def ask(talk: Conversation, question: str) -> Turn:
    return await talk.ask(question, thread="one", show=ignore, follow=ignore)


def ignore(_: object) -> None:
    pass


def asked_as(turn: Turn) -> str:
    """What the follow-up was understood as."""
    assert turn.answer is not None
    query: str = turn.answer["receipt"]["rounds"][0]["queries"][0]["text"]
    return query


async def test_what_has_begun_is_kept_and_can_be_gone_on_with(database_url: str) -> None:
    async with begun(provider(), threads(database_url), Context(interactive=False)) as talk:
        await ask(talk, AMOUNT)
        await ask(talk, AMOUNT)
        assert talk.away is None
    async with remembered(provider(), threads(database_url), Context(interactive=False)) as talk:
        assert asked_as(await ask(talk, FOLLOW_UP)) == OTHER_AMOUNT
        assert talk.away is None


async def test_it_goes_on_with_what_was_said_when_the_server_goes(stoppable_postgres: PostgresServer) -> None:
    url = stoppable_postgres.new_schema()
    async with begun(provider(), threads(url), Context(interactive=False)) as talk:
        await ask(talk, AMOUNT)
        await asyncio.to_thread(stoppable_postgres.stop)
        assert asked_as(await ask(talk, FOLLOW_UP)) == OTHER_AMOUNT
        assert talk.away is not None
        assert "cannot be reached" in talk.away.what
        await asyncio.to_thread(stoppable_postgres.start)
        await ask(talk, "什么是纳统？")
    async with remembered(provider(), threads(url), Context(interactive=False)) as talk:
        # What was kept is whole: the conversation as it was when the server went.
        assert asked_as(await ask(talk, FOLLOW_UP)) == OTHER_AMOUNT


async def test_a_reply_is_understood_though_the_server_went_after_the_question(
    stoppable_postgres: PostgresServer,
) -> None:
    async with begun(provider(), threads(stoppable_postgres.new_schema()), Context(interactive=True)) as talk:
        asked = await ask(talk, UNKNOWN)
        assert asked.waiting is not None
        await asyncio.to_thread(stoppable_postgres.stop)
        turn = await talk.resume({"allow": True}, thread="one", show=ignore, follow=ignore)
        assert turn.answer is not None
        assert "李春" in turn.answer["answer"]
        assert talk.away is not None


async def test_a_question_back_is_asked_and_answered_without_the_server(stoppable_postgres: PostgresServer) -> None:
    async with begun(provider(), threads(stoppable_postgres.new_schema()), Context(interactive=True)) as talk:
        await asyncio.to_thread(stoppable_postgres.stop)
        asked = await ask(talk, UNKNOWN)
        assert asked.waiting is not None
        turn = await talk.resume({"allow": True}, thread="one", show=ignore, follow=ignore)
        assert turn.answer is not None
        assert "李春" in turn.answer["answer"]


async def test_what_is_to_be_forgotten_misses_no_store() -> None:
    async with forgotten(provider(), Context(interactive=False)) as talk:
        await ask(talk, AMOUNT)
        assert talk.away is None


class Failing(InMemorySaver):
    """A store that fails with `error`; it counts how often it is asked."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.asked = 0
        self._error = error

    async def aput(self, config: RunnableConfig, *_: Any) -> RunnableConfig:
        self.asked += 1
        raise self._error


async def test_a_store_that_has_failed_is_not_asked_again() -> None:
    store = Failing(StoreError("It is full."))
    talk = Conversation(provider(), SteadyThreads(store), Context(interactive=False))
    await ask(talk, AMOUNT)
    assert asked_as(await ask(talk, FOLLOW_UP)) == OTHER_AMOUNT
    assert store.asked == 1
    assert talk.away is not None
    assert talk.away.what == "It is full."


async def test_a_fault_is_not_taken_for_a_store_that_is_away() -> None:
    talk = Conversation(provider(), SteadyThreads(Failing(ValueError("a fault"))), Context(interactive=False))
    with pytest.raises(ValueError, match="a fault"):
        await ask(talk, AMOUNT)
    assert talk.away is None
