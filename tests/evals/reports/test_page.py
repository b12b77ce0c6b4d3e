"""Tables between markers, and nothing beside them."""

import os
from pathlib import Path

import pytest

from evals.reports.page import rewrite_tables
from tools.errors import FileError, InputError

PAGE = """# Figures
before
<!-- eval:one -->
old
<!-- /eval:one -->
between <!-- a note -->
<!-- eval:two --><!-- /eval:two -->
after"""


def written(tmp_path: Path, text: str = PAGE) -> Path:
    path = tmp_path / "page.md"
    path.write_bytes(text.encode("utf-8"))
    return path


def test_tables_are_replaced_and_nothing_else(tmp_path: Path) -> None:
    path = written(tmp_path)
    rewrite_tables(path, {"two": "| 二 |", "one": "| a |\n| b |\n"})
    assert path.read_text(encoding="utf-8") == (
        "# Figures\nbefore\n<!-- eval:one -->\n| a |\n| b |\n<!-- /eval:one -->\n"
        "between <!-- a note -->\n<!-- eval:two -->\n| 二 |\n<!-- /eval:two -->\nafter"
    )


def test_a_table_that_is_not_given_stays(tmp_path: Path) -> None:
    path = written(tmp_path)
    rewrite_tables(path, {"two": "new"})
    assert "<!-- eval:one -->\nold\n<!-- /eval:one -->" in path.read_text(encoding="utf-8")


def test_writing_the_same_twice_changes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path)
    rewrite_tables(path, {"one": "x", "two": "y"})
    once = path.read_bytes()
    rewrite_tables(path, {"one": "x", "two": "y"})
    assert path.read_bytes() == once


def test_line_ends_and_a_byte_order_mark_stay(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufeff" + PAGE.replace("\n", "\r\n"))
    rewrite_tables(path, {"one": "| a |\n| b |"})
    assert path.read_bytes().decode("utf-8") == "\ufeff" + PAGE.replace("old", "| a |\n| b |").replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PAGE.replace("<!-- /eval:one -->\n", ""), "begins within eval:one"),
        (PAGE.replace("<!-- /eval:two -->", ""), "eval:two is never closed"),
        (PAGE.replace("<!-- eval:two -->", ""), "closes what is not open"),
        (PAGE.replace("eval:two", "eval:one"), "eval:one is there twice"),
        (PAGE.replace("<!-- /eval:one -->", "<!-- /eval:two -->"), "closes what is not open"),
    ],
)
def test_wrong_markers_are_refused_and_the_file_stays(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError, match=r"page\.md") as raised:
        rewrite_tables(path, {"one": "x"})
    assert said in raised.value.why
    assert path.read_bytes().decode("utf-8") == text


def test_a_table_without_a_place_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    with pytest.raises(InputError, match=r"page\.md has no place for the table three"):
        rewrite_tables(path, {"one": "x", "three": "y"})
    assert path.read_text(encoding="utf-8") == PAGE


def test_a_table_that_holds_a_marker_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    with pytest.raises(InputError, match="was not changed"):
        rewrite_tables(path, {"one": "x <!-- /eval:one --> y"})
    assert path.read_text(encoding="utf-8") == PAGE


def test_the_file_keeps_its_rights_and_a_link_stays_one(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.chmod(0o640)
    link = tmp_path / "link.md"
    link.symlink_to(path)
    rewrite_tables(link, {"one": "x"})
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert "\nx\n" in path.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_replaced_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(FileError, match="cannot be written"):
        rewrite_tables(path, {"one": "x"})
    assert path.read_text(encoding="utf-8") == PAGE
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        rewrite_tables(tmp_path / "none.md", {"one": "x"})
