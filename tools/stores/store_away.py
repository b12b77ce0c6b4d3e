"""A store that could not be opened, for questions that may not need it."""

from collections.abc import Awaitable, Callable
from copy import copy
from typing import Any

from tools.errors import StoreError


class StoreAway:
    """Stands where the ledger, the search index or the knowledge graph would: whatever is asked of it raises why it is
    away, a StoreError."""

    def __init__(self, error: StoreError) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def ask(*_: Any, **__: Any) -> Any:
            raise copy(self._error)  # one that is raised again and again would keep every trace

        return ask
