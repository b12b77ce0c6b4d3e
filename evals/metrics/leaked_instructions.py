"""Does an answer hold sentences of the product's own prompts?"""

import re
from collections.abc import Iterator

from tools.text.prompts import prompt_texts
from tools.text.tokens import fold

_WORD = re.compile(r"\w+")
_INSTRUCTIONS = ("generate", "repair", "route", "grade", "verify", "rewrite", "intake")
_SENTENCE = re.compile(r"[^。.:：\n{}]{20,}")


def repeats_instructions(text: str) -> bool:
    """Whether a sentence of any prompt stands in `text`."""
    said = _letters(text)
    return any(sentence in said for sentence in _instructions())


def _instructions() -> Iterator[str]:
    for name in _INSTRUCTIONS:
        for language in ("zh", "en"):
            for section, text in prompt_texts(language, name).items():
                if section.endswith("instructions"):
                    yield from (_letters(sentence) for sentence in _SENTENCE.findall(text))


def _letters(text: str) -> str:
    return "".join(_WORD.findall(fold(text)))
