"""What a picture in a document says, as Markdown."""

import io
from hashlib import sha256

from ingest.found_pictures import found_pictures, note_missed
from ingest.images import as_pixels, frames, open_image
from ingest.ocr import is_available, recognize
from ingest.reading import Reading
from ingest.recognized_text import recognized_text
from tools.errors import FileError
from tools.shapes import Picture
from tools.text.clean import clean, one_line

_LEAST_LONGER, _LEAST_SHORTER = 40, 12
"""Pixels of the sides of what may hold text; smaller ones are icons, bullets and rules."""
_LEAST_DESCRIBED, _MOST_DESCRIBED = 64, 1280
"""Pixels of the sides of a picture that is described: of its shorter one, and of both as the model is given it."""
_MOST_KNOWN = 256
_known: dict[tuple[bytes, Reading], str] = {}
"""What was recognized in this process, by the picture's hash and how it was read."""


def picture_text(content: bytes, alternative_text: str, reading: Reading) -> str:
    """A block of Markdown: its alternative text, then the text recognized in it; empty where nothing is known of it.

    `content`: the picture's file. One that cannot be read, or not in this format (EMF, WMF), has its alternative text
    alone; it never stops the document.
    """
    blocks = (one_line(alternative_text), _recognized(content, reading), picture_marker(content, reading))
    return "\n\n".join(block for block in blocks if block)


def picture_marker(content: bytes, reading: Reading) -> str:
    """What stands for the description of a picture until it is made; empty where none is to be."""
    if not reading.describes_pictures:
        if _is_at_least(content, reading, _LEAST_DESCRIBED, _LEAST_DESCRIBED):
            note_missed("vision")
        return ""
    found = found_pictures()
    if found is None:
        return ""
    marker = f"<!-- picture {sha256(content).hexdigest()[:32]} -->"
    if marker not in found:
        small = _small(content, reading)
        if small is None:
            return ""
        found[marker] = Picture(marker, small, "image/jpeg")
    return marker


def _small(content: bytes, reading: Reading) -> bytes | None:
    """The picture no larger than a model looks at; None for icons and what cannot be read."""
    try:
        with open_image(content, "picture", reading.limits) as image:
            if min(image.size) < _LEAST_DESCRIBED:
                return None
            first = next(iter(frames(image, "picture", reading.limits)))
    except FileError:
        return None
    first.thumbnail((_MOST_DESCRIBED, _MOST_DESCRIBED))
    file = io.BytesIO()
    first.save(file, "JPEG", quality=85)
    return file.getvalue()


def _recognized(content: bytes, reading: Reading) -> str:
    """Each picture is read once: a logo stands on every slide."""
    if not content:
        return ""
    if not reading.recognizes_text or not is_available():
        if _is_at_least(content, reading, _LEAST_LONGER, _LEAST_SHORTER):
            note_missed("ocr")
        return ""
    key = (sha256(content).digest(), reading)
    if key not in _known:
        if len(_known) >= _MOST_KNOWN:
            del _known[next(iter(_known))]
        _known[key] = _read(content, reading)
    return _known[key]


def _is_at_least(content: bytes, reading: Reading, longer: int, shorter: int) -> bool:
    """Whether it is a picture whose sides have so many pixels."""
    try:
        with open_image(content, "picture", reading.limits) as image:
            return max(image.size) >= longer and min(image.size) >= shorter
    except FileError:
        return False


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
