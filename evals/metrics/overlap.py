"""How much of a right answer's words an answer says.

Give answers without their citation marks (tools.text.citations.without_marks): a mark is a word like any other here.

English is normalised by SQuAD's official script (Rajpurkar et al., 2016): lower case, ASCII punctuation removed,
articles removed, split at white space. Chinese is segmented as by the official script of CMRC 2018 (Cui et al., 2019):
lower case, punctuation removed, each Chinese character a token, runs of other characters words. As MLQA's script does
(Lewis et al., 2020), all of Unicode's punctuation is removed, not that script's list alone, and what stands between
Chinese characters is split at white space. Traditional and simplified characters are different ones: nothing is
converted, nor are full-width letters and digits.
"""

import functools
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

from tools.shapes import Language

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NO_ASCII_PUNCTUATION = dict.fromkeys(map(ord, string.punctuation))
_HAN = re.compile("([\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")
_WITHIN_WORD = re.compile(f"(?<=[A-Za-z0-9])[{re.escape(string.punctuation)}](?=[A-Za-z0-9])")
# In the list of CMRC's script, and a symbol to Unicode.
_WAVE = "～"
_NOT_LATIN_OR_DIGIT = re.compile("[^a-z0-9]+")


def exact_match(answer: str, golds: Sequence[str], language: Language) -> float:
    """1 when the answer's tokens are those of one of `golds`, else 0. SQuAD's EM.

    When no gold text has tokens, nothing is the right answer, as in SQuAD 2.0: 1 when the answer has none.
    """
    said = _tokens(answer, language)
    return float(any(said == gold for gold in _wanted(golds, language)))


def token_f1(answer: str, golds: Sequence[str], language: Language) -> float:
    """2PR / (P + R) of the tokens that both have, with how often each occurs; the best of `golds`. Range: 0 to 1.

    SQuAD's F1: when either has no tokens, 1 if neither has, else 0. Chinese: the same over characters and words, as in
    MLQA; the script of CMRC 2018 counts the longest common run instead, so that its figures are a little lower.
    When no gold text has tokens, nothing is the right answer.
    """
    said = _tokens(answer, language)
    return max(_f1(said, gold) for gold in _wanted(golds, language))


def contains(answer: str, golds: Sequence[str], language: Language) -> float:
    """1 when the tokens of one of `golds` stand in the answer in a row, else 0. A long answer has it easy.

    Words are whole: 17 does not stand in 2017. In Chinese, where no space follows a mark of punctuation, the words on
    its two sides are two or, as for the other metrics, one. When no gold text has tokens, nothing is the right answer.
    """
    is_said = _stands(golds, answer, language)
    if not is_said and language == "zh":
        is_said = _stands([_parted(gold) for gold in golds], _parted(answer), language)
    return float(is_said)


def rouge_l(answer: str, reference: str, language: Language) -> float:
    """2PR / (P + R) with P = LCS / |answer|, R = LCS / |reference|; LCS: the longest common subsequence of tokens.

    Lin (2004), as the package rouge_score has it without stemming: English tokens are runs of a-z and 0-9. Chinese ones
    are those of `token_f1`. Range: 0 to 1; 0 when either has no tokens.
    """
    said, wanted = _rouge_tokens(answer, language), _rouge_tokens(reference, language)
    common = _longest_common_subsequence(said, wanted)
    return _harmonic_mean(common / len(said), common / len(wanted)) if common else 0.0


def in_tokens(text: str, language: Language) -> str:
    """The tokens of `text` with a space before, between and after them: a text that has all of another's in a row
    holds it as a substring. One space when there are none.
    """
    return _spaced(_tokens(text, language))


def _stands(golds: Sequence[str], answer: str, language: Language) -> bool:
    said = in_tokens(answer, language)
    return any(_spaced(gold) in said if gold else said == _spaced(gold) for gold in _wanted(golds, language))


def _parted(text: str) -> str:
    """With a space for every mark but a single one within a word or number: 3.14, AT&T."""
    kept = _WITHIN_WORD.sub("", text)
    return "".join(" " if _is_punctuation(character) else character for character in kept)


def _wanted(golds: Sequence[str], language: Language) -> list[tuple[str, ...]]:
    """The tokens of each gold text that has any; of none, those of nothing: so does SQuAD's script."""
    return [tokens for gold in golds if (tokens := _tokens(gold, language))] or [()]


def _spaced(tokens: Sequence[str]) -> str:
    return " ".join(["", *tokens, ""])


@functools.lru_cache(maxsize=512)
def _tokens(text: str, language: Language) -> tuple[str, ...]:
    if language == "en":
        return tuple(_ARTICLES.sub(" ", text.lower().translate(_NO_ASCII_PUNCTUATION)).split())
    kept = "".join(character for character in text.lower() if not _is_punctuation(character))
    return tuple(_HAN.sub(r" \1 ", kept).split())


def _is_punctuation(character: str) -> bool:
    return character in string.punctuation or character == _WAVE or unicodedata.category(character).startswith("P")


def _f1(said: Sequence[str], wanted: Sequence[str]) -> float:
    if not said or not wanted:
        return float(said == wanted)
    common = (Counter(said) & Counter(wanted)).total()
    return _harmonic_mean(common / len(said), common / len(wanted)) if common else 0.0


def _rouge_tokens(text: str, language: Language) -> Sequence[str]:
    return _NOT_LATIN_OR_DIGIT.sub(" ", text.lower()).split() if language == "en" else _tokens(text, language)


def _longest_common_subsequence(first: Sequence[str], second: Sequence[str]) -> int:
    """Its length, by whole rows of the table as bits of one number (Hyyrö, 2004): long texts take no time."""
    places: dict[str, int] = {}
    for place, token in enumerate(first):
        places[token] = places.get(token, 0) | 1 << place
    full = (1 << len(first)) - 1
    row = full
    for token in second:
        matches = row & places.get(token, 0)
        row = (row + matches | row - matches) & full
    return len(first) - row.bit_count()


def _harmonic_mean(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall)
