from hypothesis import given
from hypothesis import strategies as st

from tools.text.keywords import keywords


def test_words_that_are_repeated_come_first() -> None:
    said = "The rafts settled. Each raft of the rafts settled by 21 mm; Marlow measured the rafts."
    assert keywords(said)[:2] == ["rafts", "settled"]
    assert "Marlow" in keywords(said)
    assert keywords(said, 1) == ["rafts"]


def test_chinese_words_are_nouns_of_the_dictionary() -> None:
    found = keywords("围挡高度不低于二米五。围挡材料应当坚固，围挡由施工单位每日检查。")
    assert found[0] in ("围挡", "高度", "施工单位", "材料")
    assert not {"不低于", "应当", "的", "由"} & set(found)


def test_nothing_to_say() -> None:
    assert keywords("") == []
    assert keywords("the of 12 3.5 | --- |") == []


@given(st.text())
def test_keywords_stand_in_the_text(text: str) -> None:
    found = keywords(text)
    assert len(found) <= 5
    assert len(set(found)) == len(found)
    assert all(word in text for word in found)
