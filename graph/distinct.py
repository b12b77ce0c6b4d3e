"""Hits as texts: copies of one text, in several documents, take no other text's place."""

from collections.abc import Awaitable, Callable, Sequence

from tools.shapes import Hit, SearchResult
from tools.text.tokens import fold

_MOST = 8
"""Times the limit: among so many hits other texts are looked for."""


async def search_texts(search: Callable[[int], Awaitable[SearchResult]], limit: int) -> SearchResult:
    """What `search` finds, given how many hits, until there are `limit` texts or no more; with their copies."""
    asked = limit
    result = await search(asked)
    while len(result.hits) >= asked and _texts(result.hits) < limit and asked < _MOST * limit:
        asked *= 2
        more = await search(asked)
        if more.status != "ok":
            break
        result = more
    return SearchResult(result.status, _first_texts(result.hits, limit), result.detail, result.without)


def _texts(hits: Sequence[Hit]) -> int:
    return len({fold(hit.passage.text) for hit in hits})


def _first_texts(hits: Sequence[Hit], limit: int) -> tuple[Hit, ...]:
    """The hits that say one of the first `limit` texts, as far as the last of them."""
    texts: set[str] = set()
    for place, hit in enumerate(hits):
        texts.add(fold(hit.passage.text))
        if len(texts) > limit:
            return tuple(hits[:place])
    return tuple(hits)
