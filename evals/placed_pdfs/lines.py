"""Paragraphs broken into lines: English between words, with hyphens where asked; Chinese between characters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from evals.placed_pdfs.faces import Face

_CHINESE_TOKEN = re.compile(r"[!-~]+(?: (?=[!-~]))?| |.")
_NOT_FIRST = "，。；：、！？”）》"
_NOT_LAST = "“（《"
_BREAKS = re.compile(r"(?<=[aeiouy])(?=[bcdfghjklmnpqrstvwxz][aeiouy])")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or Chinese character; key: of the sentence that it is of. space: whether a space stands before it."""

    text: str
    key: str
    space: bool
    is_cut: bool = False


def words_of(sentences: Sequence[tuple[str, str]], *, is_spaced: bool) -> list[Word]:
    """The words of (key, sentence) pairs in order."""
    words: list[Word] = []
    for key, sentence in sentences:
        if is_spaced:
            words.extend(Word(text, key, bool(words)) for text in sentence.split())
            continue
        is_apart = False
        for token in _CHINESE_TOKEN.findall(sentence):
            if token.strip():
                words.append(Word(token.strip(), key, is_apart))
            is_apart = token.endswith(" ")
    return words


def broken(
    words: Sequence[Word], face: Face, size: float, widths: tuple[float, float], *, hyphenates: bool = False
) -> list[list[Word]]:
    """Lines that fit. widths: of the first line and of the others, in points."""
    lines: list[list[Word]] = [[]]
    waiting = list(reversed(words))
    while waiting:
        word = waiting.pop()
        line = lines[-1]
        room = widths[len(lines) > 1] - natural_width(line, face, size)
        if not line or face.width(" " * word.space + word.text, size) <= room or word.text in _NOT_FIRST:
            line.append(word)
            continue
        head = _head(word, face, size, room) if hyphenates else ""
        if head:
            line.append(Word(head + "-", word.key, word.space, is_cut=True))
            waiting.append(Word(word.text[len(head) :], word.key, space=False, is_cut=True))
        else:
            waiting.append(word)
        lines.append([])
        if line[-1].text in _NOT_LAST:
            waiting.append(line.pop())
    return lines


def natural_width(line: Sequence[Word], face: Face, size: float) -> float:
    """Without stretching, in points."""
    return face.width("".join(" " * (word.space and n > 0) + word.text for n, word in enumerate(line)), size)


def _head(word: Word, face: Face, size: float, room: float) -> str:
    """The longest beginning of the word that fits with a hyphen, or nothing."""
    if not word.text.isalpha() or not word.text.islower() or len(word.text) < 8:
        return ""
    heads = [word.text[: match.start()] for match in _BREAKS.finditer(word.text)]
    fitting = [
        head
        for head in heads
        if 3 <= len(head) <= len(word.text) - 3 and face.width(" " * word.space + head + "-", size) <= room
    ]
    return max(fitting, key=len, default="")
