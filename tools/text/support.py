"""Is a sentence supported by its evidence? By code alone: numbers, dates, names, negation and words are compared.

Used by the streaming door before a sentence is released and by the verify node, so that both agree.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tools.text.coverage import covered_share
from tools.text.quantities import dates_in, numbers_in, without_dates
from tools.text.question import content_terms
from tools.text.sentences import sentences
from tools.text.tokens import fold, token_set

_TITLE = re.compile(r"《([^《》]{1,40})》")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NEGATION = re.compile(r"[不未无没非勿]|\b(?:not?|never|none|cannot|without|\w+n't)\b", re.IGNORECASE)
# Below this share of its content words in the evidence, a sentence says something else than the evidence does.
_LEAST_WORD_SHARE = 0.5
# A name of which less stands in the evidence is another name.
_LEAST_NAME_SHARE = 0.6
# Fewer content words claim nothing ("In summary:").
_LEAST_CLAIM = 2
# A sentence so much like one of the evidence must agree with it in what it denies.
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Support:
    """Outcome of the check of one sentence. `missing` lists what the evidence does not contain."""

    supported: bool
    missing: tuple[str, ...] = ()


def check_support(sentence: str, evidence: Iterable[str]) -> Support:
    """Compares one sentence with the texts it cites (or all evidence, when it cites nothing).

    Every number, date, 《title》 and name must stand in the evidence, and at least half of the content words; it must
    not deny what the evidence affirms, nor affirm what it denies. A sentence of less than two content words (a
    connective) claims nothing and is supported.
    """
    texts = list(evidence)
    everything = "\n".join(texts)
    missing = sorted(numbers_in(without_dates(sentence)) - numbers_in(everything))
    missing += _missing_dates(sentence, everything)
    folded = fold(everything)
    missing += [title for title in _TITLE.findall(sentence) if fold(title) not in folded]
    missing += _missing_words(sentence, texts, folded)
    if not missing and _denies_otherwise(sentence, texts):
        missing.append("negation")
    return Support(not missing, tuple(dict.fromkeys(missing)))


def _missing_dates(sentence: str, everything: str) -> list[str]:
    known = dates_in(everything)
    months = {date[:2] for date in known}
    absent = [date for date in dates_in(sentence) if date not in known and (len(date) > 2 or date not in months)]
    return ["-".join(str(part) for part in date) for date in sorted(absent)]


def _missing_words(sentence: str, texts: Sequence[str], folded: str) -> list[str]:
    terms = [term for term in content_terms(sentence) if not _NUMBER.fullmatch(term.text)]
    tokens = frozenset[str]().union(*(token_set(text) for text in texts))

    def share(term_tokens: frozenset[str]) -> float:
        return len(term_tokens & tokens) / len(term_tokens)

    absent = [term for term in terms if term.text not in folded and not share(term.tokens)]
    if len(terms) >= _LEAST_CLAIM and 1 - len(absent) / len(terms) < _LEAST_WORD_SHARE:
        return [term.text for term in absent]
    return [
        term.text
        for term in terms
        if term.weight >= 2 and term.text not in folded and share(term.tokens) < _LEAST_NAME_SHARE
    ]


def _denies_otherwise(sentence: str, texts: Sequence[str]) -> bool:
    terms = content_terms(sentence)
    likeness = {each: covered_share(terms, token_set(each)) for text in texts for each in sentences(text)}
    closest = max(likeness, key=lambda each: likeness[each], default="")
    if likeness.get(closest, 0.0) < _ALIKE:
        return False
    return bool(_NEGATION.search(sentence)) != bool(_NEGATION.search(closest))
