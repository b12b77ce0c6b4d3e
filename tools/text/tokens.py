"""Search tokens: what a text is found by, in Chinese and English, without a model.

Chinese gives dictionary words (rjieba's search segmentation) and character bigrams, English gives stems. What numbers
a thing ("Section 2") is a token of its own, and codes such as `GB/T 50378-2019` or `DZ-2024-017` are taken out whole
before segmentation, which would split them. The dictionary is rjieba's own, read when it is imported: one more would
take each process a tenth of a second and 25 MB. Nothing changes it, and all threads may read it.
"""

import functools
import re
import threading
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping

import rjieba
import Stemmer

from tools.shapes import SparseVector
from tools.text.clean import clean

TOKENIZER_VERSION = "tokens-3:rjieba-0.2"

# In this order: a standard's number with its letters (gb/t 50378-2019), a decimal number, any code joined by
# - _ / . (dz-2024-017, q3-2025), a bare number.
_CODE = re.compile(
    r"(?<![a-z0-9'])[a-z]{2,6}(?:/[a-z]{1,3})?[ -]?\d+(?:[-./]\d+)+"
    r"|(?<![a-z0-9.-])\d+\.\d+(?![-\d.])"
    r"|(?<![a-z0-9])[a-z0-9]*\d[a-z0-9]*(?:[-_/.][a-z0-9]+)+|(?<![a-z])[a-z]++(?:[-_/][a-z]*\d[a-z0-9]*)+|\d+"
)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?|[^\W\d_a-z\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
# "Section 2", "lot 1", "well C": the word with its number or letter, which tells one from the other.
_NUMBERED = re.compile(
    r"\b(?!(?:and|the|for|from|was|are|than|over|under|about|with|only|some)\b)([a-z]{3,20}) (\d{1,3}|[b-hj-z])\b"
    r"(?![.,']\w)"
)
# W7, Q4, RX-300, RX300: the letters with their number, which neither of them finds by itself.
_SHORT_CODE = re.compile(r"(?<![a-z])([a-z]{1,3})-?(\d{1,5})(?![a-z0-9]|[.-]\d)")
_NUMBER_GROUP = re.compile(r"(?<=\d),(?=\d{3})")
_DASH = re.compile("[\u2010-\u2015\u2212]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CODE_JOINT = re.compile(r"[-_/. ]")

_thread = threading.local()


def _stems(words: list[str]) -> list[str]:
    stemmer = getattr(_thread, "stemmer", None)  # not thread-safe, and cheap to make
    if stemmer is None:
        stemmer = _thread.stemmer = Stemmer.Stemmer("english")
    stems: list[str] = stemmer.stemWords(words)
    return stems


def fold(text: str) -> str:
    """`text` as it is compared: full-width forms, case, kinds of dashes and thousands separators do not matter."""
    folded = unicodedata.normalize("NFKC", clean(text)).casefold()
    if "," in folded:
        folded = _NUMBER_GROUP.sub("", folded)
    return _DASH.sub("-", folded)


def tag(text: str) -> list[tuple[str, str]]:
    """Words of `text` with jieba's part-of-speech tags (nr person, ns place, nt organisation, n noun, v verb…)."""
    return list(rjieba.tag(clean(text)))


def search_tokens(text: str) -> list[str]:
    """All search tokens of `text`, with repeats."""
    folded = fold(text)
    tokens: list[str] = []

    def take_code(match: re.Match[str]) -> str:
        code = match.group()
        tokens.append(code.replace(" ", ""))
        if not _NUMBER.fullmatch(code):
            tokens.extend(part for part in _CODE_JOINT.split(code) if len(part) > 1)
        return " "

    if numbered := _NUMBERED.findall(folded):
        stems = _stems([word for word, _ in numbered])
        tokens.extend(stem + number for stem, (_, number) in zip(stems, numbered, strict=True))
    rest = _CODE.sub(take_code, folded)
    if found := _WORD.findall(rest):
        tokens.extend(_stems([word.replace("’", "'") for word in found]))
    for run in _HAN.findall(rest):
        if len(run) == 1:
            tokens.append(run)
            continue
        tokens.extend(word for word in rjieba.cut_for_search(run) if len(word) > 1)
        tokens.extend(run[i : i + 2] for i in range(len(run) - 1))
    return tokens


@functools.lru_cache(maxsize=2048)
def token_set(text: str) -> frozenset[str]:
    """The distinct search tokens of `text`, and its short codes. A question reads passages at several stages: kept."""
    return frozenset(search_tokens(text)).union(f"{code[1]}{code[2]}" for code in _SHORT_CODE.finditer(fold(text)))


def is_short_code(folded: str) -> bool:
    """Whether a folded word is a short code in one piece, w9 or rx300, which `token_set` finds as a whole."""
    return "-" not in folded and _SHORT_CODE.fullmatch(folded) is not None


def token_id(token: str) -> int:
    """Stable 32-bit id of a token: CRC-32 of its UTF-8 bytes."""
    return zlib.crc32(token.encode("utf-8", "replace"))


# BM25's parameters (Robertson and Zaragoza, 2009). The average length is a constant, so that a chunk's vector does
# not change when others are added; chunks are split to about this many tokens.
_K1 = 1.2
_B = 0.75
_AVERAGE_TOKENS = 200.0


def document_vector(tokens: Iterable[str]) -> SparseVector:
    """BM25 term weights without IDF, which the engine multiplies in: tf(k1+1) / (tf + k1(1-b+b·length/average))."""
    counts = Counter(tokens)
    length_norm = _K1 * (1 - _B + _B * counts.total() / _AVERAGE_TOKENS)
    weights = {token_id(token): n * (_K1 + 1) / (n + length_norm) for token, n in counts.items()}
    return _sorted_vector(weights)


def query_vector(tokens: Iterable[str]) -> SparseVector:
    """Each distinct token with weight 1."""
    return _sorted_vector({token_id(token): 1.0 for token in tokens})


def _sorted_vector(weights: Mapping[int, float]) -> SparseVector:
    indices = sorted(weights)
    return SparseVector(tuple(indices), tuple(weights[index] for index in indices))
