"""What of an answer is its own: its text without marks, and without what the product says about its search."""

import functools
import re
from collections.abc import Mapping
from typing import Any

from tools.shapes import Language
from tools.text.citations import without_marks
from tools.text.prompts import prompt_texts

_PLACEHOLDER = re.compile(r"\\\{\w+\\\}")
# Files of prompts/ whose texts an answer may hold; sections that end so are told to a model.
_SPOKEN = ("generate", "repair")
_TOLD = "instructions"


def is_answered(answer: Mapping[str, Any]) -> bool:
    """False for a refusal, and for what was asked back."""
    return answer.get("status") == "answered"


def answered_text(answer: Mapping[str, Any]) -> str:
    """The answer's text without marks and notes; empty when it was refused or asked back."""
    if not is_answered(answer):
        return ""
    return without_marks(without_notes(answer["answer"])).strip()


def without_notes(text: str) -> str:
    """`text` without the lines in which the product speaks of itself: what could not be reached, found or confirmed.

    They are known by the texts of prompts/. A greeting is nothing else.
    """
    return _notes().sub("", text)


@functools.cache
def _notes() -> re.Pattern[str]:
    languages: tuple[Language, ...] = ("zh", "en")
    texts = [
        text
        for language in languages
        for name in _SPOKEN
        for section, text in prompt_texts(language, name).items()
        if not section.endswith(_TOLD)
    ]
    lines = "|".join(_PLACEHOLDER.sub(r"[^\\n]{1,1000}", re.escape(text)) for text in texts)
    return re.compile(f"^(?:{lines})[ \\t]*$", re.MULTILINE)
