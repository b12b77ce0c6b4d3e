"""The one door by which answer text leaves: a streaming chat model that wraps what writes.

What comes through has been checked. Citation marks are mapped to the evidence that was offered, unknown ones are
dropped, the rest renumbered by first use; a sentence is released when its end is known and the code check of it
(`tools.text.support`) has passed. Nothing that was released is taken back: a sentence that fails is withheld and
reported, for repair to replace.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, SystemMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from tools.models.answer_gate import AnswerGate, Delivery
from tools.models.failures import ModelFailure
from tools.models.reciting import recite
from tools.shapes import Language
from tools.text.citations import MarkMapper

Write = Callable[[Sequence[BaseMessage]], AsyncGenerator[str, None]]
"""What writes: messages in, pieces of text out. It may raise ModelFailure."""


class AnswerDoor(BaseChatModel):
    """Wraps what writes answers: a model's `write`, or `recite` for texts that are there already.

    Call `astream(messages, evidence=[...], message_id="...", cited=[...], language=...)`: `evidence` are the texts that
    [1], [2]… stand for (empty for texts that cite nothing, which are then not checked), `message_id` the id of every
    chunk, `cited` the evidence numbers already cited in an earlier part of the same answer, `language` the one that
    every sentence must be in, if it is locked, `lead` what stands before the first text that is released, `said` what
    the answer holds already. When it has ended, `delivery` says what
    went through; one door serves one text.
    """

    write: Write = recite
    delivery: Delivery | None = None

    @property
    def _llm_type(self) -> str:
        return "signpost-answer-door"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        raise TypeError("The answer door only streams: use astream().")

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        *,
        evidence: Sequence[str] = (),
        message_id: str = "",
        cited: Sequence[int] = (),
        language: Language | None = None,
        lead: str = "",
        said: str = "",
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        told = "\n".join(str(message.text) for message in messages if isinstance(message, SystemMessage))
        gate = AnswerGate(evidence, MarkMapper(len(evidence), list(cited)), language, told, lead, said)
        failure = ""
        try:
            async with aclosing(self.write(messages)) as pieces:
                async for piece in pieces:
                    if released := gate.feed(piece):
                        yield _chunk(released, message_id)
                    if gate.is_stuck:
                        raise ModelFailure("cut_off", "the text leads nowhere")
        except ModelFailure as error:
            failure = error.reason
        rest = gate.flush(failure)
        self.delivery = gate.delivery(failure)
        yield _chunk(rest, message_id, is_last=True)


def _chunk(text: str, message_id: str, *, is_last: bool = False) -> ChatGenerationChunk:
    # What was withheld is told to the graph alone, so no chunk holds it.
    message = AIMessageChunk(content=text, id=message_id, chunk_position="last" if is_last else None)
    return ChatGenerationChunk(message=message)
