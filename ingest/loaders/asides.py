"""What stands beside a document's own text, below a heading in its language that says what it is."""

from collections.abc import Iterable
from typing import Literal

from ingest.loaders.blocks import heading, join_blocks
from tools.shapes import Language
from tools.text.language import detect_language

Aside = Literal["notes", "page headers"]

_HEADINGS: dict[Aside, dict[Language, str]] = {
    "notes": {"en": "Notes", "zh": "备注"},
    "page headers": {"en": "Page headers and footers", "zh": "页眉和页脚"},
}
_LEVEL = 2  # below the title, and in none of the document's own sections


def with_aside(texts: Iterable[str], kind: Aside, asides: Iterable[str]) -> list[str]:
    """Each of the texts with its aside, if it is not empty, below it. The language is that of all texts together."""
    pairs = list(zip(texts, asides, strict=True))
    if not any(aside for _, aside in pairs):
        return [text for text, _ in pairs]
    language = detect_language("\n".join(text or aside for text, aside in pairs))
    title = heading(_LEVEL, _HEADINGS[kind][language])
    return [join_blocks([text, title, aside]) if aside.strip() else text for text, aside in pairs]
