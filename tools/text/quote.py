"""The words of a source that stand behind a sentence of the answer."""

from tools.text.tables import readable_sentences
from tools.text.tokens import fold, token_set

QUOTE_CHARACTERS = 300


def quote(source: str, said: str) -> str:
    """The sentence of `source` that shares most with `said`, cut to 300 characters around its beginning."""
    candidates = readable_sentences(source)
    if not candidates:
        return ""
    wanted = token_set(said)
    folded = fold(said)

    def likeness(sentence: str) -> tuple[bool, float]:
        tokens = token_set(sentence)
        return fold(sentence) in folded, len(tokens & wanted) / (len(tokens | wanted) or 1)

    best = max(candidates, key=likeness)
    return best if len(best) <= QUOTE_CHARACTERS else best[: QUOTE_CHARACTERS - 1] + "…"
