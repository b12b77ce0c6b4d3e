"""Scores of answers: what is not answered is not right, and what has no right answer is never right."""

from collections.abc import Mapping
from typing import Any

import pytest

from evals.metric import Metric, RowMetric
from evals.records import Record
from evals.statistics import measured
from evals.tasks.answer_metrics import ANSWERS, CITATIONS, CONFIDENCE, GOLD_CITED, RAG
from tests.evals.tasks.made_records import answered, record, refused

METRICS: Mapping[str, Metric] = {
    metric.name: metric for metric in (*ANSWERS, *CITATIONS, *CONFIDENCE, *RAG, GOLD_CITED)
}


def score(name: str, of: Record) -> Any:
    metric = METRICS[name]
    assert isinstance(metric, RowMetric)
    return metric.score(of)


@pytest.mark.parametrize(
    ("text", "exact", "contained"),
    [
        ("Ines.[1]", 1, 1),
        ("The tide book is kept by Ines, as it was before.[1]", 0, 1),
        ("Inesita keeps it.[1]", 0, 0),
        ("The passages found do not mention “Ines”. The closest of them say:\nA book lies there.[1]", 0, 0),
    ],
)
def test_an_answer_is_compared_without_marks_and_notes(text: str, exact: float, contained: float) -> None:
    made = record(answered(text), {})
    assert score("exact_match", made) == exact
    assert score("contains", made) == contained
    assert score("contains_when_answered", made) == contained


def test_the_best_of_several_right_answers_counts() -> None:
    made = record(answered("It was Ines Marlow."), {"answers": ["the harbour master", "Ines Marlow"]})
    assert score("contains", made) == 1
    assert score("f1", made) == pytest.approx(2 * 0.5 * 1 / 1.5)
    assert score("answer_correctness", made) > 0.75


def test_chinese_is_compared_by_characters() -> None:
    made = record(answered("潮汐簿由林志远保管。[1]"), {"answers": ["林志远"], "language": "zh"})
    assert score("contains", made) == 1
    assert 0 < score("f1", made) < 1


@pytest.mark.parametrize("answer", [refused("I did not find Ines."), refused("Ines?", status="needs_input")])
def test_what_is_not_answered_is_wrong_and_has_no_length_or_citations(answer: Mapping[str, Any]) -> None:
    made = record(answer, {"documents": ["en:1"]})
    for name in ("exact_match", "f1", "contains", "answer_correctness", "gold_cited"):
        assert score(name, made) == 0, name
    for name in ("contains_when_answered", "answer_characters", "citation_precision", "faithfulness", "brier"):
        assert score(name, made) is None, name


@pytest.mark.parametrize("answers", [[], ["Ines"]])
@pytest.mark.parametrize(
    "name", ["exact_match", "f1", "contains", "answer_correctness", "gold_cited", "context_recall"]
)
def test_questions_that_must_be_refused_are_left_out(name: str, answers: list[str]) -> None:
    """Whatever could be said to them where their evidence was."""
    made = record(answered("Ines."), {"must_refuse": True, "answers": answers, "documents": ["en:1"]})
    assert score(name, made) is None


def test_an_answer_to_what_must_be_refused_is_never_right() -> None:
    made = record(answered("Ines.", confidence=0.75), {"must_refuse": True, "answers": ["Ines"]})
    assert score("brier", made) == 0.75**2


def test_a_cited_gold_document_counts_once_there_is_one() -> None:
    answer = answered("Ines.[1] A book.[2]", cited=["en:2", "en:1"])
    assert score("gold_cited", record(answer, {"documents": ["en:1", "en:9"]})) == 1
    assert score("gold_cited", record(answer, {"documents": ["en:9"]})) == 0
    assert score("gold_cited", record(answer, {})) is None


def test_citations_are_checked_against_the_cited_passages() -> None:
    answer = answered("Ines keeps the tide book.[1]", cited=["en:1"])
    bears = record(answer, {}, passages={"en:1": "Ines keeps the tide book in a drawer."})
    other = record(answer, {}, passages={"en:1": "The ferry leaves at noon."})
    for name in ("citation_precision", "citation_recall", "faithfulness"):
        assert score(name, bears) == 1, name
        assert score(name, other) == 0, name


def test_the_search_is_judged_by_its_documents_and_texts() -> None:
    made = record(
        answered("Ines."),
        {"documents": ["en:1"]},
        found=["en:2", "en:1"],
        contexts=["The ferry leaves at noon.", "Ines keeps the tide book."],
    )
    assert score("context_precision", made) == 0.5
    assert score("context_recall", made) == 1


def test_confidence_is_held_against_what_was_answered_alone() -> None:
    records = [
        record(answered("Ines.", confidence=0.8), {}),
        record(answered("Olga.", confidence=0.6), {}),
        record(answered("Ines.", confidence=0.6), {"must_refuse": True, "answers": []}),
        record(refused(), {}),
    ]
    brier = measured(METRICS["brier"], "made", records)
    assert (brier.value, brier.n) == (pytest.approx((0.04 + 0.36 + 0.36) / 3), 3)
    error = measured(METRICS["calibration_error"], "made", records)
    assert (error.value, error.n) == (pytest.approx((0.2 + 1.2) / 3), 3)
    nothing = measured(METRICS["calibration_error"], "made", [record(refused(), {})])
    assert (nothing.value, nothing.missing) == (None, {"no answers": 1})
