"""A small corpus that a process writes into a home, to be killed while it does: see test_keeping_them_one.py.

As a program: `python -m tests.stores.corpus HOME`. It prints a line after each document and begins again where the
ledger ends.
"""

import asyncio
import random
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.stores.examples import EVERYTHING, LIN, make_chunks, make_document, make_extraction
from tools.access import Access
from tools.shapes import Chunk, Document, Extraction
from tools.stores.home import Home
from tools.stores.index_replay import replay_index
from tools.stores.qdrant.edge_vector_store import EdgeVectorStore
from tools.stores.sql.sql_knowledge_graph import SqlKnowledgeGraph
from tools.stores.sql.sql_ledger import SqlLedger

DOCUMENTS = 40
_WORDS = "东站 项目 合同 付款 环境 报告 施工 方案 监理 验收 contract station budget audit schedule material".split()


@dataclass(frozen=True)
class Stores:
    home: Home
    ledger: SqlLedger
    graph: SqlKnowledgeGraph
    vectors: EdgeVectorStore

    @classmethod
    def open(cls, folder: Path) -> "Stores":
        home = Home(folder)
        home.acquire(30, command="test")
        ledger = SqlLedger.open(home.ledger_file)
        return cls(home, ledger, SqlKnowledgeGraph(ledger.database), EdgeVectorStore(home.index_folder))

    async def close(self) -> None:
        await self.vectors.close()
        await self.ledger.close()
        self.home.release()


def contents(number: int) -> tuple[Document, list[Chunk], Extraction]:
    """The same for a number in every process."""
    numbers = random.Random(number)
    readers = ("everyone",) if number % 3 else ("user:lin",)
    document = make_document(f"{number}.md", readers=readers, collection=("one", "two")[number % 2])
    texts = [" ".join(numbers.choices(_WORDS, k=30)) + f" code-{number}-{n}" for n in range(1 + number % 7)]
    chunks = make_chunks(document, *texts)
    triples = [tuple(numbers.sample(_WORDS, 3)) for _ in range(4)]
    return document, chunks, make_extraction(chunks[0], *triples)  # type: ignore[arg-type]


async def write(stores: Stores, numbers: range, *, aloud: bool = False) -> None:
    """Each document, first with a chunk that it then loses; every fifth is removed and every tenth comes back."""
    for number in numbers:
        document, chunks, extraction = contents(number)
        draft = make_chunks(document, f"draft of {number} contract")
        await stores.ledger.replace_document(document, [*draft, *chunks[:1]], Extraction())
        await replay_index(stores.ledger, stores.vectors)
        await stores.ledger.replace_document(document, chunks, extraction)
        if number % 5 == 0:
            await stores.ledger.remove_document(document.id)
        await replay_index(stores.ledger, stores.vectors)
        if number % 10 == 0:
            await stores.ledger.replace_document(document, chunks, extraction)
        if aloud:
            print(number, flush=True)
    await replay_index(stores.ledger, stores.vectors)


async def everything_seen(stores: Stores, access: Access) -> dict[str, object]:
    """What an identity gets out of all three stores."""
    seen: dict[str, object] = {"counts": await stores.ledger.counts(access)}
    seen["documents"] = await stores.ledger.documents(access)
    for word in _WORDS:
        hits = await stores.vectors.search(word, collections=("one", "two"), access=access, limit=1000)
        seen[f"hits of {word}"] = {(hit.chunk_id, round(hit.score, 6)) for hit in hits}
        seen[f"passages of {word}"] = await stores.ledger.passages(sorted(hit.chunk_id for hit in hits), access)
        facts = await stores.graph.neighbourhood([word], hops=2, access=access, filters=EVERYTHING, limit=1000)
        seen[f"facts of {word}"] = {fact.id for fact in facts}
    text = " ".join(_WORDS)
    seen["entities"] = await stores.graph.entities_in(text, access=access, filters=EVERYTHING, limit=1000)
    return seen


async def _main(folder: Path) -> None:
    stores = Stores.open(folder)
    known = {document.id for document in await stores.ledger.documents(LIN)}
    start = max((n for n in range(DOCUMENTS) if contents(n)[0].id in known), default=0)
    await replay_index(stores.ledger, stores.vectors)
    await write(stores, range(start, DOCUMENTS), aloud=True)
    await stores.close()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1])))
