"""Answers without a model: the evidence's own sentences that say most about the question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.text.answer_kind import defines
from tools.text.coverage import covered_share, term_share
from tools.text.question import Asked, Term, answers, numbered_shape
from tools.text.tables import readable_sentences
from tools.text.tokens import fold, token_set

_LONG_SENTENCE = 240
_NEW_COVERAGE = 0.15
_LEAST_OF_BEST = 0.5
_KIND_BONUS = 0.15
# A question answers nothing, and a colon only opens what follows.
_OPEN_ENDS = ("?", "？", ":", "：")
_FACT_BONUS = 0.15
_PASSAGE_SHARE = 0.3  # of a sentence's score comes from the passage around it


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numbered passage as the answer sees it. `number` counts from 1.

    facts: its sentences that state what the knowledge graph found.
    """

    number: int
    title: str
    text: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence of the evidence. `score` is about 0 to 1.3; `tokens` are its own and its passage's title's.

    answers: it holds something of the kind that is asked for, beside what the question says itself.
    """

    text: str
    number: int
    score: float
    tokens: frozenset[str]
    answers: bool


def pick_sentences(asked: Asked, evidence: Sequence[Evidence], limit: int = 3) -> list[Pick]:
    """The best sentence, and up to `limit` in all while each covers terms that those before it do not."""
    terms = asked.terms
    chosen: list[Pick] = []
    covered: frozenset[str] = frozenset()
    total = sum(term.weight for term in terms) or 1.0
    for pick in sorted(_candidates(asked, evidence), key=lambda pick: -pick.score):
        gain = sum(
            term.weight * max(0.0, term_share(term, pick.tokens | covered) - term_share(term, covered))
            for term in terms
        )
        if not chosen or (gain / total >= _NEW_COVERAGE and pick.score >= _LEAST_OF_BEST * chosen[0].score):
            chosen.append(pick)
            covered |= pick.tokens
        if len(chosen) == limit:
            break
    return chosen


def _candidates(asked: Asked, evidence: Sequence[Evidence]) -> list[Pick]:
    terms = asked.terms
    asked_tokens = frozenset(token for term in terms for token in term.tokens)
    seen: set[str] = set()
    picks: list[Pick] = []
    for item in evidence:
        title_tokens = token_set(item.title)
        said = [(sentence, token_set(sentence)) for sentence in readable_sentences(item.text)]
        in_passage = covered_share(terms, title_tokens.union(*(tokens for _, tokens in said)))
        for sentence, tokens in said:
            folded = fold(sentence)
            says_something = bool(tokens - asked_tokens - title_tokens) and not sentence.endswith(_OPEN_ENDS)
            if not says_something or folded in seen or _is_of_another(terms, f"{item.title}\n{sentence}"):
                continue
            seen.add(folded)
            own = covered_share(terms, tokens | title_tokens)
            holds = own > 0 and answers(asked, _beside(sentence, terms))
            score = (1 - _PASSAGE_SHARE) * own + _PASSAGE_SHARE * in_passage
            if holds and asked.kind != "other" and (asked.kind != "definition" or _defines_one(terms, folded)):
                score += _KIND_BONUS
            if sentence in item.facts:
                score += _FACT_BONUS
            if len(sentence) > _LONG_SENTENCE:
                score *= 0.9
            picks.append(Pick(sentence, item.number, score, tokens | title_tokens, holds))
    return picks


def _is_of_another(terms: Sequence[Term], text: str) -> bool:
    """Whether `text` speaks of 二标段 where 三标段 is asked for: of the same thing with another number alone."""
    folded = fold(text)
    asked = {term.text for term in terms}
    for term in terms:
        shape = numbered_shape(term.text)
        named = set(shape.findall(folded)) if shape else set()
        if named and named.isdisjoint(asked):
            return True
    return False


def _defines_one(terms: Sequence[Term], folded: str) -> bool:
    return any(defines(term.text, folded) for term in terms)


def _beside(sentence: str, terms: Sequence[Term]) -> str:
    """The sentence without the question's own names and numbers, which answer nothing."""
    for term in terms:
        if term.weight >= 2:
            sentence = re.sub(re.escape(term.text), " ", sentence, flags=re.IGNORECASE)
    return sentence
