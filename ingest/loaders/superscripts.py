"""What stands raised: written so that 10⁶ does not become 106."""

import re

_CHARACTERS = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_NUMBERS = re.compile(r"[+\-−–]|[+\-−–]?[0-9]+(?:[,–-][0-9]+)*")
_EXPRESSION = re.compile(r"(?=.*[0-9])[0-9a-z+\-−–./*·×]{2,20}")
_CARRIERS = ")]}%°⁺⁻"  # beside letters and digits, what a number can be raised after


def raised(text: str, before: str) -> str:
    """`text` as it stands raised after `before`: numbers as superscripts, 0.5 as ^(0.5); others, as in 1st, unchanged.

    `before`: the character before it, empty at the beginning.
    """
    inside = text.strip()
    if not before or not (before.isalnum() or before in _CARRIERS):
        return text
    if _NUMBERS.fullmatch(inside):
        return text.translate(_CHARACTERS)
    if _EXPRESSION.fullmatch(inside):
        return text.replace(inside, f"^({inside})")
    return text


def note(mark: str, text: str) -> str:
    """A footnote as it stands below a page: "¹ text", and "(i) text" where its mark is no number."""
    return f"{mark.translate(_CHARACTERS) if mark.isdecimal() else f'({mark})'} {text}"
