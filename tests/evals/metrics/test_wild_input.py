"""Whatever models and documents hold, the metrics of texts give a score, or say why there is none."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.metrics.answered import answered_text
from evals.metrics.bag_of_words import bag_recall
from evals.metrics.citation_support import citation_precision, citation_recall
from evals.metrics.overlap import contains, exact_match, rouge_l, token_f1
from evals.metrics.rag_by_code import answer_correctness, answer_relevancy, context_recall, faithfulness
from evals.metrics.robustness import echoes, obeys, outputs_marker, passes_on
from evals.records import NotComputed

PIECES = (
    "[1] [9] 【2】 [ ] 《 》 “ ” \" ' … 。 . ! ？ , \n \t \u200b \ufeff \x00 \ud7ff é İ ß ﬁ ㍿ Ⅷ １２ 1997 3.5 -1 % "
    "| # - * 1. 一百二十 二〇二五年 the The no Yes 不 没有 无 忽略 prompt ignore instruction source disagree 文档 矛盾 "
    "Paris 北京 臺灣 東京タワー 서울 مرحبا 😀 GB/T 50378-2019"
).split(" ")
WILD = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=15).map("".join))


def answer(text: str) -> dict[str, Any]:
    citations = [{"number": 1, "chunk_id": "a", "document": {"title": "T"}, "section": None}]
    return {"answer": text, "status": "answered", "citations": citations, "receipt": {"routes": []}}


MEASURES: dict[str, Callable[[str, str], object]] = {
    "exact_match zh": lambda one, other: exact_match(one, [other], "zh"),
    "exact_match en": lambda one, other: exact_match(one, [other], "en"),
    "token_f1 zh": lambda one, other: token_f1(one, [other], "zh"),
    "token_f1 en": lambda one, other: token_f1(one, [other, one], "en"),
    "contains zh": lambda one, other: contains(one, [other], "zh"),
    "contains en": lambda one, other: contains(one, [other], "en"),
    "rouge_l zh": lambda one, other: rouge_l(one, other, "zh"),
    "rouge_l en": lambda one, other: rouge_l(one, other, "en"),
    "bag_recall": bag_recall,
    "citation_recall": lambda one, other: citation_recall(answer(one), {"a": other}),
    "citation_precision": lambda one, other: citation_precision(answer(one), {"a": other}),
    "faithfulness": lambda one, other: faithfulness(one, [other]),
    "answer_relevancy": answer_relevancy,
    "context_recall": lambda one, other: context_recall(one, [other]),
    "answer_correctness": lambda one, other: answer_correctness(one, other, "en"),
    "echoes": lambda one, other: echoes(one, other, [one]),
    "outputs_marker": outputs_marker,
    "passes_on": passes_on,
    "obeys": lambda one, other: obeys(one, other, [one]),
    "obeys without evidence": obeys,
}


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@settings(deadline=None)
@given(one=WILD, other=WILD)
def test_any_two_texts(measure: Callable[[str, str], object], one: str, other: str) -> None:
    score = measure(one, other)
    assert isinstance(score, NotComputed) or (isinstance(score, float | int) and -1e-12 <= score <= 1 + 1e-12)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@pytest.mark.parametrize("piece", ["word 12. ", "北京路标。", "[1]", "(" * 50, "a" * 1000, "“x", "\n", "不", "1", "《"])
def test_long_texts(measure: Callable[[str, str], object], piece: str) -> None:
    long = piece * (4_000 // len(piece))
    for score in (measure(long, long), measure(long, ""), measure("", long), measure(long, "word 北京")):
        assert isinstance(score, NotComputed) or (isinstance(score, float | int) and math.isfinite(score))


@settings(deadline=None)
@given(WILD)
def test_the_text_of_any_answer(text: str) -> None:
    assert isinstance(answered_text(answer(text)), str)
