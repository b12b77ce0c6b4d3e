"""Splitting by topic with an embedding model: it is paid for from the budget, once, and no file fails by it."""

import asyncio
import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from ingest.budget import Budget
from ingest.describe import Findings
from ingest.prepare import Kept, Prepared, Source, prepared_document
from ingest.splitting.semantic import WINDOW, likeness_by_vectors
from tools.errors import SignpostError
from tools.shapes import LoadedFile
from tools.stores.protocols import Finding
from tools.stores.qdrant.dense_vectors import Embedder
from tools.text.identifiers import content_hash

_KIND = "likeness "
_DIGITS = 6
_TURNS = tuple(threading.Lock() for _ in range(64))
"""Of two files that say the same one asks the model, and the other waits for what is kept then."""


class ForgettableFindings(Findings, Protocol):
    """Where it is kept how alike sentences are; what a document says no more is forgotten."""

    async def findings_of(self, document_ids: Sequence[str]) -> list[Finding]: ...

    async def forget_findings(self, gone: Sequence[Finding]) -> None: ...


class _NoVectorsError(SignpostError):
    """The embedding model has failed."""


def prepared_by_topic(
    source: Source, loaded: LoadedFile, embedder: Embedder, findings: ForgettableFindings, budget: Budget
) -> Prepared | Kept:
    """As `prepared_document`, in a thread without an event loop. Without vectors words are compared, with a warning.

    Raises BudgetSpentError.
    """
    likeness = _KeptLikeness(source.document_id_of(loaded), embedder, findings, budget)
    try:
        prepared = prepared_document(replace(source, likeness=likeness), loaded)
    except _NoVectorsError as error:
        prepared = prepared_document(source, loaded)
        return replace(prepared, warnings=(*prepared.warnings, error.what))
    if isinstance(prepared, Prepared):
        likeness.forget_others()
    return prepared


class _KeptLikeness:
    """How alike the sentences of a document are: as it was found before, or else by asking the model.

    The likenesses of a paragraph are kept, and not the vectors of its sentences, which are a thousand times as large.
    """

    def __init__(self, document_id: str, embedder: Embedder, findings: ForgettableFindings, budget: Budget) -> None:
        self._document_id = document_id
        self._embedder = embedder
        self._findings = findings
        self._budget = budget
        self._used: set[str] = set()

    def __call__(self, said: list[str]) -> list[float]:
        """As in `Likeness`. Raises _NoVectorsError, BudgetSpentError and StoreError."""
        key = _KIND + content_hash(json.dumps([self._embedder.name, WINDOW, said]).encode())
        self._used.add(key)
        with _TURNS[hash(key) % len(_TURNS)]:
            text = asyncio.run(self._findings.finding(key))
            if text is None:
                found = likeness_by_vectors(self._paid(said))
                text = json.dumps([round(value, _DIGITS) for value in found])
            asyncio.run(self._findings.keep_findings([Finding(key, self._document_id, text)]))
        likeness: list[float] = json.loads(text)
        return likeness

    def forget_others(self) -> None:
        """What was kept of the document as it was before."""
        kept = asyncio.run(self._findings.findings_of([self._document_id]))
        others = [each for each in kept if each.key.startswith(_KIND) and each.key not in self._used]
        if others:
            asyncio.run(self._findings.forget_findings(others))

    def _paid(self, said: list[str]) -> Sequence[Sequence[float]]:
        self._budget.embed(said)
        try:
            return self._embedder.embed_documents(said)
        except Exception as error:  # whatever a provider's package raises; its words may hold a part of the key
            raise _NoVectorsError(
                f"the embedding model gave no vectors ({type(error).__name__}): topics were told apart by their words"
            ) from error
