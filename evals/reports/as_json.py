"""A report as JSON: shares from 0 to 1, null for what could not be had."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from evals.reports.report import Report
from tools.errors import FileError, InputError

FORMAT = 1
"""Raised when the form changes, so that older files are not misread."""


def as_json(report: Report) -> dict[str, Any]:
    """The report as JSON-able values, with the form's number as "format".

    What is no Unicode in the texts of records becomes "?". Raises ValueError for what JSON has no form
    for, such as NaN.
    """
    values = {"format": FORMAT, **_FORM.dump_python(report)}
    text = json.dumps(values, allow_nan=False, ensure_ascii=False).encode("utf-8", "replace")
    plain: dict[str, Any] = json.loads(text)
    return plain


def from_json(values: Mapping[str, Any]) -> Report:
    """What `as_json` was given. Raises InputError for anything else."""
    if values.get("format") != FORMAT:
        raise InputError(
            "This is no report of an evaluation that can be read.",
            why=f"Its format is {values.get('format')!r}, and {FORMAT} is read.",
            next_step=_AGAIN,
        )
    try:
        return _FORM.validate_python({name: value for name, value in values.items() if name != "format"})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(
            "This is no report of an evaluation.", why=f"{place}: {first['msg']}", next_step=_AGAIN
        ) from error


def read_report(path: Path) -> Report:
    """Raises FileError when the file cannot be read or is no JSON, InputError when it is no report."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except OSError as error:
        raise FileError(f"{path} cannot be read.", why=error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise FileError(f"{path} is no report.", why="It is not JSON in UTF-8.", next_step=_AGAIN) from error
    if not isinstance(values, dict):
        raise InputError(f"{path} is no report.", why="It is not a JSON object.", next_step=_AGAIN)
    return from_json(values)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


_FORM = TypeAdapter(Report)
_AGAIN = "Write it again: signpost eval run"
