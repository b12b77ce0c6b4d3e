"""Web pages while the ledger is away: kept for their user alone, as long as the ledger would, and cited."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from tools.access import Access
from tools.errors import StoreError
from tools.shapes import Fact, Passage, Section, WebPage
from tools.stores import steady_evidence
from tools.stores.protocols import EvidenceStore, SavedPages
from tools.stores.sql.sql_ledger import SqlLedger
from tools.stores.steady_evidence import SteadyEvidence
from tools.stores.store_away import StoreAway

PAGES = [WebPage("https://a.example/1", "Tides", "High tide at 6."), WebPage("https://a.example/2", "Wind", "Calm.")]
LIN, ZHOU = Access("lin"), Access("zhou", groups=("lin",))


class Ledger:
    """A ledger that is away for as long as it is told; it counts how often pages were brought."""

    def __init__(self) -> None:
        self.is_away = True
        self.brought = 0
        self.delay = 0.0

    async def collections(self, access: Access) -> list[str]:
        self._refuse()
        return ["default"]

    async def passages(self, ids: Iterable[str], access: Access) -> dict[str, Passage]:
        self._refuse()
        return {id_: Passage(id_, id_, "stored", "", "stored") for id_ in ids}

    async def sections(self, ids: Iterable[str], access: Access) -> dict[str, Section]:
        self._refuse()
        return {id_: Section(id_, "stored", {id_: (0, 6)}) for id_ in ids}

    async def facts(self, ids: Iterable[str], access: Access) -> dict[str, Fact]:
        self._refuse()
        return {}

    async def save_web_pages(self, pages: Sequence[WebPage], access: Access, lifetime_seconds: float) -> SavedPages:
        self.brought += 1
        await asyncio.sleep(self.delay)
        self._refuse()
        return SavedPages(tuple(Passage(page.url, page.url, page.title, page.url, page.text) for page in pages))

    def _refuse(self) -> None:
        if self.is_away:
            raise StoreError("The ledger is away.")


def away() -> EvidenceStore:
    absent: EvidenceStore = StoreAway(StoreError("It is away.", why="w", next_step="n"))  # type: ignore[assignment]
    return absent


async def test_pages_are_read_again_by_their_user_alone() -> None:
    evidence = SteadyEvidence(away())
    saved = (await evidence.save_web_pages(PAGES, LIN, 60)).passages
    assert [(page.title, page.uri, page.text) for page in saved] == [(p.title, p.url, p.text) for p in PAGES]
    ids = [page.id for page in saved]
    assert await evidence.passages(ids, LIN) == {page.id: page for page in saved}
    assert await evidence.facts([], LIN) == {}
    with pytest.raises(StoreError, match="away"):  # of others nothing is known here: they are the ledger's
        await evidence.passages(ids, ZHOU)
    assert await evidence.sections(ids, LIN) == {}  # a page is read as it is
    with pytest.raises(StoreError, match="away"):
        await evidence.sections([*ids, "chunk"], LIN)
    with pytest.raises(StoreError, match="away"):
        await evidence.collections(LIN)
    with pytest.raises(StoreError, match="away"):
        await evidence.facts(["fact"], LIN)


async def test_pages_have_the_ids_that_the_ledger_gives_them(tmp_path: Path) -> None:
    ledger = SqlLedger.open(tmp_path / "ledger.db")
    stored = await SteadyEvidence(ledger).save_web_pages(PAGES, LIN, 60)
    assert stored.ledger == "ok"
    assert await ledger.passages([page.id for page in stored.passages], LIN) == {
        page.id: page for page in stored.passages
    }
    kept = await SteadyEvidence(away()).save_web_pages(PAGES, LIN, 60)
    assert (kept.passages, kept.ledger) == (stored.passages, "down")
    await ledger.close()


async def test_pages_live_as_long_as_in_the_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = SteadyEvidence(away())
    (page, _) = (await evidence.save_web_pages(PAGES, LIN, 60)).passages
    now = time.time()
    monkeypatch.setattr(steady_evidence.time, "time", lambda: now + 61)
    with pytest.raises(StoreError):
        await evidence.passages([page.id], LIN)


async def test_the_newest_pages_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady_evidence, "_MOST_PAGES", 3)
    evidence = SteadyEvidence(away())
    first = (await evidence.save_web_pages(PAGES, LIN, 60)).passages
    more = [WebPage(f"https://b.example/{n}", "More", "More.") for n in range(2)]
    second = (await evidence.save_web_pages(more, LIN, 60)).passages
    assert set(await evidence.passages([page.id for page in [*first[1:], *second]], LIN)) == {
        page.id for page in [*first[1:], *second]
    }
    with pytest.raises(StoreError):
        await evidence.passages([first[0].id], LIN)


async def test_a_ledger_that_is_back_is_used_after_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger()
    evidence = SteadyEvidence(ledger)
    (kept, _) = (await evidence.save_web_pages(PAGES, LIN, 60)).passages
    ledger.is_away = False
    assert (await evidence.save_web_pages(PAGES, LIN, 60)).ledger == "down"
    assert ledger.brought == 1  # it is not waited for at every search
    mixed = await evidence.passages([kept.id, "other"], LIN)
    assert (mixed[kept.id].text, mixed["other"].text) == ("High tide at 6.", "stored")
    later = time.monotonic() + 31
    monkeypatch.setattr(evidence._breaker, "_clock", lambda: later)
    (stored, _) = (await evidence.save_web_pages(PAGES, LIN, 60)).passages
    assert (ledger.brought, stored.id) == (2, PAGES[0].url)
    assert (await evidence.save_web_pages(PAGES, LIN, 60)).ledger == "ok"
    assert ledger.brought == 3  # as before it was away


async def test_a_ledger_that_is_slow_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady_evidence, "_SAVE_SECONDS", 0.05)
    ledger = Ledger()
    ledger.is_away = False
    ledger.delay = 30.0
    evidence = SteadyEvidence(ledger)
    saved = await asyncio.wait_for(evidence.save_web_pages(PAGES, LIN, 60), 10)
    assert saved.ledger == "timeout"
    (page, _) = saved.passages
    assert (await evidence.passages([page.id], LIN))[page.id].text == "High tide at 6."


async def test_a_page_that_is_found_again_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady_evidence, "_MOST_PAGES", 2)
    evidence = SteadyEvidence(away())
    await evidence.save_web_pages(PAGES, LIN, 60)
    again = (await evidence.save_web_pages([PAGES[0], WebPage("https://c.example", "New", "New.")], LIN, 60)).passages
    assert len(await evidence.passages([page.id for page in again], LIN)) == 2


async def test_what_is_kept_outlives_an_exchange_of_the_ledger() -> None:
    evidence = SteadyEvidence(away())
    (page, _) = (await evidence.save_web_pages(PAGES, LIN, 60)).passages
    ledger = Ledger()
    ledger.is_away = False
    evidence.ledger = ledger
    assert (await evidence.passages([page.id], LIN))[page.id] == page
    assert await evidence.collections(LIN) == ["default"]
