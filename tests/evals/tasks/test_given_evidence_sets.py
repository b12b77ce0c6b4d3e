"""Questions over given passages: noise, integration, counterfactuals, and none at all."""

from pathlib import Path
from typing import Any

import pytest

from evals.pack import Pack
from evals.product import Product
from evals.records import Row
from evals.tasks.asking import asked_over_given
from evals.tasks.closed_book import CLOSED_BOOK_TASKS, ROWS
from evals.tasks.counterfactual import COUNTERFACTUAL_TASKS
from evals.tasks.integration import INTEGRATION_TASKS, passages_of
from evals.tasks.noise import NOISE_TASKS
from tests.evals.tasks.made_records import answered, record, refused
from tests.evals.tasks.question_pack import HARLOW, passage, single
from tests.evals.tasks.tiny_pack import NO_DOCUMENTS, figure, records_of, task_named, tiny_pack

BOTH = ["noise_robustness", "negative_rejection"]
(INTEGRATION,) = INTEGRATION_TASKS
WRONG = task_named("rgb_en_counterfactual_wrong", COUNTERFACTUAL_TASKS)
RIGHT = task_named("rgb_en_counterfactual_right", COUNTERFACTUAL_TASKS)


def noisy(id_: str, positives: int, negatives: int, **further: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "question": "灯塔有多高？",
        "answers": ["四十米"],
        "positive": [f"灯塔高四十米，第{n}次测量。" for n in range(positives)],
        "negative": [f"渡轮每天开出{n}班。" for n in range(negatives)],
        "task_types": BOTH,
        **further,
    }


def noise_rows(folder: Path, percent: int, *rows: dict[str, Any]) -> tuple[list[Row], list[str]]:
    task = task_named(f"rgb_zh_refine_noise_{percent}", NOISE_TASKS)
    read, faults = task.read(tiny_pack(folder, {"rgb_zh_refine": rows}))
    return list(read), [fault.why for fault in faults]


@pytest.mark.parametrize(("percent", "negatives"), [(0, 0), (20, 1), (40, 2), (60, 3), (80, 4)])
def test_so_many_of_five_passages_are_noise(tmp_path: Path, percent: int, negatives: int) -> None:
    ((row,), faults) = noise_rows(tmp_path, percent, noisy("n1", 5, 5))
    assert len(row.given["passages"]) == 5
    assert sum("渡轮" in text for text in row.given["passages"]) == negatives
    assert faults == []


def test_the_same_passages_are_drawn_every_time_and_others_for_another_row(tmp_path: Path) -> None:
    rows, _ = noise_rows(tmp_path, 40, noisy("n1", 9, 9), noisy("n2", 9, 9))
    again, _ = noise_rows(tmp_path, 40, noisy("n1", 9, 9))
    assert rows[0].given == again[0].given
    assert rows[0].given["passages"] != rows[1].given["passages"]


@pytest.mark.parametrize(("percent", "noise"), [(0, [2, 0, 1]), (80, [4, 0, 1])])
def test_every_rate_has_the_same_rows_and_says_how_much_noise_they_had(
    tmp_path: Path, percent: int, noise: list[int]
) -> None:
    rows, faults = noise_rows(
        tmp_path, percent, noisy("n1", 3, 9), noisy("n2", 6, 0), noisy("n3", 3, 1), noisy("n4", 0, 9)
    )
    assert [row.id for row in rows] == ["n1", "n2", "n3"]
    assert faults == ["positive is empty"]
    assert [row.gold["noise"] for row in rows] == noise
    task = task_named(f"rgb_zh_refine_noise_{percent}", NOISE_TASKS)
    made = [record(answered("四十米。"), row.gold) for row in rows]
    assert figure(task, "noise_given", made).value == pytest.approx(sum(noise) / 3)


def test_a_row_is_used_for_what_it_says_it_is_for(tmp_path: Path) -> None:
    rows, faults = noise_rows(tmp_path, 0, noisy("n1", 5, 5, task_types=["negative_rejection"]))
    assert (rows, faults) == ([], ["holds no usable row"])
    negatives = task_named("rgb_zh_refine_negatives", NOISE_TASKS)
    read, _ = negatives.read(tiny_pack(tmp_path, {"rgb_zh_refine": [noisy("n1", 0, 7)]}))
    assert [len(row.given["passages"]) for row in read] == [5]
    assert read[0].given["passages"] != noisy("n1", 0, 7)["negative"][:5], (
        "in an order of chance: the first may be the likest"
    )
    assert read[0].gold["must_refuse"] is True


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"answers": []}, "answers is empty"),
        ({"answers": [7]}, "answers is no list of texts, or of lists of them"),
        ({"positive": "灯塔高四十米。"}, "positive is no list of texts"),
        ({"task_types": []}, "task_types is empty"),
    ],
)
def test_rows_that_cannot_be_used_are_named(tmp_path: Path, change: dict[str, Any], why: str) -> None:
    assert noise_rows(tmp_path, 0, noisy("n1", 5, 5, **change)) == ([], ["holds no usable row", why])


async def test_the_given_passages_are_all_that_is_found() -> None:
    row = Row("g1", {"question": "Who built Harlow Mill?", "passages": [HARLOW, "The ferry leaves at noon."]}, {})
    observed = await asked_over_given(row, NO_DOCUMENTS)
    assert "Agnes Pell" in observed["answer"]["answer"]
    assert observed["answer"]["citations"][0]["document"]["id"] == "g1:1"
    assert observed["passages"] == {"g1:1": HARLOW}


async def test_noise_that_answers_nothing_is_refused(tmp_path: Path) -> None:
    task = task_named("rgb_zh_refine_negatives", NOISE_TASKS)
    records = await records_of(task, tiny_pack(tmp_path, {"rgb_zh_refine": [noisy("n1", 0, 5)]}))
    assert figure(task, "rejection_rate", records).value == 1
    assert figure(task, "accuracy_without_evidence", records).value == 0


PARTS = {"parts": [["Ines"], ["1 May", "May 1"]], "answers": ["Ines", "1 May", "May 1"]}


@pytest.mark.parametrize(
    ("answer", "share", "accuracy"),
    [
        (answered("Ines opened it on May 1.[1]"), 1, 1),
        (answered("Ines opened it.[1]"), 0.5, 0),
        (answered("Olga opened it.[1]"), 0, 0),
        (refused("Ines, 1 May"), 0, 0),
    ],
)
def test_every_part_of_an_answer_must_be_said_in_one_of_its_ways(answer: Any, share: float, accuracy: float) -> None:
    made = record(answer, PARTS)
    assert figure(INTEGRATION, "sub_answers_said", [made]).value == share
    assert figure(INTEGRATION, "accuracy", [made]).value == accuracy


def test_each_group_of_passages_is_there_and_further_ones_fill_up() -> None:
    groups = [["a1", "a2", "a3"], ["b1"], ["c1", "c2"]]
    passages = passages_of(groups, "i1")
    assert {text[0] for text in passages} == {"a", "b", "c"}
    assert len(passages) == len(set(passages)) == 5
    assert passages_of([[f"{n}"] for n in range(7)], "i1") != [f"{n}" for n in range(7)]
    assert len(passages_of([[f"{n}"] for n in range(7)], "i1")) == 7


def test_sub_answers_of_all_groups_are_parts(tmp_path: Path) -> None:
    row = {
        "id": "i1",
        "question": "谁设计了塔和桥？",
        "sub_answers": [["林志远"], [["赵梅", "赵小梅"]], []],
        "positive_groups": [["塔由林志远设计。"], ["桥由赵梅设计。"]],
    }
    ((read,), _) = INTEGRATION.read(tiny_pack(tmp_path, {"rgb_zh_integration": [row]}))
    assert read.gold["parts"] == [["林志远"], ["赵梅", "赵小梅"]]
    bad = [{**row, "id": "i2", "sub_answers": [[]]}, {**row, "id": "i3", "positive_groups": ["塔由林志远设计。"]}]
    _, faults = INTEGRATION.read(tiny_pack(tmp_path, {"rgb_zh_integration": bad}))
    assert [fault.why for fault in faults if fault.line] == [
        "sub_answers is empty",
        "positive_groups is no list of lists",
    ]


def counterfactual(**further: Any) -> dict[str, Any]:
    return {
        "id": "f1",
        "question": "Who built Harlow Mill?",
        "answer": [["Agnes Pell", "Pell"]],
        "fake_answer": "Rufus Dane",
        "positive": [HARLOW],
        "positive_wrong": [HARLOW.replace("Agnes Pell", "Rufus Dane")],
        "negative": ["The ferry leaves at noon."],
        "task_types": ["counterfactual_robustness"],
        **further,
    }


async def test_a_planted_falsehood_that_is_quoted_is_echoed(tmp_path: Path) -> None:
    pack = tiny_pack(tmp_path, {"rgb_en_counterfactual": [counterfactual()]})
    wrong, right = await records_of(WRONG, pack), await records_of(RIGHT, pack)
    assert (figure(WRONG, "echo_rate", wrong).value, figure(WRONG, "accuracy", wrong).value) == (1, 0)
    assert (figure(RIGHT, "accuracy", right).value, figure(RIGHT, "contains", right).value) == (1, 1)


@pytest.mark.parametrize(
    ("answer", "echoed", "said"),
    [
        (answered("Rufus Dane built it.[1]"), 1, 0),
        (answered("One text says Rufus Dane, but the sources contradict each other.[1]"), 0, 1),
        (answered("It was Agnes Pell, not Rufus Dane.[1]"), 0, 0),
        (refused("I found nothing on Rufus Dane."), None, None),
    ],
)
def test_a_falsehood_is_echoed_when_nothing_says_so(answer: Any, echoed: float | None, said: float | None) -> None:
    """Any one of several; of what was answered."""
    made = record(answer, {"parts": [["Agnes Pell"]], "answers": ["Agnes Pell"], "fakes": ["Tom Voss", "Rufus Dane"]})
    assert figure(WRONG, "echo_rate", [made]).value == echoed
    assert figure(WRONG, "disagreement_said", [made]).value == said


async def test_without_evidence_and_model_every_question_is_refused(loaded: tuple[Pack, Product]) -> None:
    pack, product = loaded
    task = task_named("en_single_hop_squad2_closed_book", CLOSED_BOOK_TASKS)
    records = await records_of(task, pack, product)
    assert [record["id"] for record in records] == ["s1"], "what must be refused anyway is no control"
    assert figure(task, "refused", records).value == 1
    assert figure(task, "contains", records).value == 0


def test_the_control_is_a_sample_that_does_not_depend_on_the_order(tmp_path: Path) -> None:
    task = task_named("en_single_hop_squad2_closed_book", CLOSED_BOOK_TASKS)
    rows = [single(f"s{n}", "Who built Harlow Mill?", ["Agnes Pell"], "en:1") for n in range(2 * ROWS)]
    corpus = [passage("en:1", "Harlow Mill", HARLOW)]

    def sampled(rows: list[Any]) -> list[str]:
        pack = tiny_pack(tmp_path, {"en_single_hop_squad2": rows, "en_single_hop_squad2.corpus": corpus})
        return [row.id for row in task.read(pack)[0]]

    sample = sampled(rows)
    assert len(sample) == ROWS
    assert sampled(rows[::-1]) == sample
