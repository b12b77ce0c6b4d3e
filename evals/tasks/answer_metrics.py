"""How good the answers are to the questions that have one, and whether their confidence says so."""

from collections.abc import Callable, Sequence

from evals.metric import Metric, RowMetric, SetMetric, each_that
from evals.metrics.calibration import brier, expected_calibration_error
from evals.metrics.citation_support import citation_precision, citation_recall
from evals.metrics.cost import answer_characters
from evals.metrics.overlap import exact_match, token_f1
from evals.metrics.rag_by_code import (
    answer_correctness,
    answer_relevancy,
    context_precision,
    context_recall,
    faithfulness,
)
from evals.records import NotComputed, Record, Score
from evals.tasks.answers import answer_text, has_answer, is_answered, is_right, language_of
from evals.tasks.judge_metrics import JUDGED


def _exact_match(record: Record) -> Score | None:
    if not has_answer(record):
        return None
    text = answer_text(record)
    return exact_match(text, record["gold"]["answers"], language_of(record)) if text else 0.0


def _f1(record: Record) -> Score | None:
    if not has_answer(record):
        return None
    text = answer_text(record)
    return token_f1(text, record["gold"]["answers"], language_of(record)) if text else 0.0


def _contains(record: Record) -> Score | None:
    return float(is_right(record)) if has_answer(record) else None


def _contains_when_answered(record: Record) -> Score | None:
    return _contains(record) if is_answered(record) else None


def _characters(record: Record) -> Score | None:
    return answer_characters(record) if has_answer(record) else None


def _gold_cited(record: Record) -> Score | None:
    if not has_answer(record) or not record["gold"]["documents"]:
        return None
    cited = {citation["document"]["id"] for citation in record["observed"]["answer"]["citations"]}
    return float(not cited.isdisjoint(record["gold"]["documents"]))


def _citation_precision(record: Record) -> Score | None:
    observed = record["observed"]
    return citation_precision(observed["answer"], observed["passages"]) if is_answered(record) else None


def _citation_recall(record: Record) -> Score | None:
    observed = record["observed"]
    return citation_recall(observed["answer"], observed["passages"]) if is_answered(record) else None


def _faithfulness(record: Record) -> Score | None:
    contexts = list(record["observed"]["passages"].values())
    return faithfulness(answer_text(record), contexts) if is_answered(record) else None


def _answer_relevancy(record: Record) -> Score | None:
    return answer_relevancy(record["given"]["question"], answer_text(record)) if is_answered(record) else None


def _answer_correctness(record: Record) -> Score | None:
    if not has_answer(record):
        return None
    text = answer_text(record)
    if not text:
        return 0.0
    return _best([answer_correctness(text, gold, language_of(record)) for gold in record["gold"]["answers"]])


def _context_precision(record: Record) -> Score | None:
    gold = record["gold"]["documents"]
    if not has_answer(record) or not gold:
        return None
    return context_precision([document in gold for document in record["observed"]["found"]])


def _context_recall(record: Record) -> Score | None:
    if not has_answer(record):
        return None
    contexts = record["observed"]["contexts"]
    return _best([context_recall(gold, contexts) for gold in record["gold"]["answers"]])


def _best(scores: Sequence[Score]) -> Score:
    """The highest score of those that are numbers; why there is none otherwise."""
    return max((score for score in scores if not isinstance(score, NotComputed)), default=scores[0])


def _calibration_error(records: Sequence[Record]) -> Score:
    return expected_calibration_error([_confidence(record) for record in records if is_answered(record)])


def _brier(record: Record) -> Score | None:
    return brier([_confidence(record)]) if is_answered(record) else None


def _confidence(record: Record) -> tuple[float, bool]:
    return record["observed"]["answer"]["confidence"], is_right(record)


CONTAINS = RowMetric("contains", _contains, "a right answer stands in the answer; not answered: 0")
F1 = RowMetric("f1", _f1, "SQuAD's F1 over words, in Chinese over characters; not answered: 0", "score")

ANSWERS: tuple[Metric, ...] = (
    RowMetric("exact_match", _exact_match, "SQuAD's EM; not answered: 0"),
    F1,
    CONTAINS,
    RowMetric("contains_when_answered", _contains_when_answered, "contains, over what was answered"),
    RowMetric("answer_characters", _characters, "length of the answers", "characters", "neither"),
)
"""Over the questions that have an answer."""

_CHECKED = (
    "by the very check that the product lets no sentence pass without: an answer in the passages' own sentences has 1 "
    "by construction"
)

CITATIONS: tuple[Metric, ...] = (
    RowMetric(
        "citation_precision",
        _citation_precision,
        f"citations that support their sentence (ALCE), over what was answered; {_CHECKED}",
        "score",
    ),
    RowMetric(
        "citation_recall",
        _citation_recall,
        f"sentences that their citations support (ALCE), over what was answered; {_CHECKED}",
        "score",
    ),
)
"""Over what was answered."""

GOLD_CITED = RowMetric("gold_cited", _gold_cited, "a document that holds the answer is cited; not answered: 0")

CONFIDENCE: tuple[Metric, ...] = (
    SetMetric(
        "calibration_error",
        _calibration_error,
        "expected calibration error of `confidence` against contains, over what was answered",
        unit="score",
        better="lower",
        draws=each_that(is_answered),
    ),
    RowMetric("brier", _brier, "(confidence - contains)², over what was answered", "score", "lower"),
)

_By = Callable[[Record], Score | None]


def _rag(name: str, score: _By, about: str) -> RowMetric:
    return RowMetric(name, score, f"{about} (RAGAS, by code)", "score")


RAG: tuple[Metric, ...] = (
    _rag("faithfulness", _faithfulness, "statements of the answer that the cited passages support"),
    _rag("answer_relevancy", _answer_relevancy, "how much the answer is about the question"),
    _rag("answer_correctness", _answer_correctness, "how much the answer agrees with a right one; not answered: 0"),
    _rag("context_precision", _context_precision, "gold documents stand before others in a plain search"),
    _rag("context_recall", _context_recall, "a right answer stands in the first passages of a plain search"),
    *JUDGED,
)
"""Each quantity by code, and by a judge model where one is set."""
