"""Sends text through the answer door, for the nodes that write: generate, repair and what they must add."""

from collections.abc import Sequence

from langchain_core.messages import AIMessage

from graph.run import Run
from graph.state import AnswerStatus, Reply, State
from tools.models.answer_door import Delivery


async def speak(
    text: str, state: State, run: Run, reply: Reply, *, evidence: Sequence[str] = (), status: AnswerStatus
) -> Reply:
    """`reply` with what the door released of `text`, which follows what it holds already.

    evidence: the texts that the marks in `text` stand for; without them the text cites nothing and is not checked.
    """
    released = ""
    delivery = Delivery(cited=reply["cited"], supported=0, withheld=[], dropped_marks=0)
    separator = "\n" if reply["text"] and not reply["text"].endswith("\n") else ""
    async for chunk in run.resources.door.astream(
        [AIMessage(separator + text)],
        run.config,
        evidence=list(evidence),
        message_id=state["answer_id"],
        cited=reply["cited"],
    ):
        released += str(chunk.text)
        delivery = chunk.response_metadata.get("delivery", delivery)
    return Reply(
        status=status,
        text=reply["text"] + released,
        cited=delivery["cited"] if evidence else reply["cited"],
        supported=reply["supported"] + delivery["supported"],
        withheld=[*reply["withheld"], *delivery["withheld"]],
        dropped_marks=reply["dropped_marks"] + delivery["dropped_marks"],
    )
