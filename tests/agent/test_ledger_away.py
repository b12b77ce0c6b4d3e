"""A ledger whose server is away when Signpost starts, comes back, and goes again: what needs no documents goes on."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import ddgs
import pytest

from agent import http, resources
from agent.commands import chat
from agent.resources import LiveResources
from agent.settings import Settings
from graph.build import build_graph
from graph.context import Context
from tests.agent.command_line import Signpost
from tests.stores.sql.postgres_server import PostgresServer
from tools.errors import LedgerAwayError, StoreError
from tools.stores.home import Home

pytest_plugins = ["tests.stores.sql.postgres_fixtures"]

WEATHER = "今天海州的天气怎么样？"
LODGING = "一线城市的住宿标准是多少？"
WITHOUT_LEDGER = {"component": "ledger", "reason": "down"}


@pytest.fixture(autouse=True)
def _forecast(monkeypatch: pytest.MonkeyPatch) -> None:
    class Forecast:
        on_search: Callable[[], None] = staticmethod(lambda: None)

        def __init__(self, **_: object) -> None: ...

        def text(self, query: str, **_: object) -> list[dict[str, str]]:
            type(self).on_search()
            body = "今天海州的天气：多云转晴，最高气温26度，东南风三级。"
            return [{"href": "https://weather.example/haizhou", "title": "今天海州的天气", "body": body}]

    monkeypatch.setattr(ddgs, "DDGS", Forecast)


@asynccontextmanager
async def live(tmp_path: Path, url: str) -> AsyncIterator[LiveResources]:
    settings = Settings.model_validate(
        {"home": tmp_path / "home", "database_url": url, "web": "on", "store_timeout_seconds": 1.0}
    )
    home = LiveResources(settings, held_by="test")
    try:
        yield home
    finally:
        await home.close()


async def ask(home: LiveResources, question: str) -> dict[str, Any]:
    route: Literal["web", "auto"] = "web" if question == WEATHER else "auto"
    output = await build_graph(home).ainvoke({"question": question}, context=Context(route=route, interactive=False))
    answer: dict[str, Any] = output["answer"]
    return answer


def assert_forecast(answer: dict[str, Any]) -> None:
    assert answer["status"] == "answered", answer
    (citation,) = answer["citations"]
    assert "26度" in citation["quote"]
    assert citation["document"]["uri"] == "https://weather.example/haizhou"


async def test_what_needs_no_documents_is_answered_until_the_ledger_is_there(
    stoppable_postgres: PostgresServer, tmp_path: Path, signpost: Signpost, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = stoppable_postgres.new_schema()
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", url)
    added = await asyncio.to_thread(signpost, "add", files)
    assert added.exit_code == 0, added.output
    await asyncio.to_thread(stoppable_postgres.stop)
    async with live(tmp_path, url) as home:
        answer = await ask(home, WEATHER)
        assert_forecast(answer)
        assert WITHOUT_LEDGER in answer["receipt"]["degraded"]
        assert home.away is not None
        refused = await ask(home, LODGING)
        assert refused["status"] == "refused"
        assert {"component": "vector", "reason": "down"} in refused["receipt"]["degraded"]
        assert "互联网" in refused["answer"]  # which nobody was there to allow
        with pytest.raises(StoreError, match="cannot be reached"):
            await home.stores()
        await asyncio.to_thread(stoppable_postgres.start)
        assert (await ask(home, LODGING))["status"] == "refused"  # it is not tried at every question
        monkeypatch.setattr(resources, "_TRY_AGAIN_SECONDS", 0)
        home._try_again_at = 0.0
        assert "550元" in (await ask(home, LODGING))["answer"]
        assert home.away is None
        assert len(await (await home.stores()).ledger.document_ids()) == 3


async def test_a_ledger_that_goes_leaves_the_rest(stoppable_postgres: PostgresServer, tmp_path: Path) -> None:
    async with live(tmp_path, stoppable_postgres.new_schema()) as home:
        answer = await ask(home, WEATHER)
        assert_forecast(answer)
        assert answer["receipt"]["degraded"] == []
        await asyncio.to_thread(stoppable_postgres.stop)
        for _ in range(2):  # the second page is kept in memory without asking
            answer = await ask(home, WEATHER)
            assert_forecast(answer)
            assert WITHOUT_LEDGER in answer["receipt"]["degraded"]
        assert (await ask(home, "你好"))["status"] == "answered"
        refused = await ask(home, LODGING)
        assert refused["status"] == "refused"
        assert "vector" in {step["component"] for step in refused["receipt"]["degraded"]}, refused
        await asyncio.to_thread(stoppable_postgres.start)
        assert_forecast(await ask(home, WEATHER))
        back = await ask(home, LODGING)  # a question's many searches were one failure
        assert "vector" not in {step["component"] for step in back["receipt"]["degraded"]}, back


async def test_many_who_ask_meanwhile_do_not_wait_for_one_another(
    stoppable_postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = stoppable_postgres.new_schema()
    await asyncio.to_thread(stoppable_postgres.stop)
    opened = 0
    original = resources.open_stores

    def counted(*given: Any) -> Any:
        nonlocal opened
        opened += 1
        return original(*given)

    monkeypatch.setattr(resources, "open_stores", counted)
    async with live(tmp_path, url) as home:
        for answer in await asyncio.gather(*(ask(home, WEATHER) for _ in range(8))):
            assert_forecast(answer)
    assert opened == 1


def test_a_conversation_goes_on_unkept(signpost: Signpost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", "postgresql://u:s3cret@127.0.0.1:9/name")
    told = signpost("chat", typed="你好\n")
    assert told.exit_code == 0
    assert "This conversation is not kept." in told.stderr
    assert "SIGNPOST_DATABASE_URL" in told.stderr
    assert "--thread" not in told.stderr
    assert told.stdout.strip()
    refused = signpost("chat", "--thread", "kept", typed="你好\n")
    assert refused.exit_code == 1
    assert "SIGNPOST_DATABASE_URL" in refused.stderr


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str | Callable[[], None]) -> None:
    """What the user of `signpost chat` types, and what happens between two lines."""
    left = iter(lines)

    def type_next(_: str = "") -> str:
        for line in left:
            if isinstance(line, str):
                return line
            line()
        raise EOFError

    monkeypatch.setattr(chat, "read_line", type_next)


@pytest.mark.parametrize(
    ("greeting", "told"),
    [("你好", "从现在起，聊天内容不再保存。"), ("Hello", "From here on this chat is not kept.")],
)
def test_a_conversation_goes_on_when_its_server_goes(
    stoppable_postgres: PostgresServer, signpost: Signpost, monkeypatch: pytest.MonkeyPatch, greeting: str, told: str
) -> None:
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", stoppable_postgres.new_schema())
    monkeypatch.setenv("SIGNPOST_WEB", "on")
    typed(monkeypatch, WEATHER, stoppable_postgres.stop, greeting, LODGING, stoppable_postgres.start, greeting)
    talk = signpost("chat", "--json")
    assert talk.exit_code == 0
    answers = [json.loads(text) for text in talk.stdout.replace("\n}\n{", "\n}\0{").split("\0")]
    assert [answer["status"] for answer in answers] == ["answered", "answered", "refused", "answered"]
    assert {"component": "vector", "reason": "down"} in answers[2]["receipt"]["degraded"]
    assert talk.stderr.count(told) == 1
    assert "cannot be reached" in talk.stderr
    assert "--thread" not in talk.stderr


def test_a_conversation_with_a_name_is_not_gone_on_with_unkept(
    stoppable_postgres: PostgresServer, signpost: Signpost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", stoppable_postgres.new_schema())
    typed(monkeypatch, "你好", stoppable_postgres.stop, "hello", stoppable_postgres.start, "谢谢")
    talk = signpost("chat", "--thread", "kept")
    assert talk.exit_code == 0
    assert "您好" in talk.stdout
    assert "Hello" not in talk.stdout
    assert "不客气" in talk.stdout
    assert "SIGNPOST_DATABASE_URL" in talk.stderr
    assert "--thread kept" in talk.stderr


def test_a_database_that_can_only_be_read_keeps_no_conversation_and_answers(
    postgres: PostgresServer, signpost: Signpost, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = postgres.new_database("TEMPLATE template0")
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", postgres.url(name))

    def read_only() -> None:
        ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        postgres.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on", ended)

    def writable() -> None:
        postgres.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")

    assert signpost("add", files).exit_code == 0
    read_only()
    typed(monkeypatch, LODGING)  # where no conversation was ever kept
    talk = signpost("chat")
    assert talk.exit_code == 0
    assert "550元。[1]" in talk.stdout
    assert "can only be read" in talk.stderr
    assert "This conversation is not kept." in talk.stderr
    writable()
    typed(monkeypatch, "你好", read_only, LODGING)
    talk = signpost("chat")
    assert talk.stdout.count("550元。[1]") == 1
    assert "[1] 差旅管理办法" in talk.stdout  # the sources too
    assert "can only be read. 从现在起，聊天内容不再保存。" in talk.stderr


def test_a_file_of_questions_is_not_refused_row_by_row(
    signpost: Signpost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", "postgresql://u:s3cret@127.0.0.1:9/name")
    rows, out = tmp_path / "rows.jsonl", tmp_path / "out.jsonl"
    rows.write_text(json.dumps({"id": "1", "question": LODGING}) + "\n", encoding="utf-8")
    error = signpost.error("ask", "--batch", rows, "--out", out, code=1)
    assert "SIGNPOST_DATABASE_URL" in error["next_step"]
    assert not out.exists()


async def test_a_page_that_was_found_is_cited_though_the_ledger_is_tried_again_meanwhile(
    stoppable_postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "_TRY_AGAIN_SECONDS", 0)  # every step of the graph tries
    url = stoppable_postgres.new_schema()
    await asyncio.to_thread(stoppable_postgres.stop)
    async with live(tmp_path, url) as home:
        assert_forecast(await ask(home, WEATHER))

        def back() -> None:
            stoppable_postgres.start()

        monkeypatch.setattr(ddgs.DDGS, "on_search", back)
        assert_forecast(await ask(home, WEATHER))
        assert home.away is None


async def test_while_it_is_tried_again_others_go_on(
    stoppable_postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = stoppable_postgres.new_schema()
    await asyncio.to_thread(stoppable_postgres.stop)
    trying, end = threading.Event(), threading.Event()
    original = resources.open_stores

    def slow(*given: Any) -> Any:
        trying.set()
        assert end.wait(30)
        return original(*given)

    async with live(tmp_path, url) as home:
        assert_forecast(await ask(home, WEATHER))
        monkeypatch.setattr(resources, "open_stores", slow)
        home._try_again_at = 0.0
        first = asyncio.create_task(ask(home, WEATHER))
        await asyncio.to_thread(trying.wait)
        assert_forecast(await asyncio.wait_for(ask(home, WEATHER), 20))
        assert not first.done()
        end.set()
        assert_forecast(await first)


async def test_the_newest_reason_is_told(
    stoppable_postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "_TRY_AGAIN_SECONDS", 0)
    url = stoppable_postgres.new_schema()
    await asyncio.to_thread(stoppable_postgres.stop)
    async with live(tmp_path, url) as home:
        with pytest.raises(LedgerAwayError, match="cannot be reached"):
            await home.stores()
        await asyncio.to_thread(stoppable_postgres.start)
        other = Home(tmp_path / "home")
        await asyncio.to_thread(other.acquire, 0, command="signpost chat", address=None)
        with pytest.raises(StoreError, match="in use"):
            await home.stores()
        assert_forecast(await ask(home, WEATHER))
        other.release()
        assert await (await home.stores()).ledger.document_ids() == []


async def test_an_index_that_cannot_be_used_is_no_ledger_that_is_away(
    stoppable_postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StoreError("The search index cannot be written.")

    monkeypatch.setattr(resources, "open_stores", refuse)
    async with live(tmp_path, stoppable_postgres.new_schema()) as home:
        with pytest.raises(StoreError, match="search index"):
            await ask(home, WEATHER)
        assert home.away is None


@pytest.mark.parametrize("command", [["search"], ["route"]])
def test_no_file_is_written_for_a_ledger_that_is_away(
    signpost: Signpost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", "postgresql://u:s3cret@127.0.0.1:9/name")
    rows, out = tmp_path / "rows.jsonl", tmp_path / "out.jsonl"
    rows.write_text(json.dumps({"id": "1", "question": LODGING}) + "\n", encoding="utf-8")
    error = signpost.error(*command, "--batch", rows, "--out", out, code=1)
    assert "SIGNPOST_DATABASE_URL" in error["next_step"]
    assert not out.exists()


async def test_health_tells_of_a_ledger_that_was_away_and_of_one_that_goes(
    stoppable_postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with live(tmp_path, stoppable_postgres.new_schema()) as home:
        monkeypatch.setattr(http, "shared_resources", lambda: home)

        async def health() -> dict[str, str]:
            response = await http.health()
            assert response.status_code == 200
            told: dict[str, str] = json.loads(bytes(response.body))
            return told

        assert await health() == {"status": "ok"}
        await asyncio.to_thread(stoppable_postgres.stop)
        told = await health()
        assert told["status"] == "degraded"
        assert "SIGNPOST_DATABASE_URL" in told["next_step"]
        await home.close()
        assert (await health())["status"] == "degraded"
        await asyncio.to_thread(stoppable_postgres.start)
        await home.close()
        assert await health() == {"status": "ok"}
