"""The real web search, for whoever has a network: LIVE_WEB=1 in the environment."""

import os
import time

import pytest

from tests.graph.fakes import FakeLedger
from tools.access import Access
from tools.shapes import Filters, Passage, WebPage
from tools.sources.web import WebSource
from tools.stores.protocols import SavedPages

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif("LIVE_WEB" not in os.environ, reason="LIVE_WEB is not set"),
]


class Ledger(FakeLedger):
    async def save_web_pages(self, pages: list[WebPage], access: Access, lifetime_seconds: float) -> SavedPages:
        return SavedPages(tuple(Passage(page.url, page.url, page.title, page.url, page.text) for page in pages))


async def test_the_web_is_searched() -> None:
    web = WebSource(Ledger())  # type: ignore[arg-type]
    result = await web.search(
        "LangGraph documentation", access=Access(), filters=Filters(), limit=5, deadline=time.time() + 12
    )
    assert result.status == "ok", result
    assert result.hits
