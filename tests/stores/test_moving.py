"""Copying between two sets of stores: whole, resumable, and compared with eyes that see a difference."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stores.corpus import DOCUMENTS, contents
from tests.stores.examples import LIN, ROOT, make_chunks, make_document
from tools.shapes import Extraction
from tools.stores.home import Home
from tools.stores.moving import compare, copy_documents, empty, same_ranking
from tools.stores.open_stores import open_stores
from tools.stores.protocols import ScoredChunk
from tools.stores.store_settings import StoreSettings
from tools.stores.stores import Stores


@pytest.fixture
async def source(tmp_path: Path) -> AsyncIterator[Stores]:
    opened = open_stores(Home(tmp_path / "old"), StoreSettings())
    for number in range(DOCUMENTS):
        document, chunks, extraction = contents(number)
        await opened.ledger.replace_document(document, chunks, extraction, {})
    await opened.replay()
    yield opened
    await opened.close()


@pytest.fixture
async def target(tmp_path: Path) -> AsyncIterator[Stores]:
    opened = open_stores(Home(tmp_path / "new"), StoreSettings())
    yield opened
    await opened.close()


def unheard(done: int, total: int) -> None:
    """Progress that nobody looks at."""


async def test_all_is_copied_and_found_to_be_equal(source: Stores, target: Stores) -> None:
    calls: list[tuple[int, int]] = []
    copied = await copy_documents(source.ledger, target.ledger, lambda done, total: calls.append((done, total)))
    assert (copied.copied, copied.there_already, copied.differing) == (DOCUMENTS, 0, ())
    assert calls == [(number + 1, DOCUMENTS) for number in range(DOCUMENTS)]
    await target.replay()
    compared = await compare(source, target, unheard)
    assert compared.differences == ()
    assert (compared.documents, compared.chunks) == (DOCUMENTS, sum(1 + n % 7 for n in range(DOCUMENTS)))
    assert compared.facts > 100
    assert compared.samples >= 20
    assert await target.ledger.counts(LIN) == await source.ledger.counts(LIN)
    again = await copy_documents(source.ledger, target.ledger, unheard)
    assert (again.copied, again.there_already) == (0, DOCUMENTS)


async def test_what_the_target_holds_in_another_state_is_left(source: Stores, target: Stores) -> None:
    document, chunks, _ = contents(3)
    await target.ledger.replace_document(document, chunks[:1], Extraction(), {})
    copied = await copy_documents(source.ledger, target.ledger, unheard)
    assert (copied.copied, copied.differing) == (DOCUMENTS - 1, (document.title,))
    assert len((await target.ledger.stored([document.id]))[document.id].chunks) == 1
    await target.replay()
    assert f"the document '{document.title}'" in (await compare(source, target, unheard)).differences


async def test_the_targets_own_documents_stay(source: Stores, target: Stores) -> None:
    own = make_document("own.md")
    await target.ledger.replace_document(own, make_chunks(own, "own"), Extraction(), {})
    await copy_documents(source.ledger, target.ledger, unheard)
    await target.replay()
    assert (await target.ledger.counts(LIN)).documents == (await source.ledger.counts(LIN)).documents + 1


async def test_an_index_that_lacks_something_is_noticed(source: Stores, target: Stores) -> None:
    await copy_documents(source.ledger, target.ledger, unheard)
    await target.replay()
    _, chunks, _ = contents(2)
    await target.vector_store.remove("one", [chunks[0].id])
    differences = (await compare(source, target, unheard)).differences
    assert any("the index of 'one'" in difference for difference in differences)


async def test_searches_that_find_something_else_are_noticed(source: Stores, target: Stores) -> None:
    await copy_documents(source.ledger, target.ledger, unheard)
    await target.replay()

    class Reversed:
        def __getattr__(self, name: str) -> object:
            return getattr(target.vector_store, name)

        async def search(self, query: str, **more: object) -> list[ScoredChunk]:
            return (await target.vector_store.search(query, **more))[::-1]  # type: ignore[arg-type]

    spoiled = Stores(target.ledger, Reversed(), target.knowledge_graph)  # type: ignore[arg-type]
    assert any("the search" in difference for difference in (await compare(source, spoiled, unheard)).differences)


async def test_emptied_stores_hold_nothing(source: Stores) -> None:
    await empty(source)
    assert await source.ledger.document_ids() == []
    assert [await source.vector_store.count(name) for name in ("one", "two")] == [0, 0]
    assert (await source.ledger.counts(LIN)).entities == 0


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
            await old.ledger.replace_document(document, chunks, extraction, {})
    await old.replay()
    await copy_documents(old.ledger, new.ledger, lambda done, total: print(done, total, flush=True))
    await new.replay(lambda done, total: print(done, total, flush=True))
    compared = await compare(old, new, unheard)
    ids = [len(await stores.ledger.document_ids()) for stores in (old, new)]
    print(list(compared.differences), *ids, flush=True)
    await old.close()
    await new.close()


@given(st.lists(st.tuples(st.uuids(), st.integers(1, 5)), max_size=12), st.randoms())
def test_only_equal_scores_may_change_places(found: list[tuple[object, int]], chance: object) -> None:
    ranking = sorted((ScoredChunk(str(id_), float(score)) for id_, score in found), key=lambda each: -each.score)
    shuffled = sorted(ranking, key=lambda each: (-each.score, chance.random()))  # type: ignore[attr-defined]
    assert same_ranking(ranking, shuffled)
    if len({each.score for each in ranking}) > 1:
        assert not same_ranking(ranking, ranking[1:] + ranking[:1])


def test_another_chunk_at_the_limit_is_a_tie_and_above_it_a_difference() -> None:
    ranking = [ScoredChunk("a", 3.0), ScoredChunk("b", 2.0), ScoredChunk("c", 1.0)]
    assert same_ranking(ranking, [*ranking[:2], ScoredChunk("d", 1.0)])
    assert same_ranking(ranking, [ScoredChunk("a", 3.0001), *ranking[1:]])
    assert not same_ranking(ranking, [ScoredChunk("d", 3.0), *ranking[1:]])
    assert not same_ranking(ranking, ranking[:2])
