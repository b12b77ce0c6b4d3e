"""The product over the corpora of a pack of our own, loaded once."""

from collections.abc import Iterator

import pytest

from evals.pack import Pack
from evals.product import Product
from tests.evals.tasks.question_pack import question_product


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pack, Product]]:
    """The pack and the product."""
    with question_product(tmp_path_factory.mktemp("questions")) as made:
        yield made
