"""The one door: what leaves it has been checked, whatever the writer says and however it is cut."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from tools.models.answer_door import AnswerDoor, Delivery
from tools.models.reciting_model import RecitingModel
from tools.text.citations import marks_in

EVIDENCE = ["二标段合同金额为5.2亿元，工期24个月。", "The site closes at 22:00 on weekdays."]


class Scripted(BaseChatModel):
    """Streams fixed pieces."""

    pieces: Sequence[str]

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError

    async def _astream(self, *_: Any, **__: Any) -> AsyncIterator[ChatGenerationChunk]:
        for piece in self.pieces or [""]:
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))


async def deliver(
    pieces: Sequence[str], evidence: Sequence[str] = EVIDENCE, cited: Sequence[int] = ()
) -> tuple[list[str], Delivery]:
    door = AnswerDoor(writer=Scripted(pieces=list(pieces)))
    released: list[str] = []
    ids = set()
    delivery = None
    async for chunk in door.astream([AIMessage("")], evidence=evidence, message_id="answer-1", cited=cited):
        released.append(str(chunk.text))
        ids.add(chunk.id)
        delivery = chunk.response_metadata.get("delivery", delivery)
    assert ids == {"answer-1"}
    assert delivery is not None
    return released, delivery


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


async def test_a_number_of_other_evidence_does_not_support() -> None:
    _, delivery = await deliver(["工期24个月。[2]"])
    assert delivery["withheld"] == ["工期24个月。[2]"]


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


async def test_the_reciting_model_says_what_it_was_given() -> None:
    text = "# 标题\n\n| a | b |\n|---|---|\n| 1 | 2 |\n甲。乙？ C d. 末"
    pieces = [str(chunk.text) async for chunk in RecitingModel().astream([AIMessage(text)])]
    assert "".join(pieces) == text
    assert len(pieces) > 3
