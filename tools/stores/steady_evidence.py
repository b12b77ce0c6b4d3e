"""The evidence of a ledger that may be away: web pages are kept in memory then, so that they can be cited."""

import asyncio
import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any

from tools.access import Access
from tools.breaker import Breaker
from tools.errors import StoreError
from tools.shapes import Fact, Passage, Section, SourceStatus, WebPage
from tools.stores.protocols import EvidenceStore, SavedPages
from tools.stores.sql.ledger_rows import web_page_row, web_passage_from

_SAVE_SECONDS = 3.0
_MOST_PAGES = 1000


class SteadyEvidence:
    """Implements `EvidenceStore` over `ledger`, which may be exchanged: what is kept in memory stays.

    Documents and facts cannot be read while the ledger is away.
    """

    def __init__(self, ledger: EvidenceStore) -> None:
        self.ledger = ledger
        self._breaker = Breaker(failures=1)
        self._failed: SourceStatus = "down"
        self._lock = threading.Lock()
        self._pages: dict[str, dict[str, Any]] = {}

    async def collections(self, access: Access) -> list[str]:
        return await self.ledger.collections(access)

    async def passages(self, ids: Iterable[str], access: Access) -> dict[str, Passage]:
        wanted = list(ids)
        kept = self._kept(wanted, access)
        others = [id_ for id_ in wanted if id_ not in kept]
        return kept | await self.ledger.passages(others, access) if others else kept

    async def sections(self, ids: Iterable[str], access: Access) -> dict[str, Section]:
        wanted = list(ids)
        kept = self._kept(wanted, access)
        others = [id_ for id_ in wanted if id_ not in kept]
        return await self.ledger.sections(others, access) if others else {}

    async def facts(self, ids: Iterable[str], access: Access) -> dict[str, Fact]:
        wanted = list(ids)
        return await self.ledger.facts(wanted, access) if wanted else {}

    async def save_web_pages(self, pages: Sequence[WebPage], access: Access, lifetime_seconds: float) -> SavedPages:
        """As the ledger does; in memory, for as long as this process lives, while the ledger cannot be written."""
        if self._breaker.allows():
            try:
                saved = await asyncio.wait_for(
                    self.ledger.save_web_pages(pages, access, lifetime_seconds), _SAVE_SECONDS
                )
            except (StoreError, TimeoutError) as error:
                self._failed = "down" if isinstance(error, StoreError) else "timeout"
                self._breaker.record(False)
            else:
                self._breaker.record(True)
                return saved
        return SavedPages(self._keep(pages, access, time.time() + lifetime_seconds), self._failed)

    def _keep(self, pages: Sequence[WebPage], access: Access, expires_at: float) -> tuple[Passage, ...]:
        rows = {row["id"]: row for row in (web_page_row(page, access.user, expires_at) for page in pages)}
        with self._lock:
            older = {id_: row for id_, row in self._pages.items() if id_ not in rows}
            self._pages = dict([*older.items(), *rows.items()][-_MOST_PAGES:])
        return tuple(web_passage_from(row) for row in rows.values())

    def _kept(self, ids: Iterable[str], access: Access) -> dict[str, Passage]:
        rows = [self._pages[id_] for id_ in ids if id_ in self._pages]
        readable = [row for row in rows if access.allows([row["reader"]]) and row["expires_at"] > time.time()]
        return {row["id"]: web_passage_from(row) for row in readable}
