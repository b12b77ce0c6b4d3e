"""Dense vectors beside the sparse ones: what a text means, where an embedder is configured.

One query asks for both, and reciprocal rank fusion joins the two rankings. Without an answer of the embedder a search
goes on by words alone; a text that cannot be embedded stays in the ledger's outbox.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Protocol, TypeVar

from tools.errors import SignpostError, StoreError
from tools.text.clean import clean, one_line

DENSE_VECTOR = "dense"
RANK_CONSTANT = 2
"""k of the fusion, in which a rank r from 0 with weight w counts 1 / ((r + 1) / w + k - 1). At the 60 that is usual
elsewhere a weight changes next to nothing; at Qdrant's own 2 it acts."""
WEIGHTS = (1.0, 1.1)
"""Of meaning and words. Alike, but where each knows another best passage the words, which can be checked, decide."""
NOTHING_IN_COMMON = 0.0
"""A passage at a right angle to the question, or beyond, is not near it."""

_QUESTIONS = 4
_LAST_QUESTIONS = 32

Result = TypeVar("Result")

_log = logging.getLogger(__name__)


class Embedder(Protocol):
    """A model that turns texts into vectors of one length. Its calls block; each may raise any exception."""

    @property
    def name(self) -> str:
        """Its `provider:model`: vectors of another are of no use beside them."""
        ...

    def embed_documents(self, texts: list[str]) -> list[list[float]]: ...

    def embed_query(self, text: str) -> list[float]: ...


class DenseVectors:
    """What the vector stores ask of an embedder, from any thread or event loop."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._dimension: int | None = None
        self._is_away = False
        # The same question is asked of each collection, and again where more is searched for.
        self._vector_of = lru_cache(_LAST_QUESTIONS)(lambda query: self._checked([embedder.embed_query(query)])[0])
        self._questions = ThreadPoolExecutor(_QUESTIONS, thread_name_prefix="signpost-embedding")

    @property
    def name(self) -> str:
        return self._embedder.name

    @property
    def dimension(self) -> int | None:
        """The vectors' length; None as long as it is not known."""
        return self._dimension

    def expect(self, dimension: int) -> None:
        """Tells the length of those that an index holds, where the embedder has not given any yet."""
        self._dimension = self._dimension or dimension

    async def of_query(self, query: str) -> list[float] | None:
        """The question's vector; None, said once in the log, where the embedder does not give one."""
        return await self._attempt(lambda: self._vector_of(clean(query)))

    async def try_measure(self) -> int | None:
        """The vectors' length, found out where it is not known yet; None where the embedder does not answer."""
        return await self._attempt(self.measure)

    def measure(self) -> int:
        """The vectors' length, found out where it is not known yet. Blocks; raises SignpostError."""
        if self._dimension is None:
            self.of_documents(["dimension"])
        assert self._dimension is not None, "the first vector tells it"
        return self._dimension

    def of_documents(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text. Blocks; raises SignpostError."""
        try:
            vectors = self._embedder.embed_documents([clean(text) for text in texts])
        except SignpostError:
            raise
        except Exception as error:
            raise StoreError(
                f"Passages cannot be embedded by {self.name}.",
                why=one_line(str(error))[:200] or type(error).__name__,
                next_step="Nothing is lost: what is waiting is indexed once the embedder answers.",
            ) from error
        return self._checked(vectors)

    def close(self) -> None:
        """Waits for nothing that is asked still. May be called twice."""
        self._questions.shutdown(wait=False, cancel_futures=True)

    async def _attempt(self, ask: Callable[[], Result]) -> Result | None:
        loop = asyncio.get_running_loop()
        try:
            answer = await loop.run_in_executor(self._questions, ask)
        except Exception as error:
            if not self._is_away:
                _log.warning("Search goes on by words alone: %s gives no vectors (%s).", self.name, _kind(error))
            self._is_away = True
            return None
        self._is_away = False
        return answer

    def _checked(self, vectors: list[list[float]]) -> list[list[float]]:
        for vector in vectors:
            self._dimension = self._dimension or len(vector)
            if len(vector) != self._dimension:
                raise StoreError(
                    f"The embedder {self.name} has changed.",
                    why=f"Its vectors had {self._dimension} numbers, and now have {len(vector)}.",
                    next_step="Start Signpost again: the search index is then made anew.",
                )
        return vectors


def _kind(error: Exception) -> str:
    """What it is about, without the words of a provider: they may repeat the question."""
    return str(getattr(error, "reason", "") or getattr(error, "what", "") or type(error).__name__)
