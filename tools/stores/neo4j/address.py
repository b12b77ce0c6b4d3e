"""Where the graph database is, as messages name it."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from tools.errors import StoreError
from tools.stores.store_settings import Neo4jSettings

_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


@dataclass(frozen=True, slots=True)
class Neo4jAddress:
    """`server`: scheme, host and port, never a password. `database`: "" for the server's default one."""

    server: str
    database: str
    username: str

    @classmethod
    def of(cls, settings: Neo4jSettings) -> "Neo4jAddress":
        """The address that the settings mean, whether it can be used or not."""
        parts = _parts(settings.uri)
        server = f"{parts.scheme}://{_host_and_port(parts)}" if parts else "NEO4J_URI"
        return cls(server, settings.database, settings.username)

    def __str__(self) -> str:
        return f"{self.server} (database {self.database})" if self.database else self.server


def check_uri(uri: str) -> None:
    """Raises StoreError for what is no address of a Bolt server. The driver would repeat it in full, a password too."""
    parts = _parts(uri)
    if parts and parts.scheme in _SCHEMES and parts.hostname and parts.netloc == _host_and_port(parts):
        return
    raise StoreError(
        "NEO4J_URI is not the address of a Neo4j server.",
        why="It has the form bolt://host:port or neo4j://host:port (with +s for TLS), without user name and password.",
        next_step="Set it, for example to bolt://localhost:7687, and NEO4J_USERNAME and NEO4J_PASSWORD beside it.",
    )


def _parts(uri: str) -> SplitResult | None:
    try:
        parts = urlsplit(uri)
        _ = parts.port  # read to be checked: it may be no number
    except ValueError:
        return None
    return parts


def _host_and_port(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]
