"""The numbers of Word's lists and headings, counted as Word counts them: 1. · 1.1 · (a) · 一、 · 第一条."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ingest.loaders.elements import attribute, child, children, value, whole
from ingest.loaders.word_styles import Style

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_NO_LIST = "0"  # takes a paragraph out of the list that its style puts it in
_CHINESE = "零一二三四五六七八九"
_CHINESE_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_MAX_NUMBER = 9999


@dataclass(frozen=True, slots=True)
class Number:
    """Of a paragraph: what is shown before it ("-" for a bullet, empty for nothing), and its level, from 0."""

    text: str
    level: int

    @property
    def is_bullet(self) -> bool:
        return self.text == "-"


@dataclass(slots=True)
class _Level:
    kind: str = "decimal"
    text: str = ""
    start: int = 1
    is_decimal: bool = False  # all numbers in it as 1, 2, 3, whatever the levels above count in


@dataclass(slots=True)
class _List:
    """An abstract list: its levels, and how far each has counted."""

    levels: dict[int, _Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Gives each paragraph its number, in the order of the document."""

    def __init__(self, root: Any | None) -> None:
        self._lists: dict[str, _List] = {}
        self._of_number: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._level_of_style: dict[tuple[str, str], int] = {}
        for element in root if root is not None else ():
            if child(element, "abstractNumId") is not None:
                self._add_number(element)
            elif attribute(element, "abstractNumId"):
                self._add_list(element)

    def next(self, properties: Any | None, style: Style) -> Number | None:
        """The number of the next paragraph, None for one without."""
        direct = value(properties, "numPr", "numId")
        number_id = direct or style.number_id
        abstract = self._of_number.get(number_id, "")
        if number_id == _NO_LIST or abstract not in self._lists:
            return None
        stated = value(properties, "numPr", "ilvl")
        linked = self._level_of_style.get((abstract, value(properties, "pStyle")))
        level = whole(stated, style.level if style.level is not None else linked or 0)
        level = min(level, _LEVELS - 1)
        return Number(self._count(number_id, self._lists[abstract], level), level)

    def _count(self, number_id: str, counted: _List, level: int) -> str:
        restart = self._restarts.get(number_id, {})
        if restart:  # once: the paragraphs that follow in this list go on
            counted.counts = {above: count for above, count in counted.counts.items() if above not in restart}
            for at, start in restart.items():
                counted.levels.setdefault(at, _Level()).start = start
            self._restarts[number_id] = {}
        own = counted.levels.get(level, _Level())
        counted.counts[level] = counted.counts.get(level, own.start - 1) + 1
        for below in [below for below in counted.counts if below > level]:
            del counted.counts[below]
        if own.kind == "bullet":
            return "-"
        if own.kind == "none":
            return _PLACE.sub("", own.text).strip()

        def number(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            its = counted.levels.get(at, _Level())
            return as_counted(counted.counts.get(at, its.start), "decimal" if own.is_decimal else its.kind)

        return _PLACE.sub(number, own.text).strip()

    def _add_list(self, element: Any) -> None:
        identity = attribute(element, "abstractNumId")
        added = self._lists.setdefault(identity, _List())
        for level in children(element, "lvl"):
            at = whole(attribute(level, "ilvl"))
            added.levels[at] = _level(level)
            self._level_of_style[identity, value(level, "pStyle")] = at

    def _add_number(self, element: Any) -> None:
        identity = attribute(element, "numId")
        self._of_number[identity] = value(element, "abstractNumId")
        self._restarts[identity] = {
            whole(attribute(override, "ilvl")): whole(value(override, "startOverride"), 1)
            for override in children(element, "lvlOverride")
            if child(override, "startOverride") is not None
        }


def _level(element: Any) -> _Level:
    legal = child(element, "isLgl")
    return _Level(
        kind=value(element, "numFmt") or "decimal",
        text=value(element, "lvlText"),
        start=whole(value(element, "start"), 1),
        is_decimal=legal is not None and attribute(legal, "val") not in ("0", "false"),
    )


def as_counted(number: int, kind: str) -> str:
    """`number` as Word's format `kind` writes it (ECMA-376, ST_NumberFormat); unknown ones as 1, 2, 3."""
    write = _KINDS.get(kind)
    return write(number) if write is not None and 0 < number <= _MAX_NUMBER else str(number)


def _letters(number: int) -> str:
    """a … z, aa, bb, …: as Word goes on, not as spreadsheets do."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    text = ""
    for worth, letters in _ROMAN:
        text += letters * (number // worth)
        number %= worth
    return text


def _chinese(number: int, digits: str = _CHINESE, units: str = "千百十") -> str:
    """一, 十, 十一, 二十, 一百零一, …, below 10,000."""
    text = ""
    for worth, unit in zip((1000, 100, 10, 1), (*units, ""), strict=True):
        digit, number = divmod(number, worth)
        if digit:
            text += digits[digit] + unit
        elif text and number and not text.endswith(digits[0]):
            text += digits[0]
    return text[1:] if text.startswith("一十") else text


def _chinese_legal(number: int) -> str:
    return _chinese(number, _CHINESE_LEGAL, "仟佰拾")


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if number <= 20 else str(number)


def _of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if number <= len(signs) else str(number)


_KINDS: dict[str, Callable[[int], str]] = {
    "decimalZero": "{:02d}".format,
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "ideographDigital": lambda number: "".join(_CHINESE[int(digit)] for digit in str(number)),
    "chineseLegalSimplified": _chinese_legal,
    "ideographTraditional": _of(_STEMS),
    "ideographZodiac": _of(_BRANCHES),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "none": lambda number: "",
}
