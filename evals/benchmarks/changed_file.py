"""What one changed file of many costs, beside adding all of them."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

from ingest.add import add
from tools.shapes import DEFAULT_COLLECTION
from tools.stores.qdrant.edge_vector_store import EdgeVectorStore
from tools.stores.sql.sql_knowledge_graph import SqlKnowledgeGraph
from tools.stores.sql.sql_ledger import SqlLedger
from tools.stores.stores import Stores


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """Seconds of adding a folder, of adding it again unchanged, and of that with one file changed.

    indexed: chunks that were indexed anew for the changed file.
    """

    full_seconds: float
    unchanged_seconds: float
    changed_seconds: float
    indexed: int

    @property
    def share(self) -> float:
        """0 to 1: of the full cost."""
        return self.changed_seconds / self.full_seconds


async def change_one_file(folder: Path, changed: Path, text: str, work: Path, workers: int = 2) -> ChangedFile:
    """Adds `folder` to stores in `work`, appends `text` to the text file `changed` in it, and adds it again."""
    ledger = SqlLedger.open(work / "ledger.db")
    vector_store = EdgeVectorStore(work / "index")
    stores = Stores(ledger, vector_store, SqlKnowledgeGraph(ledger.database))

    async def add_folder() -> tuple[float, int]:
        began = time.monotonic()
        summary = await add(
            [folder],
            stores=stores,
            collection=DEFAULT_COLLECTION,
            readers=None,
            progress=lambda progress: None,
            workers=workers,
        )
        return time.monotonic() - began, summary.indexed

    try:
        full, _ = await add_folder()
        unchanged, _ = await add_folder()
        await asyncio.to_thread(_append, changed, text)
        again, indexed = await add_folder()
    finally:
        await stores.close()
    return ChangedFile(full, unchanged, again, indexed)


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)
