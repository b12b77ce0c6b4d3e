"""Several subjects are run side by side: what slows the machine slows all of them, and each has a run of its own."""

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from agent.settings import Settings
from evals.evaluating import Choices, Subject, evaluate
from evals.metric import RowMetric
from evals.product import Product
from evals.records import Record, Row
from evals.run_folders import read_records
from evals.running import TaskRows
from evals.task import Rows, Task
from tests.graph.fakes import make_resources
from tools.errors import InputError

RESOURCES = make_resources()
ROWS = [Row(str(number), {}, {}) for number in range(25)]


def subject(name: str) -> Subject:
    return Subject(Product(RESOURCES, {"language": name}), f"of-{name}", {"variant": name})


def task(asked: list[str]) -> Task:
    def read(_: object) -> Rows:
        raise NotImplementedError

    async def observe(row: Row, product: Product) -> Mapping[str, Any]:
        asked.append(product.choices["language"])
        return {"by": product.choices["language"]}

    def is_english(record: Record) -> float:
        return float(record["observed"]["by"] == "en")

    return Task("t", "t", "asks", read, observe, (RowMetric("is_english", is_english, "whether it is en"),))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", chat_model="off")


async def test_subjects_take_turns_and_have_runs_of_their_own(tmp_path: Path, settings: Settings) -> None:
    asked: list[str] = []
    rows = [TaskRows(task(asked), ROWS)]
    choices = Choices(lambda _: None)
    runs = await evaluate([subject("en"), subject("zh")], rows, tmp_path / "kept", settings, choices)
    turns = [(name, len(list(group))) for name, group in groupby(asked)]
    assert turns == [("en", 10), ("zh", 20), ("en", 15), ("zh", 5)]  # each is first in its turn
    assert [ended.report.tasks[0].measures[0].value for ended in runs] == [1.0, 0.0]
    assert [ended.report.header.label for ended in runs] == ["of-en", "of-zh"]
    assert len({ended.folder for ended in runs}) == 2
    assert {record["observed"]["by"] for record in read_records(runs[1].folder)} == {"zh"}
    again = await evaluate([subject("zh")], rows, tmp_path / "kept", settings, choices)
    assert again[0].report.tasks[0].measures == runs[1].report.tasks[0].measures
    assert len(asked) == 50


async def test_a_budget_that_could_not_be_kept_is_refused_before_anything_runs(
    tmp_path: Path, settings: Settings
) -> None:
    asked: list[str] = []

    class Models:
        prices: Mapping[str, Any] = {}
        names = ("openai:m",)

        def get(self, role: str, name: str = "") -> None:
            return None

    product = Product(make_resources())
    object.__setattr__(product.resources, "models", Models())
    choices = Choices(lambda _: None, budget=1.0)
    with pytest.raises(InputError, match="budget"):
        await evaluate([Subject(product, "", {})], [TaskRows(task(asked), ROWS)], tmp_path, settings, choices)
    assert asked == []
