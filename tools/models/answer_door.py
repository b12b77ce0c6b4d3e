"""The one door by which answer text leaves: a streaming chat model that wraps the one that writes.

What comes through has been checked. Citation marks are mapped to the evidence that was offered, unknown ones are
dropped, the rest renumbered by first use; a sentence is released when its end is known and the code check of it
(`tools.text.support`) has passed. Nothing that was released is taken back: a sentence that fails is withheld and
reported, for repair to replace.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from tools.text.citations import MarkMapper, is_unfinished_mark, marks_in, sentence_end, without_marks
from tools.text.support import check_support


class Delivery(TypedDict):
    """What went through the door, in `response_metadata["delivery"]` of the last chunk.

    cited: evidence numbers in the order of their citation numbers. supported: sentences released after the check.
    withheld: sentences that failed it, as written. dropped_marks: marks of evidence that was not offered.
    """

    cited: list[int]
    supported: int
    withheld: list[str]
    dropped_marks: int


@dataclass(slots=True)
class _Gate:
    """Collects text until a sentence ends, checks it, and gives back what may be shown."""

    evidence: Sequence[str]
    mapper: MarkMapper
    pending: str = ""
    supported: int = 0
    withheld: list[str] = field(default_factory=list)

    def feed(self, text: str) -> str:
        self.pending += text
        released = ""
        while (end := self._sentence_end()) is not None:
            released += self._release(self.pending[:end])
            self.pending = self.pending[end:]
        return released

    def flush(self) -> str:
        rest, self.pending = self.pending, ""
        return self._release(rest) if rest else ""

    def _sentence_end(self) -> int | None:
        end = sentence_end(self.pending)
        if end is None:
            return None
        rest = self.pending[end:].lstrip(" \t")
        marks_may_follow = not rest or is_unfinished_mark(rest)
        return None if marks_may_follow else end

    def _release(self, sentence: str) -> str:
        if not self.evidence:
            return self.mapper.map(sentence)
        cited = [n for n in marks_in(sentence) if 1 <= n <= len(self.evidence)]
        texts = [self.evidence[n - 1] for n in cited] or self.evidence
        if not check_support(without_marks(sentence), texts).supported:
            self.withheld.append(sentence.strip())
            return ""
        if any(character.isalnum() for character in without_marks(sentence)):
            self.supported += 1
        return self.mapper.map(sentence)

    def delivery(self) -> Delivery:
        return Delivery(
            cited=self.mapper.used,
            supported=self.supported,
            withheld=self.withheld,
            dropped_marks=self.mapper.dropped,
        )


class AnswerDoor(BaseChatModel):
    """Wraps the model that writes answers.

    Call `astream(messages, evidence=[...], message_id="...", cited=[...])`: `evidence` are the texts that [1], [2]…
    stand for (empty for texts that cite nothing, which are then not checked), `message_id` the id of every chunk,
    `cited` the evidence numbers already cited in an earlier part of the same answer.
    """

    writer: BaseChatModel

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
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        gate = _Gate(evidence, MarkMapper(len(evidence), list(cited)))
        async for chunk in self.writer.astream(messages, {"tags": ["nostream"]}, stop=stop):
            if released := gate.feed(str(chunk.text)):
                yield _chunk(released, message_id)
        yield _chunk(gate.flush(), message_id, gate.delivery())


def _chunk(text: str, message_id: str, delivery: Delivery | None = None) -> ChatGenerationChunk:
    if delivery is None:
        return ChatGenerationChunk(message=AIMessageChunk(content=text, id=message_id))
    return ChatGenerationChunk(
        message=AIMessageChunk(
            content=text, id=message_id, chunk_position="last", response_metadata={"delivery": delivery}
        )
    )
