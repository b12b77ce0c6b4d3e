"""What every vector store must do. A test class inherits this and gives a fresh, empty `store` fixture."""

import asyncio
import random

import pytest

from tests.stores.examples import LIN, ODD_NAMES, STRANGER, WANG, make_chunks, make_document, make_indexed
from tools.access import Access
from tools.stores.protocols import IndexedChunk, VectorStore


def index_of(*texts: str, readers: tuple[str, ...] = ("everyone",), key: str = "a.md") -> list[IndexedChunk]:
    document = make_document(key, readers=readers)
    return make_indexed(document, make_chunks(document, *texts))


async def found(
    store: VectorStore, text: str, access: Access = LIN, collections: tuple[str, ...] = ("c",)
) -> list[str]:
    hits = await store.search(text, collections=collections, access=access, limit=10)
    return [hit.chunk_id for hit in hits]


class VectorStoreContract:
    async def test_the_best_chunk_comes_first(self, store: VectorStore) -> None:
        chunks = index_of("混凝土强度等级为 C35", "合同付款条款", "the contract of the station", "混凝土")
        await store.upsert("c", chunks)
        assert (await found(store, "混凝土强度"))[0] == chunks[0].chunk_id
        assert await found(store, "contracts") == [chunks[2].chunk_id]
        scores = [hit.score for hit in await store.search("混凝土", collections=("c",), access=LIN, limit=10)]
        assert scores == sorted(scores, reverse=True)
        assert len(scores) == 2

    async def test_rare_words_weigh_more(self, store: VectorStore) -> None:
        chunks = index_of(*(f"common filler {n}" for n in range(30)), "common filler zebra")
        await store.upsert("c", chunks)
        assert (await found(store, "common zebra"))[0] == chunks[-1].chunk_id

    async def test_empty_questions_find_nothing(self, store: VectorStore) -> None:
        await store.upsert("c", index_of("text"))
        assert await store.search("？ !", collections=("c",), access=LIN, limit=10) == []
        assert await store.search("text", collections=("c",), access=LIN, limit=0) == []
        assert await store.search("text", collections=(), access=LIN, limit=10) == []
        assert await found(store, "unheard") == []

    async def test_a_collection_without_an_index_holds_nothing(self, store: VectorStore) -> None:
        assert await found(store, "text", collections=("none",)) == []
        assert await store.count("none") == 0
        await store.remove("none", ["6f6cdb67-0c8f-5d51-93f9-0f4f4d3d9d40"])
        assert await store.lost_collections(["none"]) == ["none"]

    async def test_upserting_again_replaces(self, store: VectorStore) -> None:
        (chunk,) = index_of("apple")
        await store.upsert("c", [chunk])
        (other,) = index_of("banana")
        await store.upsert("c", [IndexedChunk(chunk.chunk_id, chunk.document_id, chunk.readers, other.text)])
        await store.upsert("c", [])
        assert await store.count("c") == 1
        assert await found(store, "apple") == []
        assert await found(store, "banana") == [chunk.chunk_id]

    async def test_removed_chunks_are_gone(self, store: VectorStore) -> None:
        chunks = index_of("apple one", "apple two")
        await store.upsert("c", chunks)
        for _ in range(2):  # unknown ids are fine
            await store.remove("c", [chunks[0].chunk_id])
        await store.remove("c", [])
        assert await found(store, "apple") == [chunks[1].chunk_id]
        assert await store.count("c") == 1

    async def test_what_is_removed_with_an_upsert_is_gone(self, store: VectorStore) -> None:
        old, kept = index_of("apple one", "apple two")
        (new,) = index_of("apple three", key="new")
        await store.upsert("c", [old, kept])
        await store.upsert("c", [new], removing=[old.chunk_id])
        assert set(await found(store, "apple")) == {kept.chunk_id, new.chunk_id}
        await store.upsert("c", [], removing=[new.chunk_id])
        assert await found(store, "apple") == [kept.chunk_id]
        assert await store.count("c") == 1

    async def test_a_cleared_collection_is_empty_and_can_be_filled(self, store: VectorStore) -> None:
        chunks = index_of("apple one", "apple two")
        await store.upsert("c", chunks)
        await store.upsert("d", chunks)
        await store.clear("c")
        assert (await store.count("c"), await store.count("d")) == (0, 2)
        assert await found(store, "apple") == []
        await store.upsert("c", chunks[:1])
        assert await found(store, "apple") == [chunks[0].chunk_id]
        await store.clear("new")
        assert await store.lost_collections(["c", "new"]) == []

    async def test_several_collections_are_joined_by_rank(self, store: VectorStore) -> None:
        one = index_of("apple apple", "apple filler words here", key="1")
        two = index_of("apple pie", key="2")
        await store.upsert("one", one)
        await store.upsert("two", two)
        hits = await store.search("apple", collections=("one", "none", "two", "one"), access=LIN, limit=10)
        best = sorted(hit.chunk_id for hit in hits[:2])
        assert best == sorted([one[0].chunk_id, two[0].chunk_id])
        assert hits[0].score == hits[1].score == pytest.approx(1 / 61)
        assert hits[2].score == pytest.approx(1 / 62)
        assert await found(store, "apple", collections=("two",)) == [two[0].chunk_id]
        limited = await store.search("apple", collections=("one", "two"), access=LIN, limit=1)
        assert len(limited) == 1

    async def test_of_equal_ranks_the_better_match_comes_first(self, store: VectorStore) -> None:
        await store.upsert("one", index_of("harbour crane wind limits", "crane hook", "filler words", key="1"))
        right = index_of("the crane driver stops work in storms", "unrelated lines", "other words", key="2")
        await store.upsert("two", right)
        for collections in (("one", "two"), ("two", "one")):
            (best,) = await store.search("storms stop crane driver work", collections=collections, access=LIN, limit=1)
            assert best.chunk_id == right[0].chunk_id

    # As the wrong user

    async def test_what_may_not_be_read_is_not_found(self, store: VectorStore) -> None:
        secret = index_of("apple secret", readers=("user:lin", "group:finance"), key="1")
        public = index_of("apple public", key="2")
        await store.upsert("c", [*secret, *public])
        await store.upsert("d", secret)
        for reader in (LIN, WANG):
            assert set(await found(store, "apple", reader)) == {secret[0].chunk_id, public[0].chunk_id}
        assert await found(store, "apple secret", STRANGER) == [public[0].chunk_id]
        assert await found(store, "apple secret", STRANGER, ("c", "d")) == [public[0].chunk_id]
        assert await found(store, "secret", Access("finance", ("lin",))) == []

    async def test_the_best_readable_are_found_behind_many_that_are_not(self, store: VectorStore) -> None:
        hidden = index_of(*(f"apple {n}" for n in range(300)), readers=("user:lin",), key="1")
        public = index_of("apple with many other words around it", key="2")
        await store.upsert("c", [*hidden, *public])
        hits = await store.search("apple", collections=("c",), access=STRANGER, limit=1)
        assert [hit.chunk_id for hit in hits] == [public[0].chunk_id]

    async def test_scores_say_nothing_about_what_may_not_be_read(self, store: VectorStore) -> None:
        public = index_of("apple pie", "banana split", key="2")
        await store.upsert("alone", public)
        await store.upsert("beside", [*index_of(*(f"apple {n}" for n in range(50)), readers=("user:lin",)), *public])
        alone = await store.search("apple", collections=("alone",), access=STRANGER, limit=5)
        beside = await store.search("apple", collections=("beside",), access=STRANGER, limit=5)
        assert alone == beside

    async def test_changed_readers_count_once_upserted(self, store: VectorStore) -> None:
        await store.upsert("c", index_of("apple"))
        await store.upsert("c", index_of("apple", readers=("user:lin",)))
        assert await found(store, "apple", STRANGER) == []
        assert len(await found(store, "apple", LIN)) == 1

    @pytest.mark.parametrize("name", [*ODD_NAMES, "", ".", "..", "a/b", "CON", "nul\x00l", "\udcff"])
    async def test_any_text_names_a_collection_or_user(self, store: VectorStore, name: str) -> None:
        reader = name if name.isprintable() and name.strip() else "odd"
        chunks = index_of("apple", readers=(f"user:{reader}",))
        await store.upsert(name, chunks)
        assert await found(store, "apple", Access(reader), (name,)) == [chunks[0].chunk_id]
        assert await found(store, "apple", STRANGER, (name,)) == []
        assert await store.count(name) == 1
        assert await store.lost_collections([name]) == []

    async def test_results_depend_on_the_content_not_on_its_history(self, store: VectorStore) -> None:
        numbers = random.Random(5)
        words = [f"word{n}" for n in range(40)]
        texts = [" ".join(numbers.choices(words, k=12)) + f" n{n}" for n in range(200)]
        chunks = index_of(*texts)
        gone = index_of(*(text + " gone" for text in texts), key="gone")
        await store.upsert("plain", chunks)
        for start in range(0, 200, 50):
            await store.upsert("churned", [*gone[start : start + 50], *reversed(chunks[start : start + 50])])
        await store.upsert("churned", chunks[:100])
        await store.remove("churned", [chunk.chunk_id for chunk in gone])
        for _ in range(10):
            question = " ".join(numbers.choices(words, k=4))
            plain, churned = [
                {hit.chunk_id: pytest.approx(hit.score, rel=1e-5) for hit in hits}
                for hits in await asyncio.gather(
                    store.search(question, collections=("plain",), access=LIN, limit=200),
                    store.search(question, collections=("churned",), access=LIN, limit=200),
                )
            ]
            assert plain.keys() == churned.keys()
            assert plain == {id_: score.expected for id_, score in churned.items()}

    async def test_five_thousand_chunks(self, store: VectorStore) -> None:
        chunks = index_of(*(f"chunk number n{n}" for n in range(5000)))
        await store.upsert("c", chunks)
        assert await store.count("c") == 5000
        assert (await found(store, "n4321"))[0] == chunks[4321].chunk_id
        await store.remove("c", [chunk.chunk_id for chunk in chunks[:4000]])
        assert await store.count("c") == 1000
        assert (await found(store, "n4321"))[0] == chunks[4321].chunk_id

    async def test_many_searches_beside_many_writes(self, store: VectorStore) -> None:
        steady = index_of("steady apple", key="steady")
        await store.upsert("c", steady)

        async def write(number: int) -> None:
            chunks = index_of(*(f"pear {n}" for n in range(20)), key=f"{number}")
            collection = ("c", "d")[number % 2]
            await store.upsert(collection, chunks)
            await store.remove(collection, [chunk.chunk_id for chunk in chunks[:10]])

        async def search() -> None:
            for _ in range(10):
                assert await found(store, "steady apple", collections=("c", "d")) == [steady[0].chunk_id]

        await asyncio.gather(*map(write, range(20)), *(search() for _ in range(10)))
        assert (await store.count("c"), await store.count("d")) == (101, 100)

    async def test_every_event_loop_may_use_it(self, store: VectorStore) -> None:
        async def work(number: int) -> None:
            await store.upsert("c", index_of("apple", key=f"{number}"))
            assert await found(store, "apple") != []

        await asyncio.gather(*(asyncio.to_thread(asyncio.run, work(number)) for number in range(6)))
        assert await store.count("c") == 6
