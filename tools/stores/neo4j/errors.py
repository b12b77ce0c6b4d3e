"""What the graph database and its driver raise, told as errors of ours: what happened, why, and what to do."""

import os
from collections.abc import Iterator

from neo4j.exceptions import (
    ConfigurationError,
    ConnectionAcquisitionTimeoutError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    UnsupportedServerProduct,
    WriteServiceUnavailable,
)

from tools.errors import SignpostError, StoreError
from tools.stores.invalid_text import not_unicode
from tools.stores.neo4j.address import Neo4jAddress
from tools.stores.neo4j.loop_thread import LoopClosedError
from tools.stores.neo4j.schema import OLDEST_SERVER

# Of another writer: the same statements, begun again, find what that one has left.
_RACES = ("Neo.ClientError.Schema.", "Neo.ClientError.Statement.EntityNotFound")
_READ_ONLY = (
    "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase",
    "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase",
    "Neo.ClientError.Cluster.NotALeader",
)
_NO_DATABASE = "Neo.ClientError.Database.DatabaseNotFound"
_FORBIDDEN = "Neo.ClientError.Security.Forbidden"
_SECURITY = "Neo.ClientError.Security."
_REFUSALS = {
    f"{_SECURITY}AuthenticationRateLimit": "There were too many wrong passwords: wait a little.",
    f"{_SECURITY}CredentialsExpired": "The password must be changed first.",
}


class OvertakenError(Exception):
    """Another writer has changed what this one relies on."""


RAISED = (Neo4jError, DriverError, OvertakenError, LoopClosedError, OSError, UnicodeEncodeError)
"""What may come out of the driver, or out of what is done with it."""


def is_lost_connection(error: Exception) -> bool:
    """Whether the server could not be reached or has gone away: a connection that was kept may be an old one."""
    return isinstance(error, ServiceUnavailable | SessionExpired)


def is_passing(error: Exception) -> bool:
    """Whether the same may succeed when it is begun again: a deadlock, a change of leader, another writer's change."""
    if isinstance(error, Neo4jError):
        return error.is_retryable() or (error.code or "").startswith(_RACES)
    return isinstance(error, OvertakenError)


def explained(error: Exception, address: Neo4jAddress, timeout_seconds: float) -> SignpostError:
    """Our error for one of `RAISED`. It holds no password and nothing of a document."""
    graph = f"The knowledge graph at {address}"
    if isinstance(error, LoopClosedError):
        return StoreError(f"{graph} is closed.")
    if isinstance(error, UnicodeEncodeError):
        return not_unicode()
    if isinstance(error, TimeoutError | ConnectionAcquisitionTimeoutError):
        return StoreError(
            f"{graph} does not answer.",
            why=f"Nothing came within {timeout_seconds:g} s.",
            next_step="Check that Neo4j runs well there, and that NEO4J_URI names its Bolt port (7687, not 7474).",
        )
    if isinstance(error, Neo4jError):
        return _refused(graph, error, address)
    if isinstance(error, UnsupportedServerProduct):
        return StoreError(
            f"{graph} is no Neo4j.", why="Another server answers there.", next_step="Set NEO4J_URI to a Neo4j server."
        )
    if isinstance(error, ConfigurationError):  # of what is configured, an old server alone refuses something
        return too_old(graph)
    if isinstance(error, WriteServiceUnavailable):
        return _read_only(graph)
    if is_lost_connection(error) or isinstance(error, OSError):
        return StoreError(
            f"{graph} cannot be reached.",
            why=_reason(error),
            next_step="Start Neo4j, or set NEO4J_URI to its Bolt address, for example bolt://localhost:7687",
        )
    return StoreError(f"{graph} could not be used.", why=type(error).__name__, next_step="Try again.")


def too_old(graph: str) -> StoreError:
    """A server that does not know all that is asked of it."""
    oldest = ".".join(map(str, OLDEST_SERVER))
    return StoreError(
        f"{graph} is too old.",
        why=f"Signpost needs Neo4j {oldest} or newer.",
        next_step="Update Neo4j, or set NEO4J_URI to another server.",
    )


def _refused(graph: str, error: Neo4jError, address: Neo4jAddress) -> StoreError:
    code = error.code or ""
    if code == _NO_DATABASE:
        return StoreError(
            f"{graph} is not there.",
            why="The server has no such database.",
            next_step="Set NEO4J_DATABASE to one that it has, or leave it empty for its default one.",
        )
    if code in _READ_ONLY:
        return _read_only(graph)
    if code == _FORBIDDEN:
        return StoreError(
            f"{graph} refuses what was asked.",
            why=f"The user '{address.username}' has no right to it.",
            next_step="Give the user the right to read, write and make indexes, or set NEO4J_USERNAME to another one.",
        )
    if code.startswith(_SECURITY):
        return StoreError(
            f"{graph} refuses the user '{address.username}'.",
            why=_REFUSALS.get(code, "The user name or the password is wrong."),
            next_step="Set NEO4J_USERNAME and NEO4J_PASSWORD.",
        )
    return StoreError(f"{graph} could not be used.", why=code, next_step="Try again, and if it stays: signpost doctor")


def _read_only(graph: str) -> StoreError:
    return StoreError(
        f"{graph} cannot be written.",
        why="The database is read-only, or a follower of the one that is written.",
        next_step="Make it writable, or set NEO4J_URI (neo4j:// finds a cluster's leader) or NEO4J_DATABASE.",
    )


def _reason(error: Exception) -> str:
    """Of the innermost cause, what the system calls it."""
    reason = "The connection was lost."
    for cause in _causes(error):
        if "looks like HTTP" in str(cause):
            return "A web server answers there: that is Neo4j's HTTP port."
        if isinstance(cause, OSError) and cause.errno:
            reason = os.strerror(cause.errno) if cause.errno > 0 else str(cause.strerror)  # below 0: of a name
    return reason


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        first = cause.exceptions[0] if isinstance(cause, BaseExceptionGroup) else None
        cause = first or cause.__cause__ or cause.__context__
