"""The relevance tasks: each passage alone, read by the product's own bands and grade."""

from pathlib import Path
from typing import Any

import pytest

from evals.product import Product
from evals.records import Record
from evals.tasks.relevance import RELEVANCE_TASKS
from tests.evals.tasks.tiny_pack import figure, records_of, task_named, tiny_pack
from tests.graph.fakes import FakeChat, make_resources, passage

DUREADER = task_named("relevance_zh_dureader", RELEVANCE_TASKS)
HOTPOT = task_named("relevance_en_hotpot", RELEVANCE_TASKS)
CORPUS = "multihop_hotpotqa.corpus"


def row(id_: str, passage_text: str, relevant: bool, title: str = "") -> dict[str, Any]:
    question = "松原水库的最大库容是多少？"
    return {
        "id": id_,
        "lang": "zh",
        "question": question,
        "title": title,
        "passage": passage_text,
        "relevant": relevant,
    }


async def test_each_passage_is_all_the_evidence_there_is(tmp_path: Path) -> None:
    rows = [
        row("on", "松原水库的最大库容是2.4亿立方米，1978年建成。", True, "松原水库"),
        row("off", "早市的豆腐脑配油条，味道最好。", False),
    ]
    # The product's own documents would answer both.
    product = Product(make_resources([passage("1", "松原水库的最大库容是2.4亿立方米。")]))
    records = await records_of(DUREADER, tiny_pack(tmp_path, {DUREADER.file: rows}), product)

    assert [record["observed"]["band"] != "weak" for record in records] == [True, False]
    assert [record["observed"]["enough"] for record in records] == [True, False]
    for metric in ("precision", "recall", "f1", "balanced_accuracy", "enough_precision", "enough_recall"):
        assert figure(DUREADER, metric, records).value == 1, metric


async def test_nothing_is_written_and_no_model_asked_where_the_rule_is_sure(tmp_path: Path) -> None:
    chat = FakeChat(["no answer is wanted"])
    rows = [row("off", "早市的豆腐脑配油条，味道最好。", False)]
    await records_of(DUREADER, tiny_pack(tmp_path, {DUREADER.file: rows}), Product(make_resources(chat=chat)))
    assert chat.asked == []


def test_not_weak_and_enough_are_two_readings() -> None:
    def record(id_: str, relevant: bool, band: str, enough: bool) -> Record:
        gold, observed = {"relevant": relevant}, {"band": band, "enough": enough, "judged_by": []}
        return Record(task=DUREADER.name, id=id_, given={}, gold=gold, observed=observed, judged={}, ms=1.0, failure="")

    records = [
        record("1", True, "strong", True),
        record("2", True, "unclear", False),
        record("3", False, "unclear", False),
        record("4", False, "weak", False),
    ]
    assert figure(DUREADER, "precision", records).value == pytest.approx(2 / 3)
    assert figure(DUREADER, "recall", records).value == 1
    assert figure(DUREADER, "balanced_accuracy", records).value == 0.75
    assert figure(DUREADER, "enough_precision", records).value == 1
    assert figure(DUREADER, "enough_recall", records).value == 0.5


async def test_passages_of_a_corpus_are_found_by_their_pid(tmp_path: Path) -> None:
    asked = {"lang": "en", "question": "Where was the painter Ida Brekke born?"}
    corpus = [
        {"pid": "Ida Brekke", "title": "Ida Brekke", "text": "The painter Ida Brekke was born in Molde."},
        {"pid": "broken", "title": "No text"},
        {"title": "no pid", "text": "Nobody can name it."},
    ]
    rows = [
        {**asked, "id": "1", "pid": "Ida Brekke", "relevant": True},
        {**asked, "id": "2", "pid": "gone", "relevant": False},
        {**asked, "id": "3", "pid": "broken", "relevant": False},
        {**asked, "id": "4", "pid": "Ida Brekke", "relevant": "yes"},
    ]
    pack = tiny_pack(tmp_path, {HOTPOT.file: rows, CORPUS: corpus})
    _, faults = HOTPOT.read(pack)
    records = await records_of(HOTPOT, pack)

    assert [record["id"] for record in records] == ["1"]
    assert records[0]["given"]["passage"] == "The painter Ida Brekke was born in Molde."
    assert records[0]["observed"]["band"] != "weak"
    assert [(each.line, each.why) for each in faults] == [
        (2, f"{CORPUS}: has no text"),
        (3, f"{CORPUS}: has no pid"),
        (2, f"pid is not in {CORPUS}"),
        (3, f"pid is not in {CORPUS}"),
        (4, "relevant is neither true nor false"),
    ]


def test_without_the_corpus_each_row_is_a_fault(tmp_path: Path) -> None:
    row = {"id": "1", "lang": "en", "question": "Where?", "pid": "Ida Brekke", "relevant": True}
    rows, faults = HOTPOT.read(tiny_pack(tmp_path, {HOTPOT.file: [row]}))
    assert not rows
    assert [(each.line, each.why) for each in faults if each.line] == [(1, f"pid is not in {CORPUS}")]


@pytest.mark.parametrize(("answered", "enough"), [([1], True), ([], False)])
async def test_a_model_that_is_set_grades_what_is_unclear(tmp_path: Path, answered: list[int], enough: bool) -> None:
    chat = FakeChat(Grading={"relevant": [1], "answered": answered})
    rows = [row("unclear", "松原水库在1978年建成，库容很大，由县水务局管理。", True, "松原水库")]
    product = Product(make_resources(chat=chat))
    (record,) = await records_of(DUREADER, tiny_pack(tmp_path, {DUREADER.file: rows}), product)

    observed = {name: record["observed"][name] for name in ("band", "enough", "judged_by")}
    assert observed == {"band": "unclear", "enough": enough, "judged_by": ["model"]}
    assert chat.asked == ["Grading"], "nothing is written"


def test_each_figure_is_of_the_passages_that_count() -> None:
    """Precision and F1 of what is predicted or relevant; the passages of one question are one cluster."""

    def record(number: int, relevant: bool, band: str) -> Record:
        gold = {"relevant": relevant, "cluster": f"question {number // 10}"}
        observed = {"band": band, "enough": False, "judged_by": []}
        return Record(
            task=HOTPOT.name, id=str(number), given={}, gold=gold, observed=observed, judged={}, ms=1.0, failure=""
        )

    records = [
        record(n, n % 10 < 2, "strong" if n % 10 in (0, 2 * (n // 10 % 2)) and n < 400 else "weak") for n in range(500)
    ]
    precision, f1, recall = (figure(HOTPOT, name, records) for name in ("precision", "f1", "recall"))
    assert (precision.value, precision.n, precision.method) == (pytest.approx(2 / 3), 60, "bootstrap over 40 clusters")
    assert (f1.n, recall.n) == (120, 100)
    assert recall.method == "bootstrap over 50 clusters"
    assert figure(HOTPOT, "balanced_accuracy", records).n == 500
    assert figure(HOTPOT, "enough_precision", records).missing == {"never predicted: relevant": 500}


def test_the_passages_of_a_question_are_one_cluster(tmp_path: Path) -> None:
    read, _ = DUREADER.read(tiny_pack(tmp_path, {DUREADER.file: [row("1", "早市。", False), row("2", "水库。", True)]}))
    assert {each.gold["cluster"] for each in read} == {read[0].given["question"]}
