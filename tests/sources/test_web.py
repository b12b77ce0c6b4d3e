"""Web search: typed statuses, only the query leaves, pages are kept for their user alone."""

import time
from collections.abc import Sequence
from typing import Any

import pytest
from ddgs.exceptions import DDGSException, RatelimitException, TimeoutException

from tools.access import Access
from tools.shapes import Filters, Passage, SearchResult, SourceStatus, WebPage
from tools.sources.web import WebSource
from tools.stores.protocols import SavedPages


class Client:
    def __init__(self, outcome: list[dict[str, Any]] | Exception) -> None:
        self.outcome = outcome
        self.queries: list[str] = []

    def text(self, query: str, *, max_results: int) -> Sequence[dict[str, Any]]:
        self.queries.append(query)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


class Pages:
    def __init__(self, ledger: SourceStatus = "ok") -> None:
        self.ledger = ledger
        self.saved: list[tuple[WebPage, Access]] = []

    async def save_web_pages(self, pages: Sequence[WebPage], access: Access, lifetime_seconds: float) -> SavedPages:
        assert lifetime_seconds > 0
        self.saved += [(page, access) for page in pages]
        passages = tuple(Passage(page.url, page.url, page.title, page.url, page.text) for page in pages)
        return SavedPages(passages, self.ledger)


async def search(outcome: list[dict[str, Any]] | Exception, pages: Pages | None = None) -> SearchResult:
    source = WebSource(pages or Pages(), Client(outcome))  # type: ignore[arg-type]
    return await source.search("天气", access=Access("lin"), filters=Filters(), limit=5, deadline=time.time() + 5)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RatelimitException("202"), "rate_limited"),
        (TimeoutException("slow"), "timeout"),
        (DDGSException("No results found."), "empty"),
        (DDGSException("DNSError: no records found for Query"), "down"),
        (ConnectionError("refused"), "down"),
    ],
)
async def test_failures_have_a_type(error: Exception, status: str) -> None:
    result = await search(error)
    assert result.status == status
    assert result.hits == ()


async def test_pages_are_ranked_and_kept_for_their_user() -> None:
    pages = Pages()
    rows = [
        {"title": "天气网", "href": "https://example.com/a", "body": "多云\n28度"},
        {"title": "坏", "href": "javascript:alert(1)", "body": "x"},
        {"title": "空", "href": "https://example.com/b", "body": ""},
        {"title": "气象台", "href": "https://example.com/c", "body": "晴"},
    ]
    result = await search(rows, pages)
    assert result.status == "ok"
    assert [hit.passage.title for hit in result.hits] == ["天气网", "气象台"]
    assert result.hits[0].score > result.hits[1].score
    assert result.hits[0].passage.text == "多云 28度"
    assert {access.user for _, access in pages.saved} == {"lin"}


async def test_no_rows_is_empty() -> None:
    assert (await search([])).status == "empty"


@pytest.mark.parametrize(("ledger", "without"), [("ok", {}), ("down", {"ledger": "down"})])
async def test_pages_that_the_ledger_could_not_keep_are_found_and_it_is_told(
    ledger: SourceStatus, without: dict[str, SourceStatus]
) -> None:
    result = await search([{"title": "气象台", "href": "https://example.com/c", "body": "晴"}], Pages(ledger))
    assert (result.status, len(result.hits), result.without) == ("ok", 1, without)
