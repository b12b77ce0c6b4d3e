"""Blocks of Markdown: headings, list items, and how blocks become a text."""

import re
from collections.abc import Iterable

from tools.text.clean import clean, one_line

_HEADING = re.compile(r"#{1,6} ")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_BACKTICKS = re.compile(r"`+")
_INDENT = "  "
_MAX_LEVEL = 9


class ListItem(str):
    """A block that joins its neighbours of the same kind by a line end instead of a blank line."""


def heading(level: int, text: str) -> str:
    """`level`: 1 is the title; Markdown knows six."""
    return f"{'#' * min(max(level, 1), 6)} {one_line(text)}"


def list_item(text: str, *, mark: str = "-", level: int = 0) -> ListItem:
    """`mark`: a dash or the number as it is shown. `level` counts from 0."""
    return ListItem(f"{_INDENT * min(level, _MAX_LEVEL)}{mark} {one_line(text)}")


def code_block(text: str, language: str = "") -> str:
    """`text` in a fence that is longer than any in it."""
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{clean(text).strip(chr(10))}\n{fence}"


def join_blocks(blocks: Iterable[str]) -> str:
    """Blocks by a blank line, list items by a line end; empty ones left out."""
    pieces: list[str] = []
    before = ""
    for block in blocks:
        if not block.strip():
            continue
        if pieces:
            pieces.append("\n" if isinstance(before, ListItem) and isinstance(block, ListItem) else "\n\n")
        pieces.append(block)
        before = block
    return "".join(pieces)


def deeper(text: str, levels: int) -> str:
    """`text` with its headings that many levels lower, as part of another document; code stays as it is."""
    lines = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or mark.group(1).startswith(fence)):
            fence = "" if fence else mark.group(1)
        elif not fence and _HEADING.match(line):
            marks, _, rest = line.partition(" ")
            line = heading(len(marks) + levels, rest)
        lines.append(line)
    return "\n".join(lines)
