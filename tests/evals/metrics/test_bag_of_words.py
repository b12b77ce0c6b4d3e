import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.metrics.bag_of_words import bag_recall
from evals.records import NotComputed


@pytest.mark.parametrize(
    ("text", "reference", "share"),
    [
        ("world hello", "Hello, world!", 1),
        ("hello", "hello hello", 0.5),
        ("hello hello hello", "hello", 1),
        ("東京タワー", "東京 タワー", 1),
        ("東京", "東京タワー", 0.4),
        ("ＡＢＣ １２", "abc 12", 1),
        ("서울 타워", "서울 남산 타워", 2 / 3),
        ("مرحبا", "مرحبا بكم", 0.5),
        ("", "word", 0),
    ],
)
def test_words_count_as_often_as_they_occur(text: str, reference: str, share: float) -> None:
    assert bag_recall(text, reference) == pytest.approx(share)


@pytest.mark.parametrize("reference", ["", " \n", "…!?", "___"])
def test_a_reference_without_words_is_not_computed(reference: str) -> None:
    assert bag_recall("word", reference) == NotComputed("the reference has no words")


@settings(deadline=None)
@given(st.text(), st.text(), st.text())
def test_lies_from_0_to_1_and_more_text_is_never_less(text: str, reference: str, more: str) -> None:
    score = bag_recall(text, reference)
    if isinstance(score, NotComputed):
        return
    longer = bag_recall(f"{text}\n{more}", reference)
    assert isinstance(longer, float)
    assert 0 <= score <= longer <= 1
    assert bag_recall(reference, reference) == 1
