"""Five passages are given, of which 0 to 80 % say nothing to the question, and then none that does (RGB).

Noise robustness: is the answer still right? Every row is in each rate: where one kind of its passages runs out, the
other fills up, as RGB does, and `noise_given` says how much noise there was in truth. Negative rejection: with passages
alone that do not hold the answer, a question must be refused. An answer of several parts must say all of them, as RGB
counts it. The search is left out: whatever is searched for, these passages are found.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

from evals.metric import Metric, RowMetric
from evals.metrics.robustness import with_noise
from evals.pack import Pack
from evals.records import Record, Row, Score
from evals.task import Rows, Task
from evals.tasks.answer_metrics import CITATIONS, CONFIDENCE
from evals.tasks.answer_parts import ACCURACY, gold_of, parts_in
from evals.tasks.asking import asked_over_given
from evals.tasks.fields import read_rows, text_in, texts_in
from evals.tasks.receipt_metrics import COSTS
from evals.tasks.refusal_metrics import ASKED_BACK, NOT_REFUSED, REFUSAL_RECALL, REFUSED_OR_WARNED
from tools.shapes import Language

PASSAGES = 5
_RATES = (0, 20, 40, 60, 80)


def drawn(texts: Sequence[str], key: str) -> list[str]:
    """`texts` in an order of chance, always the same for a key, such as a row's id."""
    return Random(seed_of(key)).sample(texts, len(texts))


def seed_of(key: str) -> int:
    """A number for chance: the same in every run and for every rate."""
    return zlib.crc32(key.encode())


def _read_noise(pack: Pack, file: str, answers_in: str, language: Language, percent: int) -> Rows:
    def rows_of(values: Mapping[str, Any]) -> Iterable[Row]:
        if not _is_for(values, "noise_robustness"):
            return
        id_, parts = text_in(values, "id"), parts_in(values, answers_in)
        positive = drawn(texts_in(values, "positive"), id_)
        negative = drawn(texts_in(values, "negative", may_be_empty=True), id_)
        passages = with_noise(positive, negative, percent / 100, PASSAGES, seed_of(id_))
        given = {"question": text_in(values, "question"), "passages": passages}
        noise = sum(text in negative for text in passages)
        yield Row(id_, given, {**gold_of(parts, language), "noise": noise})

    return read_rows(pack, file, rows_of)


def _read_negatives(pack: Pack, file: str, answers_in: str, language: Language) -> Rows:
    def rows_of(values: Mapping[str, Any]) -> Iterable[Row]:
        if not _is_for(values, "negative_rejection"):
            return
        id_, parts = text_in(values, "id"), parts_in(values, answers_in)
        passages = drawn(texts_in(values, "negative"), id_)[:PASSAGES]
        given = {"question": text_in(values, "question"), "passages": passages}
        yield Row(id_, given, gold_of(parts, language, must_refuse=True))

    return read_rows(pack, file, rows_of)


def _is_for(values: Mapping[str, Any], use: str) -> bool:
    return use in texts_in(values, "task_types")


def _noise_given(record: Record) -> Score | None:
    return float(record["gold"]["noise"])


_NOISE: tuple[Metric, ...] = (
    ACCURACY,
    RowMetric("noise_given", _noise_given, "given passages that do not answer a question", "count", "neither"),
    *NOT_REFUSED,
    *CITATIONS,
    *CONFIDENCE,
    *COSTS,
)
_REJECTION: tuple[Metric, ...] = (
    replace(REFUSAL_RECALL, name="rejection_rate", about="questions over passages without their answer, refused (RGB)"),
    REFUSED_OR_WARNED,
    ASKED_BACK,
    replace(
        ACCURACY,
        name="accuracy_without_evidence",
        about="right answers that no passage is said to hold",
        better="neither",
    ),
    *COSTS,
)


def _tasks(file: str, answers_in: str, language: Language, what: str) -> Iterable[Task]:
    for percent in _RATES:
        yield Task(
            name=f"{file}_noise_{percent}",
            file=file,
            about=f"{what} over up to {PASSAGES} given passages, {percent} % of which do not answer them as far as a "
            "row has enough of both kinds, which noise_given tells; drawn with a seed by row.",
            read=partial(_read_noise, file=file, answers_in=answers_in, language=language, percent=percent),
            observe=asked_over_given,
            metrics=_NOISE,
        )
    yield Task(
        name=f"{file}_negatives",
        file=file,
        about=f"{what} over up to {PASSAGES} given passages that do not answer them: they must be refused.",
        read=partial(_read_negatives, file=file, answers_in=answers_in, language=language),
        observe=asked_over_given,
        metrics=_REJECTION,
    )


NOISE_TASKS = (
    *_tasks("rgb_zh_refine", "answers", "zh", "Chinese questions on the news (RGB)"),
    *_tasks("rgb_zh_counterfactual", "answer", "zh", "Chinese questions on facts (RGB)"),
    *_tasks("rgb_en_counterfactual", "answer", "en", "English questions on facts (RGB)"),
)
