"""A text as it is compared where case, punctuation and white space say nothing."""

import re

from tools.text.tokens import fold

_LETTERS = re.compile(r"\w+")


def letters_of(text: str) -> str:
    """Letters and digits of a text alone, as tools.text.tokens.fold writes them."""
    return "".join(_LETTERS.findall(fold(text)))
