"""Web search through DuckDuckGo and the other engines that ddgs speaks to."""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from tools.access import Access
from tools.shapes import Filters, Hit, Language, SearchResult, SourceStatus, WebPage
from tools.stores.protocols import EvidenceStore
from tools.text.clean import one_line

_LIFETIME_SECONDS = 24 * 3600.0


class WebSearchClient(Protocol):
    """The part of ddgs.DDGS that is used."""

    def text(self, query: str, *, max_results: int) -> Sequence[dict[str, Any]]:
        """Results as dicts with title, href and body."""
        ...


class WebSource:
    """Finds pages on the web. Only the query itself is sent: no history, no document text.

    ddgs asks several engines and tells a refusal (HTTP 429) from an unreachable one only where an engine says so; most
    failures are `down`.
    """

    name = "web"
    description = "The public web: news, weather, prices, anything recent or outside the user's documents."
    leaves_machine = True
    cues: Mapping[Language, re.Pattern[str]] = {
        "zh": re.compile(
            r"新闻|头条|热搜|天气|气温|股价|股市|汇率|油价|金价|比分|赛程|票房|疫情|上网|网上|网络上|互联网上|搜一下"
        ),
        "en": re.compile(
            r"\b(?:news|headlines?|weather|stock price|share price|exchange rate|box office|score of the|google"
            r"|search the web|on the (?:web|internet))\b",
            re.IGNORECASE,
        ),
    }
    weak_cues: Mapping[Language, re.Pattern[str]] = {
        "zh": re.compile(r"今天|今日|昨天|明天|本周|这周|今年|最近|最新|实时|目前|现任"),
        "en": re.compile(
            r"\b(?:today|tonight|yesterday|tomorrow|this (?:week|month|year|morning|evening)|latest|newest"
            r"|current(?:ly)?|right now|forecast|traffic|online)\b",
            re.IGNORECASE,
        ),
    }
    timeout_seconds = 12.0

    def __init__(self, ledger: EvidenceStore, client: WebSearchClient | None = None) -> None:
        """client: None for ddgs itself, made on first use."""
        self._ledger = ledger
        self._client = client
        # Hung connections must not stall the pool that everything else shares.
        self._executor = ThreadPoolExecutor(2, thread_name_prefix="web-search")

    async def search(
        self, query: str, *, access: Access, filters: Filters, limit: int, deadline: float
    ) -> SearchResult:
        """What the search engines show for the query. Raises StoreError."""
        timeout = max(1.0, min(self.timeout_seconds, deadline - time.time()))
        loop = asyncio.get_running_loop()
        outcome = await loop.run_in_executor(self._executor, self._fetch, query, limit, timeout)
        if isinstance(outcome, SearchResult):
            return outcome
        saved = await self._ledger.save_web_pages(outcome, access, _LIFETIME_SECONDS)
        hits = tuple(Hit(passage, 1.0 / rank, self.name) for rank, passage in enumerate(saved.passages, start=1))
        without: dict[str, SourceStatus] = {} if saved.ledger == "ok" else {"ledger": saved.ledger}
        return SearchResult("ok" if hits else "empty", hits, without=without)

    def _fetch(self, query: str, limit: int, timeout: float) -> list[WebPage] | SearchResult:
        from ddgs import DDGS
        from ddgs.exceptions import DDGSException, RatelimitException, TimeoutException

        client: WebSearchClient = self._client or DDGS(timeout=max(1, int(timeout)))
        try:
            rows = client.text(query, max_results=limit)
        except RatelimitException:
            return SearchResult("rate_limited", detail="the search engines refuse more queries for now")
        except TimeoutException:
            return SearchResult("timeout", detail="the search engines did not answer in time")
        except DDGSException as error:
            # ddgs raises the same class for "nothing found" and for a network that is not there.
            if "no results" in str(error).lower():
                return SearchResult("empty")
            return SearchResult("down", detail="the search engines could not be reached")
        except OSError:
            return SearchResult("down", detail="the network could not be reached")
        pages = (
            WebPage(str(row.get("href", "")), one_line(str(row.get("title", ""))), one_line(str(row.get("body", ""))))
            for row in rows
        )
        return [page for page in pages if page.url.startswith(("http://", "https://")) and page.text][:limit]

    def close(self) -> None:
        """Lets running searches end by themselves."""
        self._executor.shutdown(wait=False, cancel_futures=True)
