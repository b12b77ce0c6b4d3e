"""Does a sentence say the opposite of its evidence, or give its numbers to other things? By code, clause by clause.

Only what stands there in nearly the same words can be contradicted: everything else is no contradiction.
"""

import re
from collections.abc import Sequence

from tools.text.coverage import covered_share
from tools.text.quantities import numbers_in, without_dates
from tools.text.question import Term, content_terms
from tools.text.sentences import sentences
from tools.text.tokens import fold, token_set

_CLAUSE_BORDER = re.compile(r"[，,；;：:、]|\b(?:but|although|while|and|which|who)\b|但是?|而|且", re.IGNORECASE)
_NEGATION = re.compile(
    r"[不未无没非勿]|禁止|严禁|\b(?:not?|never|none|cannot|without|prohibited|forbidden|\w+n't)\b", re.IGNORECASE
)
# They hold a negation and deny nothing: bounds ("at most" says the same as "must not exceed"), and other words.
_NO_NEGATION = re.compile(
    r"不(?:得|能|应)?(?:少于|低于|小于|超过|超出|大于|高于|多于|迟于|晚于|早于)|不仅|不但|不同|不锈钢|无锡|无线|未来|非常"
    r"|\b(?:no|not) (?:later|earlier|more|less|fewer|sooner) than\b"
    r"|\b(?:must |may |shall |should )?not (?:to )?exceed\b|\bnot only\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Fewer content words claim nothing that could be denied.
_LEAST_CLAIM = 2
# Clauses so much alike say the same thing.
_ALIKE = 0.6
# A clause that holds so much of another's words says it of the same thing.
_SAME = 0.75
_UNITS: dict[str, str] = {
    unit: name
    for name, units in {
        "minute": "minute minutes 分钟",
        "hour": "hour hours 小时",
        "day": "day days 天 日",
        "week": "week weeks 周",
        "month": "month months 个月",
        "year": "year years 年",
        "metre": "m metre metres meter meters 米",
        "kilometre": "km kilometre kilometres kilometer kilometers 公里",
        "kilogram": "kg kilogram kilograms 公斤 千克",
        "tonne": "t tonne tonnes ton tons 吨",
        "percent": "% percent",
        "yuan": "元",
        "ten thousand yuan": "万元",
        "hundred million yuan": "亿元",
    }.items()
    for unit in units.split()
}
_QUANTITY = re.compile(
    r"(\d+(?:\.\d+)?)\s*("
    + "|".join(
        sorted((re.escape(unit) + (r"\b" if unit.isascii() and unit != "%" else "") for unit in _UNITS), key=len)[::-1]
    )
    + ")?",
    re.IGNORECASE,
)


def contradiction(sentence: str, texts: Sequence[str]) -> str:
    """What of `sentence` the texts contradict: "negation", a number, a number with its unit; empty when nothing."""
    said = [each for text in texts for each in sentences(text)]
    for clause in _clauses(sentence):
        if _denies_otherwise(clause, said):
            return "negation"
        if number := _number_of_another(clause, said):
            return number
    return _other_unit(sentence, "\n".join(texts))


def _clauses(sentence: str) -> list[str]:
    return [clause for clause in _CLAUSE_BORDER.split(sentence) if clause.strip()]


def _denies_otherwise(clause: str, said: Sequence[str]) -> bool:
    """Nearly the same words, denied in one of the two alone."""
    terms, tokens = content_terms(clause), token_set(clause)
    likeness = {each: covered_share(terms, token_set(each)) for each in said}
    closest = max(likeness, key=lambda each: likeness[each], default="")
    if len(terms) < _LEAST_CLAIM or likeness.get(closest, 0.0) < _ALIKE:
        return False
    alike = [each for each in _clauses(closest) if covered_share(content_terms(each), tokens) >= _ALIKE]
    denied = _denies(clause)
    return bool(alike) and all(_denies(each) != denied for each in alike)


def _denies(clause: str) -> bool:
    return _NEGATION.search(_NO_NEGATION.sub("", clause)) is not None


def _number_of_another(clause: str, said: Sequence[str]) -> str:
    """A number that the evidence gives to something else, where it gives another one to this."""
    numbers = numbers_in(without_dates(clause))
    words = _words(clause)
    if not numbers or len(words) < _LEAST_CLAIM:
        return ""
    numbered = [(each, numbers_in(each)) for text in said for each in _clauses(text)]
    shares = [(covered_share(words, token_set(each)), known) for each, known in numbered if known]
    best = max((share for share, _ in shares), default=0.0)
    if best < _SAME:
        return ""
    known_of_it = [known for share, known in shares if share >= best]
    return "" if any(numbers & known for known in known_of_it) else min(numbers)


def _words(clause: str) -> list[Term]:
    units = {fold(unit) for unit in _UNITS}
    return [term for term in content_terms(clause) if not _NUMBER.search(term.text) and term.text not in units]


def _other_unit(sentence: str, everything: str) -> str:
    """A quantity whose number the evidence has in other units only."""
    known: dict[str, set[str]] = {}
    for number, unit in _QUANTITY.findall(fold(everything)):
        known.setdefault(number, set()).add(_UNITS.get(unit, ""))
    for number, unit in _QUANTITY.findall(fold(sentence)):
        units = known.get(number, set())
        if unit and units and "" not in units and _UNITS[unit] not in units:
            return f"{number} {unit}"
    return ""
