"""Two sets of stores compared as a move does it."""

from tools.stores.comparing import Compared, compare, indexed_collections
from tools.stores.moved_before import MovedBefore
from tools.stores.stores import Stores


def unheard(done: int, total: int) -> None:
    """Progress that nobody looks at."""


async def compared_all(source: Stores, target: Stores, moved_before: MovedBefore | None = None) -> Compared:
    return await compare(source, target, await indexed_collections(source), unheard, moved_before)
