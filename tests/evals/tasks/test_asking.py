"""What is kept of a search."""

from evals.product import Product
from evals.records import Row
from evals.tasks.asking import CONTEXTS, SEARCH_LIMIT, searched
from tests.graph.fakes import make_resources, passage


async def test_of_what_is_found_the_documents_are_kept_and_the_texts_of_the_best() -> None:
    passages = [passage(str(number), f"The tide book number {number} lies at the pier.") for number in range(20)]
    row = Row("1", {"question": "Where does the tide book lie?", "collections": []}, {})
    observed = await searched(row, Product(make_resources(passages)))
    assert (len(observed["found"]), len(observed["contexts"])) == (SEARCH_LIMIT, CONTEXTS)
