"""A value of a spreadsheet as the program shows it."""

import datetime
import re
from decimal import Decimal

from tools.text.clean import clean

_MAX_FORMAT_CHARACTERS = 255  # as in Excel
_MAX_EXPONENT = 20  # a fraction of more digits is written as 1.5E-30
# What a number format puts beside the number: "元", \€, [$€-407], ¥; only money signs and units in quotation marks.
_LITERAL = r'(?:"([^"]{1,12})"|\[\$([^\]-]{1,4})(?:-[^\]]*)?\]|\\?([¥$€£￥]))'
_BEFORE = re.compile(rf"^(?:[_*].|\[(?!\$)[^\]]*\]|\s)*{_LITERAL}")
_AFTER = re.compile(rf"[0#?](?:[_*].|\\ |\s)*{_LITERAL}(?:[_*].|\s)*$")


def shown(value: object, number_format: str) -> str:
    """Dates as ISO dates; per cent, money, units and thousands separators by the cell's number format."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        is_date = value.time() == datetime.time()
        return value.date().isoformat() if is_date else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.isoformat("minutes" if not value.second else "seconds")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, number_format)
    return clean(str(value)).strip()


def _number(value: int | float, number_format: str) -> str:
    positive = number_format[:_MAX_FORMAT_CHARACTERS].split(";")[0]
    suffix = "%" if "%" in positive else ""
    separator = "," if "#,##0" in positive else ""
    # A fraction to 15 digits: as many as Excel keeps, few enough to hide such as 0.30000000000000004.
    number = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    if suffix:
        number = number.scaleb(2)
    if not number.is_finite() or (abs(number.adjusted()) > _MAX_EXPONENT and not isinstance(value, int)):
        return f"{number}{suffix}"
    text = f"{abs(number):{separator}f}"
    text = (text.rstrip("0").rstrip(".") if "." in text else text) + suffix
    sign = "-" if number < 0 else ""
    return f"{sign}{_literal(_BEFORE, positive)}{text}{_literal(_AFTER, positive)}"


def _literal(pattern: re.Pattern[str], number_format: str) -> str:
    found = pattern.search(number_format)
    return next(filter(None, found.groups()), "") if found else ""
