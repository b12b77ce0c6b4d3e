import pytest

from evals.metrics.answered import answered_text, is_answered, without_notes
from tools.text.prompts import prompt_text


@pytest.mark.parametrize(("status", "answered"), [("answered", True), ("refused", False), ("needs_input", False)])
def test_only_an_answer_has_a_text(status: str, answered: bool) -> None:
    answer = {"answer": "The lift carries 12 people.[1]", "status": status}
    assert is_answered(answer) == answered
    assert answered_text(answer) == ("The lift carries 12 people." if answered else "")


def test_what_the_product_says_of_its_search_is_no_part_of_the_answer() -> None:
    closest = prompt_text("en", "generate", "closest", words="wind speed")
    missing = prompt_text("zh", "generate", "part_not_found", part="谁？多少钱？")
    flagged = prompt_text("en", "repair", "flagged", sentence="It is red. It is 3.5 m high.")
    text = f"{closest}\nThe lift carries 12 people.[1]\n{missing}\n{flagged}"
    assert without_notes(text).split("\n") == ["", "The lift carries 12 people.[1]", "", ""]
    assert answered_text({"answer": text, "status": "answered"}) == "The lift carries 12 people."


def test_the_same_words_inside_of_a_sentence_stay() -> None:
    text = f"At the end one says: {prompt_text('en', 'generate', 'farewell')}"
    assert without_notes(text) == text
