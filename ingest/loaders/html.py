"""Web pages (.html)."""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePath

import lxml.html
from lxml.etree import LxmlError
from lxml.html import HtmlElement

from ingest.loaders.archive import corrupt
from ingest.loaders.blocks import join_blocks
from ingest.loaders.decoding import decode
from ingest.loaders.html_blocks import blocks_of
from ingest.reading import Reading
from tools.shapes import LoadedFile, Page
from tools.text.clean import one_line

_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,40})", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DROPPED = {
    *("script", "style", "noscript", "template", "svg", "iframe", "annotation"),
    # The controls of a form, not the form: some frameworks wrap whole pages in one.
    *("button", "select", "textarea", "datalist"),
    *("nav", "header", "footer", "aside"),
}
_KEPT_IN_MAIN = {"header"}  # an article's header holds its heading
_NOT_SHOWN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
# What pages say of themselves, by the names that they use for it.
_METADATA = {
    "author": ("author", "article:author", "dc.creator", "dcterms.creator", "citation_author"),
    "created": ("article:published_time", "pubdate", "publishdate", "date", "dc.date", "dcterms.created"),
    "modified": ("article:modified_time", "og:updated_time", "last-modified", "dcterms.modified"),
}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?")


def load_html(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """The main content as Markdown, without navigation, page header and footer, scripts and styles."""
    declared = _DECLARED.search(content[:4096])
    text = decode(content, name, declared.group(1).decode("ascii") if declared else "")
    try:
        root = _parsed(text)
    except (LxmlError, ValueError) as error:
        raise corrupt(name) from error
    metadata = _metadata(root)
    heading = root.findtext(".//title") or root.findtext(".//h1") or ""
    page = Page(1, join_blocks(_shown_blocks(root, reading)))
    title = one_line(heading) or PurePath(name).stem
    return [LoadedFile(title=title, format="html", pages=(page,), metadata=metadata)]


def html_text(text: str, reading: Reading) -> str:
    """The main content of a page within another document as Markdown, empty where it cannot be read."""
    try:
        return join_blocks(_shown_blocks(_parsed(text), reading))
    except (LxmlError, ValueError):
        return ""


def _parsed(text: str) -> HtmlElement:
    # The parser's usual limits would cut deep and long pages without a word.
    return lxml.html.document_fromstring(_XML_DECLARATION.sub("", text), parser=lxml.html.HTMLParser(huge_tree=True))


def _shown_blocks(root: HtmlElement, reading: Reading) -> Iterator[str]:
    _drop(root, _is_hidden)
    main = _main(root)
    _drop(root, lambda element: element.tag in (_DROPPED if main is None else _DROPPED - _KEPT_IN_MAIN))
    return blocks_of(root if main is None else main, reading)


def _main(root: HtmlElement) -> HtmlElement | None:
    """The element that the page marks as its content; of several articles none is it."""
    marked = root.xpath("//main | //*[@role='main']")
    if marked:
        return marked[0]
    articles = root.xpath("//article[not(ancestor::article)]")
    return articles[0] if len(articles) == 1 else None


def _metadata(root: HtmlElement) -> dict[str, str]:
    stated: dict[str, str] = {}
    for element in root.iter("meta"):
        key = element.get("name") or element.get("property") or element.get("http-equiv") or ""
        stated.setdefault(key.lower(), one_line(element.get("content", "")))
    found = {key: next((stated[name] for name in names if stated.get(name)), "") for key, names in _METADATA.items()}
    return {key: value for key, value in found.items() if value and (key == "author" or _DATE.fullmatch(value))}


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
