"""A few words that say what a passage is about: those that it repeats, names and nouns before other words."""

import re

from tools.text.stop_words import STOP_WORDS
from tools.text.tokens import tag

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]{2,}")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]{3,}")
_NOUNS = ("n", "vn", "j")
_NAMES = ("nr", "ns", "nt", "nz")
_NAME_WEIGHT = 1.5


def keywords(text: str, limit: int = 5) -> list[str]:
    """At most `limit` words of `text`, the weightiest first: how often it says them, names counting half more.

    Of equal ones the first is first. Chinese words are as the dictionary has them, English ones as they are first
    written.
    """
    weights: dict[str, float] = {}
    written: dict[str, str] = {}
    if _HAN.search(text):
        for word, kind in tag(text):
            if kind.startswith(_NOUNS) and word not in STOP_WORDS and _HAN.fullmatch(word):
                weights[word] = weights.get(word, 0) + (_NAME_WEIGHT if kind in _NAMES else 1)
    for word in _WORD.findall(text):
        key = word.casefold()
        if key not in STOP_WORDS:
            written.setdefault(key, word)
            weights[key] = weights.get(key, 0) + (_NAME_WEIGHT if word[0].isupper() else 1)
    best = sorted(weights, key=lambda word: -weights[word])[:limit]
    return [written.get(word, word) for word in best]
