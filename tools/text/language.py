"""Which of the product's languages a text is in."""

import re

from tools.shapes import Language

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
# Fewer may be a name, a title or a quotation.
_FULL_SENTENCE_WORDS = 4
_FULL_SENTENCE_HAN = 8


def detect_language(text: str) -> Language:
    """`zh` when the text has at least as many Han characters as Latin words, and any at all; else `en`.

    A Chinese question with an English term stays Chinese, an English one about a Chinese term English.
    """
    han = len(_HAN.findall(text))
    return "zh" if han and han >= len(_LATIN_WORD.findall(text)) else "en"


def is_in_other_language(sentence: str, language: Language) -> bool:
    """Whether a sentence is plainly in the other language: a name or a term in it is none of it."""
    han, words = len(_HAN.findall(sentence)), len(_LATIN_WORD.findall(sentence))
    if language == "zh":
        return not han and words >= _FULL_SENTENCE_WORDS
    return han >= _FULL_SENTENCE_HAN and han > words * 2
