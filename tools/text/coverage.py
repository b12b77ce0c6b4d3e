"""How much of a question the evidence covers: the share of its content terms, by weight, that stand in the text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tools.text.question import Term
from tools.text.sentences import sentences
from tools.text.tokens import search_tokens

_WINDOW_SENTENCES = 2


@dataclass(frozen=True, slots=True)
class Coverage:
    """Shares of a question's weighted content terms, each 0 to 1.

    passage: covered by the one passage that covers most, with its title.
    window: covered by the best two neighbouring sentences of any passage, with its title.
    names: covered by all passages together, counting only names, codes and numbers (1 when there are none).
    words: covered by the best window, counting only the other terms (1 when there are none).
    """

    passage: float
    window: float
    names: float
    words: float

    @property
    def score(self) -> float:
        """Mean of `passage` and `window`: what the evidence bands are read from."""
        return (self.passage + self.window) / 2


NOTHING_COVERED = Coverage(0.0, 0.0, 0.0, 0.0)


def term_share(term: Term, tokens: frozenset[str]) -> float:
    """How much of one term is there: the share of its search tokens among `tokens`."""
    return len(term.tokens & tokens) / len(term.tokens)


def covered_share(terms: Sequence[Term], tokens: frozenset[str]) -> float:
    """Weighted share of `terms` that is there; 0 for a question without content terms."""
    total = sum(term.weight for term in terms)
    if not total:
        return 0.0
    return sum(term.weight * term_share(term, tokens) for term in terms) / total


def coverage(terms: Sequence[Term], passages: Iterable[tuple[str, str]]) -> Coverage:
    """Coverage of a question's terms by passages, each given as (title, text)."""
    if not terms:
        return NOTHING_COVERED
    names = [term for term in terms if term.weight >= 2]
    words = [term for term in terms if term.weight < 2]
    best_passage = best_window = best_words = 0.0
    seen: set[str] = set()
    for title, text in passages:
        title_tokens = frozenset(search_tokens(title))
        sentence_tokens = [frozenset(search_tokens(sentence)) for sentence in sentences(text)]
        passage_tokens = title_tokens.union(*sentence_tokens)
        seen |= passage_tokens
        best_passage = max(best_passage, covered_share(terms, passage_tokens))
        for start in range(len(sentence_tokens)):
            window = title_tokens.union(*sentence_tokens[start : start + _WINDOW_SENTENCES])
            best_window = max(best_window, covered_share(terms, window))
            best_words = max(best_words, covered_share(words, window))
    return Coverage(
        passage=best_passage,
        window=best_window,
        names=covered_share(names, frozenset(seen)) if names else 1.0,
        words=best_words if words else 1.0,
    )
