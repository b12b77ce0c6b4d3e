"""A graph database that is a dictionary: what the replay writes into it can be looked at."""

from collections.abc import Sequence

from tools.errors import StoreError
from tools.stores.protocols import PendingFacts

VERSION = "graph-1"


class DictionaryGraph:
    """Holds the triples of each document. `fails_at`: the number of the call that raises, after it has been done."""

    graph_version = VERSION

    def __init__(self, fails_at: int | None = None) -> None:
        self.held: dict[str, set[tuple[str, str, str]]] = {}
        self.calls: list[str] = []
        self.fails_at = fails_at

    async def write(self, documents: Sequence[PendingFacts]) -> None:
        for each in documents:
            self.held[each.document.id] = {(fact.head, fact.relation, fact.tail) for fact in each.extraction.facts}
        self._called("write")

    async def remove(self, document_ids: Sequence[str]) -> None:
        for id_ in document_ids:
            self.held.pop(id_, None)
        self._called("remove")

    async def clear(self) -> None:
        self.held.clear()
        self._called("clear")

    async def document_count(self) -> int:
        return len(self.held)

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if len(self.calls) == self.fails_at:
            raise StoreError("The graph database is gone.")
