"""Archives that are traps: refused before they unfold, with the reason."""

import warnings
import zipfile
from pathlib import Path

import pytest

from ingest.load import load_content
from ingest.reading import Limits, Reading
from tests.ingest.office_files import excel_file, packed, with_part, word_file
from tests.ingest.word_parts import paragraph, word_parts
from tools.errors import FileError

BOMB = (
    b'<!DOCTYPE a [<!ENTITY a "ha">'
    + b"".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(9))
    + b"]>"
)


def refused(content: bytes, name: str, reading: Reading = Reading()) -> str:
    with pytest.raises(FileError) as caught:
        load_content(content, Path(name), reading)
    assert caught.value.why
    assert caught.value.next_step
    return str(caught.value)


def test_parts_that_unpack_to_too_much() -> None:
    zeros = word_parts(f"<w:p><w:r><w:t>{'0' * 30_000_000}</w:t></w:r></w:p>")
    assert "times its size" in refused(zeros, "a.docx")
    small = word_parts(paragraph("text"))
    assert "SIGNPOST_MAX_UNPACKED_MB" in refused(small, "a.docx", Reading(Limits(unpacked_bytes=100)))
    assert "One part" in refused(small, "a.docx", Reading(Limits(memory_bytes=800)))


def test_too_many_parts_and_parts_of_the_same_name(tmp_path: Path) -> None:
    assert "parts" in refused(
        packed({f"{number}": "" for number in range(20_001)} | {"word/document.xml": ""}), "a.docx"
    )
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for text in ("one", "two"):
            archive.writestr("word/document.xml", text)
    assert "same name" in refused((tmp_path / "a.docx").read_bytes(), "a.docx")


def test_names_that_lead_out_of_the_archive_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret.xml").write_text("<a>secret</a>")
    content = packed(
        {
            "_rels/.rels": '<Relationships><Relationship Id="a" Type="x/officeDocument" '
            f'Target="../../../..{tmp_path}/secret.xml"/></Relationships>',
            "../../word/document.xml": "<a/>",
            "word/document.xml": "<a/>",
        }
    )
    assert "damaged" in refused(content, "a.docx")


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
def test_entities_unfold_nowhere(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    external = f'<!DOCTYPE a [<!ENTITY a SYSTEM "{(tmp_path / "secret").as_uri()}">]>'.encode()
    for document_type in (BOMB, external):
        if name == "a.docx":
            good = word_file(lambda document: document.add_paragraph("texthere"))
            start, place = b"<w:document", "word/document.xml"
        else:
            good = excel_file(lambda sheet: sheet.append(["texthere", "b"]))
            start, place = b"<sst", "xl/sharedStrings.xml"
        content = with_part(good, place, (start, document_type + start), (b"texthere", b"before&a;after"))
        [loaded] = load_content(content, Path(name))
        assert "secret" not in loaded.text
        assert "haha" not in loaded.text
        assert len(loaded.text) < 100


def test_nesting_without_end() -> None:
    deep = "<w:sdt><w:sdtContent>" * 3000 + paragraph("deep") + "</w:sdtContent></w:sdt>" * 3000
    assert "damaged" in refused(word_parts(deep), "a.docx")
    tables = "<w:tbl><w:tr><w:tc>" * 60 + paragraph("deep") + "</w:tc></w:tr></w:tbl>" * 60
    [loaded] = load_content(word_parts(tables), Path("a.docx"))
    assert loaded.text == "deep"
