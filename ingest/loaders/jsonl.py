"""Documents as JSON lines (.jsonl): {"id"?, "title"?, "text", "metadata"?}, one a line."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from ingest.loaders import OWN_ID
from ingest.loaders.decoding import decode
from ingest.reading import Reading
from tools.errors import FileError
from tools.shapes import LoadedFile, Page
from tools.text.clean import clean, one_line

_MAX_WARNINGS = 20


class _BadRow(ValueError):
    pass


class _SameRow(_BadRow):
    pass


def load_jsonl(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """Each good row as a document. Bad rows are named by line number in the first document's warnings.

    Where some could not be read, the first document has missed "rows".
    Raises FileError when no row is good.
    """
    loaded: list[LoadedFile] = []
    problems: list[str] = []
    line_of: dict[str, int] = {}
    is_whole = True
    for number, line in enumerate(decode(content, name).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            document = _document(line, PurePath(name).stem)
            own_id = document.metadata.get(OWN_ID)
            first = line_of.setdefault(own_id or row_key(document), number)
            if first != number:
                raise _SameRow(f"its {'id' if own_id else 'content'} stands in line {first} already")
        except _BadRow as error:
            problems.append(f"line {number}: {error}; the row is left out")
            is_whole = is_whole and isinstance(error, _SameRow)
            continue
        loaded.append(document)
    if len(problems) > _MAX_WARNINGS:
        problems[_MAX_WARNINGS:] = [f"{len(problems) - _MAX_WARNINGS} more rows are left out"]
    if not loaded:
        raise FileError(
            f"{name} holds no document.",
            why="; ".join(problems) or "It has no rows.",
            next_step='Each line must be a JSON object such as {"id": "a1", "title": "Report", "text": "…"}',
        )
    loaded[0] = replace(loaded[0], warnings=tuple(problems), missed=() if is_whole else ("rows",))
    return loaded


def row_key(document: LoadedFile) -> str:
    """What a row is known by that gives itself no id: all that it says, wherever in the file it stands."""
    return json.dumps([document.title, document.text, document.metadata], sort_keys=True)


def _document(line: str, default_title: str) -> LoadedFile:
    row = _row(line)
    text = row.get("text")
    if not isinstance(text, str) or not clean(text).strip():
        raise _BadRow('"text" is missing or empty')
    metadata = row.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise _BadRow('"metadata" is not an object')
    metadata = {key: value for key, value in metadata.items() if key != OWN_ID}
    if not _is_storable(metadata):
        raise _BadRow('"metadata" holds a number or character that cannot be stored')
    own_id = row.get("id")
    if own_id is not None:
        if isinstance(own_id, bool) or not isinstance(own_id, str | int) or not one_line(str(own_id)):
            raise _BadRow('"id" is not a string or whole number')
        metadata[OWN_ID] = one_line(str(own_id))
    title = row.get("title")
    title = one_line(title) if isinstance(title, str) else ""
    return LoadedFile(
        title=title or default_title, format="jsonl", pages=(Page(1, clean(text).strip()),), metadata=metadata
    )


def _is_storable(metadata: Mapping[str, Any]) -> bool:
    """Python reads more than JSON is: NaN, 1e999 as infinity, and halves of characters."""
    try:
        json.dumps(metadata, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    return True


def _row(line: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _BadRow("not valid JSON") from error
    if not isinstance(row, dict):
        raise _BadRow("not a JSON object")
    return row
