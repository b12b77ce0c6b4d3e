"""Is a sentence supported by its evidence? By code alone: numbers, dates, names, negation and words are compared.

Used by the streaming door before a sentence is released and by the verify node, so that both agree.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tools.text.contradiction import contradiction
from tools.text.language import detect_language
from tools.text.quantities import dates_in, numbers_in, without_dates
from tools.text.question import content_terms
from tools.text.tokens import fold, token_set

_TITLE = re.compile(r"《([^《》]{1,40})》")
_LIST_MARKER = re.compile(r"^\s*(?:[-*•·#>]+\s*)*(?:\*\*)?(?:[（(]?\d{1,2}(?:[、）)]|[.．](?!\d))|[①-⑳])?(?:\*\*)?\s*")
_BARE_ANSWER = re.compile(
    r"\W*(?:yes|no|true|false|it (?:is|does|can|may)"
    r"|是的?|不是|否|可以|不可以|能|不能|允许|不允许|对|不对|有|没有)\W*$",
    re.IGNORECASE,
)
_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{2,}")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Below this share of its content words in the evidence, a sentence says something else than the evidence does.
_LEAST_WORD_SHARE = 0.5
# A name of which less stands in the evidence is another name.
_LEAST_NAME_SHARE = 0.6
# Fewer content words claim nothing ("In summary:").
_LEAST_CLAIM = 2


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
    if not texts:
        return Support(_claims_nothing(sentence), claims_nothing=_claims_nothing(sentence))
    everything = "\n".join(texts)
    folded = fold(everything)
    missing = sorted(numbers_in(without_dates(sentence)) - numbers_in(everything))
    missing += _missing_dates(sentence, everything)
    missing += [title for title in _TITLE.findall(sentence) if fold(title) not in folded]
    if texts and not _can_compare(sentence, texts):
        missing += [name for name in _foreign_names(sentence) if fold(name) not in folded]
        return Support(not missing, tuple(dict.fromkeys(missing)), compared=False)
    claims_nothing = _claims_nothing(sentence)
    if not claims_nothing:
        missing += _missing_words(sentence, texts, folded) or _bare_answer(sentence, folded)
    if not missing and (contradicted := contradiction(sentence, texts)):
        missing.append(contradicted)
    return Support(not missing, tuple(dict.fromkeys(missing)), claims_nothing=claims_nothing)


def _bare_answer(sentence: str, folded: str) -> list[str]:
    """A yes or a no holds nothing that could be compared, unless the evidence says just that."""
    said = sentence.strip()
    return [said] if _BARE_ANSWER.match(said) and fold(said) not in folded else []


def _claims_nothing(sentence: str) -> bool:
    """Nothing but function words, or a heading ("In summary:"). A bare yes or no does claim something."""
    terms = content_terms(sentence)
    if numbers_in(sentence) or any(term.weight >= 2 for term in terms) or _BARE_ANSWER.match(sentence):
        return False
    return not terms or (len(terms) < _LEAST_CLAIM and sentence.rstrip().endswith((":", "：")))


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
    if terms and 1 - len(absent) / len(terms) < _LEAST_WORD_SHARE:
        return [term.text for term in absent]
    return [
        term.text
        for term in terms
        if term.weight >= 2 and term.text not in folded and share(term.tokens) < _LEAST_NAME_SHARE
    ]
