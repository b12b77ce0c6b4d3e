"""Splits laws, regulations and contracts by article: 第九条 …, Article 9, Section 2.1, § 12, each with what follows."""

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.splitting.outline import by_label, heading_of, outline
from ingest.splitting.span import Heading, Unit
from tools.shapes import LoadedFile
from tools.text.articles import NUMERAL, article_number

_CHAPTER = re.compile(r"(?P<part>PART|Part|TITLE|Title)\s+(?:[IVXLC]+|\d+)\b.{0,80}|(?:CHAPTER|Chapter)\s+\w+\b.{0,80}")
_HAN_CHAPTER = re.compile(rf"第{NUMERAL}(?P<kind>[编章节])\s*\S.{{0,30}}")
_LEVELS = {"编": 1, "章": 2, "节": 3}


def by_article(loaded: LoadedFile) -> Iterator[Unit]:
    """A unit for each article, which it names; what stands before the first of a chapter is one of its own."""
    for unit in by_label(outline(loaded, _heading, article_number)):
        label = unit.blocks[0].label if unit.blocks else ""
        yield replace(unit, article=label)


def _heading(line: str) -> Heading | None:
    """Parts and chapters; an article is none, even where it is marked as one."""
    if article_number(line):
        return None
    bare = line.strip()
    if (chapter := _HAN_CHAPTER.fullmatch(bare)) and bare[-1] not in "。；，：":
        return Heading(_LEVELS[chapter.group("kind")], bare)
    if (english := _CHAPTER.fullmatch(bare)) and bare[-1] not in ".;,:":
        return Heading(1 if english.group("part") else 2, bare)
    return heading_of(line)
