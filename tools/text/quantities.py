"""Numbers and dates of a text in one spelling, so that they can be compared."""

import re

from tools.text.tokens import fold

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# A Chinese number of two characters or more, or one before a unit of measure: 一 alone is seldom a number.
_HAN_NUMBER = re.compile(
    r"[零〇一二两三四五六七八九十百千]{2,}|[一二两三四五六七八九十](?=个?[天日周月年岁元吨米%％]|小时|分钟|公里|万|亿)"
)
_DATE = re.compile(r"(?<![\d.-])((?:1[89]|2[01])\d{2})\s*[年./-]\s*(\d{1,2})(?!\d)(?:\s*[月./-]\s*(\d{1,2})(?!\d))?")


def numbers_in(text: str) -> set[str]:
    """All numbers of `text` without leading zeros, Chinese numerals as digits: 二十四个月 has 24."""
    folded = fold(text)
    found = {re.sub(r"^0+(?=\d)", "", number) for number in _NUMBER.findall(folded)}
    for run in _HAN_NUMBER.findall(folded):
        found.add(han_number(run))
    return found


def without_dates(text: str) -> str:
    """Folded `text` without its dates."""
    return _DATE.sub(" ", fold(text))


def dates_in(text: str) -> set[tuple[int, ...]]:
    """All dates of `text` as (year, month) or (year, month, day)."""
    return {tuple(int(part) for part in groups if part) for groups in _DATE.findall(fold(text))}


def han_number(numeral: str) -> str:
    """A folded Chinese number in digits: 四十二 is 42, 二〇二五 is 2025."""
    if not any(unit in numeral for unit in _UNITS):  # 二〇二五: digit by digit
        return "".join(str(_DIGITS[digit]) for digit in numeral).lstrip("0") or "0"
    total, digit = 0, None
    for character in numeral:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            total += (1 if digit is None else digit) * _UNITS[character]
            digit = None
    return str(total + (digit or 0))
