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

_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|[_*].')
_DIGITS = re.compile(r"[^0#?Ee/]*([#0?,]+)[^Ee/]*")  # not those of an exponent or a fraction


def shown(value: object, number_format: str) -> str:
    """Dates as ISO dates, durations in hours; the rest by the cell's number format.

    Of that: leading zeros, per cent, money, units and thousands separators.
    """
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        is_date = value.time() == datetime.time()
        return value.date().isoformat() if is_date else f"{value.date().isoformat()} {_time(value.time())}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return _time(value)
    if isinstance(value, datetime.timedelta):
        return _duration(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, number_format)
    return clean(str(value)).strip()


def _time(time: datetime.time) -> str:
    return time.isoformat("seconds" if time.second else "minutes")


def _duration(duration: datetime.timedelta) -> str:
    """Hours, more than a day's too, minutes, and seconds where there are some: 30:00."""
    minutes, seconds = divmod(round(abs(duration).total_seconds()), 60)
    sign = "-" if duration < datetime.timedelta() else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}{f':{seconds:02}' if seconds else ''}"


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
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if not separator:
        whole, point, fraction = text.partition(".")
        text = f"{whole.zfill(_whole_digits(positive))}{point}{fraction}"
    text += suffix
    sign = "-" if number < 0 else ""
    return f"{sign}{_literal(_BEFORE, positive)}{text}{_literal(_AFTER, positive)}"


def _whole_digits(number_format: str) -> int:
    """How many digits are shown at least before the point: 5 for the postcode format 00000."""
    found = _DIGITS.fullmatch(_QUOTED.sub("", number_format))
    return found.group(1).count("0") if found else 0


def _literal(pattern: re.Pattern[str], number_format: str) -> str:
    found = pattern.search(number_format)
    return next(filter(None, found.groups()), "") if found else ""
