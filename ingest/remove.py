"""Removes a document from all stores."""

from tools.errors import SignpostError
from tools.stores.stores import Stores


async def remove(document_id: str, stores: Stores) -> str:
    """Forgets a document, its chunks and its facts; an unknown id is fine.

    The ledger is first: what it no longer knows is not shown, and its outbox brings the others after. Returns why the
    search index or the graph database has not followed yet; empty once all have. Raises StoreError of the ledger.
    """
    await stores.ledger.remove_document(document_id)
    try:
        await stores.replay()
    except SignpostError as error:
        return str(error)
    return ""
