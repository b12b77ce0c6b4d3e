"""Which servers hold the stores. What is not set stands in the home folder."""

from dataclasses import dataclass, field
from typing import Literal

Quantization = Literal["none", "scalar", "binary"]


@dataclass(frozen=True, slots=True)
class QdrantSettings:
    """A Qdrant server or cluster. `shards` and `replicas` hold for collections that are made from now on.

    on_disk: vectors and their index are read from disk and not kept in memory. quantization: of dense vectors.
    """

    url: str
    api_key: str = field(default="", repr=False)
    shards: int = 1
    replicas: int = 1
    on_disk: bool = False
    quantization: Quantization = "none"


@dataclass(frozen=True, slots=True)
class Neo4jSettings:
    """A Neo4j server or cluster. `database`: empty for the server's default one."""

    uri: str
    username: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str = ""


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where the stores are. database_url: of PostgreSQL, for the ledger and the conversations; it holds a password.

    timeout_seconds: how long a server may take for one answer.
    """

    database_url: str = field(default="", repr=False)
    qdrant: QdrantSettings | None = None
    neo4j: Neo4jSettings | None = None
    timeout_seconds: float = 5.0

    @property
    def is_embedded(self) -> bool:
        """Whether all of them stand in the home folder."""
        return not self.database_url and self.qdrant is None and self.neo4j is None

    @property
    def needs_home(self) -> bool:
        """Whether a store stands in the home folder, which one process at a time may hold."""
        return not self.database_url or self.qdrant is None
