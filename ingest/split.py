"""Splits loaded text into chunks: by its structure first, by size second, never across pages.

A chunk stays within one section (the text under one heading). Small neighbouring paragraphs of a section are joined
up to `TARGET_TOKENS`; no chunk is larger than `MAX_TOKENS`. A heading stays in the text of the first chunk of its
section, so that the chunks together hold the whole page, and stands in `section` of all of them. Paragraphs, table
rows and the articles of laws and contracts (第九条 …, with the items below) stay whole while they fit. Where a table is
cut, each part begins with its header again.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tools.shapes import Chunk, LoadedFile
from tools.text.identifiers import chunk_id
from tools.text.sentences import join_lines, sentences
from tools.text.token_estimate import estimate_tokens

SPLITTER_VERSION = "split-1"
TARGET_TOKENS = 240  # about 320 Chinese characters or 960 English ones
MAX_TOKENS = 300  # about 400 and 1,200
_MAX_SECTION_CHARACTERS = 160

_HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
# Numbered headings of plain text: a short line without punctuation at its end.
_NUMBERED_HEADING = re.compile(
    r"(?:(?P<chapter>第[一二三四五六七八九十百\d]{1,4}[编章])|(?P<part>第[一二三四五六七八九十百\d]{1,4}节)"
    r"|[一二三四五六七八九十]{1,3}、)\s*[^\s。；：，！？;:,.!?]{1,24}"
)
_FENCE = re.compile(r"\s*(?:```|~~~)")
_TABLE_RULE = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+")
_ARTICLE = re.compile(r"第[一二三四五六七八九十百零〇\d]{1,6}条(?![款项例件约])")
_BREAK = re.compile(r"[\s，,；;、|]")


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, list, article or table. `header`: the lines that every part of a table begins with."""

    lines: tuple[str, ...]
    header: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join((*self.header, *self.lines))


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is not cut further. `continues`: it goes on in the next line of what stands before it, without `header`."""

    text: str
    header: str = ""
    continues: bool = False

    @property
    def alone(self) -> str:
        return f"{self.header}\n{self.text}" if self.header else self.text


@dataclass(slots=True)
class _Section:
    """Headings, and the blocks below them up to the next heading."""

    path: str
    headings: list[str] = field(default_factory=list)
    blocks: list[_Block] = field(default_factory=list)


def split(loaded: LoadedFile, document_id: str) -> list[Chunk]:
    """The chunks of a document in reading order. The same input gives the same chunks with the same ids."""
    chunks: list[Chunk] = []
    repeats: Counter[str] = Counter()
    open_headings: list[tuple[int, str]] = []
    for page in loaded.pages:
        for section in _sections(page.text, loaded.title, open_headings):
            for text in _packed(section):
                chunks.append(
                    Chunk(
                        id=chunk_id(document_id, text, repeats[text]),
                        document_id=document_id,
                        index=len(chunks),
                        text=text,
                        page=page.number if loaded.has_pages else None,
                        section=section.path,
                    )
                )
                repeats[text] += 1
    return chunks


def _sections(text: str, title: str, open_headings: list[tuple[int, str]]) -> Iterator[_Section]:
    """The sections of a page. `open_headings` (level, text) go on from page to page; paths leave the title out."""
    section = _Section(_path(open_headings, title))
    for block in _blocks(text):
        heading = _heading(block.text)
        if heading is None:
            section.blocks.append(block)
            continue
        if section.blocks:
            yield section
            section = _Section("")
        while open_headings and open_headings[-1][0] >= heading[0]:
            open_headings.pop()
        open_headings.append(heading)
        section.path = _path(open_headings, title)
        section.headings.append(block.text)
    yield section


def _heading(line: str) -> tuple[int, str] | None:
    """Level (1 is the highest) and text of a heading, or None for anything else."""
    marked = _HEADING.fullmatch(line)
    if marked:
        return len(marked.group(1)), marked.group(2).rstrip("# \t")
    numbered = _NUMBERED_HEADING.fullmatch(line)
    if numbered:
        return 2 if numbered.group("chapter") else 3 if numbered.group("part") else 4, line
    return None


def _path(open_headings: Sequence[tuple[int, str]], title: str) -> str:
    path = " > ".join(text for _, text in open_headings if text and text != title)
    return path if len(path) <= _MAX_SECTION_CHARACTERS else path[: _MAX_SECTION_CHARACTERS - 1] + "…"


def _blocks(text: str) -> Iterator[_Block]:
    """Blocks in order: parted by blank lines, headings, the edges of tables and the beginnings of articles."""
    lines: list[str] = []
    is_code = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            is_code = not is_code
        elif not is_code and lines and (not line.strip() or _parts(lines[-1], line)):
            yield _block(lines)
            lines = []
        if line.strip() or (is_code and lines):
            lines.append(line.rstrip())
    if lines:
        yield _block(lines)


def _parts(before: str, line: str) -> bool:
    """Whether a new block begins between these two lines."""
    if _heading(before) or _heading(line) or _ARTICLE.match(line):
        return True
    return _is_row(before) != _is_row(line)


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|")


def _block(lines: Sequence[str]) -> _Block:
    if len(lines) > 2 and _is_row(lines[0]) and _TABLE_RULE.fullmatch(lines[1]):
        return _Block(tuple(lines[2:]), header=tuple(lines[:2]))
    return _Block(tuple(lines))


def _packed(section: _Section) -> list[str]:
    """The chunk texts of a section. What the headings leave of `MAX_TOKENS` bounds each piece below them."""
    texts: list[str] = []
    headings = "\n\n".join(section.headings)
    if estimate_tokens(headings) > MAX_TOKENS // 2:
        *texts, headings = _fitting(headings, MAX_TOKENS // 2)
    room = MAX_TOKENS - estimate_tokens(headings) - 2
    text = headings
    for block in _with_whole_articles(section.blocks, room):
        for piece in _pieces(block, room):
            joined = text + ("\n" + piece.text if piece.continues else "\n\n" + piece.alone)
            if not text:
                text = piece.alone
            elif text == headings or estimate_tokens(joined) <= TARGET_TOKENS:
                text = joined
            else:
                texts.append(text)
                text = piece.alone
    return [*texts, text] if text else texts


def _with_whole_articles(blocks: Sequence[_Block], room: int) -> Iterator[_Block]:
    """The blocks, each article together with the paragraphs below it where they fit `room`."""
    article: _Block | None = None
    for block in blocks:
        if article and not block.header and not _ARTICLE.match(block.text):
            whole = _Block((*article.lines, "", *block.lines))
            if estimate_tokens(whole.text) <= room:
                article = whole
                continue
        if article:
            yield article
        article = block if not block.header and _ARTICLE.match(block.text) else None
        if article is None:
            yield block
    if article:
        yield article


def _pieces(block: _Block, room: int) -> Iterator[_Piece]:
    """The block in pieces of at most `room` tokens, with their header."""
    if not block.header:
        yield from (_Piece(text) for text in _fitting(block.text, room))
        return
    header = "\n".join(block.header)
    has_begun = False
    if estimate_tokens(header) > room // 2:  # too large to be repeated
        yield from (_Piece(text) for text in _fitting(header, room))
        header, has_begun = "", True
    for row in block.lines:
        if estimate_tokens(f"{header}\n{row}") <= room:
            yield _Piece(row, header, continues=has_begun)
        else:
            if not has_begun:
                yield _Piece(header)
            yield from (_Piece(text, continues=True) for text in _fitting(row, room))
        has_begun = True


def _fitting(text: str, room: int) -> list[str]:
    """`text` in parts of at most `room` tokens: cut between lines, else between sentences, else where it must be."""
    if estimate_tokens(text) <= room:
        return [text]
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1:
        return _joined(lines, room, by_line=True)
    parts = sentences(text)
    return _joined(parts, room, by_line=False) if len(parts) > 1 else list(_cut(text.strip(), room))


def _joined(parts: Sequence[str], room: int, *, by_line: bool) -> list[str]:
    """As many neighbouring parts together as fit; a part that is too large alone is cut."""
    texts: list[str] = []
    is_open = False
    for part in parts:
        joined = ""
        if is_open:
            joined = f"{texts[-1]}\n{part}" if by_line else join_lines([texts[-1], part])
        if joined and estimate_tokens(joined) <= room:
            texts[-1] = joined
        else:
            texts.extend(_fitting(part, room))
            is_open = True
    return texts


def _cut(text: str, room: int) -> Iterator[str]:
    """`text` without sentences in parts of at most `room` tokens, cut at a space or comma where one is near."""
    start = 0
    while start < len(text):
        # Four letters, four thirds of a Chinese character and one of the rarest characters are a token.
        sizes = (room * 4, room * 4 // 3, room - 1)
        end = start + next(size for size in sizes if estimate_tokens(text[start : start + size]) <= room)
        if end < len(text):
            breaks = [match.end() for match in _BREAK.finditer(text, start + (end - start) * 3 // 4, end)]
            end = breaks[-1] if breaks else end
        part = text[start:end].strip()
        if part:
            yield part
        start = end
