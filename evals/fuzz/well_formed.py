"""Whether what a loader gives is what tools/shapes.py promises."""

import itertools
import json
import math
from collections.abc import Sequence

from tools.shapes import LoadedFile, Page


def broken_promises(documents: Sequence[LoadedFile]) -> list[str]:
    """What is not as it should be, in words; none for well-formed documents."""
    return [problem for document in documents for problem in _of_document(document)]


def _of_document(document: LoadedFile) -> list[str]:
    problems = []
    numbers = [page.number for page in document.pages]
    if document.has_pages and numbers != sorted(set(numbers)):
        problems.append("pages are not in ascending order")
    if not _is_storable(document.title + document.text):
        problems.append("the text cannot be stored")
    try:
        json.dumps(dict(document.metadata), allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        problems.append(f"metadata is not JSON: {type(error).__name__}")
    return problems + [problem for page in document.pages for problem in _of_page(page)]


def _is_storable(text: str) -> bool:
    """No lone surrogate, which no encoding has, and no NUL, which databases refuse."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _of_page(page: Page) -> list[str]:
    problems = []
    if page.number < 1:
        problems.append(f"page {page.number} is none")
    if any(not 0 <= box.start < box.end <= len(page.text) for box in page.boxes):
        problems.append(f"a box of page {page.number} is of no text")
    if any(after.start < before.end for before, after in itertools.pairwise(page.boxes)):
        problems.append(f"boxes of page {page.number} overlap in the text")
    for box in page.boxes:
        left, top, right, bottom = box.box
        if not all(map(math.isfinite, box.box)) or left > right or top > bottom:
            problems.append(f"a box of page {page.number} is no rectangle")
            break
    return problems
