"""The words of a source that stand behind sentences of the answer."""

from collections.abc import Sequence

from tools.text.quantities import numbers_in
from tools.text.tables import readable_sentences
from tools.text.tokens import fold, token_set

QUOTE_CHARACTERS = 300


def quote(source: str, said: Sequence[str]) -> str:
    """For each sentence that was said the one of `source` that shares most with it; 300 characters at most in all."""
    found = " … ".join(dict.fromkeys(filter(None, (_closest(source, sentence) for sentence in said))))
    return found if len(found) <= QUOTE_CHARACTERS else found[: QUOTE_CHARACTERS - 1] + "…"


def _closest(source: str, said: str) -> str:
    candidates = readable_sentences(source)
    if not candidates:
        return ""
    wanted = token_set(said)
    folded = fold(said)

    numbers = numbers_in(said)

    def likeness(sentence: str) -> tuple[bool, float, float]:
        """Said word for word; how much of what was said it holds, numbers above all; how little else."""
        tokens = token_set(sentence)
        shared = len(tokens & wanted) / (len(wanted) or 1) + len(numbers & numbers_in(sentence))
        return fold(sentence) in folded, shared, -len(tokens - wanted)

    return max(candidates, key=likeness)
