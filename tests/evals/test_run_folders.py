"""Where runs are kept, and how they are called by users."""

from datetime import datetime
from pathlib import Path

import pytest

from evals.records import Record
from evals.run_folders import REPORT, find_run, new_run_folder, read_records, write, write_records
from tools.errors import FileError, NotFoundError

NOON = datetime(2026, 3, 1, 12, 0, 0)


def made(folder: Path, label: str, hour: int) -> Path:
    run = new_run_folder(folder, label, NOON.replace(hour=hour))
    write(run / REPORT, "{}")
    return run


def test_runs_are_found_by_name_label_time_folder_and_as_the_latest(tmp_path: Path) -> None:
    first, second = made(tmp_path, "before", 9), made(tmp_path, "路 由/after", 10)
    assert first.name == "20260301-090000-before"
    assert second.name == "20260301-100000-路-由-after"
    assert find_run(tmp_path, first.name) == first
    assert find_run(tmp_path, "before") == first
    assert find_run(tmp_path, "20260301-10") == second
    assert find_run(tmp_path, "latest") == second
    assert find_run(tmp_path, str(second)) == second


def test_an_unknown_and_an_ambiguous_name_say_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no run") as caught:
        find_run(tmp_path, "latest")
    assert "No evaluation" in caught.value.why
    made(tmp_path, "before", 9)
    made(tmp_path, "before", 10)
    new_run_folder(tmp_path, "unfinished", NOON)
    assert find_run(tmp_path, "before").name == "20260301-100000-before"  # the newest of a label
    with pytest.raises(NotFoundError, match="Several") as caught:
        find_run(tmp_path, "20260301")
    assert "20260301-090000-before, 20260301-100000-before" in caught.value.why
    with pytest.raises(NotFoundError):
        find_run(tmp_path, "unfinished")


def test_records_come_back_as_they_were(tmp_path: Path) -> None:
    record = Record(
        task="t",
        id="1",
        given={"question": "第\u2028一\ud800"},
        gold={},
        observed={"found": ["a\nb"]},
        judged={},
        ms=1.5,
        failure="",
    )
    write_records(tmp_path, [record, {**record, "id": "2"}])
    read = read_records(tmp_path)
    assert [each["id"] for each in read] == ["1", "2"]
    assert read[0]["observed"] == record["observed"]
    assert read[0]["given"]["question"].startswith("第\u2028一")


def test_a_damaged_or_missing_file_of_records_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        read_records(tmp_path)
    (tmp_path / "records.jsonl").write_text('{"id"', encoding="utf-8")
    with pytest.raises(FileError, match="damaged"):
        read_records(tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(FileError, match="cannot be made"):
        new_run_folder(tmp_path / "file", "", NOON)
