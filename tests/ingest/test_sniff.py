"""Files under wrong names are read by what they are, and that is said."""

import os
from pathlib import Path

import pytest

from ingest.load import load_content
from ingest.loaders.sniff import begins_as_text, true_extension
from tests.ingest.office_files import excel_file, packed, pdf_file, word_file
from tools.errors import FileError

WORD = word_file(lambda document: document.add_paragraph("text"))
EXCEL = excel_file(lambda sheet: sheet.append(["text", "b"]))
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("name", "content", "truth"),
    [
        ("a.docx", pdf_file([["text"]]), ".pdf"),
        ("a.doc", WORD, ".docx"),
        ("a.xlsx", WORD, ".docx"),
        ("a.docx", EXCEL, ".xlsx"),
        ("a.csv", EXCEL, ".xlsx"),
        ("a", WORD, ".docx"),
        ("a.xls", "<html><table><tr><td>text</td></tr></table></html>".encode("gb18030"), ".html"),
        ("a.xls", "名称\t数量\ntext\t12\n".encode("gb18030"), ".csv"),
        ("a.doc", b"<!DOCTYPE html><p>text</p>", ".html"),
        ("a.doc", "只有文字 text".encode("gb18030"), ".txt"),
        ("a.txt", pdf_file([["text"]]), ".pdf"),
    ],
)
def test_read_by_what_it_is(name: str, content: bytes, truth: str) -> None:
    [loaded] = load_content(content, Path(name))
    assert "text" in loaded.text
    assert loaded.warnings[0] == f"its content is that of a {truth} file; it was read as one"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.docx", COMPOUND + "WordDocument".encode("utf-16-le"), "content is that of a .doc file"),
        ("a.doc", b"{\\rtf1 text}", "content is that of a .rtf file"),
        ("a.docx", COMPOUND + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("a.xlsx", packed({"xl/workbook.bin": b""}), "content is that of a .xlsb file"),
    ],
)
def test_refused_by_what_it_is(name: str, content: bytes, said: str) -> None:
    with pytest.raises(FileError) as caught:
        load_content(content, Path(name))
    assert said in str(caught.value)
    assert caught.value.next_step


@pytest.mark.parametrize("name", [".docm", ".dotx", ".docx"])
def test_right_names_stay(name: str) -> None:
    assert true_extension(WORD, name) == name


def test_text_formats_keep_their_names() -> None:
    for name in (".txt", ".md", ".py", ".csv", ".html"):
        assert true_extension(b"<html>text</html>", name) == name


@pytest.mark.parametrize(
    ("content", "truth"),
    [
        (b"all:\n\techo text\n", ".txt"),
        ("水泵由本厂制造。".encode("gb18030"), ".txt"),
        ("水泵由本厂制造。".encode("utf-16"), ".txt"),
        (b"<!DOCTYPE html><p>text</p>", ".html"),
        (bytes(range(256)) * 40, ""),
        (COMPOUND, ""),
        (b"", ""),
    ],
)
def test_without_an_extension_text_is_read(tmp_path: Path, content: bytes, truth: str) -> None:
    assert true_extension(content, "") == truth
    file = tmp_path / "README"
    file.write_bytes(content)
    assert begins_as_text(file) == bool(truth)
    if truth == ".txt":
        assert load_content(content, file)[0].warnings == ()


@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_long_text_is_text_wherever_the_look_into_it_ends(tmp_path: Path, before: int, encoding: str) -> None:
    file = tmp_path / "NOTES"
    file.write_bytes(("a" * before + "水泵由本厂制造，每年检修。" * 1000).encode(encoding))
    assert begins_as_text(file)


def test_what_is_no_file_of_text_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert not begins_as_text(tmp_path / "pipe")
    assert not begins_as_text(tmp_path / "missing")


def test_a_file_that_cannot_be_opened_is_left_to_whoever_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notes").write_text("text")

    def refused(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refused)
    assert begins_as_text(tmp_path / "notes")
