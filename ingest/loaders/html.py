"""Web pages (.html)."""

import re
from collections.abc import Iterator
from pathlib import PurePath

import lxml.html
from lxml.etree import LxmlError
from lxml.html import HtmlElement

from ingest.loaders.decoding import decode
from ingest.loaders.office import corrupt
from ingest.loaders.table import markdown_table
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
    "form",
    "button",
    "nav",
    "header",
    "footer",
    "aside",
}
_KEPT_IN_MAIN = {"header"}  # an article's header holds its heading
_MAIN = ("//main", "//*[@role='main']", "//article")
_HEADINGS = {"h1": "#", "h2": "##", "h3": "###", "h4": "####", "h5": "#####", "h6": "######"}
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
    *("figure", "header", "hr", "li", "main", "ol", "p", "pre", "section", "summary", "ul", *_HEADINGS),
}


def load_html(content: bytes, name: str) -> list[LoadedFile]:
    """The main content as Markdown, without navigation, page header and footer, scripts and styles."""
    declared = _DECLARED.search(content[:4096])
    text = decode(content, name, declared.group(1).decode("ascii") if declared else "")
    text = _XML_DECLARATION.sub("", text)
    try:
        # The parser's usual limits would cut deep and long pages without a word.
        root = lxml.html.document_fromstring(text, parser=lxml.html.HTMLParser(huge_tree=True))
    except (LxmlError, ValueError) as error:
        raise corrupt(name) from error
    main = next((found[0] for path in _MAIN if (found := root.xpath(path))), None)
    blocks = list(_blocks(root if main is None else main, is_main=main is not None))
    heading = root.findtext(".//title") or root.findtext(".//h1") or ""
    title = one_line(heading) or PurePath(name).stem
    return [LoadedFile(title=title, format="html", pages=(Page(1, "\n\n".join(blocks)),))]


def _blocks(element: HtmlElement, *, is_main: bool) -> Iterator[str]:
    """Blocks of Markdown, in the document's order. Walks by hand: pages nest deeper than Python's stack is."""
    inline: list[str] = []
    prefix = ""

    def flush() -> Iterator[str]:
        lines = [one_line(line) for line in "".join(inline).split("\n")]
        text = "\n".join(line for line in lines if line)
        inline.clear()
        if text:
            yield prefix + (one_line(text) if prefix else text)

    # Each entry is an element to open, or a text to take, or the tag of a block to close.
    stack: list[tuple[str, HtmlElement | str]] = [("open", element)]
    while stack:
        action, item = stack.pop()
        if isinstance(item, str):
            if action == "text":
                inline.append(item.replace("\n", " "))
            else:
                yield from flush()
                prefix = ""
            continue
        if item is not element and item.tail:
            stack.append(("text", item.tail))
        tag = item.tag
        if not isinstance(tag, str) or tag == "head" or (tag in _DROPPED and not (is_main and tag in _KEPT_IN_MAIN)):
            continue
        if tag == "table":
            yield from flush()
            yield from filter(None, [_table(item)])
            continue
        if tag == "br":
            inline.append("\n")
        elif tag in _BLOCKS:
            yield from flush()
            prefix = f"{_HEADINGS[tag]} " if tag in _HEADINGS else "- " if tag == "li" else ""
            stack.append(("close", tag))
        stack.extend(("open", child) for child in reversed(item))
        if item.text:
            stack.append(("text", item.text))
    yield from flush()


def _table(table: HtmlElement) -> str:
    rows = [[one_line(cell.text_content()) for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    return markdown_table(rows)
