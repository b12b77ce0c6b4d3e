from hypothesis import given
from hypothesis import strategies as st

from tools.text.citations import MarkMapper, as_plain_text, marked_sentences, marks_in, without_marks


def test_marks_are_renumbered_by_first_use() -> None:
    mapper = MarkMapper(9)
    assert mapper.map("[7] [3] [7]") == "[1] [2] [1]"
    assert mapper.used == [7, 3]


def test_unknown_marks_are_dropped_and_counted() -> None:
    mapper = MarkMapper(2)
    assert mapper.map("a[1]b[9]c[0]") == "a[1]bc"
    assert mapper.dropped == 2


def test_lists_of_marks_and_other_brackets() -> None:
    mapper = MarkMapper(5)
    assert mapper.map("a[2, 4]b【2】") == "a[1][2]b[1]"
    assert mapper.map("[x] [1a] []") == "[x] [1a] []"


def test_marks_follow_their_sentence() -> None:
    assert marked_sentences("甲。[1][2]\n乙 3.5 is it. [3] C") == ["甲。[1][2]", "乙 3.5 is it. [3]", "C"]


@given(st.text(alphabet="ab。.[]0123456789,【】 \n"), st.integers(0, 5))
def test_no_mark_beyond_what_was_offered_survives(text: str, offered: int) -> None:
    mapper = MarkMapper(offered)
    mapped = mapper.map(text)
    assert all(1 <= evidence <= offered for evidence in mapper.used)
    # Dropping a mark may leave characters that form a new one; what counts is that a number has evidence.
    known = [number for number in marks_in(text) if 1 <= number <= offered]
    assert len(marks_in(mapped)) <= len(marks_in(text))
    assert set(mapper.used) == set(known)


@given(st.text(alphabet="ab。.[]012 \n"))
def test_sentences_lose_nothing_but_white_space(text: str) -> None:
    assert "".join("".join(marked_sentences(text)).split()) == "".join(text.split())


def test_without_marks() -> None:
    assert without_marks("甲。[1][2]") == "甲。"


@given(st.text(alphabet="ab。.[]012 ,，【】\n"))
def test_plain_text_keeps_every_character_in_its_place(text: str) -> None:
    plain = as_plain_text(text)
    assert len(plain) == len(text)
    assert all(b == a or a + b in ("[(", "])", "【(", "】)") for a, b in zip(text, plain, strict=True))


def test_plain_text_cites_nothing() -> None:
    assert as_plain_text("见[ 2 ]和【3，4】。") == "见( 2 )和(3，4)。"
