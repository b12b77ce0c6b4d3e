"""Asking the product a row's question, and what is kept of what it did."""

from collections.abc import Mapping, Sequence
from typing import Any

from evals.product import Product
from evals.records import Row
from tools.access import Access
from tools.shapes import Passage

SEARCH_LIMIT = 10
CONTEXTS = 5
"""Passages whose texts are kept, for what is worked out of them: the best ones of the search."""


async def asked(row: Row, product: Product, **choices: Any) -> dict[str, Any]:
    """{"answer": as `ask --json` gives it, "passages": the texts of what it cites, by chunk}."""
    given = row.given
    collections, history = given.get("collections", []), given.get("history", ())
    answer = await product.ask(given["question"], history=history, collections=collections, **choices)
    cited = [citation["chunk_id"] for citation in answer["citations"]]
    passages = await product.resources.ledger.passages(cited, Access())
    return {"answer": answer, "passages": {id_: passage.text for id_, passage in passages.items()}}


async def searched(row: Row, product: Product) -> dict[str, Any]:
    """{"found": documents of a plain search in the row's collections, best first, each once, "contexts": texts}."""
    hits = await product.search(row.given["question"], collections=row.given["collections"], limit=SEARCH_LIMIT)
    return {
        "found": list(dict.fromkeys(hit.passage.document_id for hit in hits)),
        "contexts": [hit.passage.text for hit in hits[:CONTEXTS]],
    }


async def asked_and_searched(row: Row, product: Product) -> Mapping[str, Any]:
    """What `asked` and `searched` give."""
    return {**await asked(row, product), **await searched(row, product)}


async def asked_over_given(row: Row, product: Product) -> Mapping[str, Any]:
    """`asked` over the row's own passages, which any search finds: what the product makes of evidence."""
    return await asked(row, product.over(given_passages(row.id, row.given["passages"])), route="vector")


def given_passages(row_id: str, texts: Sequence[str]) -> list[Passage]:
    """Texts as passages of documents of their own."""
    ids = [f"{row_id}:{number}" for number in range(1, len(texts) + 1)]
    return [Passage(id_, id_, str(n), "", text) for n, (id_, text) in enumerate(zip(ids, texts, strict=True), start=1)]
