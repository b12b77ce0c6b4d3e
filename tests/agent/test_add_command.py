import re
from pathlib import Path

import pytest

from tests.agent.command_line import Signpost, write_rows


def test_adds_a_folder_once_and_says_what_it_did(signpost: Signpost, files: Path) -> None:
    first = signpost("add", files)
    assert first.exit_code == 0
    assert "3 added" in first.stdout
    assert re.search(r"^1/3 \w+\.\w+$", first.stderr, re.MULTILINE)
    assert signpost("add", files).stderr == ""  # nothing to tell about what is there already
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


def test_the_splitter_can_be_named(signpost: Signpost, tmp_path: Path) -> None:
    file = tmp_path / "two.md"
    file.write_text("## One\n\nThe mill.\n\n## Two\n\nThe bridge.", encoding="utf-8")
    wrong = signpost.error("add", file, "--split", "shredder", code=2)
    assert "shredder" in wrong["what"]
    assert "semantic" in wrong["why"]
    assert signpost.json("add", file, "--split", "fixed")["chunks"] == 1
    assert signpost.json("add", file)["unchanged"] == 1
    assert signpost.json("add", file, "--split", "auto")["chunks"] == 2


def test_readers_are_kept_and_checked(signpost: Signpost, files: Path) -> None:
    assert "'lin'" in signpost.error("add", files, "--readers", "lin", code=2)["what"]
    signpost.json("add", files / "bridge.md", "--readers", "user:lin, group:finance")
    signpost.json("add", files / "travel.md", "--readers", "user:local,group:finance")
    listed = signpost.json("status", "--documents")["listed"]
    assert [document["readers"] for document in listed] == [["group:finance", "user:local"]]


def test_adding_again_without_readers_leaves_them_as_they_are(signpost: Signpost, tmp_path: Path) -> None:
    file = tmp_path / "plan.md"
    file.write_text("The mill is old.", encoding="utf-8")
    signpost.json("add", file, "--readers", "user:local")
    assert signpost.json("add", file)["unchanged"] == 1
    file.write_text("The mill is new.", encoding="utf-8")
    assert signpost.json("add", file)["updated"] == 1
    assert [listed["readers"] for listed in signpost.json("status", "--documents")["listed"]] == [["user:local"]]
    assert signpost.json("add", file, "--readers", "everyone")["updated"] == 1


def test_what_this_user_may_not_read_is_added_once(signpost: Signpost, files: Path) -> None:
    assert signpost.json("add", files, "--readers", "user:lin")["added"] == 3
    second = signpost.json("add", files, "--readers", "user:lin")
    assert (second["added"], second["unchanged"]) == (0, 3)
    assert signpost.json("status", "--documents")["listed"] == []


def test_indexing_is_told_in_one_line(signpost: Signpost, tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", *({"text": f"Report {n} on the mill."} for n in range(600)))
    told = [line for line in signpost("add", rows).stderr.splitlines() if line.startswith("indexing")]
    assert told == ["indexing 600 passages"]
    assert "indexing" not in signpost("add", rows).stderr


@pytest.mark.parametrize(("count", "named"), [(0, False), (5, True), (6, False)])
def test_few_skipped_files_are_named_and_many_counted(
    signpost: Signpost, tmp_path: Path, count: int, named: bool
) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    for number in range(count):
        (folder / f"film-{number}.mp4").touch()
    result = signpost("add", folder)
    assert ("film-0.mp4, film-1.mp4" in result.stderr) == named
    assert (f"{count} skipped" in result.stdout) == bool(count)


def test_json_names_all_that_was_skipped(signpost: Signpost, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "mill.md").write_text("The mill is old.", encoding="utf-8")
    for number in range(7):
        (folder / f"film-{number}.mp4").touch()
    assert signpost.json("add", folder)["skipped_names"] == [f"film-{number}.mp4" for number in range(7)]


@pytest.mark.parametrize(("command", "label"), [("add", "Not added"), ("plan", "Cannot be read")])
def test_what_happened_to_many_is_told_once(signpost: Signpost, tmp_path: Path, command: str, label: str) -> None:
    inner = tmp_path / "papers" / "册"
    inner.mkdir(parents=True)
    (inner / "mill.md").write_text("The mill is old.", encoding="utf-8")
    (inner / "scan.pdf").write_bytes(b"%PDF-1.4 cut off")
    for number in range(12):
        (inner / f"{number:02}.txt").touch()
    told = signpost(command, tmp_path / "papers").stderr
    several = told[told.index(f"{label} (12): ") : told.index("which --json names")]
    assert several.splitlines() == [
        f"{label} (12): each is empty.",
        "Why: It has no bytes.",
        "Next: Check how the file was made.",
        *(f"  册/{number:02}.txt" for number in range(10)),
        "  and 2 more, ",
    ]
    assert f"{label}: 册/scan.pdf is damaged" in told
    both = signpost(command, inner, tmp_path / "papers", "--json").stdout
    assert '"册/11.txt"' in both
    assert '"reason": "is empty.' in both


@pytest.mark.parametrize("command", ["add", "plan"])
def test_what_can_be_converted_is_told_once_for_a_format(signpost: Signpost, tmp_path: Path, command: str) -> None:
    for name in ("a.md", "b.doc", "c.DOC", "d.ppt", "e.mp4"):
        (tmp_path / name).write_text("The mill is old.", encoding="utf-8")
    told = signpost(command, tmp_path).stderr
    assert "Not read: 2 .doc files, b.doc for one\nNext: Open it in Word or LibreOffice" in told
    assert "Not read: d.ppt\nNext: " in told
    assert told.count("Not read") == 2


def test_where_nothing_matches_nothing_could_be_used(signpost: Signpost, tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "a.md").write_text("The mill is old.", encoding="utf-8")
    assert signpost("add", papers, "--include", "*.nope").exit_code == 2
    signpost.json("add", papers)
    (papers / "a.md").unlink()
    result = signpost("add", papers, "--sync")
    assert (result.exit_code, "is its disk there?" in result.stderr) == (2, True)


def test_one_passage_is_no_passages(signpost: Signpost, files: Path) -> None:
    result = signpost("add", files / "bridge.md")
    assert "indexing 1 passage\n" in result.stderr
    assert "(1 passage, " in result.stdout


def test_whoever_cannot_read_what_they_add_is_warned(signpost: Signpost, files: Path) -> None:
    result = signpost("add", files / "bridge.md", "--readers", "user:lin")
    assert result.exit_code == 0
    assert "Warning: bridge.md: is readable by user:lin only" in result.stderr
    assert "bridge.md" in str(signpost.json("add", files / "bridge.md")["warnings"])


def test_nothing_that_can_be_used_is_wrong_input(signpost: Signpost, tmp_path: Path) -> None:
    (tmp_path / "empty.md").touch()
    assert signpost("add", str(tmp_path / "nowhere.md"), str(tmp_path / "empty.md")).exit_code == 2


def test_rows_of_a_jsonl_file_keep_their_ids(signpost: Signpost, tmp_path: Path) -> None:
    rows = write_rows(
        tmp_path / "rows.jsonl", {"id": "a-1", "title": "One", "text": "The mill is old."}, {"text": "Rain."}
    )
    assert signpost.json("add", rows)["added"] == 2
    assert "a-1" in [document["id"] for document in signpost.json("status", "--documents")["listed"]]
