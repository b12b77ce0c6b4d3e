"""The product over samples/ in real stores."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from agent.resources import LiveResources
from agent.settings import Settings
from evals.product import Product
from ingest.add import add
from tools.access import Access
from tools.stores.protocols import Ledger

SAMPLES = Path(__file__).parent.parent.parent / "samples"


@dataclass(frozen=True, slots=True)
class SampleProduct:
    """A product and the ledger of its documents."""

    product: Product
    ledger: Ledger

    async def id_of(self, file_name: str) -> str:
        """The id of the document that was a file of this name."""
        (document,) = await self.ledger.find_documents(file_name, Access())
        return document.id


def fill(home: Path, *paths: Path) -> None:
    """Adds files to the product in `home`."""

    async def filled() -> None:
        resources = LiveResources(_settings(home), held_by="test")
        await add(paths, stores=await resources.stores(), collection="default", readers=None, progress=lambda _: None)
        await resources.close()

    asyncio.run(filled())


@contextlib.asynccontextmanager
async def opened(home: Path) -> AsyncIterator[SampleProduct]:
    """The product in `home`, without a model."""
    resources = LiveResources(_settings(home), held_by="test")
    try:
        stores = await resources.stores()
        yield SampleProduct(Product(await resources.get()), stores.ledger)
    finally:
        await resources.close()


def _settings(home: Path) -> Settings:
    return Settings(home=home, web="off", chat_model="off")
