"""Does an answer hold sentences of the product's own prompts?"""

import re
from collections.abc import Iterator

from evals.metrics.letters import letters_of
from tools.text.prompts import prompt_texts

_INSTRUCTIONS = ("generate", "repair", "route", "grade", "verify", "rewrite", "intake")
_SENTENCE = re.compile(r"[^。.:：\n{}]{20,}")


def repeats_instructions(text: str) -> bool:
    """Whether a sentence of any prompt stands in `text`."""
    said = letters_of(text)
    return any(sentence in said for sentence in _instructions())


def _instructions() -> Iterator[str]:
    for name in _INSTRUCTIONS:
        for language in ("zh", "en"):
            for section, text in prompt_texts(language, name).items():
                if section.endswith("instructions"):
                    yield from (letters_of(sentence) for sentence in _SENTENCE.findall(text))
