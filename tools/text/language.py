"""Which of the product's languages a text is in."""

import re

from tools.shapes import Language

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def detect_language(text: str) -> Language:
    """`zh` when the text has at least as many Han characters as Latin words, and any at all; else `en`.

    A Chinese question with an English term stays Chinese, an English one about a Chinese term English.
    """
    han = len(_HAN.findall(text))
    return "zh" if han and han >= len(_LATIN_WORD.findall(text)) else "en"
