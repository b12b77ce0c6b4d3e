"""Whether the text that a page carries is one that can be read."""

import re
from collections.abc import Sequence

from ingest.pdf.printed import Frame

_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]|[^\\W\\d_](?=[\u0300-\u036f]{3})")
_MOST_UNREADABLE = 0.3
_FEW = 20  # characters: a stamp or a page number on a scan


def character_count(frames: Sequence[Frame]) -> int:
    """How many characters are printed, white space aside."""
    return sum(len("".join(each.text.split())) for frame in frames for each in frame.fragments)


def is_legible(frames: Sequence[Frame]) -> bool:
    """False where most characters have no meaning: fonts that do not tell what their signs stand for."""
    text = "".join(each.text for frame in frames for each in frame.fragments)
    return len(_UNREADABLE.findall(text)) <= _MOST_UNREADABLE * len(text)


def is_hardly_text(frames: Sequence[Frame]) -> bool:
    return character_count(frames) < _FEW
