"""Word's styles: which are headings, and which number their paragraphs."""

import re
from dataclasses import dataclass
from typing import Any

from ingest.loaders.elements import attribute, child, children, value, whole

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_TITLE = re.compile(r"title|标题|文档标题", re.IGNORECASE)
_BODY_LEVEL = 9
_MAX_ANCESTORS = 20


@dataclass(frozen=True, slots=True)
class Style:
    """`outline`: 0 for the title, 1 and more for headings, None for text. `number_id`, `level`: of its numbering."""

    outline: int | None = None
    number_id: str = ""
    level: int | None = None


class Styles:
    """The paragraph styles of a document by id, each with what it inherits."""

    def __init__(self, root: Any | None) -> None:
        self._elements = {} if root is None else {attribute(one, "styleId"): one for one in children(root, "style")}
        self._resolved: dict[str, Style] = {}
        self._default = next(
            (
                style
                for style, one in self._elements.items()
                if attribute(one, "type") == "paragraph" and attribute(one, "default") in ("1", "true")
            ),
            "",
        )

    def of(self, paragraph_properties: Any | None) -> Style:
        style = value(paragraph_properties, "pStyle") or self._default
        if style not in self._resolved:
            self._resolved[style] = self._resolve(style)
        return self._resolved[style]

    def _resolve(self, style: str) -> Style:
        outline: int | None = None
        level: int | None = None
        number_id = ""
        ancestor = style
        for _ in range(_MAX_ANCESTORS):
            element = self._elements.get(ancestor)
            if element is None:
                break
            name = value(element, "name")
            properties = child(element, "pPr")
            outline = outline_level(properties) if outline is None else outline
            named = _HEADING.match(name)
            if outline is None and named:
                outline = int(named.group(1))
            elif outline is None and _TITLE.fullmatch(name):
                outline = 0
            number_id = number_id or value(properties, "numPr", "numId")
            stated = value(properties, "numPr", "ilvl")
            level = whole(stated) if level is None and stated else level
            ancestor = value(element, "basedOn")
        outline = None if outline == _BODY_LEVEL + 1 else outline
        return Style(outline, number_id, level)


def outline_level(properties: Any | None) -> int | None:
    """The level that paragraph properties state: from 1, `_BODY_LEVEL` + 1 for body text, None where they do not."""
    level = whole(value(properties, "outlineLvl"), _BODY_LEVEL + 1)
    return level + 1 if level <= _BODY_LEVEL else None


def heading_level(properties: Any | None, style: Style) -> int | None:
    """Of a paragraph: 0 for the title, 1 and more for a heading, None for text."""
    own = outline_level(properties)
    if own is None:
        return style.outline
    return None if own == _BODY_LEVEL + 1 else own
