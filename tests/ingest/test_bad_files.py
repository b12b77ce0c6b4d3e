"""Input that cannot be read: one FileError each, which says what, why and what to do."""

import contextlib
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from evals.fuzz.seeds import seeds
from ingest.load import load_file, read_file
from ingest.loaders import LOADERS
from ingest.reading import Limits, Reading
from tests.ingest.office_files import excel_file, pdf_file, with_part, word_file
from tools.errors import FileError

NOISE = random.Random(7).randbytes(3000)
GOOD_DOCX = word_file(lambda document: document.add_paragraph("text"))
GOOD_XLSX = excel_file(lambda sheet: sheet.append(["a", "b"]))

BAD = [
    ("empty.txt", b"", "empty"),
    ("blank.txt", b" \n\t\n", "no text"),
    ("blank.pdf", pdf_file([[]]), "no text"),
    ("noise.txt", NOISE, "not a text file"),
    ("noise.md", b"\x1f\x8b\x08" + NOISE, "not a text file"),
    ("book.md", b"{\\rtf1 text}", "content is that of a .rtf file"),
    ("control.txt", b"\x01\x02\x03\x04" * 50, "not a text file"),
    ("latin.txt", "caf\xe9 \xff".encode("latin-1"), "cannot be read as text"),
    ("japanese.txt", "東京都は新しい環境基準を発表しました。カタカナ".encode("shift_jis"), "iconv"),
    ("japanese.csv", "名称,数量\nセメント,十二\n".encode("shift_jis"), "none of UTF-8"),
    ("german.txt", "Größe der Straße für Öl über Maßnahmen".encode("latin-1"), "cannot be read as text"),
    ("noise.pdf", NOISE, "damaged"),
    ("cut.pdf", pdf_file([["text"]])[:200], "damaged"),
    ("locked.pdf", pdf_file([["text"]], password="secret"), "password"),
    ("noise.docx", NOISE, "damaged"),
    ("cut.docx", GOOD_DOCX[: len(GOOD_DOCX) // 2], "damaged"),
    ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password"),
    ("noise.xlsx", NOISE, "damaged"),
    ("old.doc", b"\xd0\xcf\x11\xe0", "save it as .docx"),
    ("old.xls", b"\xd0\xcf\x11\xe0", "damaged"),
    ("old.xlsb", b"PK", "save it as .xlsx"),
    ("old.ppt", b"\xd0\xcf\x11\xe0", "save it as .pptx"),
    ("film.mp4", b"data", "Convert it to a format that is read: .bmp, .csv, .docm, .docx"),
    (
        "noextension",
        b"\0\1data",
        "Without an extension Signpost reads text alone.\nNext: Convert it to a format that is read: .bmp",
    ),
    ("rows.jsonl", b"not json\n[1]\n", "line 1: not valid JSON"),
    ("number.jsonl", b'{"text": "a", "metadata": {"n": 1e999}}', 'line 1: "metadata" holds a number'),
    ("half.jsonl", b'{"text": "a", "metadata": {"n": ["\\ud800"]}}', 'line 1: "metadata" holds a number'),
]


@pytest.mark.parametrize(("name", "content", "said"), BAD, ids=[name for name, *_ in BAD])
def test_bad_content(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        load_file(path)
    assert said in str(caught.value)
    assert caught.value.next_step


def test_broken_inside_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "inside.docx"
    path.write_bytes(with_part(GOOD_DOCX, "word/document.xml", (b"<w:body>", b"<w:body><")))
    with pytest.raises(FileError, match="damaged"):
        load_file(path)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="does not exist"):
        load_file(tmp_path / "gone.txt")
    with pytest.raises(FileError, match="is a folder"):
        load_file(tmp_path)
    with pytest.raises(FileError, match="cannot be read"):
        load_file(Path("a\0b.txt"))


def test_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(FileError, match="is not a file"):
        load_file(tmp_path / "pipe.txt")


def test_too_large_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_text("eleven chars")
    with pytest.raises(FileError, match="too large"):
        load_file(path, Reading(Limits(file_bytes=11)))
    assert load_file(path, Reading(Limits(file_bytes=12)))


def _changing(times: int) -> Callable[[Path], bytes]:
    """Stands in for Path.read_bytes: another program writes the file the first `times` it is read."""
    reads = 0

    def read(path: Path) -> bytes:
        nonlocal reads
        reads += 1
        with path.open("rb") as file:
            content = file.read()
        if reads <= times:
            path.write_text("changed" * reads)
        return content

    return read


def test_file_that_changed_once_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("first")
    monkeypatch.setattr(Path, "read_bytes", _changing(1))
    assert read_file(path, 100) == b"changed"


def test_file_that_keeps_changing_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("first")
    monkeypatch.setattr(Path, "read_bytes", _changing(9))
    with pytest.raises(FileError, match="changed while it was read"):
        read_file(path, 100)


@pytest.mark.parametrize("extension", sorted(LOADERS))
def test_any_bytes_load_or_raise_file_error(tmp_path: Path, extension: str) -> None:
    source = random.Random(extension)
    for _ in range(25):
        content = bytearray(seeds()[extension][0])
        for _ in range(source.randint(1, 12)):
            content[source.randrange(len(content))] = source.randrange(256)
        path = tmp_path / f"a{extension}"
        path.write_bytes(content)
        with contextlib.suppress(FileError):
            assert load_file(path, Reading(recognizes_text=False))
