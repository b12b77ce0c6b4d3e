"""What a question asks for: its content terms with their weight, and the kind of answer."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.text.answer_kind import CAPITALISED, AnswerKind, answer_kind, asked_unit, has_kind, has_quantity
from tools.text.articles import article_key, asked_article
from tools.text.quantities import dates_in
from tools.text.stop_words import STOP_WORDS
from tools.text.synonyms import synonyms
from tools.text.tokens import fold, search_tokens, tag

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
# What numbers and letters tell apart: Section 2, lot 1, Well C.
_NUMBERED = re.compile(
    r"\b(?:[A-Z][a-z]{2,19}|(?i:section|lot|phase|stage|chapter|article|part|line|building|floor|level|figure|table|step"
    r"|unit|block|zone|contract|appendix|annex|room|gate|platform|clause)) (?:\d{1,3}|[B-HJ-Z])\b(?![.,']\w)"
)
# A thing with a number in its name: 三标段, 第2批次, section 2; not 3月 or 5人, which are amounts.
_SHAPE = re.compile(
    r"(?P<before>第?)(?:[一二三四五六七八九十百]+|\d+)(?P<after>(?![年月日号天个岁人次元万亿米吨级名条项])[\u4e00-\u9fff]{1,6})"
    r"|(?P<word>[a-z]{3,20} )(?:\d+|[a-z])"
)
_DEPUTY = re.compile(r"副|\b(?:deputy|vice|acting|assistant) ")
_HAN_NUMERAL = re.compile("[一二三四五六七八九十百]+")
_NAME_TAGS = ("nr", "ns", "nt", "nz")
_SAYS = frozenset("规定 要求 内容 条文 写 写明 说 讲 讲的 say says state states stipulate provide require".split())


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of a question, folded, with its weight (≥ 0.5).

    tokens: the search tokens that find it. alternatives: those of each of its synonyms.
    """

    text: str
    tokens: frozenset[str]
    weight: float
    alternatives: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for: its content terms, the kind of answer and, of a number, its unit (or empty).

    months: the (year, month) that it names. article: the key of the article of a law whose text it asks for, or empty.
    """

    terms: tuple[Term, ...]
    kind: AnswerKind
    unit: str
    months: frozenset[tuple[int, ...]] = frozenset()
    article: str = ""

    @property
    def article_tokens(self) -> frozenset[str]:
        """The search tokens by which the question names its article."""
        named = (term.tokens for term in self.terms if article_key(term.text) == self.article)
        return frozenset[str]().union(*named)


def asked_for(question: str, names: tuple[str, ...] = ()) -> Asked:
    """Reads a question. `names` are known entities, as in `content_terms`."""
    months = frozenset(date[:2] for date in dates_in(question))
    article = asked_article(question)
    terms = content_terms(question, names)
    if article:  # what an article says need not say that it says so
        terms = tuple(term for term in terms if term.text not in _SAYS)
    return Asked(terms, answer_kind(question), asked_unit(question), months, article)


def answers(asked: Asked, text: str) -> bool:
    """Whether `text` holds something of the kind, and the unit, that is asked for."""
    if asked.kind == "person" and _names_a_deputy(asked, text):
        return False
    return has_quantity(asked.unit, fold(text)) if asked.unit else has_kind(asked.kind, text)


def _names_a_deputy(asked: Asked, text: str) -> bool:
    """Whether `text` names the deputy of one who is asked for: 副总经理 where 总经理 is meant."""
    folded = fold(text)
    if not _DEPUTY.search(folded) or any(_DEPUTY.search(term.text) for term in asked.terms):
        return False
    return any(re.search(rf"(?:{_DEPUTY.pattern})(?:\w+ )?{re.escape(term.text)}", folded) for term in asked.terms)


@functools.lru_cache(maxsize=512)
def content_terms(question: str, names: tuple[str, ...] = ()) -> tuple[Term, ...]:
    """The words of a question that an answer's source should contain, without repeats.

    `names` are known entities; those that stand in the question are one term each, however a dictionary would cut
    them. Names, codes and numbers weigh 2, other words 1, single Han characters 0.5.
    """
    terms: dict[str, Term] = {}
    for match in _NUMBERED.finditer(question):
        folded = fold(match.group())
        tokens = frozenset(search_tokens(folded)[:1])  # the word with its number comes first
        if tokens:
            terms[folded] = Term(folded, tokens, 2.0)
            question = question.replace(match.group(), " ")
    for name in sorted(names, key=len, reverse=True):
        folded = fold(name)
        if folded in fold(question) and (tokens := frozenset(search_tokens(folded))):
            terms[folded] = Term(folded, tokens, 2.0)
            question = re.sub(re.escape(name), " ", question, flags=re.IGNORECASE)
    capitalised = {fold(word) for word in CAPITALISED.findall(question)}
    for word, part_of_speech in _numbers_joined(tag(question)):
        folded = fold(word).strip()
        if not folded or not any(character.isalnum() for character in folded):
            continue
        if folded in STOP_WORDS or folded in terms:
            continue
        tokens = frozenset(search_tokens(folded))
        if not tokens:
            continue
        weight = _weight(folded, part_of_speech, folded in capitalised)
        alternatives = tuple(frozenset(search_tokens(word)) for word in synonyms(folded))
        terms[folded] = Term(folded, tokens, weight, alternatives)
    return tuple(terms.values())


def _numbers_joined(tagged: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Chinese numerals with the word they number: 二 标段 is 二标段, which tells it from 一标段."""
    joined: list[tuple[str, str]] = []
    for word, part_of_speech in tagged:
        if joined and _HAN_NUMERAL.fullmatch(joined[-1][0]) and _HAN.match(word):
            joined[-1] = (joined[-1][0] + word, "nz")
        else:
            joined.append((word, part_of_speech))
    return joined


def _weight(folded: str, part_of_speech: str, capitalised: bool) -> float:
    if any(character.isdigit() for character in folded) or capitalised or part_of_speech in _NAME_TAGS:
        return 2.0
    if folded.startswith("第") and len(folded) > 1:
        return 2.0
    if _HAN.match(folded) and len(folded) == 1:
        return 0.5
    return 1.0


def numbered_shape(term: str) -> re.Pattern[str] | None:
    """What other things of a numbered kind are called: 二标段 has the shape of 三标段, section 2 that of section 10."""
    match = _SHAPE.fullmatch(term)
    if not match:
        return None
    if match["word"]:
        return re.compile(rf"\b{match['word']}(?:\d+|[a-z])\b")
    return re.compile(rf"{match['before']}(?:[一二三四五六七八九十百]+|\d+){re.escape(match['after'])}")
