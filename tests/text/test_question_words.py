"""Forms of questions: who, when and how many say what kind of answer is asked for, not what its source must contain."""

import pytest

from tests.graph.conversation import Conversation
from tests.graph.fakes import make_resources, passage
from tools.text.answer_kind import counts_in_row
from tools.text.extractive import Evidence, pick_sentences
from tools.text.person_names import names_a_person
from tools.text.question import asked_for
from tools.text.question_words import without_question_words
from tools.text.rows import row_cells

EXTINGUISHER = "三号仓库的灭火器每月检查一次，负责人是罗启明，2023年4月换过一批。"
STAFF = "| 姓名 | 部门 | 入职日期 |\n|---|---|---|\n| 刘振国 | 工程部 | 2016-03-15 |\n| 何敏 | 财务部 | 2019-07-01 |"
PUMPS = "| 设备 | 数量 | 功率 |\n|---|---|---|\n| 取水泵 | 4 | 55 kW |\n| 加药泵 | 6 | 1.5 kW |"
ENERGY = "| Site | Energy MWh | Year |\n|---|---|---|\n| Hull | 412 | 2023 |\n| Leeds | 388 | 2023 |"
FERRY = "| Departure | From |\n|---|---|\n| 07:00 | Lundby |\n| 09:30 | Skarvik |"
BACKUPS = "| Kind | When | Kept |\n|---|---|---|\n| Full | Sunday 02:00 | 90 days |"


def terms(question: str) -> list[str]:
    return [term.text for term in asked_for(question).terms]


@pytest.mark.parametrize(
    ("question", "words", "kind"),
    [
        ("灭火器由谁负责？", ["灭火器", "负责"], "person"),
        ("灭火器归谁管？", ["灭火器", "负责"], "person"),
        ("刘振国是哪天入职的？", ["刘振国", "入职"], "time"),
        ("谁在2016年入职？", ["2016", "入职"], "person"),
        ("质保期多久？", ["质保期"], "time"),
        ("质保期有多长？", ["质保期"], "number"),
        ("加药泵有几台？", ["加药泵"], "number"),
        ("四号仓库归谁管理？", ["四号仓库", "负责"], "person"),
        ("How many MWh did Hull use?", ["mwh", "hull"], "number"),
        ("When does the ferry leave Skarvik?", ["ferry", "leave", "skarvik"], "time"),
        ("When does the ferry leave Lundøy?", ["ferry", "leave", "lundøy"], "time"),
    ],
)
def test_what_only_asks_is_no_content(question: str, words: list[str], kind: str) -> None:
    assert terms(question) == words
    assert asked_for(question).kind == kind


@pytest.mark.parametrize("question", ["谁是河道的主管部门？", "由谁管理员工？", "管道由谁检查？"])
def test_words_that_hold_more_than_the_question_stay(question: str) -> None:
    assert without_question_words(question).replace(" ", "").endswith(("主管部门？", "员工？", "检查？"))


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("三号仓库的灭火器由谁负责？", EXTINGUISHER, EXTINGUISHER),
        ("三号仓库的灭火器归谁管？", EXTINGUISHER, EXTINGUISHER),
        ("刘振国是哪天入职的？", STAFF, "姓名：刘振国；部门：工程部；入职日期：2016-03-15。"),
        ("谁在2016年入职？", STAFF, "姓名：刘振国；部门：工程部；入职日期：2016-03-15。"),
        ("加药泵有几台？", PUMPS, "设备：加药泵；数量：6；功率：1.5 kW。"),
        ("质保期多久？", "质保期为两年，自验收之日起计算。", "质保期为两年，自验收之日起计算。"),
        ("How many MWh did Hull use?", ENERGY, "Site: Hull; Energy MWh: 412; Year: 2023."),
        ("When does the ferry leave Skarvik?", FERRY, "Departure: 09:30; From: Skarvik."),
        ("When does the ferry leave Lundby?", FERRY, "Departure: 07:00; From: Lundby."),
    ],
)
async def test_it_is_answered_without_a_caveat(question: str, text: str, answer: str) -> None:
    given = await Conversation(make_resources([passage("a", text, title="Ferry, 仓库")])).ask(question, web="never")
    assert given["answer"] == f"{answer}[1]"
    assert given["confidence"] > 0.8


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("四号仓库的灭火器由谁负责？", EXTINGUISHER),
        ("谁在2017年入职？", STAFF),
        ("How many MWh did York use?", ENERGY),
        ("Who keeps the full backups?", BACKUPS),
    ],
)
async def test_what_is_not_there_is_refused(question: str, text: str) -> None:
    given = await Conversation(make_resources([passage("a", text, title="")])).ask(question, web="never")
    assert given["status"] == "refused"


def test_one_who_is_in_charge_of_something_else_is_not_added() -> None:
    evidence = Evidence(1, "", "门禁由周明负责。消防栓由物业公司检查。")
    picks = pick_sentences(asked_for("消防栓归谁管？"), (evidence,))
    assert [pick.text for pick in picks] == ["消防栓由物业公司检查。"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (EXTINGUISHER, True),
        ("姓名：罗启明；岗位：组长", True),
        ("Name: Jane; Role: captain", True),
        ("On call: Ola Nes; Day: Monday", True),
        ("The master is Ola Nes.", True),
        ("Kind: Full; When: Sunday 02:00; Kept: 90 days", False),
        ("The cache restarts every Monday.", False),
        ("设备：取水泵；数量：4", False),
    ],
)
def test_a_person_is_told_by_name(text: str, names: bool) -> None:
    assert names_a_person(text) is names


def test_rows_have_cells_and_sentences_have_none() -> None:
    assert row_cells("设备：取水泵；数量：4") == [("设备", "取水泵"), ("数量", "4")]
    assert row_cells("It opens; then: it closes") == []
    assert row_cells("a: b; " * 200 + "end") == []
    assert counts_in_row("台", "设备:取水泵;数量:4")
    assert counts_in_row("mwh", "site: hull; energy mwh: 412")
    assert not counts_in_row("mwh", "site: hull; change: 11")
