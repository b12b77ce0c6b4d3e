"""Is a sentence supported by its evidence? By code alone: numbers, dates, codes, names and words are compared.

Used by the streaming door before a sentence is released and by the verify node, so that both agree.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tools.text.question import content_terms
from tools.text.tokens import fold, token_set

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NAME = re.compile(r"《([^《》]{1,40})》")
# Below this share of its content words in the evidence, a sentence says something else than the evidence does.
_LEAST_WORD_SHARE = 0.5
# Fewer content words claim nothing ("In summary:").
_LEAST_CLAIM = 2


@dataclass(frozen=True, slots=True)
class Support:
    """Outcome of the check of one sentence. `missing` lists what the evidence does not contain."""

    supported: bool
    missing: tuple[str, ...] = ()


def check_support(sentence: str, evidence: Iterable[str]) -> Support:
    """Compares one sentence with the texts it cites (or all evidence, when it cites nothing).

    Every number, code and 《title》 must stand in the evidence, and at least half of the content words.
    A sentence of less than two content words (a connective) claims nothing and is supported.
    """
    texts = list(evidence)
    folded = fold("\n".join(texts))
    numbers = set(_NUMBER.findall(folded))
    missing = [number for number in _NUMBER.findall(fold(sentence)) if number not in numbers]
    missing += [name for name in _NAME.findall(sentence) if fold(name) not in folded]
    terms = [term for term in content_terms(sentence) if not _NUMBER.fullmatch(term.text)]
    tokens = frozenset[str]().union(*(token_set(text) for text in texts))
    absent = [term for term in terms if not term.tokens & tokens and term.text not in folded]
    if len(terms) >= _LEAST_CLAIM and 1 - len(absent) / len(terms) < _LEAST_WORD_SHARE:
        missing += [term.text for term in absent]
    return Support(not missing, tuple(dict.fromkeys(missing)))
