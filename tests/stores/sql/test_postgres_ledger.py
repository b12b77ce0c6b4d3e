import asyncio
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.stores.examples import LIN, NOTHING, ROOT, make_chunks, make_document
from tests.stores.ledger_contract import LedgerContract, put
from tests.stores.sql.postgres_server import PASSWORD, PostgresServer, frozen, silent_server
from tools.errors import StoreError, StoreHeldError
from tools.stores.sql import postgres_engine, postgres_lock
from tools.stores.sql.sql_ledger import SqlLedger

pytest_plugins = ["tests.stores.sql.postgres_fixtures"]

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def ledger(emptied_ledger: SqlLedger) -> SqlLedger:
    return emptied_ledger


class TestPostgresLedger(LedgerContract):
    """The contract, on PostgreSQL."""


@pytest.fixture
async def own(database_url: str) -> AsyncIterator[SqlLedger]:
    """A ledger of the test alone, whose server answers within 2 seconds or not at all."""
    opened = SqlLedger.open(database_url, timeout_seconds=2)
    yield opened
    await opened.close()


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a process that runs a program and says "ready"."""
    started: list[subprocess.Popen[str]] = []

    def run(program: str, *arguments: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


# A server that cannot be used says why, and never shows a password


def refused(url: str, *expected: str, timeout_seconds: float = 2) -> StoreError:
    with pytest.raises(StoreError) as raised:
        SqlLedger.open(url, timeout_seconds=timeout_seconds)
    message = str(raised.value)
    for part in expected:
        assert part in message
    assert raised.value.next_step
    for secret in (PASSWORD, "hunter2"):
        error: BaseException | None = raised.value
        while error is not None:
            assert secret not in str(error)
            error = error.__cause__ or error.__context__
    return raised.value


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    refused("postgresql://lin:hunter2@127.0.0.1:1/name", "127.0.0.1:1/name", "refused", "SIGNPOST_DATABASE_URL")
    refused("postgresql://lin:hunter2@nowhere.invalid/name", "nowhere.invalid", "SIGNPOST_DATABASE_URL")
    refused(f"postgresql://lin:hunter2@/name?host={tmp_path}", str(tmp_path), "SIGNPOST_DATABASE_URL")


def test_a_server_that_accepts_and_never_answers() -> None:
    with silent_server() as port:
        refused(f"postgresql://lin:hunter2@127.0.0.1:{port}/name", "does not answer", "SIGNPOST_DATABASE_URL")


def test_a_wrong_password_user_or_name(postgres: PostgresServer) -> None:
    refused(postgres.tcp_url(password="hunter2"), "refuses the user or the password", "SIGNPOST_DATABASE_URL")
    refused(postgres.tcp_url(password=""), "refuses the user or the password", "SIGNPOST_DATABASE_URL")
    refused(postgres.tcp_url("not_there"), "There is no database", "not_there", "createdb", "SIGNPOST_DATABASE_URL")
    refused(postgres.url(user="nobody_here"), "no such user", "SIGNPOST_DATABASE_URL")


def test_a_password_that_the_message_repeats_takes_the_message_with_it(postgres: PostgresServer) -> None:
    error = refused(postgres.tcp_url(user="hunter", password="hunter"), "refuses the user or the password")
    assert "hunter" not in str(error)


def test_a_user_without_rights(postgres: PostgresServer) -> None:
    user, schema = postgres.new_name(), postgres.new_name()
    postgres.execute(f"CREATE ROLE {user} LOGIN", f"CREATE SCHEMA {schema}")
    url = postgres.url(user=user, schema=schema)
    refused(url, "no schema", "search_path")
    postgres.execute(f"GRANT USAGE ON SCHEMA {schema} TO {user}")
    refused(url, "lacks a right", "GRANT", "SIGNPOST_DATABASE_URL")
    postgres.execute(f"GRANT CREATE ON SCHEMA {schema} TO {user}")
    asyncio.run(SqlLedger.open(url).close())


def test_a_schema_that_is_not_there(postgres: PostgresServer) -> None:
    refused(postgres.url(schema="not_there"), "no schema", "search_path")


async def test_a_database_that_can_only_be_read_answers_and_takes_nothing(
    own: SqlLedger, postgres: PostgresServer, database_url: str
) -> None:
    await put(own, make_document("a.md"), "text")
    user = postgres.new_name()
    postgres.execute(f"CREATE ROLE {user} SUPERUSER LOGIN", f"ALTER ROLE {user} SET default_transaction_read_only = on")
    reading = SqlLedger.open(database_url.replace("postgres@", f"{user}@"))
    assert len(await reading.documents(LIN)) == 1
    for attempt in (put(reading, make_document("b.md"), "text"), reading.check()):
        with pytest.raises(StoreError, match="can only be read") as raised:
            await attempt
        assert "SIGNPOST_DATABASE_URL" in raised.value.next_step
    await reading.close()
    refused(postgres.new_schema().replace("postgres@", f"{user}@"), "can only be read", "standby")


def test_a_server_that_is_too_old(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_engine, "MINIMUM_VERSION", 99)
    refused(database_url, "too old", "PostgreSQL 1", "99")


def test_a_database_that_cannot_hold_chinese(postgres: PostgresServer) -> None:
    name = postgres.new_database("ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
    refused(postgres.url(name), "LATIN1", "UTF8")


def test_no_connection_is_left(postgres: PostgresServer) -> None:
    user = postgres.new_name()
    postgres.execute(f"CREATE ROLE {user} LOGIN CONNECTION LIMIT 0")
    refused(postgres.url(user=user), "no connection left")


@pytest.mark.parametrize(
    ("state", "expected"),
    [("53100", "run out of room"), ("XX001", "damaged"), ("42501", "lacks a right"), ("P0001", "could not be used")],
)
async def test_what_the_server_reports_in_a_write(own: SqlLedger, state: str, expected: str) -> None:
    def spoil(connection: Connection) -> None:
        connection.exec_driver_sql(
            "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '{state}'; END$$"
        )
        connection.exec_driver_sql("CREATE TRIGGER t BEFORE INSERT ON chunks FOR EACH ROW EXECUTE FUNCTION spoil()")

    await own.database.write(spoil)
    with pytest.raises(StoreError, match=expected) as raised:
        await put(own, make_document("a.md"), "text")
    assert "could not extend file" in raised.value.why
    assert await own.documents(LIN) == []
    await own.database.write(lambda connection: connection.exec_driver_sql("DROP TRIGGER t ON chunks"))
    await put(own, make_document("a.md"), "text")


# A server that is lost while it is used


def sleep(seconds: float) -> Callable[[Connection], None]:
    def run(connection: Connection) -> None:
        connection.exec_driver_sql(f"SELECT pg_sleep({seconds})")

    return run


async def test_a_statement_that_takes_too_long_is_ended(database_url: str) -> None:
    hasty = SqlLedger.open(database_url, timeout_seconds=1)
    for run in (hasty.database.read, hasty.database.write):
        with pytest.raises(StoreError, match="took too long") as raised:
            await run(sleep(60))
        assert "SIGNPOST_STORE_TIMEOUT_SECONDS" in raised.value.next_step
    await put(hasty, make_document("a.md"), "text")
    await hasty.close()


async def test_a_patient_write_may_take_longer_than_an_answer(database_url: str, postgres: PostgresServer) -> None:
    hasty = SqlLedger.open(database_url, timeout_seconds=1)
    await hasty.database.write(sleep(2.2), patiently=True)
    with frozen(postgres), pytest.raises(StoreError, match="does not answer"):  # and only that one
        await hasty.check()
    await hasty.close()


async def test_a_server_that_hangs_keeps_nobody_waiting(own: SqlLedger, postgres: PostgresServer) -> None:
    await put(own, make_document("a.md"), "text")
    with frozen(postgres):
        # Many at once: were each to wait for itself, the test's own time limit would end it.
        attempts = [*(own.documents(LIN) for _ in range(200)), put(own, make_document("b.md"), "text")]
        ends = await asyncio.gather(*attempts, return_exceptions=True)
    for end in ends:
        assert isinstance(end, StoreError)
        assert "does not answer" in end.what
        assert "SIGNPOST_DATABASE_URL" in end.next_step
    await until_it_answers(own)
    await put(own, make_document("c.md"), "text")
    assert [document.title for document in await own.documents(LIN)] == ["a.md", "c.md"]


async def until_it_answers(ledger: SqlLedger) -> None:
    while True:
        try:
            await ledger.documents(LIN)
        except StoreError:
            await asyncio.sleep(0.05)
        else:
            return


async def _terminate_when_it_sleeps(postgres: PostgresServer) -> None:
    query = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
    while await asyncio.to_thread(postgres.value, query) == 0:
        await asyncio.sleep(0.01)


async def test_a_connection_that_is_ended_in_the_middle_leaves_nothing_half(
    own: SqlLedger, postgres: PostgresServer
) -> None:
    document = make_document("a.md")

    def write(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO graph_removals (document_id) VALUES ('half')")
        sleep(30)(connection)

    for run, work in ((own.database.read, sleep(30)), (own.database.write, write)):
        waiting = asyncio.create_task(run(work))
        await _terminate_when_it_sleeps(postgres)
        with pytest.raises(StoreError, match="ended the connection") as raised:
            await waiting
        assert raised.value.next_step
        await put(own, document, "text")
    count = "SELECT count(*) FROM graph_removals"
    assert await own.database.read(lambda connection: connection.exec_driver_sql(count).scalar()) == 0


async def test_a_server_that_was_restarted_is_used_again(own: SqlLedger, postgres: PostgresServer) -> None:
    await put(own, make_document("a.md"), "text")
    await asyncio.gather(*(own.documents(LIN) for _ in range(8)))
    await asyncio.to_thread(postgres.stop)
    try:
        for attempt in (own.documents(LIN), put(own, make_document("b.md"), "text"), own.check()):
            with pytest.raises(StoreError, match="cannot be reached"):
                await attempt
        with pytest.raises(StoreError, match="cannot be reached"):
            async with own.database.exclusive("x"):
                pass
    finally:
        await asyncio.to_thread(postgres.start)
    assert [document.title for document in await own.documents(LIN)] == ["a.md"]
    await asyncio.gather(*(own.documents(LIN) for _ in range(8)))
    await put(own, make_document("b.md"), "text")
    async with own.database.exclusive("x"):
        assert len(await own.documents(LIN)) == 2


async def test_connections_that_were_ended_meanwhile_are_not_noticed(own: SqlLedger, postgres: PostgresServer) -> None:
    await put(own, make_document("a.md"), "text")
    await asyncio.gather(*(own.documents(LIN) for _ in range(8)))
    for pid in postgres.backends():
        postgres.execute(f"SELECT pg_terminate_backend({pid}, 5000)")
    assert len(await own.documents(LIN)) == 1
    await put(own, make_document("b.md"), "text")


async def test_it_keeps_to_few_connections(own: SqlLedger, postgres: PostgresServer, ledger: SqlLedger) -> None:
    others = len(postgres.backends())
    await asyncio.gather(*(own.counts(LIN) for _ in range(40)), *(put(own, make_document(f"{n}")) for n in range(20)))
    assert len(postgres.backends()) - others <= 5


# Other processes

OPENER = """
import asyncio, sys
from tools.stores.sql.sql_ledger import SqlLedger
print("ready", flush=True)
sys.stdin.readline()
ledger = SqlLedger.open(sys.argv[1])
print(ledger.id, flush=True)
asyncio.run(ledger.close())
"""

WRITER = """
import asyncio, sys
from tests.stores.examples import NOTHING, make_chunks, make_document
from tools.stores.sql.sql_ledger import SqlLedger

async def main():
    ledger = SqlLedger.open(sys.argv[1])
    print("ready", flush=True)
    for number in range(10_000):
        document = make_document(f"{sys.argv[2]}-{number}")
        chunks = make_chunks(document, *(f"{sys.argv[2]} {number} {n}" for n in range(20)))
        await ledger.replace_document(document, chunks, NOTHING)
        print(number, flush=True)

asyncio.run(main())
"""

HOLDER = """
import asyncio, sys
from tools.stores.sql.sql_database import SqlDatabase

async def main():
    database = SqlDatabase.open(sys.argv[1])
    async with database.exclusive("replay"):
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)

asyncio.run(main())
"""


def test_processes_that_open_it_at_once_make_it_once(database_url: str, start: Start) -> None:
    processes = [start(OPENER, database_url) for _ in range(2)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    ids = {process.communicate(timeout=60)[0] for process in processes}
    assert [process.returncode for process in processes] == [0, 0]
    assert len(ids) == 1


async def test_kill_9_in_a_write_leaves_whole_documents_and_no_lock(
    own: SqlLedger, database_url: str, start: Start
) -> None:
    writers = [start(WRITER, database_url, name) for name in ("one", "two")]
    for writer in writers:
        assert writer.stdout is not None
        for _ in range(5):
            assert writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
    await put(own, make_document("after"), *(f"{n}" for n in range(20)))
    counts = await own.counts(LIN)
    assert counts.documents >= 11
    assert counts.chunks == 20 * counts.documents


@asynccontextmanager
async def writing(ledger: SqlLedger) -> AsyncIterator[None]:
    """A write is under way meanwhile."""
    begun, end = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        begun.set()
        assert end.wait(60)

    held = asyncio.create_task(ledger.database.write(hold))
    await asyncio.to_thread(begun.wait, 60)
    try:
        yield
    finally:
        end.set()
        await held


async def test_a_write_waits_for_another_process_and_then_says_so(
    own: SqlLedger, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_engine, "_WRITE_LOCK_SECONDS", 0.2)
    hasty = SqlLedger.open(database_url, timeout_seconds=2)
    async with writing(own):
        with pytest.raises(StoreHeldError, match="in use"):
            await put(hasty, make_document("a.md"), "text")
        assert await hasty.documents(LIN) == []  # readers do not wait
    await put(hasty, make_document("a.md"), "text")
    await hasty.close()


async def test_opening_it_and_reading_wait_for_no_writer(
    own: SqlLedger, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(own, make_document("a.md"), "text")
    monkeypatch.setattr(postgres_engine, "_WRITE_LOCK_SECONDS", 0.2)
    monkeypatch.setattr(postgres_engine, "_PATIENT_SECONDS", 0.2)
    async with writing(own):
        opened = SqlLedger.open(database_url)
        assert opened.id == own.id
        assert len(await opened.documents(LIN)) == 1
        await opened.close()


async def test_a_user_who_may_only_read_opens_it_and_reads(own: SqlLedger, postgres: PostgresServer) -> None:
    await put(own, make_document("a.md"), "text")
    user, schema = postgres.new_name(), await own.database.read(_schema)
    postgres.execute(
        f"CREATE ROLE {user} LOGIN",
        f"GRANT USAGE ON SCHEMA {schema} TO {user}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {user}",
    )
    opened = SqlLedger.open(postgres.url(user=user, schema=schema))
    assert opened.id == own.id
    assert len(await opened.documents(LIN)) == 1
    with pytest.raises(StoreError, match="lacks a right"):
        await put(opened, make_document("b.md"), "text")
    await opened.close()


def _schema(connection: Connection) -> str:
    return str(connection.exec_driver_sql("SELECT current_schema()").scalar())


async def test_a_write_may_wait_for_longer_than_an_answer_takes(own: SqlLedger, database_url: str) -> None:
    waiting = SqlLedger.open(database_url, timeout_seconds=1)
    async with writing(own):
        write = asyncio.create_task(put(waiting, make_document("a.md"), "text"))
        await asyncio.sleep(1.5)
        assert not write.done()
    await write
    with pytest.raises(StoreError, match="took too long"):  # and is bounded again after that
        await waiting.database.write(sleep(30))
    await waiting.close()


async def test_two_schemas_of_one_database_do_not_wait_for_each_other(own: SqlLedger, postgres: PostgresServer) -> None:
    other = SqlLedger.open(postgres.new_schema())
    async with own.database.exclusive("replay"), other.database.exclusive("replay"), writing(own):
        await put(other, make_document("a.md"), "text")
    assert await own.documents(LIN) == []
    await other.close()


async def test_a_section_is_held_against_other_processes_until_they_die(
    own: SqlLedger, database_url: str, start: Start
) -> None:
    entered = asyncio.Event()

    async def enter() -> None:
        async with own.database.exclusive("replay"):
            entered.set()

    holder = start(HOLDER, database_url)
    waiting = asyncio.create_task(enter())
    cancelled = asyncio.create_task(enter())
    await asyncio.sleep(0.2)
    assert not entered.is_set()
    cancelled.cancel()
    async with own.database.exclusive("another"):
        pass
    holder.send_signal(signal.SIGKILL)
    await waiting
    assert entered.is_set()


async def test_a_section_that_a_stopped_process_holds_is_not_waited_for_without_end(
    own: SqlLedger, postgres: PostgresServer, database_url: str, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_lock, "_LONGEST_HOLD_SECONDS", 0.3)
    monkeypatch.setattr(postgres_lock, "_LOOK_AT_HOLDER_SECONDS", 0.05)
    start(HOLDER, database_url).send_signal(signal.SIGSTOP)

    async def enter() -> None:
        async with own.database.exclusive("replay"):
            pass

    ends = await _ends(*(enter() for _ in range(3)))
    for end in ends:
        assert isinstance(end, StoreHeldError)
        assert re.search(r"'signpost' has kept its turn for \d+ seconds, by connection \d+", end.why)
        assert "Ctrl-Z" in end.next_step
    async with own.database.exclusive("another"):
        pass
    assert isinstance(ends[0], StoreHeldError)
    advised = re.findall(r"SELECT pg_terminate_backend\(\d+\)", ends[0].next_step)
    await asyncio.to_thread(postgres.execute, *advised)
    await enter()


async def test_one_after_the_other_in_a_section_waits_for_longer_than_each_may_hold_it(
    own: SqlLedger, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_lock, "_LONGEST_HOLD_SECONDS", 2.0)
    monkeypatch.setattr(postgres_lock, "_LOOK_AT_HOLDER_SECONDS", 0.05)
    others = [SqlLedger.open(database_url) for _ in range(5)]

    async def enter(ledger: SqlLedger) -> None:
        async with ledger.database.exclusive("replay"):
            await asyncio.sleep(0.5)

    assert await _ends(*(enter(ledger) for ledger in (own, *others))) == [None] * 6
    for ledger in others:
        await ledger.close()


async def _ends(*attempts: Coroutine[object, object, None]) -> list[BaseException | None]:
    return await asyncio.gather(*attempts, return_exceptions=True)


async def test_a_section_is_free_when_its_wait_for_another_process_was_cancelled(
    own: SqlLedger, database_url: str, start: Start
) -> None:
    async def enter() -> None:
        async with own.database.exclusive("replay"):
            pass

    holder = start(HOLDER, database_url)
    waiting = asyncio.create_task(enter())
    await asyncio.sleep(0.15)
    waiting.cancel()
    assert isinstance((await asyncio.gather(waiting, return_exceptions=True))[0], asyncio.CancelledError)
    assert holder.stdin is not None
    holder.stdin.write("end\n")
    holder.stdin.flush()
    assert holder.wait(30) == 0
    await enter()


async def test_a_process_that_is_stopped_in_a_write_does_not_stop_the_others(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.stores.sql.postgres_connection._IDLE_IN_TRANSACTION_SECONDS", 1)
    stopped, other = SqlLedger.open(database_url), SqlLedger.open(database_url)
    with pytest.raises(StoreError):
        async with writing(stopped):
            await put(other, make_document("a.md"), "text")
    await stopped.close()
    await other.close()


def test_nothing_of_the_environment_changes_how_text_is_read(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")

    async def use() -> None:
        opened = SqlLedger.open(database_url)
        await opened.replace_document(document, make_chunks(document, "东站"), NOTHING)
        assert await opened.documents(LIN) == [document]
        await opened.close()

    document = make_document("路标.md")
    asyncio.run(use())
    assert os.environ["PGCLIENTENCODING"] == "LATIN1"
