"""Answers without a model: the evidence's own sentences that say most about the question."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.text.coverage import covered_share, term_share
from tools.text.question import AnswerKind, Term, has_kind
from tools.text.tables import readable_sentences
from tools.text.tokens import fold, token_set

_LONG_SENTENCE = 240
_NEW_COVERAGE = 0.15
_LEAST_OF_BEST = 0.5
_KIND_BONUS = 0.15
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
    """A sentence of the evidence. `score` is about 0 to 1.3; `tokens` are its own and its passage's title's."""

    text: str
    number: int
    score: float
    tokens: frozenset[str]


def pick_sentences(terms: Sequence[Term], kind: AnswerKind, evidence: Sequence[Evidence], limit: int = 3) -> list[Pick]:
    """The best sentence, and up to `limit` in all while each covers terms that those before it do not."""
    candidates = sorted(_candidates(terms, kind, evidence), key=lambda pick: -pick.score)
    chosen: list[Pick] = []
    covered: frozenset[str] = frozenset()
    total = sum(term.weight for term in terms) or 1.0
    for pick in candidates:
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


def _candidates(terms: Sequence[Term], kind: AnswerKind, evidence: Sequence[Evidence]) -> list[Pick]:
    asked = frozenset(token for term in terms for token in term.tokens)
    numbers = [term.text for term in terms if any(character.isdigit() for character in term.text)]
    seen: set[str] = set()
    picks: list[Pick] = []
    for item in evidence:
        title_tokens = token_set(item.title)
        said = [(sentence, token_set(sentence)) for sentence in readable_sentences(item.text)]
        in_passage = covered_share(terms, title_tokens.union(*(tokens for _, tokens in said)))
        for sentence, tokens in said:
            folded = fold(sentence)
            says_something = len(tokens - asked - title_tokens) >= 1 and not sentence.endswith(("?", "？"))
            if says_something and folded not in seen:
                seen.add(folded)
                own = covered_share(terms, tokens | title_tokens)
                score = (1 - _PASSAGE_SHARE) * own + _PASSAGE_SHARE * in_passage
                if own > 0 and _answers(kind, _without(folded, numbers), terms):
                    score += _KIND_BONUS
                if sentence in item.facts:
                    score += _FACT_BONUS
                if len(sentence) > _LONG_SENTENCE:
                    score *= 0.9
                picks.append(Pick(sentence, item.number, score, tokens | title_tokens))
    return picks


def _answers(kind: AnswerKind, folded: str, terms: Sequence[Term]) -> bool:
    if kind == "definition":  # of the term that it begins with
        return any(folded.startswith(term.text) for term in terms) and has_kind(kind, folded)
    return kind != "other" and has_kind(kind, folded)


def _without(text: str, parts: Sequence[str]) -> str:
    for part in parts:
        text = text.replace(part, " ")
    return text
