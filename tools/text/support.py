"""Is a sentence supported by its evidence? By code alone: numbers, dates, names, negation and words are compared.

Used by the streaming door before a sentence is released and by the verify node, so that both agree.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tools.text.coverage import covered_share
from tools.text.language import detect_language
from tools.text.quantities import dates_in, numbers_in, without_dates
from tools.text.question import content_terms
from tools.text.sentences import sentences
from tools.text.tokens import fold, token_set

_TITLE = re.compile(r"《([^《》]{1,40})》")
_CLAUSE_BORDER = re.compile(r"[，,；;：:、]|\b(?:but|although|while|and|which|who)\b|但是?|而|且", re.IGNORECASE)
_LIST_MARKER = re.compile(r"^\s*(?:[-*•·]|\(?\d{1,2}[.)、）])\s+")
_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{2,}")
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
    """Outcome of the check of one sentence. `missing` lists what the evidence does not contain.

    claims_nothing: there is nothing in it to check. compared: its words could be compared; False when the evidence is
    in the other language, so that only numbers, dates and names were.
    """

    supported: bool
    missing: tuple[str, ...] = ()
    claims_nothing: bool = False
    compared: bool = True


def check_support(sentence: str, evidence: Iterable[str]) -> Support:
    """Compares one sentence with the texts that it cites.

    Every number, date, 《title》 and name must stand in them, and at least half of the content words; it must not deny
    what they affirm, nor affirm what they deny. Of evidence in the other language words cannot be compared. A sentence
    of less than two content words and without numbers or names (a connective) claims nothing and is supported.
    """
    sentence = _LIST_MARKER.sub("", sentence)
    texts = list(evidence)
    everything = "\n".join(texts)
    folded = fold(everything)
    missing = sorted(numbers_in(without_dates(sentence)) - numbers_in(everything))
    missing += _missing_dates(sentence, everything)
    missing += [title for title in _TITLE.findall(sentence) if fold(title) not in folded]
    if texts and not _can_compare(sentence, texts):
        missing += [name for name in _foreign_names(sentence) if fold(name) not in folded]
        return Support(not missing, tuple(dict.fromkeys(missing)), compared=False)
    missing += _missing_words(sentence, texts, folded)
    if not missing and _denies_otherwise(sentence, texts):
        missing.append("negation")
    return Support(not missing, tuple(dict.fromkeys(missing)), claims_nothing=_claims_nothing(sentence))


def _claims_nothing(sentence: str) -> bool:
    terms = content_terms(sentence)
    return len(terms) < _LEAST_CLAIM and not numbers_in(sentence) and all(term.weight < 2 for term in terms)


def _can_compare(sentence: str, texts: Sequence[str]) -> bool:
    language = detect_language(sentence)
    return any(detect_language(text) == language for text in texts)


def _foreign_names(sentence: str) -> list[str]:
    """Words in Latin letters in a Chinese sentence; an English one is all of them, so none can be told apart."""
    return _LATIN_NAME.findall(sentence) if detect_language(sentence) == "zh" else []


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
    """Whether a clause says the opposite of the evidence: nearly the same words, denied in one of the two alone.

    Clause by clause, since a long sentence may well deny something else.
    """
    said = [each for text in texts for each in sentences(text)]
    return any(_clause_denies_otherwise(clause, said) for clause in _clauses(sentence))


def _clause_denies_otherwise(clause: str, said: Sequence[str]) -> bool:
    terms, tokens = content_terms(clause), token_set(clause)
    likeness = {each: covered_share(terms, token_set(each)) for each in said}
    closest = max(likeness, key=lambda each: likeness[each], default="")
    if len(terms) < _LEAST_CLAIM or likeness.get(closest, 0.0) < _ALIKE:
        return False
    alike = [each for each in _clauses(closest) if covered_share(content_terms(each), tokens) >= _ALIKE]
    denied = bool(_NEGATION.search(clause))
    return bool(alike) and all(bool(_NEGATION.search(each)) != denied for each in alike)


def _clauses(sentence: str) -> list[str]:
    return [clause for clause in _CLAUSE_BORDER.split(sentence) if clause.strip()]
