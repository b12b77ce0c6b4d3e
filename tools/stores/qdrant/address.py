"""Where a Qdrant server is, as QDRANT_URL says it."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from tools.errors import InputError

_PORT = 6333


@dataclass(frozen=True, slots=True)
class QdrantAddress:
    """`url` may be shown: it holds no password. `credentials`: user and password of a proxy before the server."""

    url: str
    credentials: tuple[str, str] | None = field(default=None, repr=False)

    @property
    def place(self) -> str:
        """The server without the protocol, which may change while the contents stay."""
        return self.url.partition("://")[2]


def parse_address(url: str) -> QdrantAddress:
    """`url` with protocol and port. Raises InputError, which never shows what was given: it may hold a password."""
    text = url.strip()
    if "://" not in text:
        text = f"http://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port or _PORT
    except ValueError:
        raise _no_address() from None
    is_host = bool(host) and host.isprintable() and not set(host) & set(' "<>\\^`{|}%')
    if parts.scheme not in ("http", "https") or not is_host or parts.query or parts.fragment:
        raise _no_address()
    name = f"[{host}]" if ":" in host else host
    credentials = None
    if parts.username is not None or parts.password is not None:
        credentials = (unquote(parts.username or ""), unquote(parts.password or ""))
    return QdrantAddress(f"{parts.scheme}://{name}:{port}{parts.path.rstrip('/')}", credentials)


def parse_key(key: str) -> str:
    """The key as it can be sent. Raises InputError, which never shows it."""
    stripped = key.strip()
    if not (stripped.isascii() and stripped.isprintable()):
        raise InputError(
            "QDRANT_API_KEY is not a key.",
            why="It holds a character that cannot be sent, such as a line end.",
            next_step="Copy the key again, on one line.",
        )
    return stripped


def _no_address() -> InputError:
    return InputError(
        "QDRANT_URL is not the address of a server.",
        why="An address looks like http://localhost:6333 or https://name.cloud.qdrant.io:6333.",
        next_step="Set QDRANT_URL to such an address.",
    )
