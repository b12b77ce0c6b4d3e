from pathlib import Path

import pytest

from tests.agent.command_line import Signpost, write_rows


def test_adds_a_folder_once_and_says_what_it_did(signpost: Signpost, files: Path) -> None:
    first = signpost("add", files)
    assert first.exit_code == 0
    assert "3 added" in first.stdout
    assert "1/3 bridge.md" in first.stderr
    second = signpost.json("add", files)
    assert (second["added"], second["unchanged"], second["failed"]) == (0, 3, [])


def test_failed_files_are_listed_with_the_reason_and_the_others_added(
    signpost: Signpost, files: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    result = signpost("add", files / "bridge.md", empty, tmp_path / "missing.pdf")
    assert result.exit_code == 1
    assert "1 added" in result.stdout
    assert "2 failed" in result.stdout
    assert "empty.txt is empty" in result.stderr
    assert "missing.pdf does not exist" in result.stderr


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "x" * 101])
def test_a_collection_needs_a_usable_name(signpost: Signpost, files: Path, name: str) -> None:
    assert "name" in signpost.error("add", files, "--collection", name, code=2)["what"]
    assert not signpost.home.exists()


def test_readers_are_kept_and_checked(signpost: Signpost, files: Path) -> None:
    assert "'lin'" in signpost.error("add", files, "--readers", "lin", code=2)["what"]
    signpost.json("add", files / "bridge.md", "--readers", "user:lin, group:finance")
    signpost.json("add", files / "travel.md", "--readers", "user:local,group:finance")
    listed = signpost.json("status", "--documents")["listed"]
    assert [document["readers"] for document in listed] == [["group:finance", "user:local"]]


def test_rows_of_a_jsonl_file_keep_their_ids(signpost: Signpost, tmp_path: Path) -> None:
    rows = write_rows(
        tmp_path / "rows.jsonl", {"id": "a-1", "title": "One", "text": "The mill is old."}, {"text": "Rain."}
    )
    assert signpost.json("add", rows)["added"] == 2
    assert "a-1" in [document["id"] for document in signpost.json("status", "--documents")["listed"]]
