"""signpost parse: what is read of a file, without storing anything."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.options import AsJson
from agent.output import note, say, say_json

if TYPE_CHECKING:
    from tools.shapes import LoadedFile


def parse(
    file: Annotated[Path, typer.Argument(help="The file to read.")],
    as_json: AsJson = False,
) -> int:
    """Show the text and pages read of a file; nothing is stored."""
    from agent.settings import read_settings
    from ingest.load import load_file

    # Nothing is asked of a model here.
    documents = load_file(file, replace(read_settings().reading, describes_pictures=False))
    if as_json:
        values = [_values(document) for document in documents]
        say_json(values if file.suffix.lower() == ".jsonl" else values[0])
        return 0
    for document in documents:
        _show(document)
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


def _show(document: "LoadedFile") -> None:
    say(f"{document.title} ({document.format})")
    for page in document.pages:
        if document.has_pages:
            say(f"\n--- page {page.number}{' (recognized)' if page.is_ocr else ''} ---")
        say(page.text)
    for warning in document.warnings:
        note(f"Warning: {warning}")
