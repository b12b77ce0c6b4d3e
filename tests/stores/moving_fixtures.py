"""Stores to move from and to, each in a home of its own: `pytest_plugins = ["tests.stores.moving_fixtures"]`."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stores.corpus import DOCUMENTS, contents
from tools.stores.home import Home
from tools.stores.open_stores import open_stores
from tools.stores.store_settings import StoreSettings
from tools.stores.stores import Stores


@pytest.fixture
async def source(tmp_path: Path) -> AsyncIterator[Stores]:
    """Holds the corpus."""
    opened = open_stores(Home(tmp_path / "old"), StoreSettings())
    for number in range(DOCUMENTS):
        document, chunks, extraction = contents(number)
        await opened.ledger.replace_document(document, chunks, extraction)
    await opened.replay()
    yield opened
    await opened.close()


@pytest.fixture
async def target(tmp_path: Path) -> AsyncIterator[Stores]:
    """Holds nothing."""
    opened = open_stores(Home(tmp_path / "new"), StoreSettings())
    yield opened
    await opened.close()
