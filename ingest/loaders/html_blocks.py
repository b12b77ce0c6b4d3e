"""The content of a web page as blocks of Markdown."""

import base64
import binascii
import itertools
import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from ingest.loaders.blocks import code_block, list_item
from ingest.loaders.elements import whole
from ingest.loaders.superscripts import raised
from ingest.loaders.table import Cell, laid_out, table_blocks
from ingest.pictures import picture_text
from ingest.reading import Reading
from tools.text.clean import one_line

_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_LISTS = {"ul", "ol", "menu"}
_BLOCKS = {
    *("address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset"),
    *("figcaption", "figure", "header", "hr", "li", "main", "p", "section", "summary", *_HEADINGS, *_LISTS),
}
_LANGUAGE = re.compile(r"\b(?:language|lang|highlight-source)-([\w+#-]{1,20})")
_DATA_PICTURE = re.compile(r"data:image/[\w.+-]+;base64,")


def blocks_of(element: HtmlElement, reading: Reading) -> Iterator[str]:
    """Blocks of Markdown, in the document's order."""
    return _Walk(element, reading).blocks()


class _Walk:
    """Walks by hand: pages nest deeper than Python's stack is."""

    def __init__(self, element: HtmlElement, reading: Reading, *, with_tables: bool = True) -> None:
        self._element = element
        self._reading = reading
        self._with_tables = with_tables
        self._inline: list[str] = []
        self._heading = ""
        self._item = ""  # mark of the list item whose first text comes next
        self._lists: list[int | None] = []  # the lists that are open: the next number, None for bullets

    def blocks(self) -> Iterator[str]:
        # Each entry is an element to open, or a text to take, or the tag of a block to close.
        stack: list[tuple[str, HtmlElement | str]] = [("open", self._element)]
        while stack:
            action, item = stack.pop()
            if isinstance(item, str):
                if action == "text":
                    self._inline.append(item.replace("\n", " "))
                else:
                    yield from self._flush()
                    self._close(item)
                continue
            if item is not self._element and item.tail:
                stack.append(("text", item.tail))
            if not isinstance(item.tag, str) or item.tag == "head":
                continue
            whole = self._whole(item)
            if whole is not None:
                yield from self._flush()
                yield from whole
                continue
            if item.tag == "br":
                self._inline.append("\n")
            elif item.tag == "img":
                self._inline.append(f" {item.get('alt', '')} ")
            elif item.tag == "sup":
                self._inline.append(raised("".join(item.itertext()), "".join(self._inline[-1:])[-1:]))
                continue
            elif item.tag in _BLOCKS:
                yield from self._flush()
                self._open(item)
                stack.append(("close", item.tag))
            stack.extend(("open", child) for child in reversed(item))
            if item.text:
                stack.append(("text", item.text))
        yield from self._flush()

    def _whole(self, element: HtmlElement) -> Iterator[str] | None:
        """The blocks of an element that is read as one, None for others."""
        if element.tag == "table" and not _is_frame(element):
            return self._tables(element) if self._with_tables else iter(())
        if element.tag == "pre" and self._with_tables:
            language = _LANGUAGE.search(" ".join([element.get("class", ""), *element.xpath("./code/@class")]))
            text = "".join(element.itertext())
            return iter([code_block(text, language.group(1) if language else "")] if text.strip() else [])
        if element.tag == "img":
            packed = _DATA_PICTURE.match(element.get("src", ""))
            return iter([self._picture(element, packed.end())]) if packed else None
        return None

    def _picture(self, element: HtmlElement, start: int) -> str:
        try:
            content = base64.b64decode(element.get("src", "")[start:])
        except (binascii.Error, ValueError):
            content = b""
        alternative = one_line(element.get("alt", ""))
        return picture_text(content, alternative, self._reading) if content else alternative

    def _open(self, element: HtmlElement) -> None:
        if element.tag in _LISTS:
            start = element.get("start", "1")
            self._lists.append(whole(start, 1) if element.tag == "ol" else None)
        elif element.tag == "li":
            number = self._lists[-1] if self._lists else None
            self._item = "-"
            if number is not None:
                number = whole(element.get("value", ""), number)
                self._item = f"{number}."
                self._lists[-1] = number + 1
        self._heading = _HEADINGS.get(element.tag, self._heading)

    def _close(self, tag: str) -> None:
        if tag in _LISTS and self._lists:
            self._lists.pop()
        if tag == "li":
            self._item = ""
        if tag in _HEADINGS:
            self._heading = ""

    def _flush(self) -> Iterator[str]:
        lines = [one_line(line) for line in "".join(self._inline).split("\n")]
        text = "\n".join(line for line in lines if line)
        self._inline.clear()
        if not text:
            return
        if self._heading:  # a heading in a list item is no item
            yield self._heading + one_line(text)
            self._heading = ""
        elif self._item:
            yield list_item(text, mark=self._item, level=max(len(self._lists) - 1, 0))
        else:
            yield text
        self._item = ""

    def _tables(self, outer: HtmlElement) -> Iterator[str]:
        """The table, and after it each one that stands in a cell of it."""
        for table in outer.iter("table"):
            if table is not outer and _is_frame(table):
                continue  # what is in it was read with its cell
            caption = table.find("caption")
            if caption is not None:
                yield one_line(" ".join(caption.itertext()))
            rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in _own(table, {"tr"})]
            grid, spans = laid_out([[self._cell(cell) for cell in row] for row in rows if row])
            yield from table_blocks(grid, spans, _header_rows([row for row in rows if row]))

    def _cell(self, cell: HtmlElement) -> Cell:
        text = " ".join(block.strip() for block in _Walk(cell, self._reading, with_tables=False).blocks())
        return Cell(text, whole(cell.get("rowspan", ""), 1), whole(cell.get("colspan", ""), 1))


def _header_rows(rows: list[list[HtmlElement]]) -> int | None:
    """How many rows at the top are marked as a header; None where none is."""
    count = 0
    while count < len(rows) and all(cell.tag == "th" for cell in rows[count]):
        count += 1
    return count or None


def _is_frame(table: HtmlElement) -> bool:
    """Whether a table only lays out what is in it: said so, or one cell around blocks."""
    if table.get("role") in ("presentation", "none"):
        return True
    cells = list(itertools.islice(_own(table, {"td", "th"}), 2))
    return len(cells) == 1 and any(element.tag in _BLOCKS | {"table"} for element in cells[0].iterdescendants())


def _own(table: HtmlElement, tags: set[str]) -> Iterator[HtmlElement]:
    """The rows or cells of a table, not of those in it: tables nest deep, and each is looked through by itself."""
    stack = list(reversed(table))
    while stack:
        element = stack.pop()
        if element.tag in tags:
            yield element
        elif element.tag not in ("table", "td", "th"):
            stack.extend(reversed(element))
