"""Conversations that PostgreSQL keeps, and the command line over it."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from agent.conversation import Turn, remembered
from agent.postgres_threads import open_postgres_threads
from agent.thread_store import ThreadStore
from graph.context import Context
from tests.agent.command_line import ROOT, Signpost
from tests.graph.fakes import Provider, make_resources
from tests.graph.test_answers import FACTS, PASSAGES
from tests.graph.test_ask import UNKNOWN, web
from tests.stores.sql.postgres_server import PASSWORD, PostgresServer, frozen, silent_server
from tools.errors import InputError, StoreError
from tools.stores.sql.sql_ledger import SqlLedger
from tools.stores.store_settings import StoreSettings

pytest_plugins = ["tests.stores.sql.postgres_fixtures"]

NOWHERE = Path("/nowhere/threads.db")


def threads(url: str, timeout_seconds: float = 2) -> ThreadStore:
    return ThreadStore(NOWHERE, StoreSettings(database_url=url, timeout_seconds=timeout_seconds))


async def ask(store: ThreadStore, question: str, thread: str = "one", **context: Any) -> Turn:
    """Over a connection of its own."""
    async with remembered(Provider(make_resources(PASSAGES, FACTS, web=web())), store, Context(**context)) as talk:
        return await talk.ask(question, thread=thread, show=ignore, follow=ignore)


async def resume(store: ThreadStore, reply: object, thread: str = "one", **context: Any) -> Turn:
    async with remembered(Provider(make_resources(PASSAGES, FACTS, web=web())), store, Context(**context)) as talk:
        return await talk.resume(reply, thread=thread, show=ignore, follow=ignore)


def ignore(_: object) -> None:
    pass


def answer_of(turn: Turn) -> Mapping[str, Any]:
    assert turn.answer is not None
    return turn.answer


async def test_a_follow_up_is_understood_over_another_connection(database_url: str) -> None:
    store = threads(database_url)
    await ask(store, "一标段的合同金额是多少？", interactive=False)
    answer = answer_of(await ask(store, "那二标段呢？", interactive=False))
    assert "5.2亿元" in answer["answer"]
    assert answer["receipt"]["rounds"][0]["queries"][0]["text"] == "二标段的合同金额是多少？"


async def test_an_interrupt_is_resumed_over_another_connection(database_url: str) -> None:
    store = threads(database_url)
    asked = await ask(store, UNKNOWN, interactive=True)
    assert asked.answer is None
    assert asked.waiting is not None
    assert asked.waiting["kind"] == "permission"
    assert "李春" in answer_of(await resume(store, {"allow": True}, interactive=True))["answer"]


async def test_threads_are_kept_apart_and_counted(database_url: str) -> None:
    store = threads(database_url)
    assert await asyncio.to_thread(store.count) == 0
    await ask(store, "一标段的合同金额是多少？", "我的 对话/1", interactive=False)
    await ask(store, "什么是纳统？", "o'neil %s", interactive=False)
    assert await asyncio.to_thread(store.count) == 2
    asked = {}
    for thread in ("我的 对话/1", "o'neil %s"):
        answer = answer_of(await ask(store, "那二标段呢？", thread, interactive=False))
        asked[thread] = answer["receipt"]["rounds"][0]["queries"][0]["text"]
    assert asked["我的 对话/1"] == "二标段的合同金额是多少？"
    assert "金额" not in asked["o'neil %s"]
    assert await asyncio.to_thread(store.count) == 2
    assert store.place.endswith("/postgres")


async def test_what_is_kept_is_listed_and_forgotten(database_url: str) -> None:
    store = threads(database_url)
    for thread in ("one", "two"):
        await ask(store, "什么是纳统？", thread, interactive=False)
    async with store.open() as saver:
        listed = [kept.config["configurable"]["thread_id"] async for kept in saver.alist(None)]
        assert set(listed) == {"one", "two"}
        await saver.adelete_thread("one")
    assert await asyncio.to_thread(store.count) == 1


# Other processes

OPENER = """
import asyncio, sys
from agent.postgres_threads import open_postgres_threads

async def main():
    print("ready", flush=True)
    sys.stdin.readline()
    async with open_postgres_threads(sys.argv[1], 5):
        pass

asyncio.run(main())
"""


async def test_processes_that_open_it_at_once_make_its_tables_once(database_url: str) -> None:
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", OPENER, database_url, cwd=ROOT, stdin=-1, stdout=-1, stderr=-1
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    for process, (_, told) in zip(
        processes, await asyncio.gather(*(process.communicate(b"go\n") for process in processes)), strict=True
    ):
        assert (process.returncode, told) == (0, b"")


async def test_tables_that_are_made_are_not_made_again(database_url: str, postgres: PostgresServer) -> None:
    store = threads(database_url)
    await ask(store, "一标段的合同金额是多少？", interactive=False)
    user = postgres.new_name()
    schema = database_url.rsplit("%3D", 1)[1]
    postgres.execute(
        f"CREATE ROLE {user} LOGIN",
        f"GRANT USAGE ON SCHEMA {schema} TO {user}",
        f"GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA {schema} TO {user}",
    )
    without_rights = threads(database_url.replace("postgres@", f"{user}@"))
    assert "5.2亿元" in answer_of(await ask(without_rights, "那二标段呢？", interactive=False))["answer"]


# A server that cannot be used


async def refused(url: str) -> StoreError:
    with pytest.raises(StoreError) as raised:
        await ask(threads(url), "什么是纳统？")
    assert "SIGNPOST_DATABASE_URL" in raised.value.next_step
    assert PASSWORD not in str(raised.value)
    assert "hunter2" not in str(raised.value)
    return raised.value


async def test_a_server_that_is_not_there_or_refuses(postgres: PostgresServer) -> None:
    for url, expected in (
        ("postgresql://lin:hunter2@127.0.0.1:1/name", "cannot be reached"),
        (postgres.tcp_url(password="hunter2"), "refuses the user"),
        (postgres.tcp_url("not_there"), "There is no database"),
    ):
        error = await refused(url)
        assert expected in error.what
        with pytest.raises(StoreError) as counted:
            await asyncio.to_thread(threads(url).count)
        assert counted.value.what == error.what


async def test_a_server_that_accepts_and_never_answers() -> None:
    with silent_server() as port:
        error = await refused(f"postgresql://lin:hunter2@127.0.0.1:{port}/name")
    assert "does not answer" in error.what


async def test_an_address_that_is_none(tmp_path: Path) -> None:
    for attempt in (threads("mysql://lin:hunter2@host/name"), threads("postgresql://lin:hun@ter2@host/name")):
        with pytest.raises(InputError, match="address of the database") as raised:
            await ask(attempt, "什么是纳统？")
        assert "hun" not in str(raised.value)


async def test_a_server_that_hangs_ends_the_turn_and_not_the_conversation(
    database_url: str, postgres: PostgresServer
) -> None:
    async with remembered(
        Provider(make_resources(PASSAGES, FACTS)), threads(database_url), Context(interactive=False)
    ) as talk:
        first = await talk.ask("一标段的合同金额是多少？", thread="one", show=ignore, follow=ignore)
        assert "7.9亿元" in answer_of(first)["answer"]
        with frozen(postgres), pytest.raises(StoreError, match="does not answer"):
            await talk.ask("那二标段呢？", thread="one", show=ignore, follow=ignore)
        followed = await talk.ask("那二标段呢？", thread="one", show=ignore, follow=ignore)
        assert "5.2亿元" in answer_of(followed)["answer"]


async def test_a_conversation_goes_on_after_the_server_was_restarted(
    database_url: str, postgres: PostgresServer
) -> None:
    async with remembered(
        Provider(make_resources(PASSAGES, FACTS)), threads(database_url), Context(interactive=False)
    ) as talk:
        await talk.ask("一标段的合同金额是多少？", thread="one", show=ignore, follow=ignore)
        await asyncio.to_thread(postgres.stop)
        try:
            with pytest.raises(StoreError, match="cannot be reached"):
                await talk.ask("那二标段呢？", thread="one", show=ignore, follow=ignore)
        finally:
            await asyncio.to_thread(postgres.start)
        followed = await talk.ask("那二标段呢？", thread="one", show=ignore, follow=ignore)
        assert "5.2亿元" in answer_of(followed)["answer"]


async def test_a_connection_that_ends_between_two_turns_is_not_noticed(
    database_url: str, postgres: PostgresServer
) -> None:
    async with open_postgres_threads(database_url, 2) as saver:
        for _ in range(2):
            assert [kept async for kept in saver.alist(None)] == []
            assert await saver.aget_tuple({"configurable": {"thread_id": "one"}}) is None
            for pid in postgres.backends():
                postgres.execute(f"SELECT pg_terminate_backend({pid}, 5000)")


# The whole product


def test_the_command_line_keeps_documents_and_conversations_in_the_database(
    signpost: Signpost, files: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", database_url)
    asked = signpost.json("ask", "你好", "--thread", "first")  # before there is a ledger
    assert asked["status"] == "answered"
    assert signpost("add", str(files)).exit_code == 0
    assert signpost.json("status")["documents"] == 3
    assert "550" in signpost.json("ask", "一线城市的住宿标准是多少？", "--thread", "t")["answer"]
    assert signpost.json("ask", "那审批呢？", "--thread", "t")["status"] != "needs_input"
    assert not (signpost.home / "ledger.db").exists()
    assert not (signpost.home / "threads.db").exists()
    parts = {part["part"]: part for part in signpost.json("doctor")["parts"]}
    assert parts["ledger"]["detail"].startswith("PostgreSQL ")
    assert parts["conversations"]["detail"].startswith("2 kept in ")


async def test_conversations_may_be_there_before_documents(database_url: str) -> None:
    await ask(threads(database_url), "什么是纳统？", interactive=False)
    await SqlLedger.open(database_url).close()
