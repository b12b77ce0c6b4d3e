"""How much of a question the evidence covers: the share of its content terms that stand in the text.

A term weighs by what it is (`tools.text.question.Term.weight`) times how rare it is among the passages that were
found: what all of them say tells nothing, what none of them says is what the question is about. The rarity is BM25's
inverse document frequency (Robertson and Zaragoza, 2009), counted over the found passages alone.
"""

import functools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tools.text.question import Term
from tools.text.sentences import sentences
from tools.text.tokens import token_set

_WINDOW_SENTENCES = 2
# A synonym says nearly what was asked; the word itself says it.
_SYNONYM_SHARE = 0.7
_ABSENT_SHARE = 0.34


@dataclass(frozen=True, slots=True)
class Coverage:
    """Shares of a question's weighted content terms, each 0 to 1.

    passage: covered by the one passage that covers most, with its title.
    window: covered by the best two neighbouring sentences of any passage, with its title.
    names: covered by all passages together, counting only names, codes and numbers (1 when there are none).
    words: covered by the best window, counting only the other terms (1 when there are none).
    anywhere: covered by all passages together, every term at its own weight.
    """

    passage: float
    window: float
    names: float
    words: float
    anywhere: float

    @property
    def score(self) -> float:
        """Mean of `passage` and `window`: what the evidence bands are read from."""
        return (self.passage + self.window) / 2


NOTHING_COVERED = Coverage(0.0, 0.0, 0.0, 0.0, 0.0)


def term_share(term: Term, tokens: frozenset[str]) -> float:
    """How much of one term is there, 0 to 1: the share of its search tokens among `tokens`; synonyms count less."""
    own = len(term.tokens & tokens) / len(term.tokens)
    if own == 1 or not term.alternatives:
        return own
    return max(own, _SYNONYM_SHARE * max([len(each & tokens) / len(each) for each in term.alternatives]))


def rarity(term: Term, passages: Sequence[frozenset[str]]) -> float:
    """How rare a term is among passages, given as their tokens: log(1 + (n - found + 0.5) / (found + 0.5)), above 0."""
    found = sum(term_share(term, tokens) for tokens in passages)
    return math.log(1 + (len(passages) - found + 0.5) / (found + 0.5))


def covered_share(terms: Sequence[Term], tokens: frozenset[str]) -> float:
    """Weighted share of `terms` that is there; 0 for a question without content terms."""
    return _share([(term, term.weight) for term in terms], tokens)


def names_share(terms: Sequence[Term], tokens: frozenset[str]) -> float:
    """`covered_share` of the names, codes and numbers alone; 1 for a question without any."""
    names = [term for term in terms if term.weight >= 2]
    return covered_share(names, tokens) if names else 1.0


def absent_terms(terms: Sequence[Term], tokens: frozenset[str]) -> list[str]:
    """Words of a question, as folded text, of which a text holds next to nothing, nor of their synonyms."""
    return [term.text for term in terms if term.weight >= 1 and term_share(term, tokens) < _ABSENT_SHARE]


def coverage(terms: Sequence[Term], passages: Iterable[tuple[str, str]]) -> Coverage:
    """Coverage of a question's terms by passages, each given as (title, text)."""
    read = [_read(title, text) for title, text in passages]
    if not terms or not read:
        return NOTHING_COVERED
    weighted = [(term, term.weight * rarity(term, [each.tokens for each in read])) for term in terms]
    words = [(term, term.weight) for term in terms if term.weight < 2]
    windows = [window for each in read for window in each.windows]
    everything = frozenset[str]().union(*(each.tokens for each in read))
    return Coverage(
        passage=max(_share(weighted, each.tokens) for each in read),
        window=max((_share(weighted, window) for window in windows), default=0.0),
        names=names_share(terms, everything),
        words=max((_share(words, window) for window in windows), default=0.0) if words else 1.0,
        anywhere=covered_share(terms, everything),
    )


@dataclass(frozen=True, slots=True)
class _Read:
    tokens: frozenset[str]
    windows: tuple[frozenset[str], ...]


@functools.lru_cache(maxsize=512)
def _read(title: str, text: str) -> _Read:
    title_tokens = token_set(title)
    said = [token_set(sentence) for sentence in sentences(text)]
    windows = (title_tokens.union(*said[start : start + _WINDOW_SENTENCES]) for start in range(len(said)))
    return _Read(title_tokens.union(*said), tuple(windows))


def _share(weighted: Sequence[tuple[Term, float]], tokens: frozenset[str]) -> float:
    total = sum(weight for _, weight in weighted)
    if not total:
        return 0.0
    return sum(weight * term_share(term, tokens) for term, weight in weighted) / total
