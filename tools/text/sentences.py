"""Sentences of Chinese, English and mixed text, as they are quoted, checked and read for facts."""

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_CLOSERS = "”’\"'」』）)】》〉\\]"
# A full stop of either kind with the quotes and brackets that close after it. The half-width ones are ends only
# before white space or Chinese: 3.5, v1.2 and example.com stay whole. A semicolon ends nothing: its clauses belong
# together.
_END = re.compile(
    f"[。！？]+[{_CLOSERS}]*|(?<![.!?])(?:[.!?]++[{_CLOSERS}]*+(?=\\s|$)|[!?]++[{_CLOSERS}]*+(?=[\u3400-\u9fff]))"
)
# Table rows, headings, quotations, list items: what begins a line of its own.
_BLOCK = re.compile(r"\||#{1,6}\s|>|[-*+•·]\s|\d{1,3}[.)、．]\s?(?!\d)|[(（][\d一二三四五六七八九十]{1,3}[)）]|```")
KEY = re.compile(r"[^\s：:。，,]{1,16}(?: [^\s：:。，,]{1,16}){0,2}(?:：|:\s)")
"""A label at the beginning of a line: 电话：, Valid until: ."""
_WRAPPED_WIDTH = 40
_FULL_WIDTH = re.compile("[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]")

_LAST_WORD = re.compile(r"[A-Za-z.]+$")
_NEXT_WORD = re.compile(r"\s+[\"'“‘(\[]*(\w+)")
_LIST_NUMBER = re.compile(r"\s*\(?\d{1,3}")
_INITIAL = re.compile(r"(?:[A-Za-z]\.)*[A-Z]")
_ABBREVIATION = re.compile(
    r"mr|mrs|ms|dr|prof|st|vs|cf|approx|e\.g|i\.e|al|gen|col|capt|hon|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
    r"|ave|blvd|dept|incl|excl",
    re.IGNORECASE,
)
_ABBREVIATION_BEFORE_NUMBER = re.compile(r"nos?|figs?|eqs?|secs?|arts?|cl|pp?|vol|ch|tel|ext|max|min|refs?|para|rev")
# These end a sentence when the next word is one that sentences begin with.
_MAYBE_LAST = re.compile(r"co|ltd|inc|corp|llc|plc|jr|sr|etc|a\.m|p\.m|u\.s|u\.k", re.IGNORECASE)
_STARTER = re.compile(
    r"the|this|that|these|those|it|its|he|she|they|we|you|in|on|at|an?|if|when|while|after|before|for|from|with|by|as"
    r"|all|each|no|any|there|however|but|and|please|what|who|how",
    re.IGNORECASE,
)


class Sentence(NamedTuple):
    """A sentence as it is read, and the characters of its text, from `start` up to `end`, that it was read from."""

    text: str
    start: int
    end: int


def sentences(text: str) -> list[str]:
    """The sentences of `text` in order, stripped; together they hold every character of it that is no white space.

    Closing quotes stay with their sentence. A Markdown table row is one sentence; headings, list items and
    "key: value" lines begin one; other lines that look wrapped are read as one paragraph.
    """
    return [sentence.text for sentence in placed_sentences(text)]


def placed_sentences(text: str) -> list[Sentence]:
    """The sentences of `text`, each with its place; ascending, without overlaps, white space alone between them."""
    return [sentence for lines in _paragraphs(text) for sentence in _sentences_of(lines)]


def join_lines(lines: Sequence[str]) -> str:
    """Lines of one paragraph as one: without a space beside Chinese characters and punctuation."""
    pieces = list(lines[:1])
    for before, line in itertools.pairwise(lines):
        pieces.append(line if _joins_tightly(before, line) else f" {line}")
    return "".join(pieces)


def _joins_tightly(before: str, line: str) -> bool:
    return _FULL_WIDTH.match(before[-1:]) is not None or _FULL_WIDTH.match(line[:1]) is not None


def _paragraphs(text: str) -> list[list[tuple[str, int]]]:
    """Lines that are read as one, each with where it begins in `text`."""
    paragraphs: list[list[tuple[str, int]]] = []
    is_open = False  # the last paragraph may go on in the next line
    begin = 0
    for raw_line in text.split("\n"):
        line = raw_line.strip()
        start, begin = begin + len(raw_line) - len(raw_line.lstrip()), begin + len(raw_line) + 1
        if not line:
            is_open = False
            continue
        if is_open and not _BLOCK.match(line) and not KEY.match(line):
            paragraphs[-1].append((line, start))
        else:
            paragraphs.append([(line, start)])
        is_open = _looks_wrapped(line)
    return paragraphs


def _sentences_of(lines: Sequence[tuple[str, int]]) -> Iterator[Sentence]:
    """The sentences of one paragraph, whose lines stand where they are said to."""
    if len(lines) == 1:
        line, begin = lines[0]
        found = [(0, len(line))] if line.startswith("|") else _parts_of(line)
        for start, end in found:
            yield Sentence(line[start:end], begin + start, begin + end)
        return
    paragraph = join_lines([line for line, _ in lines])
    starts = [0]  # of the lines, in the paragraph
    for (before, _), (line, _) in itertools.pairwise(lines):
        starts.append(starts[-1] + len(before) + (not _joins_tightly(before, line)))

    def place(offset: int) -> int:
        number = bisect.bisect_right(starts, offset) - 1
        return lines[number][1] + offset - starts[number]

    for start, end in _parts_of(paragraph):
        yield Sentence(paragraph[start:end], place(start), place(end - 1) + 1)


def _looks_wrapped(line: str) -> bool:
    if line[0] in "|#" or line[-1] in ":：":
        return False
    return len(line) + len(_FULL_WIDTH.findall(line)) >= _WRAPPED_WIDTH


def _parts_of(paragraph: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a paragraph begin and end, without the white space around them."""
    start = 0
    for match in _END.finditer(paragraph):
        if match.group()[0] != "." or full_stop_ends(paragraph, start, match):
            yield from _stripped(paragraph, start, match.end())
            start = match.end()
    yield from _stripped(paragraph, start, len(paragraph))


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    part = text[start:end]
    if stripped := part.strip():
        begin = start + part.index(stripped[0])
        yield begin, begin + len(stripped)


def full_stop_ends(paragraph: str, start: int, stop: re.Match[str]) -> bool:
    """Whether the half-width full stop that `stop` begins with ends the sentence that began at `start`."""
    following = _NEXT_WORD.match(paragraph, stop.end())
    next_word = following.group(1) if following else ""
    if "a" <= next_word[:1] <= "z" or _LIST_NUMBER.fullmatch(paragraph, start, stop.start()):
        return False
    last = _LAST_WORD.search(paragraph, max(start, stop.start() - 24), stop.start())
    if last is None or not next_word:
        return True
    word = last.group()
    if _ABBREVIATION.fullmatch(word) or _INITIAL.fullmatch(word):
        return False
    if _ABBREVIATION_BEFORE_NUMBER.fullmatch(word.lower()):
        return not next_word[0].isdigit()
    if _MAYBE_LAST.fullmatch(word):
        return _STARTER.fullmatch(next_word) is not None
    return True
