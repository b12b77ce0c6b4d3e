"""Splitting by topic with an embedding model: it is paid for from the budget, and no file fails by it."""

from collections.abc import Sequence
from dataclasses import replace

from ingest.budget import Budget
from ingest.prepare import Kept, Prepared, Source, prepared_document
from ingest.splitting.semantic import Vectors
from tools.errors import SignpostError
from tools.shapes import LoadedFile


class _NoVectorsError(SignpostError):
    """The embedding model has failed."""


def prepared_by_topic(source: Source, loaded: LoadedFile, vectors: Vectors, budget: Budget) -> Prepared | Kept:
    """As `prepared_document`. Without vectors words are compared, with a warning. Raises BudgetSpentError."""

    def paid(texts: list[str]) -> Sequence[Sequence[float]]:
        budget.embed(texts)
        try:
            return vectors(texts)
        except Exception as error:  # whatever a provider's package raises; its words may hold a part of the key
            raise _NoVectorsError(
                f"the embedding model gave no vectors ({type(error).__name__}): topics were told apart by their words"
            ) from error

    try:
        return prepared_document(replace(source, vectors=paid), loaded)
    except _NoVectorsError as error:
        prepared = prepared_document(source, loaded)
        return replace(prepared, warnings=(*prepared.warnings, error.what))
