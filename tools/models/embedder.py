"""The embedding model: any `provider:model` that LangChain knows, made on first use and never waited for long."""

import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from langchain_core.embeddings import Embeddings

from tools.breaker import Breaker
from tools.errors import SignpostError
from tools.models.failures import ModelFailure, failure_of
from tools.models.provider import made, openai_access

_THREADS = 4
_BATCH = 32
_TRIES = 5
_LONGEST_PAUSE_SECONDS = 20.0

Result = TypeVar("Result")


class Embedder(Embeddings):
    """Vectors of one model, whose calls block. What fails is a ModelFailure or, about its name, a SignpostError.

    openai_api_key, openai_base_url: for the provider `openai`, any compatible server included. query_seconds: how long
    a question may take; batch_seconds: up to 32 passages, which a local model may need a while for. After several
    questions without an answer the model is left alone for a while.
    """

    def __init__(
        self,
        name: str,
        *,
        openai_api_key: str = "",
        openai_base_url: str = "",
        query_seconds: float = 5.0,
        batch_seconds: float = 60.0,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._name = name
        self._openai = openai_access(openai_api_key, openai_base_url)
        self._query_seconds = query_seconds
        self._batch_seconds = batch_seconds
        self._pause = pause
        self._breaker = Breaker()
        self._making = threading.Lock()
        self._client: Embeddings | None = None
        self._free = threading.BoundedSemaphore(_THREADS)

    @property
    def name(self) -> str:
        """Its `provider:model`."""
        return self._name

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        if not self._breaker.allows():
            raise ModelFailure("down", "it has failed several times in a row")
        try:
            (vector,) = self._checked([self._in_time(self._query_seconds, lambda model: model.embed_query(text))], 1)
        except Exception:
            self._breaker.record(False)
            raise
        self._breaker.record(True)
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text, of one length. What may pass is waited for."""
        vectors: list[list[float]] = []
        for start in range(0, len(texts), _BATCH):
            vectors += self._patiently(texts[start : start + _BATCH])
        return self._checked(vectors, len(texts))

    def _patiently(self, texts: list[str]) -> list[list[float]]:
        for tries in range(1, _TRIES + 1):
            try:
                return self._in_time(self._batch_seconds, lambda model: model.embed_documents(texts))
            except ModelFailure as failure:
                if not failure.may_pass or tries == _TRIES:
                    raise
                self._pause(min(failure.retry_after_seconds or 2.0**tries, _LONGEST_PAUSE_SECONDS))
        raise AssertionError("the last try returns or raises")

    def _in_time(self, seconds: float, call: Callable[[Embeddings], Result]) -> Result:
        """In a thread that a model may keep hanging, as few others, and that does not keep the process from ending."""
        outcome: Future[Result] = Future()

        def work() -> None:
            try:
                outcome.set_result(call(self._made()))
            except BaseException as error:
                outcome.set_exception(error)
            finally:
                self._free.release()

        until = time.monotonic() + seconds
        if not self._free.acquire(timeout=seconds):
            raise ModelFailure("timeout", "earlier calls still wait for an answer")
        threading.Thread(target=work, name="signpost-embedder", daemon=True).start()
        try:
            return outcome.result(max(0.0, until - time.monotonic()))
        except SignpostError:
            raise
        except Exception as error:
            raise failure_of(error) from error

    def _made(self) -> Embeddings:
        with self._making:
            if self._client is None:
                self._client = made(
                    self._name,
                    self._make,
                    setting="SIGNPOST_EMBEDDING_MODEL",
                    example="openai:text-embedding-3-small",
                )
            return self._client

    def _make(self) -> Embeddings:
        from langchain.embeddings import init_embeddings

        values: dict[str, Any] = {}
        if self._name.startswith("openai:"):
            # Texts are sent as they are: the library would cut them into token numbers, with tables that it downloads
            # and that other servers do not know. Retries are ours.
            values = {"check_embedding_ctx_length": False, "max_retries": 0, "timeout": self._batch_seconds}
            values |= self._openai
        return init_embeddings(self._name, **values)

    def _checked(self, vectors: list[list[float]], count: int) -> list[list[float]]:
        lengths = {len(vector) for vector in vectors}
        if len(vectors) != count or len(lengths) > 1 or 0 in lengths:
            raise ModelFailure("unreadable", "not one vector of the same length for each text")
        if not all(math.isfinite(sum(vector)) for vector in vectors):
            raise ModelFailure("unreadable", "a vector with numbers that are none")
        return vectors
