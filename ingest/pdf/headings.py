"""Which lines are headings, and of what level."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ingest.pdf.lines import Line

_MAX_CHARACTERS = 60
_LARGER = 1.15  # times the size of the body text
_LOWEST = 6
_NOT_AT_END = re.compile(r"[。．；;，,：:]$")
_WHITE_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Headings:
    """Levels by size of print, 1 for the largest, and by what the outline calls a page's headings.

    `outline`: (page, text without white space) → level. `bold`: the level of bold lines that stand alone, if any.
    """

    by_size: Mapping[float, int] = field(default_factory=dict)
    outline: Mapping[tuple[int, str], int] = field(default_factory=dict)
    bold: int | None = None

    def level(self, line: Line, page: int, stands_alone: bool) -> int | None:
        """The level of a heading, None for other lines. `stands_alone`: is no part of a paragraph."""
        if len(line.text) > _MAX_CHARACTERS:
            return None
        if line.size in self.by_size:
            return self.by_size[line.size]
        listed = self.outline.get((page, outline_key(line.text)))
        if listed:
            return listed
        has_words = len(line.runs) <= 2 and sum(character.isalpha() for character in line.text) > 1
        if line.is_bold and stands_alone and has_words and not _NOT_AT_END.search(line.text):
            return self.bold
        return None


def find_headings(lines: Iterable[Line], outline: Mapping[tuple[int, str], int]) -> Headings:
    """Sizes clearly larger than that of most characters are headings; bold lines, where most of the text is not."""
    characters: Counter[float] = Counter()
    bold = 0
    for line in lines:
        characters[line.size] += len(line.text)
        bold += len(line.text) if line.is_bold else 0
    total = characters.total()
    body_size = max(characters, key=characters.__getitem__, default=0.0)
    sizes = sorted((size for size in characters if body_size and size > body_size * _LARGER), reverse=True)
    by_size = {size: min(level, _LOWEST) for level, size in enumerate(sizes, start=1)}
    return Headings(by_size, outline, min(len(by_size) + 1, _LOWEST) if bold < total / 3 else None)


def outline_key(text: str) -> str:
    return _WHITE_SPACE.sub("", text).casefold()
