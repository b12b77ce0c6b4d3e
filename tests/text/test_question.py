import pytest

from tools.text.answer_kind import answer_kind, has_kind
from tools.text.coverage import coverage
from tools.text.question import content_terms


def test_question_words_are_no_content() -> None:
    assert [term.text for term in content_terms("请问二标段的合同金额是多少？")] == ["二标段", "合同", "金额"]
    assert [term.text for term in content_terms("What is the budget of the East Station?")] == [
        "budget",
        "east",
        "station",
    ]


def test_names_codes_and_numbered_things_weigh_more() -> None:
    weights = {term.text: term.weight for term in content_terms("王建国签订了二标段的DZ-2024-017合同")}
    assert weights["dz-2024-017"] == 2
    assert weights["王建国"] == 2
    assert weights["二标段"] == 2
    assert weights["签订"] == 1


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("谁负责二标段？", "person"),
        ("Who is the supervisor?", "person"),
        ("合同什么时候签订的？", "time"),
        ("工期多久", "time"),
        ("When does it open?", "time"),
        ("总投资是多少？", "number"),
        ("How many lots are there?", "number"),
        ("项目在哪里？", "place"),
        ("什么是纳统？", "definition"),
        ("What is a provisional sum?", "definition"),
        ("为什么要监理？", "other"),
    ],
)
def test_kind_of_answer(question: str, kind: str) -> None:
    assert answer_kind(question) == kind


def test_what_could_answer_a_kind() -> None:
    assert has_kind("number", "合同金额为5.2亿元")
    assert has_kind("number", "共三个标段")
    assert not has_kind("number", "金额另行约定")
    assert has_kind("time", "工期十二个月")
    assert has_kind("time", "on Monday")
    assert not has_kind("time", "另行通知")
    assert has_kind("person", "总监是周明远")
    assert not has_kind("person", "总监另行指定")


@pytest.mark.parametrize(
    "text",
    [
        "每半年检查一次",
        "每季度",
        "三十分钟内到达",
        "断丝达到十二根时应当报废",
        "hold it for 12 seconds",
        "every 400 operating hours",
    ],
)
def test_a_time_is_said_in_many_ways(text: str) -> None:
    assert has_kind("time", text)


@pytest.mark.parametrize("text", ["高九百丈", "减少百分之十", "一式四份"])
def test_a_number_is_said_in_many_ways(text: str) -> None:
    assert has_kind("number", text)


@pytest.mark.parametrize(
    "text",
    ["卷帘门由乙方维修", "由人事行政科核对", "system: Backup; owner: Mei", "system: Mail; owner: 7; approved: Jon"],
)
def test_who_may_be_a_party_a_section_or_a_cell_under_owner(text: str) -> None:
    assert has_kind("person", text)


def test_not_every_time_and_section_is_one() -> None:
    assert not has_kind("time", "检查时发现裂纹")
    assert not has_kind("time", "every 3 operating modes")
    assert not has_kind("person", "科学技术很重要")
    assert not has_kind("person", "system: Backup; kind: Full")


def test_coverage_tells_one_section_from_another() -> None:
    terms = content_terms("二标段的合同金额是多少？")
    right = coverage(terms, [("", "二标段合同金额为5.2亿元。")])
    wrong = coverage(terms, [("", "一标段合同金额为5.2亿元。")])
    assert right.score == 1
    assert right.names == 1
    assert wrong.names < 1
    assert wrong.score < right.score


def test_a_passage_on_the_right_thing_may_not_say_what_is_asked() -> None:
    covered = coverage(content_terms("二标段的食堂供货商是哪家？"), [("", "二标段合同金额为5.2亿元。")])
    assert covered.names == 1
    assert covered.words == 0


def test_words_far_apart_cover_less() -> None:
    terms = content_terms("隧道的通风标准是什么")
    near = coverage(terms, [("", "隧道的通风标准见附录。")])
    far = coverage(terms, [("", "隧道长两公里。车站有三层。大厅很高。通风良好。另有一层。标准见附录。")])
    assert near.window > far.window
    assert near.passage == far.passage == 1


def test_nothing_covers_a_question_without_content() -> None:
    assert coverage(content_terms("是什么？"), [("", "任何文字。")]).score == 0
    assert coverage(content_terms("什么是纳统？"), []).score == 0
