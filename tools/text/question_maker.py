"""Makes questions from passages, without a model: each is answered by the passage that it was made of.

Rather few than bad ones: what is ambiguous (two passages answer it differently), points outside of itself, or is too
short or too long to be asked is left out.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from tools.shapes import Language, Passage
from tools.text.heading_questions import heading_questions
from tools.text.injection import without_instructions
from tools.text.question import content_terms
from tools.text.question_subject import Asked, MadeQuestion, usable_title
from tools.text.sentence_questions import sentence_questions
from tools.text.table_questions import table_questions
from tools.text.tokens import fold

KINDS = ("definition", "cell", "label", "quantity", "person", "date", "heading", "section")
"""What questions are made of."""

_SHORTEST = {"zh": 5, "en": 12}
_LONGEST = {"zh": 70, "en": 160}
_FEWEST_TERMS = 1
_PLACEHOLDER = re.compile(r"[_＿]{2,}|[xX×]{3,}|\?{2,}|…")
_FILE_ENDING = re.compile(r"\.(?:pdf|docx?|xlsx?|csv|md|txt|html?)\b")


def made_questions(passages: Iterable[Passage]) -> list[MadeQuestion]:
    """All questions that can be made of the passages, in their order; each once.

    Of a question that several passages answer alike the first is kept; one that they answer differently is left out.
    """
    found: dict[str, list[MadeQuestion]] = defaultdict(list)
    for passage in passages:
        for made in _of(passage):
            found[fold(made.question)].append(made)
    return [alike[0] for alike in found.values() if len({fold(each.answer) for each in alike}) == 1]


def worth_asking(question: str, answer: str, language: Language) -> bool:
    """Whether a question is of a length that people ask, names something, and does not hold its own answer."""
    if not _SHORTEST[language] <= len(question) <= _LONGEST[language] or _PLACEHOLDER.search(question + answer):
        return False
    if fold(answer) in fold(question) or _FILE_ENDING.search(question):
        return False
    return len(content_terms(question)) >= _FEWEST_TERMS


def _of(passage: Passage) -> Iterator[MadeQuestion]:
    text = without_instructions(passage.text)
    for make in _MAKERS:
        for language, (kind, question, answer) in make(text, passage):
            if worth_asking(question, answer, language):
                yield MadeQuestion(question, answer, kind, language, passage.id, passage.document_id)


def _in_both(
    make: Callable[[str, str, str], Iterator[tuple[Language, Asked]]], text: str, passage: Passage
) -> Iterator[tuple[Language, Asked]]:
    """What `make` finds, where the title can be named in the question's language or is not needed."""
    languages: Sequence[Language] = ("zh", "en")
    for wanted in languages:
        for language, asked in make(text, usable_title(passage.title, wanted), passage.section):
            if language == wanted:
                yield language, asked


_MAKERS: tuple[Callable[[str, Passage], Iterator[tuple[Language, Asked]]], ...] = (
    lambda text, passage: _in_both(heading_questions, text, passage),
    lambda text, passage: _in_both(sentence_questions, text, passage),
    lambda text, passage: _in_both(lambda text, title, _: table_questions(text, title), text, passage),
)
