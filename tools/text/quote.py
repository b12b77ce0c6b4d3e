"""The words of a source that stand behind sentences of the answer, and where they stand in it."""

from collections.abc import Sequence

from tools.text.lists import placed_statements
from tools.text.quantities import numbers_in
from tools.text.sentences import Sentence
from tools.text.tokens import fold, token_set

QUOTE_CHARACTERS = 300


def quoted(source: str, said: Sequence[str]) -> list[Sentence]:
    """For each sentence that was said what `source` states that shares most with it, with its place; each once.

    What is a part of another of them, such as an item of a list, is not quoted once more.
    """
    candidates = placed_statements(source)
    found = [_closest(candidates, sentence) for sentence in said] if candidates else []
    once = {sentence.text: sentence for sentence in found}.values()
    return [each for each in once if not any(_is_part_of(each, other) for other in once)]


def quote(sentences: Sequence[Sentence]) -> str:
    """What is quoted in one line; 300 characters at most."""
    text = " … ".join(sentence.text for sentence in sentences)
    return text if len(text) <= QUOTE_CHARACTERS else text[: QUOTE_CHARACTERS - 1] + "…"


def _closest(candidates: Sequence[Sentence], said: str) -> Sentence:
    wanted = token_set(said)
    folded = fold(said)
    numbers = numbers_in(said)

    def likeness(sentence: Sentence) -> tuple[bool, float, float]:
        """Said word for word; how much of what was said it holds, numbers above all; how little else."""
        tokens = token_set(sentence.text)
        shared = len(tokens & wanted) / (len(wanted) or 1) + len(numbers & numbers_in(sentence.text))
        source = fold(sentence.text)
        return bool(tokens) and (source in folded or folded.strip() in source), shared, -len(tokens - wanted)

    return max(candidates, key=likeness)


def _is_part_of(sentence: Sentence, other: Sentence) -> bool:
    return sentence != other and other.start <= sentence.start and sentence.end <= other.end
