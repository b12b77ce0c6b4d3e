"""The one door: what leaves it has been checked, whatever the writer says and however it is cut."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from tools.models.answer_door import AnswerDoor, Write
from tools.models.answer_gate import Delivery
from tools.models.failures import ModelFailure
from tools.models.reciting import recite
from tools.text.citations import marks_in

EVIDENCE = ["二标段合同金额为5.2亿元，工期24个月。", "The site closes at 22:00 on weekdays."]


def scripted(pieces: Sequence[str], failure: ModelFailure | None = None) -> Write:
    """A writer of fixed pieces, which may fail after them."""

    async def write(_: Sequence[BaseMessage]) -> AsyncGenerator[str, None]:
        for piece in pieces:
            yield piece
        if failure:
            raise failure

    return write


async def deliver(
    pieces: Sequence[str],
    evidence: Sequence[str] = EVIDENCE,
    cited: Sequence[int] = (),
    failure: ModelFailure | None = None,
    told: str = "",
    **given: Any,
) -> tuple[list[str], Delivery]:
    door = AnswerDoor(write=scripted(pieces, failure))
    messages = [SystemMessage(told), HumanMessage("")]
    released: list[str] = []
    ids = set()
    async for chunk in door.astream(messages, evidence=evidence, message_id="answer-1", cited=cited, **given):
        released.append(str(chunk.text))
        ids.add(chunk.id)
        assert not chunk.response_metadata
    assert ids == {"answer-1"}
    assert door.delivery is not None
    return released, door.delivery


async def test_marks_are_renumbered_on_the_way() -> None:
    released, delivery = await deliver(["It closes at 22:00.", "[2] 工期24个", "月。[", "1] Weekdays at 22:00.[2]"])
    assert "".join(released) == "It closes at 22:00.[1] 工期24个月。[2] Weekdays at 22:00.[1]"
    assert delivery["cited"] == [2, 1]
    assert delivery["supported"] == 3


async def test_an_unfinished_mark_is_held_back() -> None:
    released, _ = await deliver(["工期24个月。[", "1", "]", " 完。"])
    assert released[0] == "工期24个月。[1]"


async def test_unknown_marks_never_leave() -> None:
    released, delivery = await deliver(["工期24个月。[9][1][57]"])
    assert "".join(released) == "工期24个月。[1]"
    assert delivery["dropped_marks"] == 2


async def test_a_sentence_that_is_not_supported_is_withheld_and_reported() -> None:
    released, delivery = await deliver(["工期36个月。[1]", "合同金额为5.2亿元。[1]"])
    assert "".join(released) == "合同金额为5.2亿元。[1]"
    assert delivery["withheld"] == ["工期36个月。[1]"]
    assert delivery["supported"] == 1


async def test_a_wrong_mark_is_put_right() -> None:
    released, delivery = await deliver(["工期24个月。[2]"])
    assert "".join(released) == "工期24个月。[1]"
    assert delivery["cited"] == [1]


async def test_a_sentence_without_a_mark_gets_that_of_its_passage() -> None:
    released, delivery = await deliver(["The site closes at 22:00 on weekdays. 工期24个月。"])
    assert "".join(released) == "The site closes at 22:00 on weekdays.[1] 工期24个月。[2]"
    assert delivery["cited"] == [2, 1]


async def test_of_many_marks_those_stay_that_support_the_sentence() -> None:
    released, delivery = await deliver(["工期24个月。[1][2][9]"])
    assert "".join(released) == "工期24个月。[1]"
    assert delivery["dropped_marks"] == 2


async def test_a_sentence_in_the_other_language_is_withheld() -> None:
    released, delivery = await deliver(["The contract runs for 24 months. [1]", "工期24个月。[1]"], language="zh")
    assert "".join(released).strip() == "工期24个月。[1]"
    assert delivery["other_language"] == 1


async def test_evidence_in_the_other_language_is_compared_by_numbers_and_names() -> None:
    evidence = ["The excavator of Herrenknecht weighs 320 tonnes."]
    released, delivery = await deliver(
        ["这台Herrenknecht挖掘机重320吨。[1]", "它重330吨。[1]"], evidence, language="zh"
    )
    assert "".join(released) == "这台Herrenknecht挖掘机重320吨。[1]"
    assert delivery["unsure"] == 1
    assert delivery["withheld"] == ["它重330吨。[1]"]


async def test_instructions_are_never_said() -> None:
    told = "You answer a question from numbered passages. Use only what the passages say."
    for evidence in (EVIDENCE, []):
        released, delivery = await deliver([f"{told} 工期24个月。[1]"], evidence, told=told)
        assert "numbered passages" not in "".join(released)
        assert len(delivery["withheld"]) == 2


async def test_instructions_with_a_mark_in_them_are_never_said_either() -> None:
    told = "End each sentence with the mark of its passage, such as [2]; use no other marks."
    released, _ = await deliver([f"{told}\n\n工期24个月。[1]"], told=told)
    assert "".join(released) == "工期24个月。[1]"


async def test_what_is_withheld_leaves_no_gap() -> None:
    released, _ = await deliver(["\n工期36个月。[1]\n\n合同金额为5.2亿元。[1]\n\n工期36个月。\n\n工期24个月。[1]\n"])
    assert "".join(released) == "合同金额为5.2亿元。[1]\n\n工期24个月。[1]"


async def test_a_mark_before_the_full_stop_leaves_no_space() -> None:
    released, _ = await deliver(["工期24个月 [1]。"])
    assert "".join(released) == "工期24个月。[1]"


async def test_a_writer_that_finds_no_answer_says_so() -> None:
    released, delivery = await deliver(["NO_", "EVIDENCE"])
    assert "".join(released) == ""
    assert delivery["refused"]


async def test_the_word_for_no_answer_never_leaves() -> None:
    released, _ = await deliver(["工期24个月，NO_EVIDENCE。[1]合同金额为5.2亿元。[1]"])
    assert "".join(released) == "合同金额为5.2亿元。[1]"
    alone, _ = await deliver(["诗：NO_EVIDENCE"], evidence=[])
    assert "NO_EVIDENCE" not in "".join(alone)


MIXED = ["夜间施工须在22:00前结束，并报建设单位批准。", "The summer picnic starts at noon near the lake."]


async def test_evidence_that_cannot_be_compared_supports_only_what_cites_it() -> None:
    released, delivery = await deliver(
        ["夜间可以随意施工，无需任何审批手续。[1]承包商已经被列入黑名单。"], MIXED, language="zh"
    )
    assert "".join(released) == ""
    assert len(delivery["withheld"]) == 2


async def test_short_answers_are_checked_too() -> None:
    evidence = ["围挡的颜色是蓝色。", "Parking is not allowed."]
    for text in ("红色。[1]", "可以。[1]", "Yes. [2]"):
        assert "".join((await deliver([text], evidence))[0]) == "", text
    assert "".join((await deliver(["蓝色。[1]"], evidence))[0]) == "蓝色。[1]"


async def test_numbered_lists_are_answers() -> None:
    for marker in ("（1）", "(1) ", "1、", "1. ", "1.", "①", "- ", "**1.** "):
        released, delivery = await deliver([f"{marker}工期24个月。[1]\n"])
        assert delivery["withheld"] == [], marker
        assert "工期24个月" in "".join(released)


async def test_in_the_writer_s_own_words_there_is_no_answer() -> None:
    for text in ("段落中没有提到总监。", "The passages do not answer this question.", "no_evidence", "NO\\_EVIDENCE"):
        released, delivery = await deliver([text], language="zh" if text[0] == "段" else "en")
        assert delivery["refused"], text
        assert "".join(released) == ""


async def test_what_a_document_says_of_its_contents_is_an_answer() -> None:
    text = "本合同的工程内容不包含照明工程。"
    for language in (None, "zh"):
        released, delivery = await deliver([f"{text}[1]"], [text], language=language)
        assert "".join(released) == f"{text}[1]"
        assert not delivery["refused"]


async def test_the_same_line_may_stand_under_two_headings() -> None:
    lines = "工期24个月。[1]\n合同金额为5.2亿元。[1]\n工期24个月。[1]\n"
    assert "".join((await deliver([lines]))[0]).count("工期24个月") == 2


async def test_a_writer_that_goes_round_in_circles_is_stopped() -> None:
    pieces = ["工期24个月。[1]合同金额为5.2亿元。[1]\n"] * 500
    released, delivery = await deliver(pieces)
    text = "".join(released)
    assert text.startswith("工期24个月。[1]合同金额为5.2亿元。[1]\n")
    assert text.count("工期24个月") < 10
    assert delivery["failure"]


async def test_what_would_act_on_a_terminal_or_cannot_be_encoded_does_not_leave() -> None:
    released, _ = await deliver(["工期\x1b[31m24\ud83d个\x00月。[1]"])
    assert "".join(released) == "工期24个月。[1]"


async def test_a_writer_that_breaks_off_leaves_whole_sentences() -> None:
    released, delivery = await deliver(["工期24个月。[1]合同金", "额为5.2"], failure=ModelFailure("cut_off"))
    assert "".join(released) == "工期24个月。[1]"
    assert delivery["failure"] == "cut_off"
    assert delivery["withheld"] == ["合同金额为5.2"]


async def test_what_leads_is_said_only_before_something() -> None:
    assert "".join((await deliver(["工期24个月。[1]"], lead="\n"))[0]) == "\n工期24个月。[1]"
    assert "".join((await deliver(["工期36个月。[1]"], lead="\n"))[0]) == ""


async def test_numbering_goes_on_in_a_second_part() -> None:
    released, delivery = await deliver(["工期24个月。[1]"], cited=[2])
    assert "".join(released) == "工期24个月。[2]"
    assert delivery["cited"] == [2, 1]


async def test_text_without_evidence_passes_unchecked_but_cites_nothing() -> None:
    released, _ = await deliver(["您好，今年是2031年。[1]"], evidence=[])
    assert "".join(released) == "您好，今年是2031年。"


async def test_nothing_in_nothing_out() -> None:
    released, delivery = await deliver([])
    assert released == [""]
    assert delivery["cited"] == []


@settings(max_examples=60, deadline=None)
@given(st.data())
async def test_how_the_text_is_cut_does_not_matter(data: st.DataObject) -> None:
    text = "合同金额为5.2亿元。[1][2]It closes at 22:00. [2]\n工期99个月。[1] 工期24个月[1]。完"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    whole, whole_delivery = await deliver([text])
    cut, cut_delivery = await deliver(pieces)
    assert "".join(cut) == "".join(whole)
    assert cut_delivery == whole_delivery


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet="甲乙ab。. \n[]【】0123456789,", max_size=12), max_size=8))
async def test_no_invented_citation_leaves(pieces: list[str]) -> None:
    released, delivery = await deliver(pieces, evidence=["甲乙 ab 0123456789"] * 3)
    assert set(delivery["cited"]) <= {1, 2, 3}
    assert all(n <= len(delivery["cited"]) for n in marks_in("".join(released)) if n)


async def test_nothing_is_said_twice_and_a_writer_that_repeats_itself_is_stopped() -> None:
    released, delivery = await deliver(["工期24个月。[1]"] * 50)
    assert "".join(released) == "工期24个月。[1]"
    assert delivery["failure"] == "cut_off"
    again, _ = await deliver(["工期24个月。[1]合同金额为5.2亿元。[1]"], said="工期24个月。[1]", cited=[1])
    assert "".join(again) == "合同金额为5.2亿元。[1]"


async def test_a_loop_is_stopped_also_where_nothing_is_checked() -> None:
    released, delivery = await deliver(["桥上有风。桥下有水。"] * 500, evidence=[])
    assert delivery["failure"] == "cut_off"
    assert len("".join(released)) < 500
    song = "".join(f"第{n}段讲第{n}座桥。\n桥上有风吹过。\n\n" for n in range(40))
    released, delivery = await deliver([song], evidence=[])
    assert (delivery["failure"], "".join(released)) == ("", song.strip())


async def test_a_sentence_without_end_is_stopped_and_little_of_it_kept() -> None:
    released, delivery = await deliver(["工期24个月。[1]", *["| 二标段 "] * 5_000, "完。"])
    assert "".join(released) == "工期24个月。[1]"
    assert delivery["failure"] == "cut_off"
    assert [len(each) < 1_000 for each in delivery["withheld"]] == [True]


async def test_reciting_says_what_it_was_given() -> None:
    text = "# 标题\n\n| a | b |\n|---|---|\n| 1 | 2 |\n甲。乙？ C d. 末"
    pieces = [piece async for piece in recite([AIMessage(text)])]
    assert "".join(pieces) == text
    assert len(pieces) > 3
