"""Splits laws, regulations and contracts by article: 第九条 …, Article 9, Section 2.1, § 12, each with what follows."""

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.splitting.outline import by_label, heading_of, outline
from ingest.splitting.span import Heading, Unit
from tools.shapes import LoadedFile

_NUMERAL = "[一二三四五六七八九十百千零〇\\d]{1,8}"
_ARTICLE = re.compile(
    rf"(?:#{{1,6}}\s+)?(?:\*\*|__)?(?P<number>第{_NUMERAL}条(?:之{_NUMERAL})?(?![款项例件约的规])"
    r"|(?:Article|ARTICLE|Art\.|Section|SECTION|Sec\.|Clause|CLAUSE)\s+(?:\d+[A-Za-z]?(?:\.\d+)*|[IVXLC]+)\b"
    r"|§+\s*\d+[a-z]?(?:[.-]\d+)*)(?=[\s.:：、，*_)（(—-]|$)"
)
_CHAPTER = re.compile(r"(?P<part>PART|Part|TITLE|Title)\s+(?:[IVXLC]+|\d+)\b.{0,80}|(?:CHAPTER|Chapter)\s+\w+\b.{0,80}")
_HAN_CHAPTER = re.compile(rf"第{_NUMERAL}(?P<kind>[编章节])\s*\S.{{0,30}}")
_LEVELS = {"编": 1, "章": 2, "节": 3}


def by_article(loaded: LoadedFile) -> Iterator[Unit]:
    """A unit for each article, which it names; what stands before the first of a chapter is one of its own."""
    for unit in by_label(outline(loaded, _heading, article_number)):
        label = unit.blocks[0].label if unit.blocks else ""
        yield replace(unit, article=label)


def article_number(line: str) -> str:
    """第九条, Article 9 or § 12 where a line begins with it, marks of Markdown before it or not; else empty."""
    found = _ARTICLE.match(line)
    if found is None or (line.startswith("#") and found.group("number")[0] in "SC"):
        return ""  # a heading "Section 2" is one of a report as well, and says what its text is about
    return " ".join(found.group("number").split())


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
