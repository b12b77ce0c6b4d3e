"""Bytes of a text file as text: UTF-8, UTF-16 with its mark, or GB18030."""

import codecs
import re

from tools.errors import FileError
from tools.text.clean import clean

_BINARY_STARTS = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"GIF8")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MAX_CONTROL_SHARE = 0.005
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(content: bytes, name: str, declared: str = "") -> str:
    """`content` as clean text. `declared`: an encoding that the file names itself, tried after UTF-8.

    Raises FileError for binary content and for an encoding that is none of these.
    """
    if content.startswith(_UTF16_MARKS):
        encodings = ["utf-16"]
    elif content.startswith(_BINARY_STARTS) or b"\0" in content:
        raise _binary(name)
    else:
        encodings = ["utf-8-sig", *([declared] if _is_text_encoding(declared) else []), "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if len(_CONTROL.findall(text)) > _MAX_CONTROL_SHARE * len(text):
            raise _binary(name)
        return clean(text)
    raise FileError(
        f"{name} cannot be read as text.",
        why="Its encoding is none of UTF-8, UTF-16 with a byte order mark and GB18030.",
        next_step=f"Save it as UTF-8 and run: signpost add {name}",
    )


def _is_text_encoding(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding  # false for base64, zip and other codecs of bytes
    except LookupError:
        return False


def _binary(name: str) -> FileError:
    return FileError(
        f"{name} is not a text file.",
        why="It holds binary data under the name of a text format.",
        next_step="Give the file the extension of its true format, or export it as text.",
    )
