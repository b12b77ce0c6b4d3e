"""Reports written and read back."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evals.reports.as_json import as_json, from_json, read_report
from tests.evals.reports.samples import report
from tools.errors import FileError, InputError


def test_a_report_is_read_back_as_it_was() -> None:
    values = json.loads(json.dumps(as_json(report()), allow_nan=False))
    assert from_json(values) == report()


def test_figures_are_numbers_and_what_is_missing_is_null() -> None:
    right, judged, *_ = as_json(report())["tasks"][0]["measures"]
    assert right["value"] == pytest.approx(8 / 11)
    assert right["low"] < right["value"] < right["high"]
    assert judged["value"] is None
    assert judged["missing"]["no judge model"] == 11


def test_what_is_no_unicode_can_be_written() -> None:
    told = report()
    values = as_json(replace(told, header=replace(told.header, label="a\ud800b")))
    assert json.dumps(values, ensure_ascii=False).encode("utf-8")
    assert values["header"]["label"] == "a?b"


def test_nan_is_not_written() -> None:
    told = report()
    with pytest.raises(ValueError, match="JSON"):
        as_json(replace(told, header=replace(told.header, seconds=math.nan)))


def _without_tasks(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "tasks"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda values: {**values, "format": 99}, "99"),
        (lambda _: {}, "None"),
        (_without_tasks, "tasks"),
        (lambda values: {**values, "header": {"when": 3}}, "header.when"),
    ],
)
def test_what_is_no_report_is_refused(change: Any, said: str) -> None:
    with pytest.raises(InputError) as raised:
        from_json(change(as_json(report())))
    assert said in raised.value.why


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(json.dumps(as_json(report())), encoding="utf-8")
    assert read_report(path) == report()


@pytest.mark.parametrize("content", [b"", b"[1]", b"{", b"\xff\xfe"])
def test_a_file_that_is_no_report_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match="report"):
        read_report(path)


def test_a_file_with_nan_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(json.dumps(as_json(report())).replace("3725.0", "NaN"), encoding="utf-8")
    with pytest.raises(FileError, match="no report"):
        read_report(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        read_report(tmp_path / "none.json")
