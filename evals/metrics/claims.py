"""Sentences that claim something, and whether texts support them: by code, with the product's own check.

tools.text.support.check_support compares numbers, dates, names, negations and words. It knows no paraphrase, so that it
stands for the entailment model, or the judge, of a published metric without being one.
"""

import functools
from collections.abc import Iterable, Sequence

from evals.records import NotComputed, Score
from tools.text.citations import marked_sentences, without_marks
from tools.text.support import Support, check_support


def claims(text: str) -> list[str]:
    """The sentences of `text` that claim something, without their marks."""
    said = (without_marks(sentence).strip() for sentence in marked_sentences(text))
    return [sentence for sentence in said if claims_something(sentence)]


def claims_something(sentence: str) -> bool:
    """Whether there is anything in a sentence, given without marks, that could be checked."""
    return bool(sentence.strip()) and not _checked(sentence, ()).claims_nothing


def is_supported(claim: str, texts: Sequence[str]) -> bool | None:
    """Whether `texts` together support a claim; None when they are in the other language and nothing speaks against."""
    support = _checked(claim, tuple(texts))
    return support.supported if support.compared or not support.supported else None


def supported_share(said: Iterable[str], texts: Sequence[str]) -> Score:
    """Share of claims that `texts` support, of those that can be compared with them; NotComputed when there is none."""
    checked = [is_supported(claim, texts) for claim in said]
    known = [supported for supported in checked if supported is not None]
    if known:
        return sum(known) / len(known)
    return NotComputed("in the other language than the texts" if checked else "claims nothing")


@functools.lru_cache(maxsize=8192)  # several metrics ask the same of an answer, and some models repeat themselves
def _checked(sentence: str, texts: tuple[str, ...]) -> Support:
    return check_support(sentence, texts)
