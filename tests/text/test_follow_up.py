import pytest

from tools.shapes import Language
from tools.text.compound import split_question
from tools.text.follow_up import refers_back, standalone_question, topic_of


@pytest.mark.parametrize(
    ("question", "before", "language", "expected"),
    [
        ("那二标段呢？", "东站项目一标段的工期是多久？", "zh", "东站项目二标段的工期是多久？"),
        ("那监理单位呢？", "东站项目的施工单位是谁？", "zh", "东站项目的监理单位是谁？"),
        ("那合同价呢？", "二标段的合同工期是多少天？", "zh", "二标段的合同价是多少天？"),
        ("那云雾IPA呢？", "青崖世涛的酒精度是多少？", "zh", "云雾IPA的酒精度是多少？"),
        ("它的工期是多久？", "东站综合交通枢纽项目的总投资是多少？", "zh", "东站综合交通枢纽项目的工期是多久？"),
        ("What about lot 2?", "Who is the contractor of Lot 1?", "en", "Who is the contractor of lot 2?"),
        ("When does it open?", "Where is the East Station?", "en", "When does East Station open?"),
        ("How about the supervisor?", "Who is the contractor of Lot 1?", "en", "Who is the supervisor of Lot 1?"),
    ],
)
def test_what_is_left_out_is_filled_in(question: str, before: str, language: Language, expected: str) -> None:
    assert standalone_question(question, [before], language) == expected


def test_the_topic_may_be_several_turns_back() -> None:
    before = ["恭王府可以玩多久啊？", "你有这儿的电话吗？"]
    assert "恭王府" in standalone_question("这里什么时候开放？", before, "zh")


def test_a_follow_up_of_a_follow_up() -> None:
    before = ["一标段的工期是多久？", "那二标段呢？"]
    assert standalone_question("那一标段呢？", before, "zh") == "一标段的工期是多久？"
    assert standalone_question("And lot 3?", ["What is the price of lot 1?", "And lot 2?"], "en") == (
        "What is the price of lot 3?"
    )
    assert standalone_question("它的工期呢？", ["二标段的合同额是多少？", "谁是它的监理？"], "zh") == "二标段的工期呢？"


def test_a_question_that_stands_alone_is_not_touched() -> None:
    before = ["一标段的工期是多久？"]
    for question in ("二标段的合同金额是多少？", "什么是纳统？"):
        assert standalone_question(question, before, "zh") == question
    assert standalone_question("那二标段呢？", [], "zh") == "那二标段呢？"


def test_a_name_beside_the_pronoun_is_what_it_means() -> None:
    assert not refers_back("周明远和他的团队负责什么？", "zh")
    assert refers_back("他的团队负责什么？", "zh")
    assert not refers_back("How many wells are there and what do they yield?", "en")


def test_topic() -> None:
    assert topic_of("请问东站项目的总投资是多少？") == "东站项目"
    assert topic_of("Who leads the East Station project?") == "East Station"
    assert topic_of("是什么？") == ""


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("二标段的合同金额是多少，监理单位是谁？", ["二标段的合同金额是多少", "二标段 监理单位是谁？"]),
        ("总投资是多少？由谁监理？", ["总投资是多少", "投资 由谁监理？"]),
        (
            "What is the budget of Lot 1 and who is the supervisor?",
            ["What is the budget of Lot 1", "Lot 1 who is the supervisor?"],
        ),
        ("安全、质量、进度如何控制？", ["安全、质量、进度如何控制？"]),
        ("一标段、二标段的合同金额分别是多少", ["一标段、二标段的合同金额分别是多少"]),
        ("谁？谁？谁？谁？", ["谁？谁？谁？谁？"]),
    ],
)
def test_compound_questions(question: str, parts: list[str]) -> None:
    assert split_question(question) == parts
