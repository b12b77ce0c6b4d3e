"""What tests of several folders use: a scripted model behind a real OpenAI-compatible server."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.scripted_model.server import ScriptedModel

_CONTRACTS = ("ledger_contract", "vector_store_contract", "knowledge_graph_contract")
# Before anything imports them: their assertions then tell what they compared.
pytest.register_assert_rewrite(*(f"tests.stores.{name}" for name in _CONTRACTS))


@pytest.fixture(scope="session")
def scripted_server() -> Iterator["ScriptedModel"]:
    """One server for all tests of a process: its address does not change, its script does."""
    from tests.scripted_model.server import running  # costs half a second, and few tests need it

    with running() as model:
        yield model


@pytest.fixture
def scripted_model(scripted_server: "ScriptedModel") -> "ScriptedModel":
    """The server with a script of its own and an empty log."""
    scripted_server.reset()
    return scripted_server
