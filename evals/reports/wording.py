"""Figures as they are read: a share in per cent, everything else in its unit."""

from collections.abc import Mapping

from evals.metric import Unit

_UNITS = {"ms": " ms", "characters": " characters", "tokens": " tokens", "calls": " calls"}
_MONEY_DIGITS = 6


def shown(value: float | None, unit: Unit, *, signed: bool = False) -> str:
    """ "83.2 %", "0.832", "1,234 ms"; "–" for what could not be had. signed: of a difference, whose unit is named as
    points where it is a share."""
    if value is None:
        return "–"
    number = _number(value * 100 if unit == "share" else value, unit)
    if signed:
        number = number.replace("-", "−") if value < 0 else f"+{number}"
    if unit == "share":
        return number + (" points" if signed else " %")
    return number + _UNITS.get(unit, "")


def shown_interval(low: float | None, high: float | None, unit: Unit, *, signed: bool = False) -> str:
    """ "78.1 to 87.4", in the unit of the value beside it; "–" for none."""
    if low is None or high is None:
        return "–"
    factor = 100 if unit == "share" else 1
    ends = [_number(end * factor, unit) for end in (low, high)]
    if signed:
        ends = [end.replace("-", "−") if end.startswith("-") else f"+{end}" for end in ends]
    return " to ".join(ends)


def shown_missing(missing: Mapping[str, int]) -> str:
    """ "12 no judge model, 1 failed: TimeoutError", the most frequent first; empty for none."""
    return ", ".join(f"{count:,} {why}" for why, count in sorted(missing.items(), key=lambda each: (-each[1], each[0])))


def shown_seconds(seconds: float) -> str:
    """ "48.2 s", "3 min 5 s"."""
    if seconds < 59.95:  # what would be rounded to 60.0 is a minute
        return f"{seconds:.1f} s"
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return (f"{hours} h " if hours else "") + f"{minutes} min" + ("" if hours else f" {whole % 60} s")


def shown_money(money: float | None) -> str:
    """In whichever currency prices are set."""
    return "not known" if money is None else _number(money, "money")


def _number(value: float, unit: Unit) -> str:
    if unit == "share":
        return f"{value:.1f}"
    if unit == "score":
        return f"{value:.3f}"
    if unit == "money":
        return f"{value:,.{_MONEY_DIGITS}f}".rstrip("0").rstrip(".") or "0"
    if float(value).is_integer() or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
