"""What every vector store must do with an embedder, such as WordEmbedder. Used like vector_store_contract.py."""

import random

from tests.stores.examples import LIN
from tests.stores.vector_store_contract import VectorStoreContract, index_of
from tools.stores.protocols import VectorStore


class HybridContract(VectorStoreContract):
    """The contract without one, but for two tests."""

    async def test_results_depend_on_the_content_not_on_its_history(self, store: VectorStore) -> None:
        """The fusion counts ranks, and the engine ranks what scores alike by when it was added: the same chunks are
        found, in another order where they are alike."""
        numbers = random.Random(5)
        words = [f"word{n}" for n in range(40)]
        chunks = index_of(*(" ".join(numbers.choices(words, k=12)) + f" n{n}" for n in range(100)))
        gone = index_of("word1 gone", "word2 gone", key="gone")
        await store.upsert("plain", chunks)
        await store.upsert("churned", [*gone, *reversed(chunks)])
        await store.remove("churned", [chunk.chunk_id for chunk in gone])
        for _ in range(5):
            question = " ".join(numbers.choices(words, k=4))
            plain, churned = [
                {hit.chunk_id for hit in await store.search(question, collections=(each,), access=LIN, limit=100)}
                for each in ("plain", "churned")
            ]
            assert plain == churned
            assert plain

    async def test_five_thousand_chunks(self, store: VectorStore) -> None:
        """Several of so many words share a place in the embedder's vector: what is only alike may come before."""
        chunks = index_of(*(f"chunk number n{n}" for n in range(5000)))
        await store.upsert("c", chunks)
        assert await store.count("c") == 5000
        for gone in ([], chunks[:4000]):
            await store.remove("c", [chunk.chunk_id for chunk in gone])
            assert await store.count("c") == 5000 - len(gone)
            best = await store.search("n4321", collections=("c",), access=LIN, limit=3)
            assert chunks[4321].chunk_id in {hit.chunk_id for hit in best}
