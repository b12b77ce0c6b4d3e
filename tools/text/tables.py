"""Markdown tables as sentences: a row says what its header says of it."""

import functools
import re

from tools.text.language import detect_language
from tools.text.sentences import Sentence, placed_sentences

_RULE = re.compile(r"^\|?[\s:|-]*-[\s:|-]*$")
_BLOCK_MARK = re.compile(r"^(?:#{1,6}|[-*+>])\s+")
_EMPHASIS = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")


def cells(row: str) -> list[str]:
    """The cells of a Markdown table row, stripped; an escaped pipe stays in its cell."""
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def row_as_sentence(header: list[str], row: list[str]) -> str:
    """`header: cell` pairs of one row, without empty cells: "姓名：周启明；职务：项目经理"."""
    pairs = [(name, cell) for name, cell in zip(header, row, strict=False) if cell]
    colon, separator = ("：", "；") if detect_language("".join(header + row)) == "zh" else (": ", "; ")
    return separator.join(f"{name}{colon}{cell}" if name else cell for name, cell in pairs)


def _plain(sentence: str) -> str:
    return _EMPHASIS.sub(r"\2", _BLOCK_MARK.sub("", sentence))


def readable_sentences(text: str) -> tuple[str, ...]:
    """The sentences of Markdown `text` as a reader would say them: without marks, table rows with their header."""
    return tuple(sentence.text for sentence in placed_readable_sentences(text))


@functools.lru_cache(maxsize=512)
def placed_readable_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences as a reader would say them, each with its place in `text`: of a table's row, that of the row."""
    found: list[Sentence] = []
    header: list[str] | None = None
    previous_row: list[str] | None = None
    for sentence in placed_sentences(text):
        if not sentence.text.startswith("|"):
            header = previous_row = None
            found.append(sentence._replace(text=_plain(sentence.text)))
        elif _RULE.match(sentence.text):
            header = previous_row
            if previous_row is not None and found:
                found.pop()  # what looked like a row was the header
        else:
            previous_row = cells(sentence.text)
            said = row_as_sentence(header or [""] * len(previous_row), previous_row)
            found.append(sentence._replace(text=said))
    return tuple(sentence for sentence in found if sentence.text)
