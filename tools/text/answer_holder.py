"""Does a passage hold the answer to a question? By code, and rather once too often: what is hidden so that a question
cannot be answered must not leave the answer standing elsewhere."""

import re
from dataclasses import dataclass

from tools.text.coverage import term_share
from tools.text.quantities import numbers_in
from tools.text.question import content_terms
from tools.text.tokens import fold, token_set

_LONG_ANSWER = 40
_LEAST_TOKENS = 0.7
_LEAST_TERMS = 0.5
_SOURCE_NAMED = re.compile(
    r"^(?:根据[《“][^》”]+[》”]，|According to \"[^\"]+\", )|[《“\"][^》”\"]+[》”\"](?=[的中]| say)"
)


def asked_terms(question: str) -> str:
    """The question without the document that it names: another document may answer it too."""
    return _SOURCE_NAMED.sub("", question) or question


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text that many answers are looked for in, read once: folded, its numbers, its search tokens."""

    folded: str
    numbers: frozenset[str]
    tokens: frozenset[str]


def read_text(text: str) -> ReadText:
    """`text` as answers are looked for in it."""
    plain = _without_bold(text)
    return ReadText(fold(plain), frozenset(numbers_in(plain)), token_set(plain))


def _without_bold(text: str) -> str:
    """Without Markdown's marks of it: an answer may begin or end between two of them."""
    return text.replace("**", "")


def holds_answer(question: str, answer: str, text: ReadText) -> bool:
    """Whether `text`, a passage with its title and section, says the answer and is on what is asked.

    The answer must stand in it (a number in any spelling, of a long answer most words), and half of the question's
    content words, by their weight.
    """
    return says(answer, text) and _is_on(question, text)


def says(answer: str, text: ReadText) -> bool:
    """Whether the words of `answer` stand in `text`: as they are, its numbers alone, or most of many words."""
    if fold(_without_bold(answer)).strip(" .。") in text.folded:
        return True
    if len(answer) > _LONG_ANSWER:
        words = token_set(answer)
        return bool(words) and len(words & text.tokens) / len(words) >= _LEAST_TOKENS
    numbers = numbers_in(answer)
    return bool(numbers) and numbers <= text.numbers


def _is_on(question: str, text: ReadText) -> bool:
    terms = content_terms(asked_terms(question))
    whole = sum(term.weight for term in terms)
    return not whole or sum(term.weight * term_share(term, text.tokens) for term in terms) / whole >= _LEAST_TERMS
