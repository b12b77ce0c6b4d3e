"""Markdown files (.md)."""

import re
from pathlib import PurePath

from ingest.loaders.decoding import decode
from ingest.reading import Reading
from tools.shapes import LoadedFile, Page
from tools.text.clean import one_line

_FIRST_HEADING = re.compile(r"^#\s+(.+?)\s*#*$", re.MULTILINE)
_FRONT_MATTER = re.compile(r"---[ \t]*\n((?:[A-Za-z_#\- \t].*\n|\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|$)")
_VALUE = re.compile(r"^([A-Za-z_]+)[ \t]*:[ \t]*(?:(\S.*?)[ \t]*$|\n((?:[ \t]*- .+\n?)+))", re.MULTILINE)
_KEYS = {
    "author": "author",
    "authors": "author",
    "date": "created",
    "created": "created",
    "modified": "modified",
    "updated": "modified",
    "lastmod": "modified",
    "subject": "subject",
}
# Code is matched first, so that what looks like a comment in it stays.
_COMMENT = re.compile(
    r"^(?P<fence>`{3,}|~{3,}).*?(?:^(?P=fence)|\Z)|`[^`\n]*`|(?P<comment><!--.*?-->)", re.MULTILINE | re.DOTALL
)


def load_markdown(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """The text as it stands, without comments; what stands in front of it between lines of dashes is metadata.

    The title is the one stated there, else the first heading of level 1.
    """
    text = decode(content, name).strip()
    front = _FRONT_MATTER.match(text)
    found = _VALUE.findall(front.group(1)) if front else []
    stated = {key.lower(): _plain(value or f"[{_listed(items)}]") for key, value, items in found}
    if stated and front:
        text = text[front.end() :]
    text = _without_comments(text).strip()
    heading = _FIRST_HEADING.search(text)
    title = stated.get("title") or (heading.group(1) if heading else PurePath(name).stem)
    metadata = {_KEYS[key]: value for key, value in stated.items() if key in _KEYS and value}
    return [LoadedFile(title=title, format="md", pages=(Page(1, text),), metadata=metadata)]


def _without_comments(text: str) -> str:
    # What follows the last end of a comment is not looked at: a million beginnings would each be searched to the end.
    end = text.rfind("-->") + len("-->") if "-->" in text else 0
    return _COMMENT.sub(lambda match: "" if match["comment"] else match[0], text[:end]) + text[end:]


def _listed(items: str) -> str:
    """A list of one value a line as one in a line."""
    return ", ".join(item.strip().removeprefix("- ") for item in items.strip().split("\n"))


def _plain(value: str) -> str:
    """A value without its quotes; of a list in one line, its parts."""
    parts = [part.strip().strip("\"'") for part in value.strip("[]").split(",")] if value.startswith("[") else [value]
    return one_line(", ".join(part.strip().strip("\"'") for part in parts))
