"""Removes a document from all stores."""

from tools.stores.stores import Stores


async def remove(document_id: str, stores: Stores) -> None:
    """Forgets a document, its chunks and its facts; an unknown id is fine.

    The ledger is first: what it no longer knows is not shown, and its outbox brings the others after.
    """
    await stores.ledger.remove_document(document_id)
    await stores.replay()
