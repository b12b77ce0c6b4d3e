"""The embedding model while it is away."""

import pytest

from agent.embedding import AskedFirst, cause_of
from tests.stores.qdrant.word_embedder import WordEmbedder
from tools.errors import InputError, StoreError
from tools.models.failures import ModelFailure


class Patient(WordEmbedder):
    """Waits long with passages, as the tests see by `waited_for`."""

    def __init__(self) -> None:
        super().__init__(dimension=2)
        self.waited_for: list[list[str]] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.waited_for.append(texts)
        return super().embed_documents(texts)


def test_a_model_that_is_away_is_not_given_passages() -> None:
    model = Patient()
    model.is_away = True
    embedder = AskedFirst(model)
    for _ in range(2):
        with pytest.raises(ConnectionError):
            embedder.embed_documents(["tower"])
    assert model.waited_for == []
    model.is_away = False
    assert len(embedder.embed_documents(["tower", "bridge"])) == 2
    model.is_away = True
    for _ in range(2):
        with pytest.raises(ConnectionError):
            embedder.embed_documents(["gate"])
    assert model.waited_for == [["tower", "bridge"], ["gate"]]


def test_it_is_asked_once_and_not_before_every_batch() -> None:
    model = Patient()
    embedder = AskedFirst(model)
    embedder.embed_documents(["tower"])
    before = len(model.asked)
    embedder.embed_documents(["bridge"])
    assert model.asked[before:] == ["bridge"]
    assert embedder.name == model.name


def test_once_the_stores_close_only_the_passages_under_way_are_embedded() -> None:
    class Closing(Patient):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            embedder.stop()
            return super().embed_documents(texts)

    model = Closing()
    embedder = AskedFirst(model)
    with pytest.raises(StoreError):
        embedder.embed_documents(["tower"] * 100)
    (under_way,) = model.waited_for
    assert len(under_way) < 100


def test_the_cause_is_told_without_the_providers_words() -> None:
    assert cause_of(ModelFailure("unauthorized", "wrong key sk-1"), "openai:m") == (
        "openai:m gives no vectors (unauthorized)."
    )
    assert cause_of(ConnectionError("sk-1"), "openai:m") == "openai:m gives no vectors (ConnectionError)."
    assert cause_of(InputError("No model.", why="No\nkey."), "openai:m") == "No model. No key."
    assert cause_of(InputError("No model."), "m") == "'m' is not written as provider:model."
