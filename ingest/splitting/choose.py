"""Which splitter a document is for, by what stands in it. The first rule that holds decides; each can be told in words.

| splitter | when |
|---|---|
| code | the file is source code |
| tables | four fifths of its characters stand in tables |
| law | at least three lines begin with an article's number, one of twenty below the first; most of the text is there |
| questions | at least three lines ask: more than half of its headings, or one line of six |
| sections | at least three of the sections that papers and medical texts have, and a quarter of its headings are such |
| structure | else |
"""

import re
from collections.abc import Sequence

from ingest.splitting.questions import asks
from ingest.splitting.sections import section_name
from tools.shapes import LoadedFile
from tools.text.articles import article_number

BY_CONTENT = "auto"
"""What is asked for instead of a splitter's name."""

_LEAST_MARKS = 3
_LONGEST_MARKED_LINE = 200
_TABLE_SHARE = 0.8
_LAW_SHARE = 0.5
_LINES_OF_ARTICLE = 20
_QUESTION_SHARE = 0.5
_LINES_OF_QUESTION = 6
_SECTION_SHARE = 0.25
_HEADING = re.compile(r"#{2,6}\s")


def choose(loaded: LoadedFile) -> str:
    """The name of the splitter for a document."""
    if loaded.format == "code":
        return "code"
    lines = [line.strip() for page in loaded.pages for line in page.text.split("\n") if not line.isspace() and line]
    total = sum(len(line) for line in lines)
    rows = sum(len(line) for line in lines if line.startswith("|"))
    if rows > _TABLE_SHARE * total:
        return "tables"
    if _is_law(lines, total):
        return "law"
    headings = [line for line in lines if _HEADING.match(line)]
    if _is_questions(lines, headings):
        return "questions"
    named = [line for line in lines if len(line) <= _LONGEST_MARKED_LINE and section_name(line.lstrip("# "))[0]]
    kinds = {section_name(line.lstrip("# "))[0].casefold() for line in named}
    if len(kinds) >= _LEAST_MARKS and len(named) >= _SECTION_SHARE * len(headings):
        return "sections"
    return "structure"


def _is_law(lines: Sequence[str], total: int) -> bool:
    places = [place for place, line in enumerate(lines) if article_number(line)]
    if len(places) < _LEAST_MARKS:
        return False
    below = sum(len(line) for line in lines[places[0] :])
    return below > _LAW_SHARE * total and len(places) * _LINES_OF_ARTICLE >= len(lines) - places[0]


def _is_questions(lines: Sequence[str], headings: Sequence[str]) -> bool:
    asking = [line for line in lines if asks(line)]
    if len(asking) < _LEAST_MARKS:
        return False
    in_headings = sum(line.startswith("#") for line in asking)
    return in_headings > _QUESTION_SHARE * len(headings) or (len(asking) - in_headings) * _LINES_OF_QUESTION >= len(
        lines
    )
