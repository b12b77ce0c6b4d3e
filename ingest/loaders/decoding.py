"""Bytes of a text file as text: UTF-8, UTF-16 with or without its mark, GB18030 or Big5."""

import codecs
import re

from ingest.loaders.everyday_characters import most_everyday
from tools.errors import FileError
from tools.text.clean import clean

_BINARY_STARTS = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"GIF8")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MAX_CONTROL_SHARE = 0.005
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHINESE = ("gb18030", "cp950")  # cp950: Big5 as Windows writes it
_WIDE = ("utf-16-le", "utf-16-be")


def decode(content: bytes, name: str, declared: str = "") -> str:
    """`content` as clean text. `declared`: an encoding that the file names itself, tried after UTF-8.

    Raises FileError for binary content and for an encoding that is none of these.
    """
    text = _decoded(content, name, declared)
    if text is None:
        raise FileError(
            f"{name} cannot be read as text.",
            why="Its encoding is none of UTF-8, UTF-16, GB18030 and Big5.",
            next_step="Save it as UTF-8, for example: iconv -f SHIFT_JIS -t UTF-8 OLD.txt > NEW.txt",
        )
    if not _is_written(text):
        raise _binary(name)
    return clean(text)


def _decoded(content: bytes, name: str, declared: str) -> str | None:
    if content.startswith(_UTF16_MARKS):
        return _decoded_in("utf-16", content)
    if content.startswith(_BINARY_STARTS):
        raise _binary(name)
    if b"\0" in content:
        wide = (_decoded_in(encoding, content) for encoding in _WIDE)
        text = most_everyday([text for text in wide if text is not None and "\0" not in text])
        if text is None:
            raise _binary(name)
        return text
    for encoding in ("utf-8-sig", *([declared] if _is_text_encoding(declared) else [])):
        text = _decoded_in(encoding, content)
        if text is not None:
            return text
    # Chinese alone has no zero byte in UTF-16 either.
    read = (_decoded_in(encoding, content) for encoding in (*_CHINESE, *_WIDE))
    return most_everyday([text for text in read if text is not None and _is_written(text)])


def _is_written(text: str) -> bool:
    """Whether there are no more control characters in it than a text file may have."""
    return len(_CONTROL.findall(text)) <= _MAX_CONTROL_SHARE * len(text)


def _decoded_in(encoding: str, content: bytes) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeError:
        return None


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
