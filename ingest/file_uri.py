"""A file's path as the uri of its documents: the same file always has the same one, two files never share one."""

import re
from pathlib import Path
from urllib.parse import quote, unquote

from tools.errors import FileError
from tools.text.clean import one_line

# What acts on a terminal or on the order of a line: control characters, line and paragraph separators, bidirectional
# overrides, byte order marks.
_ACTING = "\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
# A per cent sign is left as it is, but where the name could be read as one with such a character.
_ESCAPED = re.compile(f"[{_ACTING}]|%(?=[01][0-9A-F]|25|7F|C2%[89]|E2%8[01]%A|EF%B[BF]%B)")

_CODE = re.compile("%(?:[01][0-9A-F]|25|7F|C2%[89][0-9A-F]|E2%8[01]%A[0-9A-F]|EF%B[BF]%B[0-9A-F])")


_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/{1,2}(?=[^/])")  # a path loses one of its slashes


def address_of(path: Path) -> str | None:
    """The address that `path` was written as, such as https://example.com/a; None for a path."""
    written = path.as_posix()
    found = _ADDRESS.match(written)
    return f"{found.group(1)}://{written[found.end() :]}" if found else None


def file_uri(path: Path) -> str:
    """The path with forward slashes, or the address that it is; characters that act on a terminal are percent-encoded.

    Raises FileError when the name is not valid Unicode.
    """
    uri = _ESCAPED.sub(_encoded, address_of(path) or path.as_posix())
    try:
        uri.encode()
    except UnicodeEncodeError as error:
        raise FileError(
            f"{one_line(path.name)} cannot be added under this name.",
            why="The name, or that of a folder it is in, is not valid UTF-8.",
            next_step="Rename it and run: signpost add PATH (for many: convmv -r -f ENCODING -t utf-8 FOLDER).",
        ) from error
    return uri


def uri_path(uri: str) -> Path:
    """The path that `file_uri` made this uri of."""
    return Path(_CODE.sub(lambda match: unquote(match.group()), uri))


def _encoded(match: re.Match[str]) -> str:
    return quote(match.group(), safe="")
