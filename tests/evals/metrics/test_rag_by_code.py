import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.metrics.rag_by_code import (
    answer_correctness,
    answer_relevancy,
    context_precision,
    context_recall,
    faithfulness,
)
from evals.records import NotComputed

LIFT = "The site lift carries at most 12 people. It is inspected every 14 days."
METRO = "地铁二号线全长35公里，共设站点24座。"
REFUSED = NotComputed("refused")


def value(score: object) -> float:
    assert isinstance(score, float)
    return score


@pytest.mark.parametrize("empty", ["", " \n"])
def test_of_a_refusal_nothing_is_computed(empty: str) -> None:
    assert faithfulness(empty, [LIFT]) == REFUSED
    assert answer_relevancy("How many people does the lift carry?", empty) == REFUSED
    assert answer_correctness(empty, "12", "en") == REFUSED


def test_faithfulness_is_the_share_of_supported_sentences() -> None:
    assert faithfulness("The lift carries 12 people. It is inspected every 30 days.", [LIFT]) == 0.5
    assert faithfulness("二号线全长35公里。二号线有24座站点。", [METRO]) == 1
    assert faithfulness("二号线全长53公里。", [METRO]) == 0


def test_faithfulness_that_cannot_be_had_says_why() -> None:
    assert faithfulness("The lift carries 12 people.", []) == NotComputed("no contexts")
    assert faithfulness("The lift carries 12 people.", ["", " "]) == NotComputed("no contexts")
    assert faithfulness("In summary:", [LIFT]) == NotComputed("claims nothing")
    assert faithfulness("The second line is long.", [METRO]) == NotComputed("in the other language than the texts")


def test_an_answer_is_relevant_by_what_it_takes_up_of_the_question() -> None:
    question = "How many people does the site lift carry?"
    whole = value(answer_relevancy(question, "The site lift carries at most 12 people."))
    without_number = value(answer_relevancy(question, "The site lift carries people."))
    other = value(answer_relevancy(question, "The canteen opens early."))
    assert whole == 1
    assert 1 > without_number > other == 0


def test_a_bare_answer_is_tied_to_its_question_by_its_kind_alone() -> None:
    question = "地铁二号线全长多少公里？"
    assert 0 < value(answer_relevancy(question, "35公里")) < value(answer_relevancy(question, METRO))


def test_relevancy_that_cannot_be_had_says_why() -> None:
    assert answer_relevancy("What is it?", LIFT) == NotComputed("the question names nothing")
    assert answer_relevancy("How long is the second line?", METRO) == NotComputed(
        "question and answer in different languages"
    )


def test_context_precision_is_the_mean_precision_at_relevant_places() -> None:
    assert context_precision([True, False, True]) == pytest.approx((1 + 2 / 3) / 2)
    assert context_precision([False, True]) == 0.5
    assert context_precision([False, False]) == 0
    assert context_precision([]) == NotComputed("no contexts")


@given(st.lists(st.booleans(), min_size=2), st.data())
def test_context_precision_grows_when_a_relevant_one_comes_further_in_front(
    relevant: list[bool], data: st.DataObject
) -> None:
    place = data.draw(st.integers(1, len(relevant) - 1))
    score = value(context_precision(relevant))
    assert 0 <= score <= 1
    if relevant[place] and not relevant[place - 1]:
        better = [*relevant[: place - 1], True, False, *relevant[place + 1 :]]
        assert value(context_precision(better)) > score


def test_context_recall_is_the_share_of_the_references_sentences() -> None:
    assert context_recall("The lift carries 12 people. The crane stops at 15 metres per second.", [LIFT]) == 0.5
    assert context_recall("24", ["", METRO]) == 1
    assert context_recall("The lift carries 12 people.", []) == 0
    assert context_recall("", [LIFT]) == NotComputed("claims nothing")
    assert context_recall("电梯很新也很快", [LIFT]) == NotComputed("in the other language than the texts")


def test_more_contexts_do_not_lower_context_recall() -> None:
    reference = "The lift carries 12 people. The crane stops at 15 metres per second."
    more = [LIFT, "The tower crane stops at wind speeds above 15 metres per second."]
    assert value(context_recall(reference, more)) == 1


def test_correctness_weighs_facts_and_similarity() -> None:
    assert answer_correctness("12 people", "12 people", "en") == pytest.approx(1)
    assert answer_correctness("blue", "12 people", "en") == 0
    contained = value(answer_correctness("The site lift carries at most 12 people.", "12 people", "en"))
    assert 0.75 < contained < 1
    longer = "The site lift carries at most 12 people, and it is inspected every 14 days by a company."
    assert 0.75 < value(answer_correctness(longer, "12 people", "en")) < contained
    assert answer_correctness("12 people", " ", "en") == NotComputed("no reference")


def test_correctness_of_half_the_words() -> None:
    # One of two tokens is right, in one of two places: F1 and cosine are 1/2.
    assert answer_correctness("red crane", "red lift", "en") == pytest.approx(0.75 * 0.5 + 0.25 * 0.5)


@settings(deadline=None)
@given(st.text(min_size=1), st.text(min_size=1))
def test_correctness_lies_from_0_to_1(answer: str, reference: str) -> None:
    score = answer_correctness(answer, reference, "zh")
    assert isinstance(score, NotComputed) or (0 <= score <= 1 and not math.isnan(score))
