"""The faithfulness tasks: which label each set's rows get, and the verdict on the whole answer."""

from pathlib import Path
from typing import Any

from evals.records import Record
from evals.statistics import wilson
from evals.tasks.faithfulness import FAITHFULNESS_TASKS, verdict
from tests.evals.tasks.tiny_pack import figure, records_of, task_named, tiny_pack

HALUEVAL = task_named("faithfulness_en_halueval_qa", FAITHFULNESS_TASKS)
FAITHBENCH = task_named("faithfulness_en_faithbench", FAITHFULNESS_TASKS)
UHGEVAL = task_named("faithfulness_zh_uhgeval", FAITHFULNESS_TASKS)

BRIDGE = "The Aldmoor bridge was opened in 1911. It is 240 metres long and was designed by Henrik Solberg."


def row(id_: str, answer: str, **labels: str) -> dict[str, Any]:
    return {"id": id_, "lang": "en", "context": BRIDGE, "answer": answer, **labels}


async def test_one_sentence_that_is_not_supported_makes_the_answer_hallucinated(tmp_path: Path) -> None:
    rows = [
        row("right", "The Aldmoor bridge was opened in 1911. It is 240 metres long.", label="supported"),
        row("half", "The Aldmoor bridge was opened in 1911. It is 420 metres long.", label="hallucinated"),
        row("missed", "The Aldmoor bridge is 1911 metres long.", label="hallucinated"),
        row("alarm", "Solberg drew it.", label="supported"),
    ]
    records = await records_of(HALUEVAL, tiny_pack(tmp_path, {HALUEVAL.file: rows}))

    said = {record["id"]: verdict(record) for record in records}
    assert said["right"] == "supported"
    assert said["half"] == "hallucinated"
    half = records[1]["observed"]["sentences"]
    assert [sentence["supported"] for sentence in half] == [True, False]
    assert "420" in half[1]["missing"]
    right = [record for record in records if record["id"] in ("right", "half")]
    assert figure(HALUEVAL, "balanced_accuracy", right).value == 1
    assert figure(HALUEVAL, "precision", right).value == 1
    assert figure(HALUEVAL, "recall", right).value == 1
    assert figure(HALUEVAL, "false_alarms", right).n == 1


async def test_precision_without_any_alarm_is_not_computed(tmp_path: Path) -> None:
    rows = [row("right", "The Aldmoor bridge was opened in 1911.", label="supported")]
    records = await records_of(HALUEVAL, tiny_pack(tmp_path, {HALUEVAL.file: rows}))
    assert figure(HALUEVAL, "precision", records).value is None
    assert figure(HALUEVAL, "precision", records).missing
    assert figure(HALUEVAL, "recall", records).value is None


async def test_the_worst_label_decides_and_questionable_is_counted_alone(tmp_path: Path) -> None:
    said = "The Aldmoor bridge was opened in 1911."
    labels = ("Unwanted", "Consistent", "Benign", "Questionable")
    rows = [row(label, said, worst_label=label, best_label="Consistent") for label in labels]
    records = await records_of(FAITHBENCH, tiny_pack(tmp_path, {FAITHBENCH.file: rows}))

    assert [record["gold"]["label"] for record in records] == ["hallucinated", "supported", "supported", "undecided"]
    assert figure(FAITHBENCH, "left_out", records).value == 0.25
    balanced = figure(FAITHBENCH, "balanced_accuracy", records)
    assert (balanced.value, balanced.n) == (0.5, 3), "what is undecided is not counted"
    assert figure(FAITHBENCH, "false_alarms", records).n == 2


async def test_a_line_with_two_continuations_gives_two_rows(tmp_path: Path) -> None:
    line = {
        "id": "n1",
        "lang": "zh",
        "context": "青川市图书馆新馆昨日开放。",
        "real_rest": "新馆藏书三十二万册，设有四百个座位。",
        "faithful": "新馆藏书三十二万册，设有四百个座位。",
        "hallucinated": "新馆由建筑师罗承远设计，耗资9.6亿元。",
    }
    records = await records_of(UHGEVAL, tiny_pack(tmp_path, {UHGEVAL.file: [line]}))

    assert [record["id"] for record in records] == ["n1:faithful", "n1:hallucinated"]
    assert [record["gold"]["cluster"] for record in records] == ["n1", "n1"]
    assert all(line["real_rest"] in record["given"]["context"] for record in records)
    assert [verdict(record) for record in records] == ["supported", "hallucinated"]
    assert figure(UHGEVAL, "balanced_accuracy", records).value == 1


def labelled(number: int, label: str, *, is_supported: bool) -> Record:
    gold, observed = {"label": label}, {"supported": is_supported, "sentences": []}
    return Record(
        task=FAITHBENCH.name, id=str(number), given={}, gold=gold, observed=observed, judged={}, ms=1.0, failure=""
    )


def test_precision_is_a_proportion_of_what_is_taken_for_hallucinated() -> None:
    """Not of all rows: three right ones of three are far from certain."""
    records = [
        *(labelled(number, "hallucinated", is_supported=False) for number in range(3)),
        *(labelled(number, "supported", is_supported=True) for number in range(3, 100)),
        *(labelled(number, "undecided", is_supported=False) for number in range(100, 105)),
        labelled(200, "hallucinated", is_supported=True),
    ]
    precision = figure(FAITHBENCH, "precision", records)
    assert (precision.value, precision.n, precision.method) == (1, 3, "Wilson")
    assert (precision.low, precision.high) == wilson(3, 3)
    assert figure(FAITHBENCH, "f1", records).n == 4
    assert figure(FAITHBENCH, "balanced_accuracy", records).n == 101


def test_rows_without_a_known_label_are_faults(tmp_path: Path) -> None:
    rows = [row("a", "Yes.", label="true"), row("b", "", label="supported"), row("c", "Yes.")]
    read, faults = HALUEVAL.read(tiny_pack(tmp_path, {HALUEVAL.file: rows}))
    assert not read
    assert [each.why for each in faults if each.line] == [
        "label is none of supported, hallucinated",
        "answer is empty",
        "has no label",
    ]
