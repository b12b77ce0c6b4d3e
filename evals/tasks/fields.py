"""Fields of a pack's rows, read with care: a row that cannot be used is a fault with its line, and the rest counts."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar, get_args

from evals.pack import Line, Pack, without_repeats
from evals.records import Row, RowFault
from evals.task import Rows
from tools.shapes import Language

LANGUAGES: tuple[Language, ...] = get_args(Language)

NO_ROW = "holds no usable row"

_MOST_NAMED = 8

Made = TypeVar("Made")


class UnusableRowError(ValueError):
    """A row that says nothing that could be measured. The message is why."""


def read_rows(pack: Pack, file: str, rows_of: Callable[[Mapping[str, Any]], Iterable[Row]]) -> Rows:
    """The rows that `rows_of` makes of each object of a file, and what is wrong with the others, or with the file when
    it gives none.

    rows_of: raises UnusableRowError; one object may give several rows. Raises FileError when there is no such file.
    """
    rows, faults = read_each(pack, file, rows_of)
    return rows, faults if rows else [RowFault(0, "", NO_ROW), *faults]


def read_each(
    pack: Pack, file: str, made_of: Callable[[Mapping[str, Any]], Iterable[Made]]
) -> tuple[list[Made], list[RowFault]]:
    """What `made_of` makes of each object of a file, and what is wrong with the others. As `read_rows`, but for a file
    that only helps to make rows.
    """
    lines, faults = pack.lines(file)
    unique, repeats = without_repeats(lines)
    made: list[Made] = []
    faults += repeats
    for line in unique:
        try:
            made.extend(made_of(line.values))
        except UnusableRowError as error:
            faults.append(_fault(line, str(error)))
    return made, sorted(faults, key=lambda fault: fault.line)


def text_in(values: Mapping[str, Any], name: str, *, may_be_empty: bool = False) -> str:
    """A text, with something in it."""
    value = _value(values, name)
    if not isinstance(value, str):
        raise UnusableRowError(f"{name} is no text")
    if not value.strip() and not may_be_empty:
        raise UnusableRowError(f"{name} is empty")
    return value


def texts_in(values: Mapping[str, Any], name: str, *, may_be_empty: bool = False) -> list[str]:
    """A list of texts, with at least one in it."""
    value = _value(values, name)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise UnusableRowError(f"{name} is no list of texts")
    kept = [each for each in value if each.strip()]
    if not kept and not may_be_empty:
        raise UnusableRowError(f"{name} is empty")
    return kept


def flag_in(values: Mapping[str, Any], name: str) -> bool:
    """True or false."""
    value = _value(values, name)
    if not isinstance(value, bool):
        raise UnusableRowError(f"{name} is neither true nor false")
    return value


def label_in(values: Mapping[str, Any], name: str, labels: Collection[str]) -> str:
    """One of `labels`."""
    value = _value(values, name)
    if not isinstance(value, str) or value not in labels:
        known = ", ".join(labels) if 0 < len(labels) <= _MOST_NAMED else f"the {len(labels)} known ones"
        raise UnusableRowError(f"{name} is none of {known}")
    return value


def objects_in(values: Mapping[str, Any], name: str, *, may_be_empty: bool = False) -> list[Mapping[str, Any]]:
    """A list of objects, with at least one in it."""
    value = _value(values, name)
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise UnusableRowError(f"{name} is no list of objects")
    if not value and not may_be_empty:
        raise UnusableRowError(f"{name} is empty")
    return value


def _value(values: Mapping[str, Any], name: str) -> Any:
    if name not in values:
        raise UnusableRowError(f"has no {name}")
    return values[name]


def _fault(line: Line, why: str) -> RowFault:
    return RowFault(line.number, str(line.values["id"]), why)
