"""The embedding model while it is away: nobody waits long for it, and no index is made anew because of it."""

import asyncio

from tools.errors import SignpostError, StoreError
from tools.models.failures import ModelFailure
from tools.stores.qdrant.dense_vectors import Embedder
from tools.stores.stores import Stores
from tools.text.clean import one_line

QUESTION = "?"
"""What is asked to learn whether it answers."""
_SLICE = 32
"""Passages between two looks at whether it is over: a model on this machine may take seconds for them."""


class AskedFirst:
    """An embedder that is given passages only after it has answered a question: for those it is waited much longer."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._answers = False
        self._is_over = False

    @property
    def name(self) -> str:
        return self._embedder.name

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if not self._answers:
            self.embed_query(QUESTION)
        vectors: list[list[float]] = []
        for start in range(0, len(texts), _SLICE):
            if self._is_over:
                raise StoreError("The stores are closed.")
            try:
                vectors += self._embedder.embed_documents(texts[start : start + _SLICE])
            except Exception:
                self._answers = False
                raise
        return vectors

    def embed_query(self, text: str) -> list[float]:
        vector = self._embedder.embed_query(text)
        self._answers = True
        return vector

    def stop(self) -> None:
        """No more passages: what is not embedded yet stays due, and nobody who closes the stores waits for it."""
        self._is_over = True


async def missing_because(stores: Stores, embedder: Embedder) -> str:
    """Why an index of words alone serves better than the one with this embedder's vectors; empty if it does not.

    While the embedder does not answer, an index that holds at least half of the passages with its vectors is still
    searched by their words; one that holds fewer would hide the others.
    """
    states = await stores.ledger.index_states(stores.vector_store.index_version)
    indexed = sum(state.indexed for state in states)
    if indexed and indexed >= sum(state.pending for state in states):
        return ""
    try:
        await asyncio.to_thread(embedder.embed_query, QUESTION)
    except Exception as error:  # whatever a provider's package raises
        return cause_of(error, embedder.name)
    return ""


def cause_of(error: Exception, name: str) -> str:
    """In one line, without the words of a provider that has answered: they may hold a part of the key."""
    if ":" not in name:
        return f"'{name}' is not written as provider:model."
    if isinstance(error, SignpostError):
        return one_line(" ".join(part for part in (error.what, error.why) if part))
    kind = error.reason.replace("_", " ") if isinstance(error, ModelFailure) else type(error).__name__
    return f"{name} gives no vectors ({kind})."
