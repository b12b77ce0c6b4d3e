"""An answer of an earlier turn, as it may be shown now."""

from collections.abc import Mapping
from typing import Any

from tools.access import Access
from tools.stores.protocols import Ledger

_OF_DOCUMENTS = ("vector", "graph")


async def readable_now(answer: Mapping[str, Any], ledger: Ledger, access: Access) -> dict[str, Any]:
    """The answer without what it cites of documents that were removed since, or that `access` may no longer read.

    Of such a citation its number is left, and where it was found. The words of the answer stay: they were said. Raises
    StoreError while the ledger is away.
    """
    of_documents = [citation for citation in answer["citations"] if citation["source"] in _OF_DOCUMENTS]
    named = {document["id"] for citation in of_documents for document in (citation["document"], *_copies(citation))}
    hidden = {id_ for id_ in named if await ledger.document(id_, access) is None}
    return {
        **answer,
        "citations": [
            _hidden(citation) if citation["document"]["id"] in hidden else _without_copies(citation, hidden)
            for citation in answer["citations"]
        ],
    }


def _copies(citation: Mapping[str, Any]) -> list[dict[str, str]]:
    return list(citation.get("also_in", []))


def _without_copies(citation: Mapping[str, Any], hidden: set[str]) -> dict[str, Any]:
    """The citation without the copies in documents that are hidden now."""
    left = [document for document in _copies(citation) if document["id"] not in hidden]
    return {key: value for key, value in {**citation, "also_in": left}.items() if key != "also_in" or left}


def _hidden(citation: Mapping[str, Any]) -> dict[str, Any]:
    """In the form of a citation whose passage could not be read when the answer was given."""
    return {
        "number": citation["number"],
        "quote": "",
        "source": citation["source"],
        "document": {"id": "", "title": "", "uri": ""},
        "chunk_id": "",
        "page": None,
        "box": None,
        "section": "",
        "score": citation["score"],
    }
