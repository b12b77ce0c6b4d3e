"""Citation marks [n] in answers: read, checked and renumbered while the text streams by."""

import re

from tools.text.sentences import full_stop_ends

# [3], [1, 4], 【2】 and full-width digits; a mark with anything else in it is text.
MARK = re.compile(r"[\[【［]\s*(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\s*[\]】］]")
# Where a sentence may end, with the marks that follow it. A full stop counts only before white space or a mark.
_END = re.compile(r"(?:[。！？!?]+[”’\"」』）)]*|\.[”’\"')]*(?=\s|[\[【［]\d)|\n)(?:[ \t]*" + MARK.pattern + ")*")
_UNFINISHED = re.compile(r"[\[【［][\d\s,，、]{0,20}")


class MarkMapper:
    """Maps evidence numbers to citation numbers by first use: `[7] [3] [7]` becomes `[1] [2] [1]`.

    Marks of evidence that was not offered are dropped, so that no citation can be invented.
    """

    def __init__(self, offered: int, used: list[int] | None = None) -> None:
        """offered: how many pieces of evidence there are, numbered from 1. used: marks of text that went before."""
        self._offered = offered
        self.used: list[int] = list(used or [])
        self.dropped = 0

    def map(self, text: str) -> str:
        """`text` with its complete marks renumbered or dropped."""
        return MARK.sub(self._replace, text)

    def _replace(self, match: re.Match[str]) -> str:
        marks: list[str] = []
        for number in re.findall(r"\d+", match.group(1)):
            evidence = int(number)
            if not 1 <= evidence <= self._offered:
                self.dropped += 1
                continue
            if evidence not in self.used:
                self.used.append(evidence)
            mark = f"[{self.used.index(evidence) + 1}]"
            if mark not in marks:
                marks.append(mark)
        return "".join(marks)


def sentence_end(text: str, start: int = 0) -> int | None:
    """Where the sentence that begins at `start` ends, marks included; None when its end is not in `text`."""
    for match in _END.finditer(text, start):
        if match.group()[0] != "." or MARK.search(match.group()) or full_stop_ends(text, start, match):
            return match.end()
    return None


def marked_sentences(text: str) -> list[str]:
    """The sentences of an answer, each with the marks that follow it."""
    found: list[str] = []
    start = 0
    while (end := sentence_end(text, start)) is not None:
        found.append(text[start:end])
        start = end
    return [sentence.strip() for sentence in [*found, text[start:]] if sentence.strip()]


def as_plain_text(text: str) -> str:
    """`text` of a source with what looks like a mark in round brackets: [2] in a document cites nothing here.

    Every character keeps its place.
    """
    return MARK.sub(lambda match: f"({match.group()[1:-1]})", text)


def marks_in(text: str) -> list[int]:
    """Numbers of all marks in `text`, in order, with repeats."""
    return [int(number) for match in MARK.finditer(text) for number in re.findall(r"\d+", match.group(1))]


def without_marks(text: str) -> str:
    """`text` without its citation marks."""
    return MARK.sub("", text)


def is_unfinished_mark(text: str) -> bool:
    """True when all of `text` could be the beginning of a mark."""
    return bool(_UNFINISHED.fullmatch(text))
