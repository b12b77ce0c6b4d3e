"""Between the ledger's rows and the shapes that all folders share."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import RowMapping

from tools.errors import InputError
from tools.shapes import Chunk, Document, Passage, TextBox, WebPage
from tools.text.document_details import document_details
from tools.text.document_names import file_name
from tools.text.identifiers import web_passage_id
from tools.text.tokens import fold

_FOLDED_CHARACTERS = 500


def document_row(document: Document) -> dict[str, Any]:
    """Raises InputError when the metadata cannot be written as JSON."""
    try:
        metadata = json.loads(json.dumps(dict(document.metadata)))
    except (TypeError, ValueError) as error:
        raise InputError(
            f"The metadata of '{document.title}' cannot be stored.",
            why=str(error),
            next_step="Use text, numbers, lists and objects only.",
        ) from error
    return {
        "id": document.id,
        "collection": document.collection,
        "title": document.title,
        "uri": document.uri,
        "format": document.format,
        "content_hash": document.content_hash,
        "page_count": document.page_count,
        "metadata": metadata,
        "folded_title": folded(document.title),
        "folded_file_name": folded(file_name(document.uri)),
    }


def document_from(row: RowMapping, readers: Iterable[str]) -> Document:
    """A document from a row of `documents` and its readers."""
    return Document(
        id=row["id"],
        collection=row["collection"],
        title=row["title"],
        uri=row["uri"],
        format=row["format"],
        content_hash=row["content_hash"],
        readers=tuple(sorted(readers)),
        page_count=row["page_count"],
        metadata=row["metadata"],
    )


def chunk_row(document_id: str, chunk: Chunk, index_version: str | None) -> dict[str, Any]:
    """The row of `chunks` of a document's chunk; `index_version` None puts it into the outbox."""
    return {
        "id": chunk.id,
        "document_id": document_id,
        "position": chunk.index,
        "text": chunk.text,
        "page": chunk.page,
        "section": chunk.section,
        "parent": chunk.parent,
        "boxes": [[each.start, each.end, *each.box] for each in chunk.boxes] or None,
        "metadata": dict(chunk.metadata) or None,
        "index_version": index_version,
    }


def chunk_from(row: RowMapping) -> Chunk:
    """A chunk from a row of `chunks`."""
    return Chunk(
        id=row["id"],
        document_id=row["document_id"],
        index=row["position"],
        text=row["text"],
        page=row["page"],
        section=row["section"],
        boxes=_boxes_from(row),
        parent=row["parent"],
        metadata=row["metadata"] or {},
    )


def passage_from(row: RowMapping) -> Passage:
    """A chunk with its document's title and uri."""
    return Passage(
        id=row["id"],
        document_id=row["document_id"],
        title=row["title"],
        uri=row["uri"],
        text=row["text"],
        page=row["page"],
        section=row["section"],
        boxes=_boxes_from(row),
        article=(row["metadata"] or {}).get("article", ""),
        details=document_details(row["document_metadata"] or {}),
    )


def _boxes_from(row: RowMapping) -> tuple[TextBox, ...]:
    return tuple(TextBox(start, end, (left, top, *rest)) for start, end, left, top, *rest in row["boxes"] or ())


def web_page_row(page: WebPage, user: str, expires_at: float) -> dict[str, Any]:
    """For this user alone, whatever groups the user is in. `expires_at`: seconds since 1970."""
    return {
        "id": web_passage_id(user, page.url, page.text),
        "reader": f"user:{user}",
        "url": page.url,
        "title": page.title,
        "text": page.text,
        "expires_at": expires_at,
    }


def web_passage_from(row: RowMapping | dict[str, Any]) -> Passage:
    """A web page stands for itself: it is its own document."""
    return Passage(id=row["id"], document_id=row["id"], title=row["title"], uri=row["url"], text=row["text"])


def folded(name: str) -> str:
    """A title or file name as it is compared: by what a database can index of it."""
    return fold(name)[:_FOLDED_CHARACTERS]
