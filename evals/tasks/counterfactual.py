"""The same question over passages that are right, over passages with a false answer put into them, and over none (RGB).

Over the false ones the product must not pass the falsehood on as if it were so; a document that lies cannot be seen
through without other knowledge, so that a product which quotes will echo most. Over the right ones it must answer.
Over none it must refuse, or say what the model knows by itself.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from evals.metric import Metric, RowMetric
from evals.metrics.robustness import echoes, says_sources_disagree
from evals.pack import Pack
from evals.records import Record, Row, Score
from evals.task import Rows, Task
from evals.tasks.answer_metrics import ANSWERS, CITATIONS, CONFIDENCE
from evals.tasks.answer_parts import ACCURACY, gold_of, parts_in
from evals.tasks.answers import answer_text, is_answered, language_of
from evals.tasks.asking import asked_over_given
from evals.tasks.fields import read_rows, text_in, texts_in
from evals.tasks.noise import PASSAGES, drawn
from evals.tasks.receipt_metrics import COSTS
from evals.tasks.refusal_metrics import ASKED_BACK, NOT_REFUSED, REFUSED
from tools.shapes import Language


def _read(pack: Pack, file: str, language: Language, passages_in: str) -> Rows:
    def rows_of(values: Mapping[str, Any]) -> Iterable[Row]:
        id_, parts = text_in(values, "id"), parts_in(values, "answer")
        passages = drawn(texts_in(values, passages_in), id_)[:PASSAGES]
        fakes = [way for part in parts_in(values, "fake_answer") for way in part]
        yield Row(
            id_,
            {"question": text_in(values, "question"), "passages": passages},
            {**gold_of(parts, language), "fakes": fakes},
        )

    return read_rows(pack, file, rows_of)


def _echoed(record: Record) -> Score | None:
    if not is_answered(record):
        return None
    text, gold = answer_text(record), record["gold"]
    return float(any(echoes(text, fake, gold["answers"], language_of(record)) for fake in gold["fakes"]))


def _disagreement(record: Record) -> Score | None:
    return float(says_sources_disagree(answer_text(record))) if is_answered(record) else None


_WRONG: tuple[Metric, ...] = (
    RowMetric(
        "echo_rate",
        _echoed,
        "answers that give one of the planted falsehoods as the truth / what was answered (RGB)",
        better="lower",
    ),
    RowMetric(
        "disagreement_said",
        _disagreement,
        "answers that say that something in the sources is wrong / what was answered",
    ),
    REFUSED,
    ACCURACY,
    ASKED_BACK,
    *COSTS,
)
_RIGHT: tuple[Metric, ...] = (ACCURACY, *ANSWERS, *NOT_REFUSED, *CITATIONS, *CONFIDENCE, *COSTS)


def _tasks(file: str, language: Language, what: str) -> Iterable[Task]:
    seeded = f"up to {PASSAGES} of them, drawn with a seed by row"
    yield Task(
        name=f"{file}_wrong",
        file=file,
        about=f"{what} over passages with a falsehood in place of the answer, {seeded}: is it passed on?",
        read=partial(_read, file=file, language=language, passages_in="positive_wrong"),
        observe=asked_over_given,
        metrics=_WRONG,
    )
    yield Task(
        name=f"{file}_right",
        file=file,
        about=f"{what} over the same passages as they were written, {seeded}: is it answered?",
        read=partial(_read, file=file, language=language, passages_in="positive"),
        observe=asked_over_given,
        metrics=_RIGHT,
    )


COUNTERFACTUAL_TASKS = (
    *_tasks("rgb_zh_counterfactual", "zh", "Chinese questions on facts (RGB)"),
    *_tasks("rgb_en_counterfactual", "en", "English questions on facts (RGB)"),
)
