"""`add` with the splitter by topic and an embedding model: paid from the budget, and no file fails by it."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from ingest.budget import Budget, Prices
from ingest.plan import plan
from ingest.reading import Reading
from tests.ingest.stores import Stores, opened_stores

BY_TOPIC = Reading(splitter="semantic")
PRICES = Prices(embedding=1000.0)


class Embedder:
    """A vector by the first topic word in a sentence."""

    def __init__(self, fails: bool = False) -> None:
        self.fails = fails
        self.asked: list[str] = []

    def __call__(self, texts: list[str]) -> Sequence[Sequence[float]]:
        if self.fails:
            raise RuntimeError("key sk-1 is wrong")
        self.asked += texts
        return [[1.0, 0.0] if "mill" in text else [0.0, 1.0] for text in texts]


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    async with opened_stores(tmp_path / "home") as stores:
        yield stores


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "two.md"
    about = ("The mill by the river grinds {} sacks of corn a day.", "The bridge of stone carries {} carts in a week.")
    file.write_text(" ".join(each.format(n) for each in about for n in range(20)), encoding="utf-8")
    return file


async def test_sentences_are_paid_for_before_the_model_is_asked(stores: Stores, file: Path) -> None:
    embedder, budget = Embedder(), Budget(PRICES, limit=0.0001)
    summary = await stores.add(file, reading=BY_TOPIC, vectors=embedder, budget=budget)
    assert (embedder.asked, summary.added, summary.files_left) == ([], 0, 1)
    assert "budget" in summary.stopped
    enough = Budget(PRICES)
    assert (await stores.add(file, reading=BY_TOPIC, vectors=embedder, budget=enough)).added == 1
    alone = Budget(PRICES)
    assert (await stores.add(file, collection="other", reading=BY_TOPIC, budget=alone)).added == 1
    assert len(embedder.asked) == 40
    assert enough.spent > alone.spent * 1.5


async def test_the_plan_counts_them(stores: Stores, file: Path) -> None:
    async def money(reading: Reading) -> float:
        planned = await plan(
            [file], ledger=stores.ledger, collection="default", readers=None, reading=reading, prices=PRICES
        )
        assert planned.money is not None
        return planned.money.expected / planned.tokens.expected

    assert await money(BY_TOPIC) == pytest.approx(2 * await money(Reading()))


async def test_a_changed_file_is_split_as_it_was(stores: Stores, file: Path) -> None:
    embedder = Embedder()
    await stores.add(file, reading=BY_TOPIC, vectors=embedder)
    asked = len(embedder.asked)
    file.write_text(file.read_text(encoding="utf-8") + " It is new.", encoding="utf-8")
    assert (await stores.add(file, vectors=embedder)).updated == 1
    assert len(embedder.asked) > asked


async def test_a_model_that_fails_leaves_the_words(stores: Stores, file: Path) -> None:
    summary = await stores.add(file, reading=BY_TOPIC, vectors=Embedder(fails=True))
    assert (summary.added, summary.failed) == (1, ())
    [warning] = summary.warnings
    assert "RuntimeError" in warning.message
    assert "sk-1" not in warning.message


async def test_no_other_splitter_asks_the_model(stores: Stores, file: Path) -> None:
    embedder = Embedder()
    await stores.add(file, vectors=embedder)
    assert embedder.asked == []
