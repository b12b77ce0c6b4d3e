"""The stores agree with each other, whenever the process dies: one test or more for each rule that keeps them one."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.stores.corpus import DOCUMENTS, Stores, contents, everything_seen, write
from tests.stores.examples import EVERYTHING, LIN, ROOT, STRANGER, make_chunks, make_document, make_extraction
from tools.errors import StoreNewerError
from tools.stores.index_replay import replay_index
from tools.stores.sql import ledger_writes
from tools.stores.sql.sql_ledger import SqlLedger

# Ledger and graph are one file, changed in one transaction


async def test_a_write_that_fails_at_its_end_leaves_ledger_and_graph_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores = Stores.open(tmp_path)
    document = make_document("a.md")
    old, new = make_chunks(document, "old"), make_chunks(document, "new")
    await stores.ledger.replace_document(document, old, make_extraction(old[0], ("甲", "r", "乙")))
    before = await everything_seen(stores, LIN)

    original = ledger_writes.write_extraction

    def fail_after(connection: Connection, *arguments: object) -> None:
        original(connection, *arguments)  # type: ignore[arg-type]
        raise RuntimeError("the process ends here")

    with monkeypatch.context() as patched:
        patched.setattr(ledger_writes, "write_extraction", fail_after)
        with pytest.raises(RuntimeError):
            await stores.ledger.replace_document(document, new, make_extraction(new[0], ("甲", "r", "丙")))
    assert await everything_seen(stores, LIN) == before
    found = await stores.graph.entities_in("甲乙丙", access=LIN, filters=EVERYTHING, limit=9)
    assert [match.name for match in found] == ["甲", "乙"]
    await stores.close()
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as file:
        assert file.execute("SELECT text FROM chunks").fetchall() == [("old",)]
        assert file.execute("SELECT head, tail FROM facts").fetchall() == [("甲", "乙")]


# Ids are deterministic


async def test_two_homes_filled_in_another_order_hold_the_same(tmp_path: Path) -> None:
    seen = []
    for name, numbers in (("one", range(12)), ("two", range(11, -1, -1))):
        stores = Stores.open(tmp_path / name)
        await write(stores, numbers)
        seen.append([await everything_seen(stores, access) for access in (LIN, STRANGER)])
        await stores.close()
    assert seen[0] == seen[1]


# The outbox is replayed when the stores open, wherever the process was killed


def _write_until_killed(home: Path, documents: int) -> bool:
    """Runs the writer and kills it after so many documents; True when it came to its end before."""
    command = [sys.executable, "-m", "tests.stores.corpus", str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        for _ in range(documents):
            if not process.stdout.readline():
                return process.wait() == 0
        process.send_signal(signal.SIGKILL)
        return False


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
async def test_kill_9_loses_nothing_and_leaves_no_half_document(tmp_path: Path) -> None:
    undisturbed = Stores.open(tmp_path / "undisturbed")
    await write(undisturbed, range(DOCUMENTS))
    expected = [await everything_seen(undisturbed, access) for access in (LIN, STRANGER)]
    await undisturbed.close()

    chance = random.Random()
    home = tmp_path / "killed"
    ended, kills = False, 0
    while not ended and kills < 4:
        # Where in the next document the kill lands is chance as well.
        ended = _write_until_killed(home, chance.randint(1, 9))
        kills += not ended
        stores = Stores.open(home)
        for number in range(DOCUMENTS):
            document, chunks, extraction = contents(number)
            if await stores.ledger.document(document.id, LIN) is None:
                continue
            whole = await stores.ledger.passages([chunk.id for chunk in chunks], LIN)
            facts = await stores.ledger.facts([fact.id for fact in extraction.facts], LIN)
            draft = await stores.ledger.passages([make_chunks(document, f"draft of {number} contract")[0].id], LIN)
            assert (len(whole), len(facts), len(draft)) in {
                (len(chunks), len({fact.id for fact in extraction.facts}), 0),
                (1, 0, 1),
            }
        await replay_index(stores.ledger, stores.vectors)
        for state in await stores.ledger.index_states(stores.vectors.index_version):
            assert state.pending == 0
            assert await stores.vectors.count(state.collection) == state.indexed
        await stores.close()

    stores = Stores.open(home)
    await write(stores, range(DOCUMENTS))
    assert [await everything_seen(stores, access) for access in (LIN, STRANGER)] == expected
    await stores.close()


# A reader drops hits that the ledger no longer knows


async def test_a_hit_whose_document_is_gone_is_no_passage(tmp_path: Path) -> None:
    stores = Stores.open(tmp_path)
    document = make_document("a.md")
    chunks = make_chunks(document, "apple one", "apple two")
    await stores.ledger.replace_document(document, chunks, make_extraction(chunks[0]))
    await replay_index(stores.ledger, stores.vectors)
    await stores.ledger.replace_document(document, chunks[1:], make_extraction(chunks[1]))
    hits = await stores.vectors.search("apple", collections=["default"], access=LIN, limit=9)
    assert {hit.chunk_id for hit in hits} == {chunk.id for chunk in chunks}  # the index lags behind
    assert set(await stores.ledger.passages([hit.chunk_id for hit in hits], LIN)) == {chunks[1].id}
    await stores.close()


async def test_a_hit_whose_readers_have_changed_is_no_passage(tmp_path: Path) -> None:
    stores = Stores.open(tmp_path)
    document = make_document("a.md")
    chunks = make_chunks(document, "apple")
    await stores.ledger.replace_document(document, chunks, make_extraction(chunks[0]))
    await replay_index(stores.ledger, stores.vectors)
    private = make_document("a.md", readers=("user:lin",))
    await stores.ledger.replace_document(private, chunks, make_extraction(chunks[0]))
    (hit,) = await stores.vectors.search("apple", collections=["default"], access=STRANGER, limit=9)
    assert await stores.ledger.passages([hit.chunk_id], STRANGER) == {}
    await stores.close()


# Versions: a newer ledger is refused, an older index is built again from the ledger


async def test_a_newer_ledger_is_refused_with_its_index_untouched(tmp_path: Path) -> None:
    stores = Stores.open(tmp_path)
    await write(stores, range(3))
    await stores.close()
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as file, file:
        file.execute("UPDATE schema_version SET version = version + 1")
    with pytest.raises(StoreNewerError, match="newer"):
        SqlLedger.open(tmp_path / "ledger.db")
    assert len(list((tmp_path / "index").glob("*/index.json"))) == 2


async def test_an_index_of_another_version_is_built_again_with_the_same_results(tmp_path: Path) -> None:
    stores = Stores.open(tmp_path)
    await write(stores, range(12))
    expected = await everything_seen(stores, LIN)
    await stores.close()
    for note in (tmp_path / "index").glob("*/index.json"):
        note.write_text(json.dumps({**json.loads(note.read_text()), "index_version": "qdrant-edge-0.1:tokens-0"}))
    stores = Stores.open(tmp_path)
    assert await replay_index(stores.ledger, stores.vectors) == (await stores.ledger.counts(LIN)).chunks
    assert await everything_seen(stores, LIN) == expected
    await stores.close()
