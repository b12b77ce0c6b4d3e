"""A command as the server runs it, without a server: the test is the client."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from agent.call import Call
from agent.calls import Calls
from agent.output import is_conversation, note, read_line, say, say_json
from agent.resources import LiveResources
from agent.session import open_session
from agent.settings import Settings
from agent.terminal import Surroundings
from tools.access import Access

FAR_AWAY = Surroundings(
    folder="/somewhere/else",
    search_path="",
    names_home=False,
    input_is_terminal=True,
    output_is_terminal=True,
    output_is_unicode=True,
    output_has_colours=False,
    errors_have_bars=False,
    errors_have_colours=False,
    columns=80,
    wants_trace=False,
)


class Client:
    """Starts one command and reads what it is told."""

    def __init__(self, home: Path) -> None:
        self.resources = LiveResources(Settings(home=home), held_by="test")
        self.calls = Calls()

    async def start(self, command: Callable[..., int], **arguments: Any) -> Call:
        self.call = Call(FAR_AWAY, self.resources)
        self.lines = self.calls.run(self.call, command, arguments)
        assert await self.next() == {"id": self.call.id}
        return self.call

    async def next(self) -> dict[str, Any]:
        return await asyncio.wait_for(anext(self.lines), 30)

    async def rest(self) -> list[dict[str, Any]]:
        async with asyncio.timeout(30):
            return [line async for line in self.lines]


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    client = Client(tmp_path / "home")
    yield client
    await client.resources.close()


async def test_what_a_command_writes_is_told_in_order_and_its_code_last(client: Client) -> None:
    def command(word: str) -> int:
        say(word)
        note("aside")
        say_json({"是": is_conversation()})
        return 2

    await client.start(command, word="first")
    assert await client.rest() == [
        {"out": "first\n"},
        {"error": "aside\n"},
        {"out": '{\n  "是": true\n}\n'},
        {"exit": 2},
    ]


async def test_errors_are_told_as_on_the_command_line(client: Client) -> None:
    def command(as_json: bool) -> int:
        raise ZeroDivisionError("by zero")

    await client.start(command, as_json=False)
    told, ended = await client.rest()
    assert told["error"].startswith("Signpost failed: ZeroDivisionError: by zero\n")
    assert ended == {"exit": 1}


async def test_lines_are_asked_for_and_their_end_ends_them(client: Client) -> None:
    def command() -> int:
        said = read_line("name? ")
        try:
            read_line()
        except EOFError:
            say(f"{said}, and no more")
        return 0

    call = await client.start(command)
    asked = await client.next()
    assert asked["ask"] == "name? "
    assert not call.reply(asked["number"] + 1, "from another time")
    assert call.reply(asked["number"], "Li Lan")
    asked = await client.next()
    assert not call.reply(asked["number"] - 1, "again")
    assert call.reply(asked["number"], None)
    assert await client.rest() == [{"out": "Li Lan, and no more\n"}, {"exit": 0}]


async def test_stopping_at_a_prompt_is_ctrl_c_there(client: Client) -> None:
    def command() -> int:
        try:
            read_line("> ")
        except KeyboardInterrupt:
            say("once")
        return 0 if read_line("> ") == "go on" else 1

    call = await client.start(command)
    await client.next()
    call.stop()
    assert await client.next() == {"out": "once\n"}
    call.reply((await client.next())["number"], "go on")
    assert await client.rest() == [{"exit": 0}]


async def test_stopping_cancels_what_runs_and_the_session_stays_usable(client: Client) -> None:
    begun, closed = asyncio.Event(), asyncio.Event()

    async def long() -> None:
        begun.set()
        try:
            await asyncio.sleep(600)
        finally:
            closed.set()

    async def short() -> str:
        return "still here"

    def command() -> int:
        with open_session("test", if_stopped="All is kept.") as session:
            with pytest.raises(KeyboardInterrupt):
                session.run(long())
            say(session.run(short()))
            session.run(long())
        return 0

    call = await client.start(command)
    await begun.wait()
    begun.clear()
    call.stop()
    assert await client.next() == {"out": "still here\n"}
    await begun.wait()
    call.stop()
    assert await client.rest() == [{"error": "Stopped. All is kept.\n"}, {"exit": 1}]
    assert closed.is_set()


async def test_stopped_between_two_steps_the_next_one_does_not_begin(client: Client) -> None:
    begun = []

    async def step() -> None:
        begun.append(1)

    def command() -> int:
        with open_session("test", if_stopped="Nothing was done.") as session:
            call.stop_from_thread()
            session.run(step())
        return 0

    class StoppedByItself(Call):
        def stop_from_thread(self) -> None:
            self._on_loop(self.stop)

    call = StoppedByItself(FAR_AWAY, client.resources)
    lines = [line async for line in client.calls.run(call, command, {})]
    assert lines[1:] == [{"error": "Stopped. Nothing was done.\n"}, {"exit": 1}]
    assert begun == []


async def test_a_work_that_survives_its_stop_gives_its_result(client: Client) -> None:
    """As `add` does, which tells how far it came."""
    begun = asyncio.Event()

    async def stubborn() -> str:
        begun.set()
        try:
            await asyncio.sleep(600)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            assert task is not None
            task.uncancel()
        return "so far"

    def command() -> int:
        with open_session("test", if_stopped="") as session:
            say(session.run(stubborn()))
        return 0

    call = await client.start(command)
    await begun.wait()
    call.stop()
    assert await client.rest() == [{"out": "so far\n"}, {"exit": 0}]


async def test_a_client_that_leaves_ends_even_a_command_that_goes_on_after_ctrl_c(client: Client) -> None:
    ended = []

    def command() -> int:
        while True:
            try:
                read_line("> ")
            except EOFError:
                break
            except KeyboardInterrupt:
                continue
        ended.append(1)
        return 0

    call = await client.start(command)
    await client.next()
    await client.lines.aclose()
    assert call.has_ended.is_set()
    assert ended == [1]
    assert client.calls.get(call.id) is None


async def test_the_stores_stay_open_after_a_command_and_what_it_opened_does_not(client: Client) -> None:
    opened = await client.resources.get()

    def command() -> int:
        with open_session("test", if_stopped="") as session:
            assert session.run(session.resources.get()) is opened
        return 0

    await client.start(command)
    assert await client.rest() == [{"exit": 0}]
    assert await client.resources.get() is opened
    assert await opened.ledger.collections(Access()) == []


async def test_commands_at_once_write_each_to_its_own_client(client: Client) -> None:
    def command(word: str) -> int:
        for _ in range(20):
            say(word)
        return 0

    async def told(word: str) -> set[str]:
        lines = client.calls.run(Call(FAR_AWAY, client.resources), command, {"word": word})
        return {line["out"] async for line in lines if "out" in line}

    assert await asyncio.gather(told("one"), told("two")) == [{"one\n"}, {"two\n"}]


async def test_the_server_s_end_is_told_and_no_more_begin(client: Client) -> None:
    def command() -> int:
        return len(read_line("> "))

    await client.start(command)
    await client.next()
    assert not client.calls.refusal
    client.calls.end()
    assert client.calls.refusal
    told = await client.rest()
    assert told[0] == {"error": "The server is stopping.\n"}
    assert told[-1] == {"exit": 1}
