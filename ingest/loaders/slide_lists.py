"""The lists of slides: which paragraphs have a bullet or a number, and which number."""

from collections.abc import Iterator
from typing import Any

from ingest.loaders.blocks import list_item
from ingest.loaders.drawing import shape_paragraphs
from ingest.loaders.elements import attribute, child, whole
from ingest.loaders.word_numbering import as_counted

# How the name of a numbering begins → the format of word_numbering; ECMA-376, ST_TextAutonumberScheme.
_KINDS = {
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
    "circleNum": "decimalEnclosedCircle",
    "ea1": "chineseCounting",
}


def slide_paragraphs(body: Any, *, is_list: bool) -> Iterator[str]:
    """The paragraphs of a shape as blocks. `is_list`: its layout gives a bullet where a paragraph says nothing."""
    counts: dict[int, int] = {}
    for level, text, own in shape_paragraphs(body):
        numbered = child(own, "buAutoNum")
        if numbered is not None:
            start = whole(attribute(numbered, "startAt"), 1)
            counts[level] = counts.get(level, start - 1) + 1
            yield list_item(text, mark=_mark(counts[level], attribute(numbered, "type")), level=level)
            continue
        counts = {above: count for above, count in counts.items() if above < level}
        is_item = child(own, "buChar") is not None or child(own, "buBlip") is not None or is_list
        yield list_item(text, level=level) if is_item and child(own, "buNone") is None else text


def _mark(number: int, scheme: str) -> str:
    kind = next((kind for name, kind in _KINDS.items() if scheme.startswith(name)), "decimal")
    text = as_counted(number, kind)
    if scheme.endswith("ParenBoth"):
        return f"({text})"
    return f"{text})" if scheme.endswith("ParenR") else text if kind == "decimalEnclosedCircle" else f"{text}."
