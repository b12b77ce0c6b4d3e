"""How problems of many files are told."""

from pathlib import Path

import pytest

from agent.problems import note_problems
from ingest.add_summary import Problem


def told(capsys: pytest.CaptureFixture[str], *problems: tuple[str, str]) -> list[str]:
    note_problems("Warning", [Problem.of(Path("/papers", name), name, message) for name, message in problems])
    return capsys.readouterr().err.splitlines()


def test_one_is_told_in_one_line_and_its_name_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, ("in/a.pdf", "a.pdf is empty.")) == ["Warning: in/a.pdf is empty."]
    assert told(capsys, ("in/a.pdf", "/papers/in/a.pdf is empty.")) == ["Warning: in/a.pdf is empty."]
    assert told(capsys, ("in/a.pdf", "sheet A is hidden")) == ["Warning: in/a.pdf: sheet A is hidden"]


def test_numbers_that_differ_stand_beside_the_names(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(
        capsys,
        ("a.pdf", "no text on page 2-3, 7 (at most 200 MB)"),
        ("b.pdf", "a sheet is hidden"),
        ("c.pdf", "no text on page 4 (at most 200 MB)"),
        ("d.pdf", "no text on page 2-3, 7 (at most 200 MB)"),
    )
    assert lines == [
        "Warning (3): no text on page … (at most 200 MB)",
        "  a.pdf: 2-3, 7",
        "  c.pdf: 4",
        "  d.pdf: 2-3, 7",
        "Warning: b.pdf: a sheet is hidden",
    ]


def test_a_name_that_is_a_word_of_the_message_stays_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, ("is", "is is empty."), ("empty", "empty is empty.")) == [
        "Warning (2): each is empty.",
        "  is",
        "  empty",
    ]


def test_numbers_apart_are_numbers_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, ("a.xlsx", "sheet Q1 1 is hidden"), ("b.xlsx", "sheet Q2 1 is hidden"))
    assert lines == ["Warning (2): sheet Q… 1 is hidden", "  a.xlsx: 1", "  b.xlsx: 2"]
