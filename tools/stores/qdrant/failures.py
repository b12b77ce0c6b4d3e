"""What goes wrong with a Qdrant server, in the product's own words: whatever the client raises becomes a StoreError."""

import httpx
from pydantic import ValidationError
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from tools.errors import SignpostError, StoreError
from tools.text.clean import one_line

_CHECK_URL = "Check QDRANT_URL, and that Qdrant runs there."
_WAIT = "Wait a moment and try again. Qdrant's own log says more."
_LONGEST = 200


def is_missing_collection(error: Exception) -> bool:
    """Whether the server says that it has no such collection. (The client's in-memory engine says it its own way.)"""
    if isinstance(error, UnexpectedResponse):
        return error.status_code == 404 and "collection" in _explained(error).lower()
    return type(error) is ValueError and str(error).startswith("Collection ") and str(error).endswith(" not found")


def failure_of(error: Exception, url: str, timeout_seconds: float) -> SignpostError:
    """What `error` means. `url`: of the server, without secrets. Contents and keys are never part of it."""
    if isinstance(error, SignpostError):
        return error
    if isinstance(error, UnexpectedResponse):
        return _refused(error, url)
    cause = error.source if isinstance(error, ResponseHandlingException) else error
    if isinstance(cause, QdrantException):
        return _busy(url)
    if isinstance(cause, httpx.TimeoutException | TimeoutError):
        return timed_out(url, timeout_seconds)
    if isinstance(cause, httpx.ConnectError | httpx.ProxyError):
        return StoreError(f"Qdrant at {url} cannot be reached.", why=_first_words(cause), next_step=_CHECK_URL)
    if isinstance(cause, httpx.TransportError):
        return StoreError(
            f"Qdrant at {url} ended the connection in the middle of an answer.",
            why="It was stopped or restarted, or something between it and Signpost gave up.",
            next_step=_WAIT,
        )
    # JSON that is none, or says something else than Qdrant would; the client asserts what it does not find in it.
    if isinstance(cause, ValidationError | AssertionError | httpx.DecodingError) or type(cause).__name__ in (
        "JSONDecodeError",
        "UnicodeDecodeError",
    ):
        return not_qdrant(url, "It answers what Qdrant would not, or only a part of it.")
    return StoreError(f"Qdrant at {url} could not be used.", why=_first_words(cause), next_step=_WAIT)


def timed_out(url: str, timeout_seconds: float) -> StoreError:
    """No answer in time."""
    return StoreError(
        f"Qdrant at {url} does not answer.",
        why=f"There was no answer within {timeout_seconds:g} seconds.",
        next_step="Check QDRANT_URL and the server's load. SIGNPOST_STORE_TIMEOUT_SECONDS allows it more time.",
    )


def not_qdrant(url: str, why: str) -> StoreError:
    """An answer that Qdrant does not give."""
    return StoreError(f"What answers at {url} is not Qdrant.", why=why, next_step=_CHECK_URL)


def _refused(error: UnexpectedResponse, url: str) -> StoreError:
    status, explained = error.status_code or 0, _explained(error)
    said = explained or _plain(error)
    why = f"{said or 'It says no more'} (HTTP {status})."
    if status == 403 and "access" in said.lower():
        return StoreError(
            f"The key for Qdrant at {url} may not do this.",
            why=why,
            next_step="Set QDRANT_API_KEY to a key that may write: Signpost makes collections of its own.",
        )
    if status in (401, 403):
        return StoreError(
            f"Qdrant at {url} refuses the key.", why=why, next_step="Set QDRANT_API_KEY to a key of this server."
        )
    if status == 429:
        return _busy(url)
    if status >= 500:
        return StoreError(f"Qdrant at {url} has failed.", why=why, next_step=_WAIT)
    if explained:
        return StoreError(f"Qdrant at {url} refused a request.", why=why, next_step=_WAIT)
    return not_qdrant(url, f"It answers with HTTP {status}, which Qdrant would explain.")


def _busy(url: str) -> StoreError:
    return StoreError(
        f"Qdrant at {url} is asked too much at once.",
        why="It limits how many requests it takes (HTTP 429).",
        next_step="Wait a minute, or raise the limit in Qdrant's strict mode.",
    )


def _explained(error: UnexpectedResponse) -> str:
    """What Qdrant itself says, which is JSON."""
    try:
        said = error.structured()["status"]["error"]
    except (ValueError, KeyError, TypeError):
        return ""
    return _short(str(said))


def _plain(error: UnexpectedResponse) -> str:
    """What stands in a page of plain text, as Qdrant refuses a key. Other pages are not quoted."""
    if not error.headers.get("content-type", "").startswith("text/plain"):
        return ""
    return _short(error.content.decode("utf-8", "replace"))


def _short(text: str) -> str:
    return one_line(text).rstrip(".")[:_LONGEST]


def _first_words(error: Exception) -> str:
    return _short(str(error)) or type(error).__name__
