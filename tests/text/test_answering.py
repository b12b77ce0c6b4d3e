"""Extractive answers, support checks, quotes and tables."""

import pytest

from tools.text.extractive import Evidence, pick_sentences
from tools.text.question import answer_kind, content_terms
from tools.text.quote import QUOTE_CHARACTERS, quote
from tools.text.support import check_support
from tools.text.tables import readable_sentences

TABLE = "| 标段 | 合同金额（亿元） | 监理 |\n|---|---|---|\n| 一标段 | 7.9 | 华衡 |\n| 二标段 | 5.2 | |"


def pick(question: str, *texts: str) -> list[str]:
    evidence = [Evidence(n, "", text) for n, text in enumerate(texts, start=1)]
    return [each.text for each in pick_sentences(content_terms(question), answer_kind(question), evidence)]


def test_the_sentence_that_says_most_is_picked() -> None:
    text = "本合同自签字之日起生效。二标段合同金额为5.2亿元。争议由法院管辖。"
    assert pick("二标段的合同金额是多少？", text) == ["二标段合同金额为5.2亿元。"]


def test_a_number_is_preferred_where_one_is_asked_for() -> None:
    picked = pick("二标段的合同金额是多少？", "二标段的合同金额另行约定。", "二标段合同金额5.2亿元。")
    assert picked[0] == "二标段合同金额5.2亿元。"


def test_a_heading_that_repeats_the_question_says_nothing() -> None:
    assert pick("什么是纳统？", "# 什么是纳统？\n\n纳统是指纳入统计。") == ["纳统是指纳入统计。"]


def test_a_second_sentence_must_add_something() -> None:
    texts = ["一标段合同金额为7.9亿元。", "二标段合同金额为5.2亿元。", "合同金额以亿元计。"]
    assert pick("一标段、二标段的合同金额分别是多少？", *texts) == texts[:2]


def test_table_rows_are_read_with_their_header() -> None:
    second = "标段：二标段；合同金额（亿元）：5.2"
    assert readable_sentences(TABLE) == ("标段：一标段；合同金额（亿元）：7.9；监理：华衡", second)
    assert pick("二标段的合同金额是多少？", TABLE) == [second]


def test_marks_of_markdown_are_not_read_out() -> None:
    assert readable_sentences("## 一 总则\n\n**纳统**：指`统计`。\n\n- 甲方 *") == (
        "一 总则",
        "纳统：指统计。",
        "甲方 *",
    )


def test_no_evidence_no_sentences() -> None:
    assert pick("什么是纳统？") == []
    assert pick("什么是纳统？", "") == []


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("二标段合同金额为5.2亿元。", True),
        ("二标段的合同金额是5.2亿元。", True),
        ("二标段合同金额为5.3亿元。", False),
        ("二标段依据《东站合同》签订。", False),
        ("火星基地由月球公司承建。", False),
        ("综上：", True),
        ("", True),
    ],
)
def test_support(sentence: str, supported: bool) -> None:
    check = check_support(sentence, ["二标段合同金额为5.2亿元，工期24个月。"])
    assert check.supported is supported
    assert bool(check.missing) is not supported


def test_thousands_separators_and_widths_do_not_matter() -> None:
    assert check_support("金额1,234.5万元", ["金额１２３４．５万元"]).supported


def test_quote_is_the_sentence_behind_what_was_said() -> None:
    source = "本合同自签字之日起生效。二标段合同金额为5.2亿元。争议由法院管辖。"
    assert quote(source, ["二标段的合同金额是5.2亿元。"]) == "二标段合同金额为5.2亿元。"
    assert quote("", ["x"]) == ""
    assert quote(source, ["争议由法院管辖。", "合同金额为5.2亿元"]) == "争议由法院管辖。 … 二标段合同金额为5.2亿元。"
    assert len(quote("很长" * 400, ["很长"])) == QUOTE_CHARACTERS
