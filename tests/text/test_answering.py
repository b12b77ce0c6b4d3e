"""Extractive answers, support checks, quotes and tables."""

from pathlib import Path

import pytest

from ingest.load import load_file
from tools.text.extractive import Evidence, pick_sentences
from tools.text.question import asked_for
from tools.text.quote import QUOTE_CHARACTERS, quote, quoted
from tools.text.support import check_support
from tools.text.tables import readable_sentences

TABLE = "| 标段 | 合同金额（亿元） | 监理 |\n|---|---|---|\n| 一标段 | 7.9 | 华衡 |\n| 二标段 | 5.2 | |"


def pick(question: str, *texts: str) -> list[str]:
    evidence = tuple(Evidence(n, "", text) for n, text in enumerate(texts, start=1))
    return [each.text for each in pick_sentences(asked_for(question), evidence)]


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


def test_what_is_said_of_another_section_answers_nothing() -> None:
    asked = "三标段的合同工期是多少天？"
    second, third = "二标段合同工期为780日历天。", "三标段合同工期为500天。"
    assert pick(asked, second, third) == [third]
    assert pick(asked, second) == []
    sections = ("Section 12: price 5.", "Section 2: price 7.")
    assert pick("What is the price of Section 2?", *sections) == [sections[1]]


def test_what_is_said_of_another_month_or_well_answers_nothing() -> None:
    january, may = "2024年1月产量180吨。", "2024年5月产量210吨。"
    assert pick("2024年5月的产量是多少？", january, may) == [may]
    assert pick("2024年5月的产量是多少？", january) == []
    assert pick("What is the nitrate level of Well C?", "Well A has a nitrate level of 7.") == []


def test_a_number_of_the_unit_that_is_asked_for_is_preferred() -> None:
    text = "合同工期自2024年5月6日起算。合同工期为780日历天。"
    assert pick("合同工期是多少天？", text)[0] == "合同工期为780日历天。"


def test_what_the_samples_say_is_supported_by_them() -> None:
    for path in sorted((Path(__file__).parent.parent.parent / "samples").glob("*.*")):
        if path.suffix in (".md", ".txt", ".csv"):
            text = load_file(path)[0].text
            failed = [each for each in readable_sentences(text) if not check_support(each, [text]).supported]
            assert failed == []


def test_the_row_that_holds_what_is_asked_comes_before_prose_on_it() -> None:
    prose = "The release at station 5 was highest."
    table = "| Station | Depth | Release |\n|---|---|---|\n| 2 | 12 | 1.1 |\n| 5 | 41 | 9.4 |"
    assert pick("What was the release at station 5?", prose, table)[0] == "Station: 5; Depth: 41; Release: 9.4"
    owners = "| Station | Owner |\n|---|---|\n| 5 | Berg |"
    assert pick("What was the release at station 5?", prose, owners)[0] == prose
    rows = "| 姓名 | 部门 |\n|---|---|\n| 王建国 | 财务部 |"
    assert pick("王建国的部门是什么？", "王建国的部门常被问起。", rows) == ["姓名：王建国；部门：财务部"]


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
        ("二标段工期二十四个月。", True),
        ("二标段工期三十六个月。", False),
        ("二标段的工期不是24个月。", False),
        ("王建国负责二标段，工期24个月。", False),
        ("2025年3月二标段合同签订。", False),
        ("综上：", True),
        ("", True),
    ],
)
def test_support(sentence: str, supported: bool) -> None:
    check = check_support(sentence, ["二标段合同金额为5.2亿元，工期24个月。"])
    assert check.supported is supported
    assert bool(check.missing) is not supported


def test_dates_are_one_whatever_their_spelling() -> None:
    assert check_support("2025年3月31日完成。", ["计划完成日期：2025-03-31"]).supported
    assert not check_support("2025年3月30日完成。", ["计划完成日期：2025-03-31"]).supported
    assert not check_support("2024年3月竣工。", ["2024年5月开工，2025年3月竣工。"]).supported


def test_what_is_denied_is_not_affirmed() -> None:
    text = "The site closes at 22:00 on weekdays. It never opens on Sundays."
    assert check_support("The site closes at 22:00.", [text]).supported
    assert not check_support("The site never closes at 22:00.", [text]).supported
    assert not check_support("It opens on Sundays.", [text]).supported


def test_a_denial_in_another_clause_is_none_of_this_one() -> None:
    text = "Villegas hit two aces on the day, though he did not win the title, which went to Streelman."
    assert check_support("Villegas hit two aces on the day.", [text]).supported
    assert not check_support("Villegas did not hit two aces on the day.", [text]).supported
    assert not check_support("He did win the title.", [text]).supported


@pytest.mark.parametrize(
    ("sentence", "text", "supported"),
    [
        ("试用期员工可以远程办公。", "员工每周可远程办公两天，试用期员工不得远程办公。", False),
        ("员工离职应提前3天书面通知，试用期内提前30天。", "员工离职应提前30天书面通知，试用期内提前3天。", False),
        ("员工离职应提前30天书面通知。", "员工离职应提前30天书面通知，试用期内提前3天。", True),
        ("Backups are kept for 35 years.", "Backups are kept for 35 days, access logs for 90 days.", False),
        ("Backups are kept for 90 days.", "Backups are kept for 35 days, access logs for 90 days.", False),
        ("Access logs are kept for 90 days.", "Backups are kept for 35 days, access logs for 90 days.", True),
        ("一标段昼间68分贝。", "二标段昼间为68分贝，夜间为54分贝。一标段昼间为66分贝，夜间为52分贝。", False),
        ("一标段昼间66分贝。", "二标段昼间为68分贝，夜间为54分贝。一标段昼间为66分贝，夜间为52分贝。", True),
        ("The tower is 120 metres high.", "The tower is high: 120.", True),
        ("The tower is 120 km high.", "The tower is 120 metres high.", False),
    ],
)
def test_numbers_belong_to_what_the_evidence_gives_them_to(sentence: str, text: str, supported: bool) -> None:
    assert check_support(sentence, [text]).supported is supported


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("围挡高度至少2.5米。", "围挡高度不得低于2.5米。"),
        ("The limit is at most 55 dB at night.", "The limit must not exceed 55 dB at night."),
        ("该站采用不锈钢栏杆。", "该站采用栏杆，材料为不锈钢。"),
        ("无锡站设两个出口。", "无锡站设两个出口。"),
    ],
)
def test_a_bound_is_no_denial(sentence: str, text: str) -> None:
    assert check_support(sentence, [text]).supported


def test_what_is_forbidden_is_not_allowed() -> None:
    assert not check_support("夜间可以施工。", ["夜间禁止施工。"]).supported


def test_a_list_number_is_no_number_of_the_sentence() -> None:
    assert check_support("3. 二标段工期24个月。", ["二标段工期24个月。"]).supported


def test_evidence_in_the_other_language_is_compared_by_numbers_and_latin_names() -> None:
    text = "The Herrenknecht machine weighs 980 tonnes."
    check = check_support("Herrenknecht的掘进机重980吨。", [text])
    assert check.supported
    assert not check.compared
    assert not check_support("Herrenknecht的掘进机重990吨。", [text]).supported
    assert not check_support("Robbins的掘进机重980吨。", [text]).supported


def test_thousands_separators_and_widths_do_not_matter() -> None:
    assert check_support("金额1,234.5万元", ["金额１２３４．５万元"]).supported


def test_quote_of_a_paraphrase_has_its_numbers() -> None:
    source = "二标段合同金额为5.2亿元，工期24个月，由江岚建工承建。一标段合同金额为7.9亿元。"
    assert quote(quoted(source, ["二标段的合同金额是5.2亿元。"])).startswith("二标段合同金额为5.2亿元")


def test_quote_is_the_sentence_behind_what_was_said() -> None:
    source = "本合同自签字之日起生效。二标段合同金额为5.2亿元。争议由法院管辖。"
    assert quote(quoted(source, ["二标段的合同金额是5.2亿元。"])) == "二标段合同金额为5.2亿元。"
    assert quote(quoted("", ["x"])) == ""
    assert (
        quote(quoted(source, ["争议由法院管辖。", "合同金额为5.2亿元"]))
        == "争议由法院管辖。 … 二标段合同金额为5.2亿元。"
    )
    assert len(quote(quoted("很长" * 400, ["很长"]))) == QUOTE_CHARACTERS


def test_a_row_counts_what_it_names() -> None:
    stock = "| item | site | quantity |\n|---|---|---|\n| pump | Lund | 4 |\n| pump | Oslo | 9 |\n| valve | Lund | 30 |"
    evidence = (Evidence(1, "stock", stock),)

    def held(question: str) -> list[str]:
        return [each.text for each in pick_sentences(asked_for(question), evidence) if each.answers]

    assert held("How many valves are in Oslo?") == []
    assert held("How many valves are in Lund?") == ["item: valve; site: Lund; quantity: 30"]
    assert held("How many pumps are in Oslo?")[0] == "item: pump; site: Oslo; quantity: 9"


def test_a_code_is_found_as_a_whole() -> None:
    codes = "W7 means that the firmware image is damaged."
    row = "| Zone | First kilogram |\n|---|---|\n| West | 9 |"
    assert "w9" not in pick_tokens("What does error W9 mean?", codes, row)
    assert pick("What does error W7 mean?", codes, row) == [codes]
    assert "rx300" in pick_tokens("What is the price of the RX300?", "The RX-300 costs 90 euros.")
    table = "| Code | Meaning |\n|---|---|\n| W7 | damaged |\n| W8 | too hot |"
    assert pick("What is the meaning of W8?", table)[0] == "Code: W8; Meaning: too hot"


def pick_tokens(question: str, *texts: str) -> frozenset[str]:
    """The tokens of the question's terms that stand in what is picked."""
    evidence = tuple(Evidence(n, "", text) for n, text in enumerate(texts, start=1))
    asked = asked_for(question)
    said = frozenset[str]().union(*(each.tokens for each in pick_sentences(asked, evidence)))
    return said & frozenset[str]().union(*(term.tokens for term in asked.terms))
