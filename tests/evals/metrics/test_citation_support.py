from collections.abc import Mapping
from typing import Any

import pytest

from evals.metrics.citation_support import citation_precision, citation_recall
from evals.records import NotComputed, Score
from tools.text.prompts import prompt_text

PASSAGES = {
    "lift": "The site lift carries at most 12 people. It is inspected every 14 days by Tongda Lifts.",
    "crane": "The tower crane stops at wind speeds above 15 metres per second.",
    "canteen": "食堂每日供应三餐，早餐6:30开始。",
    "sign": "电梯限乘12人。",
    "rules": "The lift carries at most 12 people. No one smokes on site.",
}


def answer(text: str, *cited: str, status: str = "answered", title: str = "", route: str = "vector") -> dict[str, Any]:
    citations = [
        {"number": number, "chunk_id": chunk_id, "document": {"title": title}, "section": None}
        for number, chunk_id in enumerate(cited, start=1)
    ]
    return {"answer": text, "status": status, "citations": citations, "receipt": {"routes": [{"route": route}]}}


def both(given: Mapping[str, Any], passages: Mapping[str, str] = PASSAGES) -> tuple[Score | None, Score | None]:
    return citation_recall(given, passages), citation_precision(given, passages)


@pytest.mark.parametrize(
    ("text", "recall", "precision"),
    [
        ("The lift carries 12 people.[1]", 1, 1),
        ("The lift carries 12 people.[2]", 0, 0),
        ("The lift carries 12 people.[1][2]", 1, 0.5),  # the crane's passage is not needed
        ("The lift carries 12 people.[1][3]", 1, 1),  # each supports it alone
        ("The lift carries 12 people.[1] The crane stops above 15 metres per second.[1]", 0.5, 0.5),
        ("The lift carries 12 people.[1] The crane stops above 15 metres per second.", 0.5, 1),
        ("The lift carries 12 people.[1][2][2]", 1, 0.5),  # a repeated mark is one citation
        # Neither alone, both together: each is needed.
        ("The lift carries 12 people and the crane stops above 15 metres per second.[1][2]", 1, 1),
        ("The lift carries 12 people and the crane stops above 15 metres per second.[2]", 0, 0),
    ],
)
def test_alce_sentence_by_sentence(text: str, recall: float, precision: float) -> None:
    assert both(answer(text, "lift", "crane", "rules")) == (recall, precision)


def test_a_mark_without_a_citation_supports_nothing() -> None:
    assert both(answer("The lift carries 12 people.[1][7]", "lift")) == (1, 0.5)
    assert both(answer("The lift carries 12 people.[7]", "lift")) == (0, 0)


def test_a_passage_is_read_with_its_title() -> None:
    text = "Tongda Lifts inspects the lift of the East Station every 14 days.[1]"
    assert both(answer(text, "lift"))[0] == 0
    assert both(answer(text, "lift", title="East Station handbook")) == (1, 1)


def test_connectives_and_notes_are_left_out() -> None:
    note = prompt_text("en", "generate", "part_not_found", part="Who drives the crane on Sundays?")
    assert both(answer(f"In summary:\nThe lift carries 12 people.[1]\n{note}", "lift")) == (1, 1)


def test_what_cannot_be_had_says_why() -> None:
    said = "The lift carries 12 people.[1]"
    assert both(answer(said, "gone")) == (NotComputed("a cited passage is missing"),) * 2
    assert both(answer("In summary:", "lift")) == (NotComputed("claims nothing"), NotComputed("nothing is cited"))
    assert both(answer("The lift carries 12 people.")) == (0, NotComputed("nothing is cited"))
    other_language = NotComputed("in the other language than the passages")
    assert both(answer("The canteen is open every day for breakfast.[1]", "canteen")) == (other_language,) * 2


def test_a_citation_in_the_other_language_is_not_counted_against_the_others() -> None:
    assert both(answer("The lift carries 12 people.[1][2]", "lift", "sign")) == (1, 1)


@pytest.mark.parametrize("status", ["refused", "needs_input"])
def test_what_is_no_answer_cites_nothing(status: str) -> None:
    assert both(answer("I did not find it.", status=status)) == (None, None)


def test_a_direct_answer_has_nothing_to_cite() -> None:
    assert both(answer("Here are two lines about a bridge.", route="direct")) == (None, None)
