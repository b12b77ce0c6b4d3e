"""Where the stores are, and whether documents wait in the home for a ledger on a server."""

from tools.stores.home import Home
from tools.stores.neo4j.address import Neo4jAddress
from tools.stores.protocols import Ledger
from tools.stores.qdrant.address import parse_address
from tools.stores.store_settings import StoreSettings

STILL_IN_HOME = "The home still holds a ledger: signpost move --to-servers"


async def ledger_place(home: Home, settings: StoreSettings, ledger: Ledger) -> str:
    """The server with its version, which is asked, or the file."""
    return await ledger.check() if settings.database_url else str(home.ledger_file)


def index_place(home: Home, settings: StoreSettings) -> str:
    """The server, which is not asked, or the folder. Raises InputError for what is no address."""
    if settings.qdrant is None:
        return str(home.index_folder)
    return f"Qdrant at {parse_address(settings.qdrant.url).url}"


def graph_place(settings: StoreSettings) -> str:
    """The server, which is not asked; empty where the graph is a part of the ledger."""
    return "" if settings.neo4j is None else f"Neo4j at {Neo4jAddress.of(settings.neo4j)}"


async def is_still_in_home(home: Home, settings: StoreSettings, ledger: Ledger) -> bool:
    """Whether the ledger on a server holds nothing, and there is one in the home."""
    return bool(settings.database_url) and home.ledger_file.exists() and not await ledger.document_ids(limit=1)
