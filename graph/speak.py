"""Sends text through the answer door, for the nodes that write: generate, repair and what they must add."""

from collections.abc import Sequence
from functools import partial

from langchain_core.messages import AIMessage, BaseMessage

from graph.run import Run
from graph.state import AnswerStatus, Reply, State
from tools.models.answer_door import AnswerDoor
from tools.models.answer_gate import Delivery
from tools.models.chat_model import ChatModel
from tools.models.meter import Meter
from tools.shapes import Language


async def speak(
    text: str, state: State, run: Run, reply: Reply, *, evidence: Sequence[str] = (), status: AnswerStatus
) -> Reply:
    """`reply` with what the door released of `text`, which follows what it holds already.

    evidence: the texts that the marks in `text` stand for; without them the text cites nothing and is not checked.
    """
    return await _through(AnswerDoor(), [AIMessage(text)], state, run, reply, evidence, status, None)


async def author(
    chat: ChatModel,
    messages: Sequence[BaseMessage],
    meter: Meter,
    state: State,
    run: Run,
    reply: Reply,
    *,
    evidence: Sequence[str] = (),
    status: AnswerStatus,
) -> Reply:
    """`reply` with what the door released of what the model writes. Never raises for a model: see `failure`.

    Over evidence the language is locked to the answer's; a direct answer may be a translation.
    """
    door = AnswerDoor(write=partial(chat.write, meter=meter))
    language = state["language"] if evidence else None
    written = await _through(door, messages, state, run, reply, evidence, status, language)
    return {**written, "by_model": True}


async def _through(
    door: AnswerDoor,
    messages: Sequence[BaseMessage],
    state: State,
    run: Run,
    reply: Reply,
    evidence: Sequence[str],
    status: AnswerStatus,
    language: Language | None,
) -> Reply:
    released = ""
    async for chunk in door.astream(
        list(messages),
        run.config,
        evidence=list(evidence),
        message_id=state["answer_id"],
        cited=reply["cited"],
        language=language,
        lead="\n" if reply["text"] and not reply["text"].endswith("\n") else "",
        said=reply["text"],
    ):
        released += str(chunk.text)
    delivery = door.delivery
    if delivery is None:
        return reply
    return {
        **reply,
        "status": status,
        "text": reply["text"] + released,
        "cited": delivery["cited"] if evidence else reply["cited"],
        "supported": reply["supported"] + delivery["supported"],
        "unsure": reply["unsure"] + delivery["unsure"],
        "withheld": [*reply["withheld"], *delivery["withheld"]],
        "dropped_marks": reply["dropped_marks"] + delivery["dropped_marks"],
        "failure": _outcome(delivery),
    }


def _outcome(delivery: Delivery) -> str:
    """Why the writing brought less than an answer, or empty."""
    if delivery["failure"]:
        return delivery["failure"]
    if delivery["refused"] and not delivery["supported"]:
        return "no_evidence"
    return "other_language" if delivery["other_language"] else ""
