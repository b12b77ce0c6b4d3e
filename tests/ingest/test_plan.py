"""What an `add` would do, from a look into some of the files."""

import dataclasses
import json
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from ingest.budget import Prices
from ingest.estimate import Estimate, known, total
from ingest.plan import Plan, plan
from ingest.reading import Reading
from tests.ingest.office_files import pdf_file
from tests.ingest.stores import Stores, opened_stores

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    async with opened_stores(tmp_path / "home") as stores:
        yield stores


@pytest.fixture(autouse=True)
def _time_for_all_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.plan._LOOK_SECONDS", 100.0)


async def planned(stores: Stores, *paths: Path, **more: Any) -> Plan:
    return await plan(paths, ledger=stores.ledger, collection="default", readers=None, **more)


async def test_what_is_planned_is_what_is_done(stores: Stores) -> None:
    before = await planned(stores, SAMPLES, prices=Prices(embedding=10.0))
    assert before.looked_into == sum(before.formats.values()) == 14
    assert await stores.documents() == []
    summary = await stores.add(SAMPLES)
    assert before.chunks == known(summary.chunks)
    assert before.pages == known(summary.pages)
    assert before.money is not None
    assert 0 < before.money.low < before.money.expected < before.money.high
    assert 0 < before.seconds.low < before.seconds.expected < before.seconds.high
    assert json.loads(json.dumps(dataclasses.asdict(before)))["ocr_pages"]["expected"] == 0
    after = await planned(stores, SAMPLES, prices=Prices(embedding=10.0))
    assert (after.formats, after.unchanged, after.looked_into) == ({}, 14, 0)
    assert after.chunks == after.tokens == after.money == known(0)


async def test_a_scan_is_counted_and_not_refused(
    stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.ocr.is_available", lambda: True)
    (tmp_path / "scan.pdf").write_bytes(pdf_file([[], [], ["The mill is old."]]))
    before = await planned(stores, tmp_path / "scan.pdf")
    assert (before.pages, before.ocr_pages, before.unread) == (known(3), known(2), ())
    assert before.chunks.low < before.chunks.expected < before.chunks.high
    without = await planned(stores, tmp_path / "scan.pdf", reading=Reading(recognizes_text=False))
    assert without.chunks == known(1)
    assert without.ocr_pages == known(2)
    monkeypatch.setattr("ingest.ocr.is_available", lambda: False)
    assert (await planned(stores, tmp_path / "scan.pdf")).chunks == known(1)


async def test_of_a_long_pdf_some_pages_are_looked_at(
    stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.ocr.is_available", lambda: True)
    (tmp_path / "long.pdf").write_bytes(pdf_file([[f"Bridge {n} has arches."] for n in range(100)] + [[]] * 100))
    before = await planned(stores, tmp_path / "long.pdf")
    assert before.pages == known(200)
    assert before.ocr_pages.low < 100 < before.ocr_pages.high
    summary = await stores.add(tmp_path / "long.pdf")
    without = await planned(stores, tmp_path / "long.pdf", reading=Reading(recognizes_text=False))
    assert without.unchanged == 1
    assert before.chunks.low <= summary.chunks <= before.chunks.high


async def test_without_time_for_any_look_the_range_is_wide(
    stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("The mill is old. " * 10_000, encoding="utf-8")
    monkeypatch.setattr("ingest.plan._LOOK_SECONDS", 0.0)
    before = await planned(stores, tmp_path)
    assert before.looked_into == 0
    assert 0 < before.chunks.low * 8 < before.chunks.high


async def test_what_cannot_be_read_and_what_is_gone_is_named(stores: Stores, tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    for name in ("a.md", "b.md"):
        (papers / name).write_text("The mill is old.", encoding="utf-8")
    await stores.add(papers)
    (papers / "a.md").unlink()
    (papers / "b.md").write_text("The mill is new.", encoding="utf-8")
    (papers / "c.pdf").write_bytes(b"no pdf")
    before = await planned(stores, papers, syncs=True)
    assert before.formats == {".md": 1}
    assert [problem.name for problem in before.unread] == ["c.pdf"]
    assert [Path(gone.uri).name for gone in before.gone] == ["a.md"]
    assert len(await stores.documents()) == 2


async def test_a_plan_removes_what_add_would(stores: Stores, tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "a.md").write_text("The mill is old.", encoding="utf-8")
    await stores.add(papers)
    (papers / "a.md").unlink()
    for paths in ([papers], [papers, papers / "b.md"], [papers, tmp_path / "c.md"]):
        before, summary = await planned(stores, *paths, syncs=True), await stores.add(*paths, syncs=True)
        assert (before.gone, before.warnings, before.unread) == (summary.gone, summary.warnings, summary.failed)
        assert before.warnings


async def test_it_looks_only_as_long_as_it_may(stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(300):
        (tmp_path / f"{number}.md").write_text(f"Bridge {number} is long.\n\n" * 200, encoding="utf-8")
    monkeypatch.setattr("ingest.plan._LOOK_SECONDS", 1.0)
    before = await planned(stores, tmp_path)
    assert 0 <= before.looked_into < 300
    assert before.formats == {".md": 300}


def test_all_that_is_seen_is_certain() -> None:
    assert total([(100, 3), (50, 2)], [], 150, 2) == known(5)
    assert total([], [], 0, 0) == known(0)


def test_few_that_are_seen_leave_much_open() -> None:
    assert total([(100, 10)], [], 300, 3) == Estimate(30, 10 + 20 / 3, 10 + 20 * 3)
    assert total([], [(100, 10)], 300, 3) == Estimate(30, 10, 90)


def test_the_range_holds_the_truth_nearly_always() -> None:
    chance = random.Random(3)
    hits = 0
    for _ in range(200):
        sizes = [chance.lognormvariate(10, 1) for _ in range(400)]
        figures = [size / 1000 * chance.uniform(0.5, 1.5) for size in sizes]
        seen = chance.sample(list(zip(sizes, figures, strict=True)), 40)
        estimate = total(seen, [], sum(sizes), 400)
        hits += estimate.low <= sum(figures) <= estimate.high
    assert hits >= 180
