"""The writer of a product without a model: it says what it was given, sentence by sentence."""

from collections.abc import AsyncGenerator, Iterator, Sequence

from langchain_core.messages import BaseMessage

from tools.text.sentences import sentences


async def recite(messages: Sequence[BaseMessage]) -> AsyncGenerator[str, None]:
    """Streams the text of the last message. It makes extractive answers and fixed texts leave by the same door."""
    for piece in _pieces(str(messages[-1].content)):
        yield piece


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
