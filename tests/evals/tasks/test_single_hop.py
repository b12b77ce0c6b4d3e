"""Single-hop questions: which rows can be used, what is kept of them, and the kinds of unanswerable ones."""

from pathlib import Path
from typing import Any

import pytest

from evals.pack import Pack
from evals.product import Product
from evals.records import RowFault
from evals.tasks.single_hop import ADVERSARIAL, OUT_OF_CORPUS, SINGLE_HOP_TASKS
from tests.evals.tasks.question_pack import HARLOW, passage, single
from tests.evals.tasks.tiny_pack import figure, records_of, task_named, tiny_pack

CMRC = task_named("zh_single_hop_cmrc", SINGLE_HOP_TASKS)
SQUAD = task_named("en_single_hop_squad2", SINGLE_HOP_TASKS)

Loaded = tuple[Pack, Product]


async def test_questions_are_asked_and_searched_over_all_corpora(loaded: Loaded) -> None:
    pack, product = loaded
    records = await records_of(SQUAD, pack, product)
    built = records[0]["observed"]
    assert built["found"][0] == "en:1"
    assert built["contexts"][0] == HARLOW
    assert "Agnes Pell" in built["answer"]["answer"]
    assert list(built["passages"].values()) == [HARLOW]
    assert figure(SQUAD, "recall@1", records).value == 1
    assert figure(SQUAD, "contains", records).value == 1
    assert figure(SQUAD, "gold_cited", records).value == 1
    assert figure(SQUAD, "vector_reached", records).value == 1


async def test_unanswerable_questions_are_told_apart_by_whether_their_passage_is_there(loaded: Loaded) -> None:
    pack, product = loaded
    records = await records_of(SQUAD, pack, product)
    assert [record["gold"]["kind"] for record in records] == ["answerable", ADVERSARIAL, OUT_OF_CORPUS]
    assert figure(SQUAD, "refusal_recall", records).n == 2
    assert figure(SQUAD, "refusal_recall[adversarial]", records).n == 1
    assert figure(SQUAD, "refusal_recall[out_of_corpus]", records).value == 1
    assert figure(SQUAD, "recall@5", records).n == 1


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"id": "s1"}, "has no unanswerable"),
        (single("s1", "Who built it?", ["Agnes"], None), "gold_pid is no text"),
        (single("s1", "Who built it?", [], "en:1"), "answers is empty"),
        (single("s1", "Who built it?", ["Agnes"], "en:77"), "gold_pid is not in the corpus"),
        (single("s1", "Who built it?", [], "en:77", unanswerable=True), "gold_pid is not in the corpus"),
        (single("s1", "", ["Agnes"], "en:1"), "question is empty"),
        ({**single("s1", "Who?", ["Agnes"], "en:1"), "answers": "Agnes"}, "answers is no list of texts"),
        ({**single("s1", "Who?", ["Agnes"], "en:1"), "unanswerable": "no"}, "unanswerable is neither true nor false"),
    ],
)
def test_rows_that_cannot_be_used_are_named(tmp_path: Path, row: dict[str, Any], why: str) -> None:
    good = single("s0", "Who built Harlow Mill?", ["Agnes Pell"], "en:1")
    corpus = [passage("en:1", "Harlow Mill", HARLOW)]
    pack = tiny_pack(tmp_path, {"en_single_hop_squad2": [good, row], "en_single_hop_squad2.corpus": corpus})
    rows, faults = SQUAD.read(pack)
    assert [row.id for row in rows] == ["s0"]
    assert [(fault.line, fault.id, fault.why) for fault in faults] == [(2, "s1", why)]


def test_a_set_without_its_corpus_or_without_rows_has_none(tmp_path: Path) -> None:
    row = single("s0", "Who built Harlow Mill?", ["Agnes Pell"], "en:1")
    rows, faults = SQUAD.read(tiny_pack(tmp_path, {"en_single_hop_squad2": [row]}))
    assert not rows
    assert [fault.why for fault in faults] == ["holds no usable row", "gold_pid is not in the corpus"]
    rows, faults = CMRC.read(tiny_pack(tmp_path, {"zh_single_hop_cmrc": []}))
    assert (list(rows), list(faults)) == ([], [RowFault(0, "", "holds no usable row")])
