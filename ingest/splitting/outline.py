"""The outline of a document: headings with the blocks below them, as ranges of its pages."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ingest.splitting.span import Block, Heading, Span, Unit
from tools.shapes import LoadedFile

_MAX_SECTION_CHARACTERS = 160
_MAX_CAPTION_CHARACTERS = 120

_HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
# Numbered headings of plain text: a short line without punctuation at its end.
_NUMBERED_HEADING = re.compile(
    r"(?:(?P<chapter>第[一二三四五六七八九十百\d]{1,4}[编章])|(?P<part>第[一二三四五六七八九十百\d]{1,4}节)"
    r"|[一二三四五六七八九十]{1,3}、)\s*[^\s。；：，！？;:,.!?]{1,24}"
)
_FENCE = re.compile(r"\s*(?:```|~~~)")
_TABLE_RULE = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+")
_ARTICLE = re.compile(r"第[一二三四五六七八九十百零〇\d]{1,6}条(?![款项例件约])")
_CAPTION = re.compile(r"(?:\*\*|__)?(?:续?附?表|Table|TABLE)\s*[\dIVX一二三四五六七八九十].*|.*[：:]")


HeadingOf = Callable[[str], Heading | None]
"""The heading that a line is or begins with, or None."""
LabelOf = Callable[[str], str]
"""What begins with a line that begins a block of its own, such as the number of an article; else empty."""


def heading_of(line: str) -> Heading | None:
    """A heading of Markdown, or a numbered one of plain text."""
    if line[:1] == "#" and (marked := _HEADING.fullmatch(line)):
        return Heading(len(marked.group(1)), marked.group(2).rstrip("# \t"))
    numbered = _NUMBERED_HEADING.fullmatch(line)
    if numbered:
        return Heading(2 if numbered.group("chapter") else 3 if numbered.group("part") else 4, line)
    return None


def article_of(line: str) -> str:
    """The number of the article that begins with a line: 第九条."""
    found = _ARTICLE.match(line)
    return found.group() if found else ""


def outline(loaded: LoadedFile, heading: HeadingOf = heading_of, label: LabelOf = article_of) -> Iterator[Unit]:
    """A unit for each heading that text follows, with all of that; what stands before the first is one too.

    Headings that nothing stands between go together. They are open over the pages that follow; a unit is not.
    """
    opened: list[tuple[Heading, int]] = []  # with how many were opened before
    count = 0
    for number, page in enumerate(loaded.pages):
        unit = Unit(number, _path(opened, loaded.title), _top(opened, loaded.title))
        for block in _captioned(page.text, blocks(page.text, heading, label)):
            found = block.heading
            if found is None:
                unit.blocks.append(block)
                continue
            if unit.blocks:
                yield unit
                unit = Unit(number, "", 0)
            while opened and opened[-1][0].level >= found.level:
                opened.pop()
            count += 1
            opened.append((found, count))
            unit.section, unit.top = _path(opened, loaded.title), _top(opened, loaded.title)
            if found.is_line:
                unit.headings = Span(unit.headings.start if unit.headings else block.start, block.end)
            else:
                unit.blocks.append(block)
        if not unit.is_empty:
            yield unit


def by_label(units: Iterator[Unit]) -> Iterator[Unit]:
    """The units, cut where a block has a label: what begins there is kept apart."""
    for unit in units:
        part = replace(unit, blocks=[])
        for block in unit.blocks:
            if block.label and part.blocks:
                yield part
                part = replace(unit, headings=None, blocks=[])
            part.blocks.append(block)
        yield part


def blocks(text: str, heading: HeadingOf = heading_of, label: LabelOf = article_of) -> Iterator[Block]:
    """Blocks in order: parted by blank lines, headings, the edges of tables and the lines that have a label."""
    lines: list[Span] = []
    found: Heading | None = None  # of the first of them
    is_code = is_open = is_row = False  # is_open: the last line may be followed by more of its block
    start = 0
    for line in text.split("\n"):
        begin, start = start, start + len(line) + 1
        bare = line.strip()
        if is_fence := _FENCE.match(line) is not None:
            is_code = not is_code
        if is_code and not is_fence:  # goes on
            begins = False
        elif is_fence:
            begins, is_open, is_row, own = is_code, is_code, False, None
        else:
            was_row, is_row = is_row, bare.startswith("|")
            own = heading(line.rstrip()) if bare else None
            begins = not (bare and is_open) or own is not None or was_row != is_row or label(bare) != ""
            is_open = own is None or not own.is_line
        if begins and lines:
            yield _block(text, lines, found, label)
            lines = []
        if bare:
            if not lines:
                found = own
            left = begin + len(line) - len(line.lstrip())
            lines.append(Span(left, left + len(bare)))
    if lines:
        yield _block(text, lines, found, label)


def _block(text: str, lines: Sequence[Span], heading: Heading | None, label: LabelOf) -> Block:
    start, end = lines[0].start, lines[-1].end
    first = text[slice(*lines[0])]
    if len(lines) > 2 and first.startswith("|") and _TABLE_RULE.fullmatch(text[slice(*lines[1])]):
        return Block(start, end, header=Span(start, lines[1].end), rows=tuple(lines[2:]))
    return Block(start, end, heading, label(first), is_code=_FENCE.match(first) is not None)


def _captioned(text: str, found: Iterator[Block]) -> Iterator[Block]:
    """The blocks, each table with the line right before it where that names the table."""
    before = ""
    for block in found:
        if block.header and len(before) <= _MAX_CAPTION_CHARACTERS and _CAPTION.fullmatch(before):
            block = replace(block, caption=before.strip("*_：: "))
        before = text[block.start : block.end]
        yield block


def _path(opened: Sequence[tuple[Heading, int]], title: str) -> str:
    """The headings in order, without the document's title."""
    path = " > ".join(heading.text for heading, _ in opened if heading.text and heading.text != title)
    return path if len(path) <= _MAX_SECTION_CHARACTERS else path[: _MAX_SECTION_CHARACTERS - 1] + "…"


def _top(opened: Sequence[tuple[Heading, int]], title: str) -> int:
    return next((count for heading, count in opened if heading.text != title), 0)
