"""The model of a product without a model: it says what it was given, sentence by sentence."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from tools.text.sentences import sentences


class RecitingModel(BaseChatModel):
    """Streams the text of the last message. It makes extractive answers and fixed texts leave by the same door."""

    @property
    def _llm_type(self) -> str:
        return "signpost-reciting"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(str(messages[-1].content)))])

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        for piece in _pieces(str(messages[-1].content)):
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))


def _pieces(text: str) -> Iterator[str]:
    """`text` cut after each sentence; joined, the pieces are `text` again."""
    start = 0
    for sentence in sentences(text):
        found = text.find(sentence, start)
        if found >= 0:
            yield text[start : found + len(sentence)]
            start = found + len(sentence)
    if start < len(text):
        yield text[start:]
