"""Search index and graph database written again from the ledger: what they hold is not believed."""

from tools.stores.graph_replay import empty_graph
from tools.stores.index_replay import empty_index
from tools.stores.progress import ReplayProgress
from tools.stores.stores import Stores


async def write_anew(stores: Stores, progress: ReplayProgress, collection: str | None = None) -> list[str]:
    """Empties both and writes them again; with `collection` its search index alone. Returns the collections.

    It may end at any point: the next replay goes on. Raises StoreError and its kin.
    """
    states = await stores.ledger.index_states(stores.vector_store.index_version)
    names = [collection] if collection is not None else [state.collection for state in states]
    for name in names:
        await empty_index(stores.ledger, stores.vector_store, name)
    if collection is None and stores.graph_database is not None:
        await empty_graph(stores.ledger, stores.graph_database)
    await stores.replay(progress)
    return names
