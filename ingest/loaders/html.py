"""Web pages (.html)."""

import re
from pathlib import PurePath

import lxml.html
from lxml.etree import LxmlError
from lxml.html import HtmlElement

from ingest.loaders.archive import corrupt
from ingest.loaders.blocks import join_blocks
from ingest.loaders.decoding import decode
from ingest.loaders.html_blocks import blocks_of
from ingest.loaders.html_content import Content, content_of
from ingest.reading import Reading
from tools.shapes import LoadedFile, Page
from tools.text.clean import one_line

_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,40})", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
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
    shown = content_of(root)
    page = Page(1, _text(shown, reading))
    left_out = f"{shown.left_out:,} characters of text beside the page's main part are left out"
    return [
        LoadedFile(
            title=one_line(heading) or PurePath(name).stem,
            format="html",
            pages=(page,),
            metadata=metadata,
            warnings=(left_out,) if shown.left_out else (),
        )
    ]


def html_text(text: str, reading: Reading) -> str:
    """The main content of a page within another document as Markdown, empty where it cannot be read."""
    try:
        return _text(content_of(_parsed(text)), reading)
    except (LxmlError, ValueError):
        return ""


def _parsed(text: str) -> HtmlElement:
    # The parser's usual limits would cut deep and long pages without a word.
    return lxml.html.document_fromstring(_XML_DECLARATION.sub("", text), parser=lxml.html.HTMLParser(huge_tree=True))


def _text(content: Content, reading: Reading) -> str:
    return join_blocks(block for part in content.parts for block in blocks_of(part, reading))


def _metadata(root: HtmlElement) -> dict[str, str]:
    stated: dict[str, str] = {}
    for element in root.iter("meta"):
        key = element.get("name") or element.get("property") or element.get("http-equiv") or ""
        stated.setdefault(key.lower(), one_line(element.get("content", "")))
    found = {key: next((stated[name] for name in names if stated.get(name)), "") for key, names in _METADATA.items()}
    return {key: value for key, value in found.items() if value and (key == "author" or _DATE.fullmatch(value))}
