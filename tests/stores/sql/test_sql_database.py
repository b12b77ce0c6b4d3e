"""What SQLite and PostgreSQL do alike."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.stores.examples import LIN, NOTHING, make_chunks, make_document, make_extraction
from tests.stores.ledger_contract import put
from tools.access import Access
from tools.errors import InputError, StoreError
from tools.shapes import Document, Entity, Extraction, Filters
from tools.stores.sql.ledger_writes import replace_document
from tools.stores.sql.sql_database import SqlDatabase
from tools.stores.sql.sql_ledger import SqlLedger

pytest_plugins = ["tests.stores.sql.postgres_fixtures"]

KINDS = ["SQLite", "PostgreSQL"]


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    if request.param == "SQLite":
        return tmp_path / "ledger.db"
    url: str = request.getfixturevalue("database_url")
    return url


@pytest.fixture(params=KINDS)
async def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqlLedger]:
    if request.param == "PostgreSQL":
        yield request.getfixturevalue("emptied_ledger")
        return
    opened = SqlLedger.open(tmp_path / "ledger.db")
    yield opened
    await opened.close()


@pytest.mark.parametrize("text", ["a\0b", "half \ud83d of it", "c\udcff"])
async def test_what_is_no_text_is_refused_and_nothing_is_stored(ledger: SqlLedger, text: str) -> None:
    document = make_document("a.md")
    chunks = make_chunks(document, "text")
    (fact,) = make_extraction(chunks[0], ("甲", "r", "乙")).facts
    for written, extraction in (
        (make_document("a.md", uri=text), NOTHING),
        (make_document("a.md", readers=(f"user:{text}",)), NOTHING),
        (document, Extraction((), (replace(fact, relation=text),))),
        (document, Extraction((Entity(text, "thing", chunks[0].id),))),
    ):
        with pytest.raises(InputError, match=r"Unicode|NUL"):
            await ledger.replace_document(written, chunks, extraction)
    with pytest.raises(InputError, match=r"Unicode|NUL"):
        await ledger.find_documents(text, LIN)
    with pytest.raises(InputError, match=r"Unicode|NUL"):
        await ledger.documents(LIN, Filters((text,)))
    assert await ledger.documents(LIN) == []


async def test_metadata_may_hold_any_character(ledger: SqlLedger) -> None:
    document = make_document("a.md", metadata={"odd": "\0 \ud83d \u2028 路"})
    await put(ledger, document, "text")
    assert await ledger.documents(LIN) == [document]


async def test_text_is_ordered_by_its_bytes_in_every_database(ledger: SqlLedger) -> None:
    names = ["a", "B", "ä", "Z", "b", "中", "_", "é", "A", "a b", "a-b", "ab", "😀"]
    for name in names:
        await put(ledger, make_document(name, collection=name, title=f"title {name}"), "text")
    in_order = sorted(names, key=str.encode)
    assert await ledger.collections(LIN) == in_order
    assert [document.collection for document in await ledger.documents(LIN)] == in_order
    states = await ledger.index_states("any")
    assert [state.collection for state in states] == in_order


async def test_numbers_are_whole_numbers(ledger: SqlLedger) -> None:
    document = make_document("a.md")
    chunks = make_chunks(document, "one", "two")
    await ledger.replace_document(document, chunks, make_extraction(chunks[0], ("甲", "r", "乙")))
    counts = await ledger.counts(LIN)
    (state,) = await ledger.index_states("any")
    numbers = [counts.documents, counts.chunks, counts.entities, counts.facts, state.indexed, state.pending]
    assert [type(number) for number in numbers] == [int] * len(numbers)


async def test_a_reader_sees_one_state_while_others_write(place: str | Path) -> None:
    ledger, other = SqlLedger.open(place), SqlLedger.open(place)
    await put(ledger, make_document("a.md"), "text")
    reading, written = threading.Event(), threading.Event()

    def read(connection: object) -> list[list[tuple[str]]]:
        query = "SELECT title FROM documents ORDER BY title"
        before = connection.exec_driver_sql(query).all()  # type: ignore[attr-defined]
        reading.set()
        assert written.wait(30)
        return [before, connection.exec_driver_sql(query).all()]  # type: ignore[attr-defined]

    seen = asyncio.create_task(ledger.database.read(read))
    await asyncio.to_thread(reading.wait, 30)
    await put(other, make_document("b.md"), "text")
    written.set()
    assert await seen == [[("a.md",)], [("a.md",)]]
    assert len(await ledger.documents(LIN)) == 2
    await ledger.close()
    await other.close()


# One at a time


async def test_writers_of_two_ledgers_wait_for_each_other(place: str | Path) -> None:
    ledgers = [SqlLedger.open(place) for _ in range(2)]
    claims = [Document("x1", "c", f"t{n}", f"/{n}.jsonl", "jsonl", "0", ("everyone",)) for n in range(12)]
    writes = (put(ledgers[number % 2], claim, "one", "two") for number, claim in enumerate(claims))
    results = await asyncio.gather(*writes, return_exceptions=True)
    assert sum(isinstance(result, InputError) for result in results) == 11
    documents = [make_document(f"{n}.md") for n in range(30)]
    writes = (put(ledgers[number % 2], document, "three") for number, document in enumerate(documents))
    await asyncio.gather(*writes)
    for ledger in ledgers:
        assert (await ledger.counts(LIN)).documents == 31
        await ledger.close()


async def test_what_another_process_is_just_writing_is_not_removed(place: str | Path) -> None:
    ledger, other = SqlLedger.open(place), SqlLedger.open(place)
    document = make_document("a.md")
    await put(ledger, document, "old")
    stored = (await ledger.stored([document.id]))[document.id]
    written, end = threading.Event(), threading.Event()

    def write(connection: Connection) -> None:
        replace_document(connection, document, make_chunks(document, "new"), NOTHING)
        written.set()
        assert end.wait(30)

    writing = asyncio.create_task(other.database.write(write))
    await asyncio.to_thread(written.wait, 30)
    removal = asyncio.create_task(ledger.remove_document(document.id, if_stored=stored))
    await asyncio.sleep(0.2)  # for it to read too early, if it did
    end.set()
    await writing
    assert not await removal
    assert [chunk.text for chunk in (await ledger.stored([document.id]))[document.id].chunks] == ["new"]
    await ledger.close()
    await other.close()


async def test_one_at_a_time_is_in_a_section_over_all_event_loops(ledger: SqlLedger) -> None:
    inside, most = 0, 0

    async def enter() -> None:
        nonlocal inside, most
        async with ledger.database.exclusive("x"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.002)
            inside -= 1

    async def enter_often() -> None:
        await asyncio.gather(*(enter() for _ in range(3)))

    threads = [threading.Thread(target=asyncio.run, args=(enter_often(),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        await asyncio.to_thread(thread.join)
    assert (inside, most) == (0, 1)


async def test_sections_of_two_names_do_not_wait_for_each_other(ledger: SqlLedger) -> None:
    async with ledger.database.exclusive("one"), ledger.database.exclusive("two"):
        await put(ledger, make_document("a.md"), "text")  # nor does a writer
    assert len(await ledger.documents(LIN)) == 1


async def test_a_section_is_free_again_after_an_error_and_after_a_cancelled_wait(ledger: SqlLedger) -> None:
    database = ledger.database

    async def enter() -> None:
        async with database.exclusive("x"):
            pass

    with pytest.raises(RuntimeError, match="inside"):
        async with database.exclusive("x"):
            raise RuntimeError("inside")
    async with database.exclusive("x"):
        waiting = [asyncio.create_task(enter()) for _ in range(3)]
        await asyncio.sleep(0.03)
        for task in waiting:
            task.cancel()
        assert all(isinstance(end, asyncio.CancelledError) for end in await _ends(waiting))
    await enter()


async def _ends(tasks: list["asyncio.Task[None]"]) -> list[object]:
    return list(await asyncio.gather(*tasks, return_exceptions=True))


# What it says of itself


async def test_it_says_which_database_it_is(place: str | Path) -> None:
    database = SqlDatabase.open(place)
    told = await database.check()
    if isinstance(place, Path):
        assert re.fullmatch(rf"SQLite 3\.[\d.]+ in {re.escape(str(place))}", told)
    else:
        assert re.fullmatch(r"PostgreSQL \d+(\.\d+)? at /\S+:\d+/postgres", told)
    await database.close()
    await database.close()
    with pytest.raises(StoreError, match="closed"):
        await database.check()


@pytest.mark.parametrize("identity", ["o'neil", 'a "quoted" name', "%s %(x)s :x", "ＷＩＤＥ"])
async def test_odd_identities_and_filters_are_values(ledger: SqlLedger, identity: str) -> None:
    document = make_document("a.md", collection=identity, readers=(f"user:{identity}",))
    await put(ledger, document, "text")
    assert await ledger.documents(Access(identity), Filters((identity,))) == [document]
    assert await ledger.documents(Access("other")) == []
