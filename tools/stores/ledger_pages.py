"""Every document of a ledger, in pages: for what goes through all of them."""

from collections.abc import AsyncIterator

from tools.stores.protocols import Ledger

PAGE = 50


async def pages(ledger: Ledger) -> AsyncIterator[list[str]]:
    """The ids of all documents, sorted, at most `PAGE` at a time. What is added meanwhile may be among them."""
    page = await ledger.document_ids(limit=PAGE)
    while page:
        yield page
        page = await ledger.document_ids(page[-1], PAGE)
