"""How much of a question the evidence covers: the share of its content terms that stand in the text.

A term weighs by what it is (`tools.text.question.Term.weight`) times how rare it is among the passages that were
found: what all of them say tells nothing, what none of them says is what the question is about. The rarity is BM25's
inverse document frequency (Robertson and Zaragoza, 2009), counted over the found passages alone.
"""

import functools
import math
import operator
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
    absent: the words, folded, of which all passages together hold next to nothing, nor of their synonyms.
    """

    passage: float
    window: float
    names: float
    words: float
    anywhere: float
    absent: tuple[str, ...] = ()

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


def rarity(found: float, passages: int) -> float:
    """How rare a term is of which so many of the passages hold it: log(1 + (n - found + 0.5) / (found + 0.5)), above 0.

    A passage that holds a part of the term counts as that part.
    """
    return math.log(1 + (passages - found + 0.5) / (found + 0.5))


def covered_share(terms: Sequence[Term], tokens: frozenset[str]) -> float:
    """Weighted share of `terms` that is there; 0 for a question without content terms."""
    return _mean([term_share(term, tokens) for term in terms], [term.weight for term in terms])


def names_share(terms: Sequence[Term], tokens: frozenset[str]) -> float:
    """`covered_share` of the names, codes and numbers alone; 1 for a question without any."""
    names = [term for term in terms if term.weight >= 2]
    return covered_share(names, tokens) if names else 1.0


def coverage(terms: Sequence[Term], passages: Iterable[tuple[str, str]]) -> Coverage:
    """Coverage of a question's terms by passages, each given as (title, text)."""
    read = [_read(title, text) for title, text in passages]
    if not terms or not read:
        return NOTHING_COVERED
    by_passage = [[term_share(term, each.tokens) for term in terms] for each in read]
    by_window = [[term_share(term, window) for term in terms] for each in read for window in each.windows]
    rarities = [rarity(sum(shares), len(read)) for shares in zip(*by_passage, strict=True)]
    weights = [term.weight * rare for term, rare in zip(terms, rarities, strict=True)]
    words = [term.weight if term.weight < 2 else 0.0 for term in terms]
    everything = frozenset[str]().union(*(each.tokens for each in read))
    return Coverage(
        passage=max(_mean(shares, weights) for shares in by_passage),
        window=max((_mean(shares, weights) for shares in by_window), default=0.0),
        names=names_share(terms, everything),
        words=max((_mean(shares, words) for shares in by_window), default=0.0) if any(words) else 1.0,
        anywhere=covered_share(terms, everything),
        absent=tuple(t.text for t in terms if t.weight >= 1 and term_share(t, everything) < _ABSENT_SHARE),
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


def _mean(shares: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(weights)
    return sum(map(operator.mul, shares, weights)) / total if total else 0.0
