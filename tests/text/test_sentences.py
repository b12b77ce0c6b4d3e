import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.text.sentences import placed_sentences, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "工程于三月开工。总工期为18个月！谁来监理？由监理单位负责。",
            ["工程于三月开工。", "总工期为18个月！", "谁来监理？", "由监理单位负责。"],
        ),
        ("他说：“今天完工。”众人散去。", ["他说：“今天完工。”", "众人散去。"]),
        ("The pit is 3.5 m deep. It opens in May.", ["The pit is 3.5 m deep.", "It opens in May."]),
        (
            "See GB/T 50378-2019, cl. 4.2.1, e.g. Table 3. Done.",
            ["See GB/T 50378-2019, cl. 4.2.1, e.g. Table 3.", "Done."],
        ),
        (
            "Dr. Lin met Mr. J. Smith at 9 a.m. on Monday. He left.",
            ["Dr. Lin met Mr. J. Smith at 9 a.m. on Monday.", "He left."],
        ),
        ("It went to Marlow Rail Ltd. The price was fixed.", ["It went to Marlow Rail Ltd.", "The price was fixed."]),
        ("Ask Marlow Rail Co. Shanghai office.", ["Ask Marlow Rail Co. Shanghai office."]),
        ("概算3.2亿元，见example.com的附件1.2节。", ["概算3.2亿元，见example.com的附件1.2节。"]),
        ("是否合格?合格!可以使用", ["是否合格?", "合格!", "可以使用"]),
        ("| 名称 | 金额。 |\n| --- | --- |\n| 甲 | 1. 2 |", ["| 名称 | 金额。 |", "| --- | --- |", "| 甲 | 1. 2 |"]),
        (
            "- 第一项\n- 第二项\n1. First item\n2. Second item",
            ["- 第一项", "- 第二项", "1. First item", "2. Second item"],
        ),
        ("建设单位：甲公司\n监理单位：乙公司", ["建设单位：甲公司", "监理单位：乙公司"]),
        (
            "The contractor keeps the haul road\nclear of mud at all times and washes\ntrucks.",
            ["The contractor keeps the haul road", "clear of mud at all times and washes", "trucks."],
        ),
        (
            "The contractor keeps the haul road on the north side\nclear of mud. It washes trucks.",
            ["The contractor keeps the haul road on the north side clear of mud.", "It washes trucks."],
        ),
        (
            "施工单位应当在开工前十五日内提交专项施工方案，经监理单\n位审核后实施。",
            ["施工单位应当在开工前十五日内提交专项施工方案，经监理单位审核后实施。"],
        ),
        ("# Title\nBody text here.", ["# Title", "Body text here."]),
        ("一标段由甲公司承建；二标段由乙公司承建。", ["一标段由甲公司承建；二标段由乙公司承建。"]),
        (
            "The answer is no. Figures follow in No. 5 and Fig. 2.",
            ["The answer is no.", "Figures follow in No. 5 and Fig. 2."],
        ),
        ("", []),
        (" \n\t", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


_WILD = st.text(alphabet=st.one_of(st.characters(), st.sampled_from('。！？.!?\n|-# "”）a1中：:；;')), max_size=200)


@given(_WILD)
def test_no_character_is_lost_or_moved(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(_WILD)
def test_each_sentence_has_its_place(text: str) -> None:
    placed = placed_sentences(text)
    assert [sentence.text for sentence in placed] == sentences(text)
    for sentence in placed:
        assert "".join(text[sentence.start : sentence.end].split()) == "".join(sentence.text.split())
    before = 0
    for sentence in placed:
        assert not text[before : sentence.start].strip()
        before = sentence.end
    assert not text[before:].strip()


@given(_WILD)
def test_sentences_are_stripped_and_not_empty(text: str) -> None:
    assert all(sentence and sentence == sentence.strip() for sentence in sentences(text))
