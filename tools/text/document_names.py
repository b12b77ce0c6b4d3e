"""How documents are named to users: by title, and by their file where a title is that of several."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from tools.shapes import Passage


def file_name(uri: str) -> str:
    """The last part of a path or address: what a user would call the file."""
    path = unquote(urlsplit(uri).path) if "://" in uri else uri
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1]


def shared_titles(passages: Iterable[Passage]) -> frozenset[str]:
    """The titles that more than one of the passages' documents has."""
    documents = {(passage.title, passage.document_id) for passage in passages}
    titles = [title for title, _ in documents]
    return frozenset(title for title in titles if titles.count(title) > 1)


def named_document(passage: Passage, shared: frozenset[str]) -> dict[str, str]:
    """The passage's document with id, title and uri; with the name of its file where others share the title."""
    values = {"id": passage.document_id, "title": passage.title, "uri": passage.uri}
    return {**values, "file": file_name(passage.uri)} if passage.title in shared else values


def shown_name(document: Mapping[str, Any]) -> str:
    """The title, with the file where one is given; the uri of a document without a title; empty for neither."""
    title, file = document["title"], document.get("file")
    return f"{title} ({file})" if title and file else str(title or document["uri"])


def shown_copies(document: Mapping[str, Any], copies: Sequence[Mapping[str, Any]]) -> list[str]:
    """The names of a document's copies: those of the same title by their files alone."""
    return [copy["file"] if copy["title"] == document["title"] else shown_name(copy) for copy in copies]
