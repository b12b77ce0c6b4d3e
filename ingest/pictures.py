"""What a picture in a document says, as Markdown."""

from hashlib import sha256

from ingest.images import as_pixels, frames, open_image
from ingest.ocr import is_available, recognize
from ingest.reading import Reading
from ingest.recognized_text import recognized_text
from tools.errors import FileError
from tools.text.clean import clean, one_line

_LEAST_LONGER, _LEAST_SHORTER = 40, 12
"""Pixels of the sides of what may hold text; smaller ones are icons, bullets and rules."""
_MOST_KNOWN = 256
_known: dict[tuple[bytes, Reading], str] = {}
"""What was recognized in this process, by the picture's hash and how it was read."""


def picture_text(content: bytes, alternative_text: str, reading: Reading) -> str:
    """A block of Markdown: its alternative text, then the text recognized in it; empty where nothing is known of it.

    `content`: the picture's file. One that cannot be read, or not in this format (EMF, WMF), has its alternative text
    alone; it never stops the document.
    """
    blocks = (one_line(alternative_text), _recognized(content, reading))
    return "\n\n".join(block for block in blocks if block)


def _recognized(content: bytes, reading: Reading) -> str:
    """Each picture is read once: a logo stands on every slide."""
    if not content or not reading.recognizes_text or not is_available():
        return ""
    key = (sha256(content).digest(), reading)
    if key not in _known:
        if len(_known) >= _MOST_KNOWN:
            del _known[next(iter(_known))]
        _known[key] = _read(content, reading)
    return _known[key]


def _read(content: bytes, reading: Reading) -> str:
    try:
        with open_image(content, "picture", reading.limits) as image:
            longer, shorter = max(image.size), min(image.size)
            if longer < _LEAST_LONGER or shorter < _LEAST_SHORTER:
                return ""
            first = next(iter(frames(image, "picture", reading.limits)))
    except FileError:
        return ""
    text, _ = recognized_text(recognize(as_pixels(first), reading))
    return clean(text)
