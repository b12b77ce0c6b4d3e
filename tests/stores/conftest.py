import pytest

pytest.register_assert_rewrite(
    "tests.stores.ledger_contract", "tests.stores.vector_store_contract", "tests.stores.knowledge_graph_contract"
)
