"""An embedder without a model: texts are near each other that share words, or words that mean the same."""

import zlib
from collections.abc import Mapping

from tools.text.tokens import search_tokens


class WordEmbedder:
    """Counts words in `dimension` places. same: what some words mean; an empty text for those that mean nothing to it.

    `is_away`: it answers nothing; `asked`: all texts so far.
    """

    def __init__(self, name: str = "tests:words", dimension: int = 1024, same: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.dimension = dimension
        self.is_away = False
        self.asked: list[str] = []
        self._same = same or {}

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        if self.is_away:
            raise ConnectionError(f"no answer about {text}")
        text.encode()  # what cannot be sent is refused
        self.asked.append(text)
        vector = [0.0] * self.dimension
        for token in search_tokens(text):
            if meaning := self._same.get(token, token):
                vector[zlib.adler32(meaning.encode()) % self.dimension] += 1.0
        return vector
