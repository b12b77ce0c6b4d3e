"""Splits questions and answers: one pair a chunk."""

import re
from collections.abc import Iterator

from ingest.splitting.outline import by_label, outline
from ingest.splitting.span import Unit
from tools.shapes import LoadedFile

_QUESTION = re.compile(
    r"(?:[-*+•>]\s+)?(?:\*\*|__)?(?:\d{1,3}[.、．)]\s*)?(?P<mark>(?:Q|Question|问|问题|提问)\s*\d{0,3})\s*[.、．)]?\s*"
    r"(?:\*\*|__)?\s*[:：](?:\*\*|__)?\s*\S.*",
    re.IGNORECASE,
)
_ASKS = re.compile(r"#{1,6}\s+.*[?？](?:\*\*|__)?\s*#*")


def by_question(loaded: LoadedFile) -> Iterator[Unit]:
    """A unit for each question with its answer: "Q: … A: …", "问：… 答：…", and headings that ask."""
    return by_label(outline(loaded, label=question_mark))


def question_mark(line: str) -> str:
    """What marks a line as a question ("Q", "问1"), or empty."""
    found = _QUESTION.fullmatch(line)
    return found.group("mark") if found else ""


def asks(line: str) -> bool:
    """Whether a line is a question that an answer follows: marked as one, or a heading that asks."""
    return _ASKS.fullmatch(line) is not None or question_mark(line) != ""
