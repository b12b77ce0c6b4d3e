"""What a record says of its answer, for the metrics of several tasks.

gold: "answers" (texts, any of which is right), "documents" (ids, where they are known), "must_refuse", "language".
"""

import functools
from collections.abc import Sequence
from typing import cast

from evals.metrics import answered
from evals.metrics.overlap import contains
from evals.records import Record
from tools.shapes import Language


def is_answered(record: Record) -> bool:
    """Whether it was answered, neither refused nor asked back."""
    return answered.is_answered(record["observed"]["answer"])


def is_refused(record: Record) -> bool:
    """Whether it was refused."""
    return bool(record["observed"]["answer"]["status"] == "refused")


def has_answer(record: Record) -> bool:
    """Whether there is a right answer to the question."""
    return not record["gold"].get("must_refuse") and bool(record["gold"]["answers"])


def answer_text(record: Record) -> str:
    """What was answered, without marks and notes; nothing where it was not: a refusal's words are no answer."""
    return answered.answered_text(record["observed"]["answer"])


def language_of(record: Record) -> Language:
    """The language that answers are compared in."""
    return cast(Language, record["gold"]["language"])


def says_one_of(record: Record, texts: Sequence[str]) -> bool:
    """Whether one of `texts` stands in the answer."""
    answer = record["observed"]["answer"]
    return _says(answer["status"], answer["answer"], tuple(texts), language_of(record))


def is_right(record: Record) -> bool:
    """Whether the answer says one of the right ones. What has none is never right."""
    return has_answer(record) and says_one_of(record, record["gold"]["answers"])


@functools.lru_cache(maxsize=8192)  # a bootstrap asks for the same answers hundreds of times
def _says(status: str, answer: str, golds: tuple[str, ...], language: Language) -> bool:
    text = answered.answered_text({"status": status, "answer": answer})
    return bool(text) and contains(text, golds, language) == 1.0
