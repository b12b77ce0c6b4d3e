"""Rows that cannot be used are told by line; the others count."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from evals.records import Row
from evals.tasks.fields import UnusableRowError, flag_in, label_in, objects_in, read_rows, text_in, texts_in
from tests.evals.tasks.tiny_pack import tiny_pack


def test_what_is_wrong_is_said_by_line_and_the_rest_is_read(tmp_path: Path) -> None:
    good = {"id": "a", "question": "Who keeps the key?"}
    files = {"keys": [good, {"id": "b"}, "[1]", good, {"question": "And the door?"}, {**good, "id": "c"}, "{"]}

    def rows_of(values: Mapping[str, Any]) -> list[Row]:
        return [Row(values["id"], {"question": text_in(values, "question")}, {})]

    rows, faults = read_rows(tiny_pack(tmp_path, files), "keys", rows_of)

    assert [row.id for row in rows] == ["a", "c"]
    assert [(fault.line, fault.id, fault.why) for fault in faults] == [
        (2, "b", "has no question"),
        (3, "", "not a JSON object"),
        (4, "a", "repeats the id of an earlier line"),
        (5, "", "has no id"),
        (7, "", "not JSON"),
    ]


@pytest.mark.parametrize("lines", [[], [{"id": "a"}, "{"]])
def test_a_file_that_gives_no_row_is_told(tmp_path: Path, lines: list[Mapping[str, Any] | str]) -> None:
    def rows_of(values: Mapping[str, Any]) -> list[Row]:
        return [Row(values["id"], {"question": text_in(values, "question")}, {})]

    rows, faults = read_rows(tiny_pack(tmp_path, {"keys": lines}), "keys", rows_of)

    assert not rows
    assert (faults[0].line, faults[0].id, faults[0].why) == (0, "", "holds no usable row")
    assert len(faults) == 1 + len(lines)


@pytest.mark.parametrize(
    ("value", "why"), [(None, "is no text"), (7, "is no text"), (["a"], "is no text"), (" \n", "is empty")]
)
def test_a_text_must_say_something(value: object, why: str) -> None:
    with pytest.raises(UnusableRowError, match=f"title {why}"):
        text_in({"title": value}, "title")


def test_a_text_may_be_allowed_to_say_nothing() -> None:
    assert text_in({"title": ""}, "title", may_be_empty=True) == ""
    with pytest.raises(UnusableRowError, match="title is no text"):
        text_in({"title": None}, "title", may_be_empty=True)


@pytest.mark.parametrize(
    ("value", "why"),
    [("a", "is no list of texts"), (["a", 1], "is no list of texts"), ([], "is empty"), ([" "], "is empty")],
)
def test_a_list_of_texts_must_hold_some(value: object, why: str) -> None:
    with pytest.raises(UnusableRowError, match=f"answers {why}"):
        texts_in({"answers": value}, "answers")


def test_blank_texts_of_a_list_are_left_out() -> None:
    assert texts_in({"answers": ["a", ""]}, "answers") == ["a"]
    assert texts_in({"answers": []}, "answers", may_be_empty=True) == []


@pytest.mark.parametrize("value", [0, 1, "true", None])
def test_a_flag_is_true_or_false(value: object) -> None:
    with pytest.raises(UnusableRowError, match="relevant is neither true nor false"):
        flag_in({"relevant": value}, "relevant")


def test_a_label_is_one_of_those_that_are_known() -> None:
    assert label_in({"route": "web"}, "route", ("web", "graph")) == "web"
    with pytest.raises(UnusableRowError, match="route is none of web, graph"):
        label_in({"route": "Web"}, "route", ("web", "graph"))
    with pytest.raises(UnusableRowError, match="route is none of the 20 known ones"):
        label_in({"route": ["web"]}, "route", [str(number) for number in range(20)])


@pytest.mark.parametrize(
    ("value", "why"), [({}, "is no list of objects"), (["a"], "is no list of objects"), ([], "is empty")]
)
def test_a_list_of_objects_must_hold_some(value: object, why: str) -> None:
    with pytest.raises(UnusableRowError, match=f"triples {why}"):
        objects_in({"triples": value}, "triples")
