"""Sentences of Chinese, English and mixed text, as they are quoted, checked and read for facts."""

import itertools
import re
from collections.abc import Sequence

_CLOSERS = "”’\"'」』）)】》〉\\]"
# A full stop of either kind with the quotes and brackets that close after it. The half-width ones are ends only
# before white space or Chinese: 3.5, v1.2 and example.com stay whole. A semicolon ends nothing: its clauses belong
# together.
_END = re.compile(
    f"[。！？]+[{_CLOSERS}]*|(?<![.!?])(?:[.!?]++[{_CLOSERS}]*+(?=\\s|$)|[!?]++[{_CLOSERS}]*+(?=[\u3400-\u9fff]))"
)
# Table rows, headings, quotations, list items: what begins a line of its own.
_BLOCK = re.compile(r"\||#{1,6}\s|>|[-*+•·]\s|\d{1,3}[.)、．]\s?(?!\d)|[(（][\d一二三四五六七八九十]{1,3}[)）]|```")
_KEY = re.compile(r"[^\s：:。，,]{1,16}(?: [^\s：:。，,]{1,16}){0,2}(?:：|:\s)")
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


def sentences(text: str) -> list[str]:
    """The sentences of `text` in order, stripped; together they hold every character of it that is no white space.

    Closing quotes stay with their sentence. A Markdown table row is one sentence; headings, list items and
    "key: value" lines begin one; other lines that look wrapped are read as one paragraph.
    """
    found: list[str] = []
    for paragraph in _paragraphs(text):
        if paragraph.startswith("|"):
            found.append(paragraph)
        else:
            found.extend(_split_paragraph(paragraph))
    return found


def join_lines(lines: Sequence[str]) -> str:
    """Lines of one paragraph as one: without a space beside Chinese characters and punctuation."""
    pieces = list(lines[:1])
    for before, line in itertools.pairwise(lines):
        is_tight = _FULL_WIDTH.match(before[-1:]) or _FULL_WIDTH.match(line[:1])
        pieces.append(line if is_tight else f" {line}")
    return "".join(pieces)


def _paragraphs(text: str) -> list[str]:
    paragraphs: list[list[str]] = []
    is_open = False  # the last paragraph may go on in the next line
    for raw_line in text.split("\n"):
        line = raw_line.strip()
        if not line:
            is_open = False
            continue
        if is_open and not _BLOCK.match(line) and not _KEY.match(line):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
        is_open = _looks_wrapped(line)
    return [join_lines(lines) for lines in paragraphs]


def _looks_wrapped(line: str) -> bool:
    if line[0] in "|#" or line[-1] in ":：":
        return False
    return len(line) + len(_FULL_WIDTH.findall(line)) >= _WRAPPED_WIDTH


def _split_paragraph(paragraph: str) -> list[str]:
    found: list[str] = []
    start = 0
    for match in _END.finditer(paragraph):
        if match.group()[0] != "." or full_stop_ends(paragraph, start, match):
            found.append(paragraph[start : match.end()].strip())
            start = match.end()
    found.append(paragraph[start:].strip())
    return [sentence for sentence in found if sentence]


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
