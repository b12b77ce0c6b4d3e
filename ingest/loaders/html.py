"""Web pages (.html)."""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePath

import lxml.html
from lxml.etree import LxmlError
from lxml.html import HtmlElement

from ingest.loaders.decoding import decode
from ingest.loaders.office import corrupt
from ingest.loaders.table import markdown_table
from ingest.reading import Reading
from tools.shapes import LoadedFile, Page
from tools.text.clean import one_line

_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,40})", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DROPPED = {
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "iframe",
    # The controls of a form, not the form: some frameworks wrap whole pages in one.
    "button",
    "select",
    "textarea",
    "datalist",
    "nav",
    "header",
    "footer",
    "aside",
}
_KEPT_IN_MAIN = {"header"}  # an article's header holds its heading
_NOT_SHOWN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_MAIN = ("//main", "//*[@role='main']", "//article")
_PREFIXES = {f"h{level}": "#" * level + " " for level in range(1, 7)} | {"li": "- "}
_BLOCKS = {
    *(
        "address",
        "article",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
    ),
    *("figure", "header", "hr", "main", "ol", "p", "pre", "section", "summary", "ul", *_PREFIXES),
}


def load_html(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """The main content as Markdown, without navigation, page header and footer, scripts and styles."""
    declared = _DECLARED.search(content[:4096])
    text = decode(content, name, declared.group(1).decode("ascii") if declared else "")
    text = _XML_DECLARATION.sub("", text)
    try:
        # The parser's usual limits would cut deep and long pages without a word.
        root = lxml.html.document_fromstring(text, parser=lxml.html.HTMLParser(huge_tree=True))
    except (LxmlError, ValueError) as error:
        raise corrupt(name) from error
    _drop(root, _is_hidden)
    main = next((found[0] for path in _MAIN if (found := root.xpath(path))), None)
    heading = root.findtext(".//title") or root.findtext(".//h1") or ""
    _drop(root, lambda element: element.tag in (_DROPPED if main is None else _DROPPED - _KEPT_IN_MAIN))
    blocks = list(_blocks(root if main is None else main))
    title = one_line(heading) or PurePath(name).stem
    return [LoadedFile(title=title, format="html", pages=(Page(1, "\n\n".join(blocks)),))]


def _is_hidden(element: HtmlElement) -> bool:
    """Not shown, or not read to those who listen. A page that stays hidden until its scripts run is not meant."""
    if element.tag in ("html", "body"):
        return False
    return (
        element.get("hidden", "until-found").lower() != "until-found"
        or element.get("aria-hidden", "").lower() == "true"
        or _NOT_SHOWN.search(element.get("style", "")) is not None
    )


def _drop(root: HtmlElement, is_unwanted: Callable[[HtmlElement], bool]) -> None:
    for element in list(root.iter("*")):
        if element.getparent() is not None and is_unwanted(element):
            element.drop_tree()  # what follows it stays


def _blocks(element: HtmlElement, *, with_tables: bool = True) -> Iterator[str]:
    """Blocks of Markdown, in the document's order. Walks by hand: pages nest deeper than Python's stack is."""
    inline: list[str] = []
    prefix = ""  # of the next block that has text: the first paragraph of a list item is the item

    def flush() -> Iterator[str]:
        nonlocal prefix
        lines = [one_line(line) for line in "".join(inline).split("\n")]
        text = "\n".join(line for line in lines if line)
        inline.clear()
        if text:
            yield prefix + (one_line(text) if prefix else text)
            prefix = ""

    # Each entry is an element to open, or a text to take, or the tag of a block to close.
    stack: list[tuple[str, HtmlElement | str]] = [("open", element)]
    while stack:
        action, item = stack.pop()
        if isinstance(item, str):
            if action == "text":
                inline.append(item.replace("\n", " "))
            else:
                yield from flush()
                prefix = "" if item in _PREFIXES else prefix
            continue
        if item is not element and item.tail:
            stack.append(("text", item.tail))
        tag = item.tag
        if not isinstance(tag, str) or tag == "head":
            continue
        if tag == "table":
            yield from flush()
            yield from _tables(item) if with_tables else ()
            continue
        if tag == "br":
            inline.append("\n")
        elif tag in _BLOCKS:
            yield from flush()
            prefix = _PREFIXES.get(tag, prefix)
            stack.append(("close", tag))
        stack.extend(("open", child) for child in reversed(item))
        if item.text:
            stack.append(("text", item.text))
    yield from flush()


def _tables(outer: HtmlElement) -> Iterator[str]:
    """The table, and after it each one that stands in a cell of it."""
    for table in outer.iter("table"):
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        text = markdown_table([[_cell(cell) for cell in row if cell.tag in ("td", "th")] for row in rows])
        if text:
            yield text


def _cell(cell: HtmlElement) -> str:
    return " ".join(_blocks(cell, with_tables=False))
