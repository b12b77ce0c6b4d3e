from pathlib import Path

from tests.agent.command_line import ROOT, Signpost, write_rows
from tests.ingest.office_files import excel_file


def test_the_json_has_exactly_the_documented_fields(signpost: Signpost, files: Path) -> None:
    parsed = signpost.json("parse", files / "bridge.md")
    assert list(parsed) == ["title", "format", "text", "pages", "metadata", "warnings"]
    assert parsed["title"] == "Harbour Bridge"
    assert [set(page) for page in parsed["pages"]] == [{"number", "text", "is_ocr"}]
    assert "1987" in parsed["text"]
    assert not signpost.home.exists()


def test_pages_are_numbered_from_one(signpost: Signpost) -> None:
    parsed = signpost.json("parse", ROOT / "samples" / "safety-handbook.pdf")
    assert [page["number"] for page in parsed["pages"]] == list(range(1, len(parsed["pages"]) + 1))
    assert "--- page 2 ---" in signpost("parse", ROOT / "samples" / "safety-handbook.pdf").stdout


def test_a_jsonl_file_is_a_list(signpost: Signpost, tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", {"title": "One", "text": "a"}, {"title": "Two", "text": "b"})
    assert [document["title"] for document in signpost.json("parse", rows)] == ["One", "Two"]


def test_the_passages_of_a_file_can_be_seen(signpost: Signpost, tmp_path: Path) -> None:
    law = tmp_path / "law.md"
    law.write_text("第一条 为保障安全，制定本办法。\n\n第二条 适用于工地。\n\n第三条 自五月起施行。", encoding="utf-8")
    parsed = signpost.json("parse", law, "--chunks")
    assert (parsed["title"], parsed["splitter"]) == ("law", "law")
    assert [chunk["metadata"]["article"] for chunk in parsed["chunks"]] == ["第一条", "第二条", "第三条"]
    assert {chunk["section_number"] for chunk in parsed["chunks"]} == {0}
    shown = signpost("parse", law, "--chunks").stdout
    assert "law (split by law, 3 passages)" in shown
    assert "--- 2 ---\n第二条 适用于工地。" in shown
    assert not signpost.home.exists()


def test_another_way_of_splitting_can_be_looked_at(signpost: Signpost, tmp_path: Path) -> None:
    file = tmp_path / "two.md"
    file.write_text("## One\n\nThe mill.\n\n## Two\n\nThe bridge.", encoding="utf-8")
    assert "(split by structure, 2 passages)" in signpost("parse", file, "--chunks", "--split", "auto").stdout
    assert "(split by fixed, 1 passage)" in signpost("parse", file, "--split", "fixed").stdout
    assert signpost.json("parse", file, "--split", "fixed")["splitter"] == "fixed"
    assert "shredder" in signpost.error("parse", file, "--split", "shredder", code=2)["what"]


def test_sheets_are_told_by_name(signpost: Signpost, tmp_path: Path) -> None:
    sheets = tmp_path / "book.xlsx"
    sheets.write_bytes(excel_file(lambda sheet: sheet.append(["City", "Budget"])))
    assert "--- 1, sheet Sheet ---" in signpost("parse", sheets, "--chunks").stdout
    assert "--- sheet 1 ---" in signpost("parse", sheets).stdout


def test_a_file_that_cannot_be_read_is_wrong_input(signpost: Signpost, tmp_path: Path) -> None:
    binary = tmp_path / "program.bin"
    binary.write_bytes(bytes(range(256)))
    assert "program.bin" in signpost.error("parse", binary, code=2)["what"]
    assert "does not exist" in signpost.error("parse", tmp_path / "gone.txt", code=2)["what"]


def test_control_characters_do_not_reach_the_terminal(signpost: Signpost, tmp_path: Path) -> None:
    file = tmp_path / "red\x1b[31m\x07.md"
    file.write_text("# Alert\n\nA line.", encoding="utf-8")
    shown = signpost("parse", file).output + signpost("parse", file.with_suffix(".pdf")).output
    assert "Alert" in shown
    assert "does not exist" in shown
    assert not {"\x1b", "\x07"} & set(shown)
