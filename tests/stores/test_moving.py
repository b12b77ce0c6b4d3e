"""Copying from one ledger to another: whole and resumable, and nothing is deleted that is not there."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.stores.comparison import compared_all, unheard
from tests.stores.corpus import DOCUMENTS, contents
from tests.stores.examples import LIN, ROOT, make_chunks, make_document
from tools.shapes import Extraction
from tools.stores.document_name import DocumentName
from tools.stores.home import Home
from tools.stores.moved_before import MovedBefore
from tools.stores.moving import copy_documents, delete_moved
from tools.stores.open_stores import open_stores
from tools.stores.protocols import Finding, Ledger, StoredDocument
from tools.stores.store_settings import StoreSettings
from tools.stores.stores import Stores

pytest_plugins = ["tests.stores.moving_fixtures", "tests.stores.sql.postgres_fixtures"]


async def test_all_is_copied_and_found_to_be_equal(source: Stores, target: Stores) -> None:
    calls: list[tuple[int, int]] = []
    copied = await copy_documents(source.ledger, target.ledger, lambda done, total: calls.append((done, total)))
    assert (copied.copied, copied.there_already, copied.changed_there) == (DOCUMENTS, 0, 0)
    assert calls == [(number + 1, DOCUMENTS) for number in range(DOCUMENTS)]
    await target.replay()
    compared = await compared_all(source, target)
    assert compared.is_equal
    assert (compared.documents, compared.chunks) == (DOCUMENTS, sum(1 + n % 7 for n in range(DOCUMENTS)))
    assert compared.facts > 100
    assert compared.samples >= 20
    assert await target.ledger.counts(LIN) == await source.ledger.counts(LIN)
    again = await copy_documents(source.ledger, target.ledger, unheard)
    assert (again.copied, again.there_already) == (0, DOCUMENTS)


async def test_what_the_target_holds_in_another_state_is_left(source: Stores, target: Stores) -> None:
    document, chunks, _ = contents(3)
    await target.ledger.replace_document(document, chunks[:1], Extraction())
    copied = await copy_documents(source.ledger, target.ledger, unheard)
    assert copied.copied == DOCUMENTS - 1
    assert len((await target.ledger.stored([document.id]))[document.id].chunks) == 1
    await target.replay()
    compared = await compared_all(source, target)
    assert [(each.id, each.collection) for each in compared.conflicts] == [(document.id, document.collection)]
    # Its collection is another one there, and ranks otherwise.
    assert compared.differences == ()
    assert 0 < compared.samples < 40


@pytest.mark.parametrize("engine", ["SQLite", "PostgreSQL"])
async def test_what_models_found_goes_along_and_comes_back(
    source: Stores, target: Stores, engine: str, request: pytest.FixtureRequest
) -> None:
    """A home is moved to `engine`, which was moved to before, and from there into another home."""
    first, second, third = (contents(number)[0] for number in (1, 2, 3))
    of_first, of_none = Finding("a picture", first.id, "泵房平面图"), Finding("another", "not stored yet", "[0.5]")
    there: Ledger = target.ledger if engine == "SQLite" else request.getfixturevalue("emptied_ledger")
    moved = MovedBefore()
    await copy_documents(source.ledger, there, unheard, moved)
    own = Finding("a picture", second.id, "其自己的说明")
    await there.keep_findings([own])
    await there.remove_document(third.id)
    gone = Finding("a picture", third.id, "不得回来")
    await source.ledger.keep_findings([of_first, of_none, gone, replace(own, text="另一个说明")])
    servers = replace(source, ledger=there)
    compared = await compared_all(source, servers, moved)
    assert [text for text in compared.differences if "models found" in text] == [
        "what models found in a document that is not stored yet (not stored yet)",
        f"what models found in the document {DocumentName.of(first)}",
    ]
    assert (await copy_documents(source.ledger, there, unheard, moved)).copied == 0
    assert await there.findings_of([first.id, second.id, third.id]) == sorted([of_first, own], key=_by_document)
    assert await there.findings_of_none() == [of_none]
    assert not any("models found" in text for text in (await compared_all(source, servers, moved)).differences)
    await delete_moved(source, servers, unheard, moved)
    assert await source.ledger.findings_of_none() == []
    assert await source.ledger.finding("a picture") is None
    await copy_documents(there, source.ledger, unheard)
    assert await source.ledger.findings_of([first.id, second.id]) == sorted([of_first, own], key=_by_document)
    assert await source.ledger.findings_of_none() == [of_none]


def _by_document(finding: Finding) -> str:
    return finding.document_id


async def test_the_targets_own_documents_stay(source: Stores, target: Stores) -> None:
    own = make_document("own.md")
    await target.ledger.replace_document(own, make_chunks(own, "own"), Extraction())
    await copy_documents(source.ledger, target.ledger, unheard)
    await target.replay()
    assert (await target.ledger.counts(LIN)).documents == (await source.ledger.counts(LIN)).documents + 1


async def test_what_was_moved_is_deleted(source: Stores, target: Stores) -> None:
    await copy_documents(source.ledger, target.ledger, unheard)
    assert await delete_moved(source, target, unheard) == ()
    assert await source.ledger.document_ids() == []
    assert [await source.vector_store.count(name) for name in ("one", "two")] == [0, 0]
    assert (await source.ledger.counts(LIN)).entities == 0


async def test_what_is_changed_while_the_old_is_deleted_stays(source: Stores, target: Stores) -> None:
    moved = MovedBefore()
    await copy_documents(source.ledger, target.ledger, unheard, moved)
    own = make_document("added meanwhile.md")
    changed = contents(3)[0]

    class Busy:
        """A ledger to which another process writes just after the page was read."""

        def __getattr__(self, name: str) -> object:
            return getattr(source.ledger, name)

        async def stored(self, ids: list[str]) -> dict[str, StoredDocument]:
            found = await source.ledger.stored(ids)
            if len(ids) > 1:
                await source.ledger.replace_document(own, make_chunks(own, "own"), Extraction())
                await source.ledger.replace_document(changed, make_chunks(changed, "changed"), Extraction())
            return found

    busy: Ledger = Busy()  # type: ignore[assignment]
    left = await delete_moved(Stores(busy, source.vector_store, source.knowledge_graph), target, unheard, moved)
    assert [each.id for each in left] == [changed.id]
    assert await source.ledger.document_ids() == sorted([own.id, changed.id])
    copied = await copy_documents(source.ledger, target.ledger, unheard, moved)
    assert (copied.copied, copied.changed_there) == (2, 0)


async def test_what_is_changed_just_before_it_would_be_removed_stays(source: Stores, target: Stores) -> None:
    moved = MovedBefore()
    await copy_documents(source.ledger, target.ledger, unheard, moved)
    changed, gone = contents(3)[0], contents(4)[0]

    class Late:
        """A ledger to which another process writes when everything has been read that is read of a document."""

        def __getattr__(self, name: str) -> object:
            return getattr(source.ledger, name)

        async def remove_document(self, id_: str, **more: StoredDocument) -> bool:
            if id_ == changed.id:
                await source.ledger.replace_document(changed, make_chunks(changed, "changed"), Extraction())
            if id_ == gone.id:
                await source.ledger.remove_document(id_)
            return await source.ledger.remove_document(id_, **more)

    late: Ledger = Late()  # type: ignore[assignment]
    left = await delete_moved(Stores(late, source.vector_store, source.knowledge_graph), target, unheard, moved)
    assert {each.id for each in left} == {changed.id}  # what somebody else has removed is not left
    assert await source.ledger.document_ids() == [changed.id]
    (chunk,) = (await source.ledger.stored([changed.id]))[changed.id].chunks
    assert chunk.text == "changed"
    assert (await copy_documents(source.ledger, target.ledger, unheard, moved)).copied == 1
    assert await target.ledger.stored([changed.id]) == await source.ledger.stored([changed.id])


async def test_what_the_target_never_got_is_not_deleted(source: Stores, target: Stores) -> None:
    await copy_documents(source.ledger, target.ledger, unheard)
    lost = [contents(number)[0].id for number in (4, 5)]
    for id_ in lost:
        await target.ledger.remove_document(id_)
    assert sorted(each.id for each in await delete_moved(source, target, unheard)) == sorted(lost)
    assert await source.ledger.document_ids() == sorted(lost)


# What was moved before


async def test_what_was_changed_there_since_is_passed_over(source: Stores, target: Stores, tmp_path: Path) -> None:
    file = tmp_path / "moved.jsonl"
    ledgers = (source.ledger.id, target.ledger.id)
    await copy_documents(source.ledger, target.ledger, unheard, MovedBefore(file, ledgers))
    removed, (changed, chunks, _) = contents(2)[0], contents(3)
    await target.ledger.remove_document(removed.id)
    await target.ledger.replace_document(changed, chunks[:1], Extraction())
    await target.replay()
    again = MovedBefore(file, ledgers)
    copied = await copy_documents(source.ledger, target.ledger, unheard, again)
    assert (copied.copied, copied.there_already, copied.changed_there) == (0, DOCUMENTS - 2, 2)
    assert (await compared_all(source, target, again)).is_equal
    assert await delete_moved(source, target, unheard, again) == ()
    assert await source.ledger.document_ids() == []
    # Deleted because it was moved, so it is not known any more: what comes back is copied.
    await source.ledger.replace_document(*contents(2))
    assert (await copy_documents(source.ledger, target.ledger, unheard, MovedBefore(file, ledgers))).copied == 1


async def test_what_only_the_source_has_changed_since_is_moved_once_more(source: Stores, target: Stores) -> None:
    moved = MovedBefore()
    await copy_documents(source.ledger, target.ledger, unheard, moved)
    document, chunks, _ = contents(3)
    await source.ledger.replace_document(document, chunks[:1], Extraction())
    assert (await copy_documents(source.ledger, target.ledger, unheard, moved)).copied == 1
    assert await target.ledger.stored([document.id]) == await source.ledger.stored([document.id])


async def test_what_both_have_changed_since_is_left(source: Stores, target: Stores) -> None:
    moved = MovedBefore()
    await copy_documents(source.ledger, target.ledger, unheard, moved)
    document, chunks, _ = contents(5)
    await source.ledger.replace_document(document, chunks[:1], Extraction())
    await target.ledger.replace_document(document, chunks, Extraction())
    await copy_documents(source.ledger, target.ledger, unheard, moved)
    assert len((await target.ledger.stored([document.id]))[document.id].chunks) == len(chunks) > 1
    assert [each.id for each in (await compared_all(source, target, moved)).conflicts] == [document.id]


async def test_another_pair_of_ledgers_and_a_torn_line_remember_nothing(source: Stores, tmp_path: Path) -> None:
    file = tmp_path / "moved.jsonl"
    stored = list((await source.ledger.stored(await source.ledger.document_ids())).values())
    MovedBefore(file, ("a", "b")).remember(stored[:1])
    MovedBefore(file, ("b", "a")).remember(stored[1:2])
    MovedBefore(file, ("a", "c")).remember(stored[2:3])
    file.write_bytes(file.read_bytes()[:-9])
    MovedBefore(file, ("a", "b")).remember(stored[3:4])
    found = [MovedBefore(file, pair).relation(each, None) for pair in (("a", "b"), ("a", "c")) for each in stored[:4]]
    assert found == ["changed there", "changed there", "missing", "changed there", *["missing"] * 4]


def test_a_copy_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys; from pathlib import Path\n"
        "from tests.stores.test_moving import copied_aloud\n"
        "asyncio.run(copied_aloud(Path(sys.argv[1])))"
    )
    for lines in (3, 11, None):
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        if lines is None:
            out, _ = process.communicate(timeout=60)
            assert process.returncode == 0
            assert out.splitlines()[-1] == "[] 40 40"
        else:
            for _ in range(lines):
                assert process.stdout.readline()
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            process.stdout.close()


async def copied_aloud(folder: Path) -> None:
    """Copies from one home to another, and prints each step and what was found to differ."""
    old, new = (open_stores(Home(folder / name), StoreSettings()) for name in ("old", "new"))
    for number in range(DOCUMENTS):
        document, chunks, extraction = contents(number)
        if document.id not in await old.ledger.stored([document.id]):
            await old.ledger.replace_document(document, chunks, extraction)
    await old.replay()
    await copy_documents(old.ledger, new.ledger, lambda done, total: print(done, total, flush=True))
    await new.replay(lambda _, done, total: print(done, total, flush=True))
    compared = await compared_all(old, new)
    ids = [len(await stores.ledger.document_ids()) for stores in (old, new)]
    print(list(compared.differences), *ids, flush=True)
    await old.close()
    await new.close()
