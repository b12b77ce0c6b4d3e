"""signpost parse: what is read of a file, without storing anything."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.commands.add import checked_splitter
from agent.options import AsJson
from agent.output import counted, note, say, say_dim, say_json
from agent.places import page_and_section, page_kind
from tools.text.boxes import box_around

if TYPE_CHECKING:
    from tools.shapes import LoadedFile


def parse(
    file: Annotated[Path, typer.Argument(help="The file to read.")],
    chunks: Annotated[bool, typer.Option("--chunks", help="Show the passages that the text is split into.")] = False,
    split: Annotated[
        str | None, typer.Option(help="Show the passages that add --split NAME would make, semantic ones by words.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Show the text and pages read of a file; nothing is stored."""
    from agent.settings import read_settings
    from ingest.load import load_file

    splitter = checked_splitter(split)
    # Nothing is asked of a model here.
    documents = load_file(file, replace(read_settings().reading, describes_pictures=False))
    shows_chunks = chunks or split is not None
    if shows_chunks or as_json:
        values = [_chunks(document, splitter) if shows_chunks else _values(document) for document in documents]
        if as_json:
            say_json(values if file.suffix.lower() == ".jsonl" else values[0])
        else:
            _show_chunks(values, file.name)
        return 0
    for document in documents:
        _show(document, file.name)
    return 0


def _values(document: "LoadedFile") -> dict[str, Any]:
    return {
        "title": document.title,
        "format": document.format,
        "text": document.text,
        "pages": [{"number": page.number, "text": page.text, "is_ocr": page.is_ocr} for page in document.pages],
        "metadata": dict(document.metadata),
        "warnings": list(document.warnings),
    }


def _chunks(document: "LoadedFile", asked: str) -> dict[str, Any]:
    """The passages of a document, as it would be added. `section_number`: those with the same are read together.

    `asked`: the splitter, empty where content decides.
    """
    from ingest.splitting.choose import BY_CONTENT, choose
    from ingest.splitting.split import split

    splitter = choose(document) if asked in ("", BY_CONTENT) else asked
    return {
        "title": document.title,
        "splitter": splitter,
        "chunks": [
            {
                "text": chunk.text,
                "page": chunk.page,
                "section": chunk.section,
                "section_number": chunk.parent,
                "box": box_around(chunk.boxes),
                "metadata": dict(chunk.metadata),
            }
            for chunk in split(document, "", splitter)
        ],
    }


def _show_chunks(documents: list[dict[str, Any]], file_name: str) -> None:
    for document in documents:
        say(f"{document['title']} (split by {document['splitter']}, {counted(len(document['chunks']), 'passage')})")
        for number, chunk in enumerate(document["chunks"], start=1):
            kind, page, section = page_and_section(file_name, chunk["page"], chunk["section"])
            say_dim(f"\n--- {', '.join(filter(None, (str(number), page and f'{kind} {page}', section)))} ---")
            say(chunk["text"])


def _show(document: "LoadedFile", file_name: str) -> None:
    say(f"{document.title} ({document.format})")
    for page in document.pages:
        if document.has_pages:
            say(f"\n--- {page_kind(file_name)} {page.number}{' (recognized)' if page.is_ocr else ''} ---")
        say(page.text)
    for warning in document.warnings:
        note(f"Warning: {warning}")
