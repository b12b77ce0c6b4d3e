"""What a question asks for: its content terms with their weight, and the kind of answer."""

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tools.text.answer_kind import (
    CAPITALISED,
    AnswerKind,
    answer_kind,
    asked_unit,
    counts_in_row,
    has_kind,
    has_quantity,
)
from tools.text.articles import article_key, asked_article, document_of_article
from tools.text.person_names import is_surname
from tools.text.quantities import dates_in
from tools.text.question_words import RESPONSIBLE, asks_who_is_responsible, without_question_words
from tools.text.stop_words import STOP_WORDS
from tools.text.synonyms import synonyms
from tools.text.tokens import fold, is_short_code, search_tokens, tag, token_set

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
# What numbers and letters tell apart: Section 2, lot 1, Well C.
_NUMBERED = re.compile(
    r"\b(?:[A-Z][a-z]{2,19}|(?i:section|lot|phase|stage|chapter|article|part|line|building|floor|level|figure|table|step"
    r"|unit|block|zone|contract|appendix|annex|room|gate|platform|clause)) (?:\d{1,3}|[B-HJ-Z])\b(?![.,']\w)"
)
# A thing with a number in its name: 三标段, 第2批次, section 2; not 3月 or 5人, which are amounts.
_SHAPE = re.compile(
    r"(?P<before>第?)(?:[一二三四五六七八九十百]+|\d+)(?P<after>(?!号$|[年月日天个岁人次元万亿米吨级名条项])[\u4e00-\u9fff]{1,6})"
    r"|(?P<word>[a-z]{3,20} )(?:\d+|[a-z])"
)
_DEPUTY = re.compile(r"副|\b(?:deputy|vice|acting|assistant) ")
_NUMBERS = re.compile("[一二三四五六七八九十百]+号")
_HAN_NUMERAL = re.compile("[一二三四五六七八九十百]+")
_NAME_TAGS = ("nr", "ns", "nt", "nz")
_HINT = 0.15  # too little to speak for a sentence by itself
_HAS = frozenset("use used uses get got take took make made need needed consume consumed".split())
_LONGEST_GIVEN_NAME = 2
_SUFFIX_TAGS = ("n", "ng", "k")
_NOUN_TAGS = ("n", "vn", "j", "l", "nz")
_SAYS = frozenset("规定 要求 内容 条文 写 写明 说 讲 讲的 say says state states stipulate provide require".split())


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of a question, folded, with its weight (≥ 0.5, or less where it only tells which of two is meant).

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
    article_of: the words of the document's name whose article it is, where it names one.
    """

    terms: tuple[Term, ...]
    kind: AnswerKind
    unit: str
    months: frozenset[tuple[int, ...]] = frozenset()
    article: str = ""
    article_of: tuple[Term, ...] = ()

    @property
    def article_tokens(self) -> frozenset[str]:
        """The search tokens by which the question names its article."""
        named = (term.tokens for term in self.terms if article_key(term.text) == self.article)
        return frozenset[str]().union(*named)


def asked_for(question: str, names: tuple[str, ...] = ()) -> Asked:
    """Reads a question. `names` are known entities, as in `content_terms`."""
    months = frozenset(date[:2] for date in dates_in(question))
    article = asked_article(question)
    terms = content_terms(without_question_words(question), names)
    if asks_who_is_responsible(question):
        terms = tuple(replace(term, weight=_HINT) if term.text == RESPONSIBLE else term for term in terms)
    unit = asked_unit(question)
    if article:  # what an article says need not say that it says so
        terms = tuple(term for term in terms if term.text not in _SAYS)
    if unit:  # nor an amount what it is used for: a column of MWh says it
        terms = tuple(term for term in terms if term.text not in _HAS and (term.text != unit or term.weight >= 1))
    of_document = content_terms(document_of_article(question))
    return Asked(terms, answer_kind(question), unit, months, article, of_document)


def all_tokens(terms: Iterable[Term]) -> frozenset[str]:
    """The search tokens that the terms are made of: of w9 its letter and its figure as well."""
    return frozenset[str]().union(*(term.tokens | token_set(term.text) for term in terms))


def answers(asked: Asked, text: str) -> bool:
    """Whether `text` holds something of the kind, and the unit, that is asked for."""
    if asked.kind == "person" and _names_a_deputy(asked, text):
        return False
    if asked.unit:
        return has_quantity(asked.unit, fold(text)) or counts_in_row(asked.unit, fold(text))
    return has_kind(asked.kind, text)


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
        if folded in fold(question) and (tokens := _tokens_of(folded)):
            terms[folded] = Term(folded, tokens, 2.0)
            question = re.sub(re.escape(name), " ", question, flags=re.IGNORECASE)
    capitalised = {fold(word) for word in CAPITALISED.findall(question)}
    for word, part_of_speech in _joined(tag(question)):
        folded = fold(word).strip()
        if not folded or not any(character.isalnum() for character in folded):
            continue
        if folded in STOP_WORDS or folded in terms:
            continue
        tokens = _tokens_of(folded)
        if not tokens:
            continue
        weight = _weight(folded, part_of_speech, folded in capitalised)
        alternatives = tuple(frozenset(search_tokens(word)) for word in synonyms(folded))
        terms[folded] = Term(folded, tokens, weight, alternatives)
    return tuple(terms.values())


def _tokens_of(folded: str) -> frozenset[str]:
    """The tokens that find a word; a code as W9 has to stand there whole, not its letter here and its figure there."""
    return frozenset([folded] if is_short_code(folded) else search_tokens(folded))


def _joined(tagged: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The words of a question, with what the dictionary has cut off from them.

    二 标段 is 二标段, which tells it from 一标段, and so is 三号 仓库; 质保 期 is 质保期; 刘 振国 is 刘振国;
    Lund ø y is Lundøy.
    """
    joined: list[tuple[str, str]] = []
    for word, part_of_speech in tagged:
        before, before_is = joined[-1] if joined else ("", "")
        is_numbered = before_is == "m" and _NUMBERS.fullmatch(before) and part_of_speech in _NOUN_TAGS
        if is_numbered or (_HAN_NUMERAL.fullmatch(before) and _HAN.match(word)):
            joined[-1] = (before + word, "nz")
        elif before and before[-1].isalpha() and word.isalpha() and not _HAN.search(before + word):
            joined[-1] = (before + word, "nz" if before[0].isupper() else before_is)
        elif is_surname(before) and len(word) <= _LONGEST_GIVEN_NAME and part_of_speech in _NAME_TAGS:
            joined[-1] = (before + word, "nr")
        elif (
            len(word) == 1
            and part_of_speech in _SUFFIX_TAGS
            and len(before) > 1
            and before_is in _NOUN_TAGS
            and word not in STOP_WORDS
        ):
            joined[-1] = (before + word, "n")
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
