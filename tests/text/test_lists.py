"""Lead-ins with their lists: one statement, one answer, one quotation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.generate import marked
from tests.graph.conversation import Conversation
from tests.graph.fakes import make_resources, passage
from tools.text.extractive import Evidence, pick_sentences
from tools.text.lists import placed_statements
from tools.text.question import asked_for
from tools.text.quote import quote, quoted
from tools.text.tables import placed_readable_sentences

BAN = "第四条 在河道管理范围内，禁止下列行为：\n（一）倾倒垃圾、渣土；\n（二）擅自采砂；\n（三）修建围堤。"
BAN_SAID = BAN.replace("\n", "")
FINE = "第六条 违反本条例第四条第二项规定，擅自采砂的，责令停止违法行为，并处五万元以上罚款。"
HALL = "The hall opens at eight.\n\nIt is forbidden to:\n\n- smoke in the hall;\n- park bicycles\n\nSmoking is unsafe."
HALL_SAID = "It is forbidden to: smoke in the hall; park bicycles"


def said(text: str) -> list[str]:
    return [statement.text for statement in placed_statements(text)]


def pick(question: str, *texts: str) -> list[str]:
    evidence = tuple(Evidence(n, "", text) for n, text in enumerate(texts, start=1))
    return [each.text for each in pick_sentences(asked_for(question), evidence)]


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        (BAN, [BAN_SAID]),
        (HALL, [HALL_SAID]),
        ("应当提供：\n合格证；\n手册。\n以上为准。", ["应当提供：合格证；手册。"]),
        ("You must:\n(a) stop; and\n(b) wait.", ["You must: (a) stop; and (b) wait."]),
        ("Steps:\n1. Open it. Wait.\n2. Close it.\nDone.", ["Steps: Open it. Wait. Close it."]),
        ("Prices:\n| A | B |\n|---|---|\n| 1 | 2 |", []),
        ("Dear all:\nThe hall is closed.", []),
        ("It is forbidden to:\n" + "- smoke anywhere near the hall;\n" * 40, []),
    ],
)
def test_a_lead_in_and_its_items_are_one_more_statement(text: str, lists: list[str]) -> None:
    sentences = {sentence.text for sentence in placed_readable_sentences(text)}
    assert [each for each in said(text) if each not in sentences] == lists


def test_an_item_that_says_nothing_alone_stands_in_its_list_only() -> None:
    assert "smoke in the hall;" not in said(HALL)
    assert "Open it." in {each.removeprefix("1. ") for each in said("Steps:\n1. Open it.\n2. Close it.")}
    assert "电话：13900001111" in said("联系方式：\n- 电话：13900001111\n- 周明")


@given(
    st.lists(
        st.sampled_from(["禁止：", "It is:", "- a;", "1. b.", "（一）丙；", "完。", "| x |", "", "z"]), max_size=12
    )
)
def test_no_sentence_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    places = [(statement.start, statement.end) for statement in placed_statements(text)]
    for sentence in placed_readable_sentences(text):
        assert any(start <= sentence.start and sentence.end <= end for start, end in places)


def test_the_list_answers_and_not_what_refers_to_it() -> None:
    assert pick("第四条禁止哪些行为？", FINE, BAN) == [BAN_SAID]
    assert pick("河道管理范围内禁止哪些行为？", FINE, BAN) == [BAN_SAID]
    assert pick("What is forbidden?", HALL) == [HALL_SAID]
    assert pick("What is forbidden in the hall?", HALL) == [HALL_SAID]


def test_an_item_that_says_all_that_is_asked_is_not_said_again_with_its_list() -> None:
    text = "各部门联系方式如下：\n- 财务部：何敏，电话13900001111。\n- 生产部：刘振国，电话13900002222。"
    assert pick("财务部的电话是多少？", text) == ["财务部：何敏，电话13900001111。"]


def test_each_sentence_of_a_list_has_its_mark() -> None:
    assert marked("Steps: Open it. Wait. Close it", 2) == "Steps: Open it.[2] Wait.[2] Close it.[2]"
    assert marked(BAN_SAID, 1) == f"{BAN_SAID}[1]"


def test_the_whole_list_is_quoted_once() -> None:
    steps = "Steps:\n1. Open it. Wait.\n2. Close it."
    assert quote(quoted(BAN, [BAN_SAID])) == BAN_SAID
    assert quote(quoted("... 三标段\u00a0完工 ...", ["三标段 完工..."])) == "三标段\u00a0完工 ..."
    assert quote(quoted(f"{FINE}\n{BAN}", ["禁止擅自采砂和修建围堤。"])) == BAN_SAID
    assert quote(quoted(steps, ["Steps: Open it.", "Wait.", "Close it."])) == "Steps: Open it. Wait. Close it."


async def test_a_list_is_answered_and_cited_as_one() -> None:
    passages = [passage("a", FINE, title="河道管理条例"), passage("b", BAN, title="河道管理条例")]
    answer = await Conversation(make_resources(passages)).ask("第四条禁止哪些行为？", web="never")
    assert answer["answer"] == f"{BAN_SAID}[1]"
    assert [citation["quote"] for citation in answer["citations"]] == [BAN_SAID]
