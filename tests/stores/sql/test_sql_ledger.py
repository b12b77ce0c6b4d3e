import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stores.examples import LIN, NOTHING, make_chunks, make_document, make_fact
from tests.stores.ledger_contract import LedgerContract, put
from tools.errors import InputError, StoreCorruptError, StoreError, StoreHeldError
from tools.shapes import Extraction
from tools.stores.sql.sql_ledger import SqlLedger


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[SqlLedger]:
    opened = SqlLedger.open(tmp_path / "ledger.db")
    yield opened
    await opened.close()


class TestSqlLedger(LedgerContract):
    """The contract, on a SQLite file."""


async def test_a_path_may_hold_odd_characters(tmp_path: Path) -> None:
    place = tmp_path / "a?b#c%20 目录" / "ledger.db"
    ledger = SqlLedger.open(place)
    await put(ledger, make_document("a.md"), "text")
    await ledger.close()
    reopened = SqlLedger.open(place)
    assert (await reopened.counts(LIN)).chunks == 1
    await reopened.close()
    assert place.is_file()


@pytest.mark.parametrize("url", ["sqlite:///{folder}/by-url.db", "mysql://lin@host/name", "{folder}/by-url.db"])
def test_a_url_names_a_server_of_postgresql_alone(tmp_path: Path, url: str) -> None:
    with pytest.raises(InputError, match="SIGNPOST_DATABASE_URL"):
        SqlLedger.open(url.format(folder=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_every_event_loop_may_use_it(tmp_path: Path) -> None:
    ledger = SqlLedger.open(tmp_path / "ledger.db")

    def use(number: int) -> None:
        async def work() -> None:
            await put(ledger, make_document(f"{number}.md"), "text")
            assert await ledger.document(make_document(f"{number}.md").id, LIN) is not None

        asyncio.run(work())

    threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asyncio.run(ledger.counts(LIN)).documents == 8
    asyncio.run(ledger.close())


async def test_a_cancelled_write_is_whole_or_never_begun(ledger: SqlLedger) -> None:
    documents = [make_document(f"{n}.md") for n in range(40)]
    writes = [asyncio.create_task(put(ledger, document, *(f"{n}" for n in range(50)))) for document in documents]
    await asyncio.sleep(0.02)
    for write in writes:
        write.cancel()
    await asyncio.gather(*writes, return_exceptions=True)
    await put(ledger, make_document("last.md"), *(f"{n}" for n in range(50)))
    counts = await ledger.counts(LIN)
    assert counts.documents < 41  # some were never begun
    assert counts.chunks == 50 * counts.documents


async def test_readers_do_not_wait_for_a_long_write(ledger: SqlLedger) -> None:
    await put(ledger, make_document("a.md"), "text")
    writing, done = threading.Event(), threading.Event()

    def hold(_: object) -> None:
        writing.set()
        assert done.wait(30)

    write = asyncio.create_task(ledger.database.write(hold))
    await asyncio.to_thread(writing.wait, 30)
    assert (await ledger.counts(LIN)).documents == 1
    done.set()
    await write


async def test_a_closed_ledger_says_so(tmp_path: Path) -> None:
    ledger = SqlLedger.open(tmp_path / "ledger.db")
    await ledger.close()
    await ledger.close()
    with pytest.raises(StoreError, match="closed"):
        await ledger.documents(LIN)


@pytest.mark.parametrize("content", [b"this is not a database" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_corrupted_file_is_named_and_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "ledger.db"
    file.write_bytes(content)
    with pytest.raises(StoreCorruptError) as raised:
        SqlLedger.open(file)
    assert str(file) in raised.value.what
    assert "Nothing was deleted" in raised.value.next_step
    assert file.read_bytes() == content


async def test_damage_inside_a_file_is_said_when_it_is_met(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    ledger = SqlLedger.open(file)
    chunks = await put(ledger, make_document("a.md"), *(f"text {n} " * 50 for n in range(500)))
    await ledger.close()
    content = bytearray(file.read_bytes())
    half = len(content) // 2
    content[half:] = b"\xa5" * (len(content) - half)
    file.write_bytes(content)
    damaged = SqlLedger.open(file)
    with pytest.raises(StoreCorruptError, match="cannot be read"):
        await damaged.passages([chunk.id for chunk in chunks], LIN)
    await damaged.close()
    assert file.read_bytes() == bytes(content)


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    before = file.read_bytes()
    with pytest.raises(StoreCorruptError, match="not a Signpost ledger"):
        SqlLedger.open(file)
    assert file.read_bytes() == before


def test_a_place_that_cannot_be_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be made"):
        SqlLedger.open(tmp_path / "file" / "ledger.db")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError, match="folder"):
        SqlLedger.open(tmp_path / "folder")


async def test_a_write_lock_of_another_process_is_waited_for_and_then_said(
    ledger: SqlLedger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.stores.sql.sqlite_engine._BUSY_TIMEOUT_SECONDS", 0.1)
    hasty = SqlLedger.open(tmp_path / "ledger.db")
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreHeldError, match="in use"):
        await hasty.replace_document(make_document("a.md"), [], NOTHING)
    other.execute("ROLLBACK")
    other.close()
    document = make_document("a.md")
    await hasty.replace_document(document, make_chunks(document, "text"), NOTHING)
    assert (await ledger.counts(LIN)).chunks == 1
    await hasty.close()


async def test_what_a_changed_document_keeps_is_not_written_again(tmp_path: Path, ledger: SqlLedger) -> None:
    document = make_document("a.md")
    kept, old, new = make_chunks(document, "kept", "old", "new")
    said = {chunk.id: make_fact(chunk, "甲公司", "监理", f"{chunk.text}项目") for chunk in (kept, old, new)}
    await ledger.replace_document(document, [kept, old], Extraction((), (said[kept.id], said[old.id])))
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        for table in ("chunks", "mentions", "facts"):
            connection.execute(f"CREATE TABLE changed_{table} (chunk_id TEXT)")
            column = "id" if table == "chunks" else "chunk_id"
            for event, row in (("INSERT", "new"), ("UPDATE", "new"), ("DELETE", "old")):
                connection.execute(
                    f"CREATE TRIGGER {table}_{event} AFTER {event} ON {table} "
                    f"BEGIN INSERT INTO changed_{table} VALUES ({row}.{column}); END"
                )
    await ledger.replace_document(document, [kept, new], Extraction((), (said[kept.id], said[new.id])))
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        for table, rows in (("chunks", 1), ("mentions", 2), ("facts", 1)):
            changed = [row[0] for row in connection.execute(f"SELECT chunk_id FROM changed_{table}")]
            assert sorted(changed) == sorted([old.id, new.id] * rows)
    assert set(await ledger.facts([fact.id for fact in said.values()], LIN)) == {said[kept.id].id, said[new.id].id}
    stored = await ledger.stored([document.id])
    assert [chunk.id for chunk in stored[document.id].chunks] == [kept.id, new.id]
