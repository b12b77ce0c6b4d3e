"""Documents that were read without text recognition or descriptions are read again once these are there."""

import io
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest import ocr
from ingest.describe import describe
from ingest.file_reader import Describe
from ingest.load import load_content
from ingest.prepare import Source
from ingest.reading import Reading
from tests.ingest.office_files import word_file
from tests.ingest.stores import Stores, opened_stores
from tests.ingest.test_describe import Memory, Painter
from tests.ingest.test_images import picture
from tests.ingest.test_look import available
from tools.access import Access
from tools.shapes import Document, LoadedFile, Missed

DESCRIBING = Reading(recognizes_text=False, describes_pictures=True)
WITHOUT = Reading(recognizes_text=False)


def captioned() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Title", "The pump house")
    return picture(size=(400, 300), pnginfo=text)


def illustrated(folder: Path, content: bytes = picture(size=(400, 300))) -> bytes:
    """A Word file with a picture in it."""
    (folder / "picture.png").write_bytes(content)

    def draw(document: object) -> None:
        document.add_paragraph("Costs of the pump house.")  # type: ignore[attr-defined]
        document.add_picture(str(folder / "picture.png"))  # type: ignore[attr-defined]

    return word_file(draw)


def pdf(*pages: Callable[[Canvas], object]) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _type(canvas: Canvas) -> None:
    for line in range(20):
        canvas.drawString(60, 780 - 14 * line, f"Line {line} of the costs of the pump house, which rose.")


def _paste(canvas: Canvas, width: int, height: int, top: int) -> None:
    canvas.drawImage(ImageReader(Image.new("RGB", (300, 200), "red")), 60, top - height, width, height)


def typed_beside(width: int, height: int) -> bytes:
    """A page of text, and one of a picture."""
    return pdf(_type, lambda canvas: _paste(canvas, width, height, 800))


def typed_above(width: int, height: int) -> bytes:
    """A page of text with a picture below it."""

    def draw(canvas: Canvas) -> None:
        _type(canvas)
        _paste(canvas, width, height, 450)

    return pdf(draw)


def missed(content: bytes, name: str, reading: Reading) -> tuple[Missed, ...]:
    [loaded] = load_content(content, Path(name), reading)
    return loaded.missed


def test_what_was_missed_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    available(monkeypatch, is_available=False)
    monkeypatch.setattr("ingest.pictures.is_available", lambda: False)
    word = illustrated(tmp_path)
    for content, name in ((captioned(), "a.png"), (word, "a.docx")):
        assert missed(content, name, Reading()) == ("ocr", "vision")
        assert missed(content, name, Reading(describes_pictures=True)) == ("ocr",)
    monkeypatch.setattr("ingest.pictures.is_available", lambda: True)
    monkeypatch.setattr("ingest.pictures.recognize", lambda pixels, reading: [])
    assert missed(word, "a.docx", Reading()) == ("vision",)
    assert missed(word, "a.docx", Reading(describes_pictures=True)) == ()


def test_who_has_no_picture_of_use_missed_nothing(tmp_path: Path) -> None:
    assert missed(b"# Notes", "a.md", WITHOUT) == ()
    assert missed(illustrated(tmp_path, picture(size=(20, 10))), "a.docx", WITHOUT) == ()


def test_pictures_of_attachments_are_taken_along(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"] = "Costs"
    mail.set_content("See the file.")
    mail.add_attachment(illustrated(tmp_path), maintype="application", subtype="x", filename="costs.docx")
    [loaded] = load_content(mail.as_bytes(), Path("a.eml"), DESCRIBING)
    [taken] = loaded.pictures
    assert taken.marker in loaded.text
    assert missed(mail.as_bytes(), "a.eml", WITHOUT) == ("ocr", "vision")


def test_a_picture_that_is_an_attachment_is_taken_along() -> None:
    mail = EmailMessage()
    mail["Subject"] = "Costs"
    mail.set_content("See the picture.")
    mail.add_attachment(captioned(), maintype="image", subtype="png", filename="costs.png")
    [loaded] = load_content(mail.as_bytes(), Path("a.eml"), DESCRIBING)
    [taken] = loaded.pictures
    assert loaded.text.count("<!-- picture ") == loaded.text.count(taken.marker) == 1


@pytest.mark.parametrize(
    ("noted", "reading", "is_available", "is_kept"),
    [
        ([], Reading(describes_pictures=True), True, True),
        (["ocr"], Reading(), True, False),
        (["ocr"], Reading(), False, True),
        (["ocr"], WITHOUT, True, True),
        (["vision"], Reading(), True, True),
        (["vision"], DESCRIBING, False, False),
        (["ocr", "vision"], DESCRIBING, False, False),
    ],
)
def test_it_is_read_again_only_when_more_can_be_had(
    noted: list[str], reading: Reading, is_available: bool, is_kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    available(monkeypatch, is_available=is_available)
    source = Source(Path("a.md"), b"# Notes", "default", None, {})
    prepared = source.prepare(source.load()[0])
    document: Document = prepared.document  # type: ignore[union-attr]
    document = replace(document, metadata={**document.metadata, "missed": noted} if noted else document.metadata)
    again = replace(source, held={document.id: document}, reading=reading)
    assert again.is_kept(document.content_hash) is is_kept


def describing(painter: Painter) -> Describe:
    async def described(loaded: LoadedFile, document_id: str) -> LoadedFile:
        return await describe(loaded, document_id, painter, Memory())

    return described


async def test_pictures_are_described_once_there_is_a_model(tmp_path: Path) -> None:
    (tmp_path / "costs.docx").write_bytes(illustrated(tmp_path))
    (tmp_path / "picture.png").unlink()
    async with opened_stores(tmp_path / "home") as stores:
        assert (await stores.add(tmp_path / "costs.docx", reading=WITHOUT)).added == 1
        assert (await stores.add(tmp_path / "costs.docx", reading=WITHOUT)).unchanged == 1
        again = await _added(stores, tmp_path / "costs.docx", Painter(fails=True))
        assert (again, await _shown(stores)) == ((1, 0), False)
        again = await _added(stores, tmp_path / "costs.docx", Painter("A chart of costs."))
        assert (again, await _shown(stores)) == ((1, 0), True)
        assert await _added(stores, tmp_path / "costs.docx", Painter()) == (0, 1)
        assert (await stores.add(tmp_path / "costs.docx", reading=WITHOUT)).unchanged == 1


async def test_a_picture_that_the_model_does_not_take_is_not_tried_for_ever(tmp_path: Path) -> None:
    (tmp_path / "costs.docx").write_bytes(illustrated(tmp_path))
    async with opened_stores(tmp_path / "home") as stores:
        refusing = Painter(fails=True)
        refusing.reason = "bad_request"
        assert await _added(stores, tmp_path / "costs.docx", refusing, is_new=True) == (1, 0)
        assert await _added(stores, tmp_path / "costs.docx", refusing) == (0, 1)
        assert len(refusing.asked) == 1


async def _added(stores: Stores, path: Path, painter: Painter, *, is_new: bool = False) -> tuple[int, int]:
    """How many documents were written, and how many left alone."""
    summary = await stores.add(path, reading=DESCRIBING, describe=describing(painter))
    return summary.added if is_new else summary.updated, summary.unchanged


async def _shown(stores: Stores) -> bool:
    found = await stores.search("chart of costs", Access())
    return any("A chart of costs." in passage.text for passage in found)


def test_scanned_pages_and_pictures_of_pdf_files(monkeypatch: pytest.MonkeyPatch) -> None:
    available(monkeypatch, is_available=False)
    assert missed(typed_beside(300, 400), "a.pdf", Reading()) == ("ocr",)
    assert missed(typed_above(300, 200), "a.pdf", Reading()) == ("ocr", "vision")
    assert missed(typed_above(20, 20), "a.pdf", Reading()) == ()
    available(monkeypatch, is_available=True)
    monkeypatch.setattr(ocr, "recognize", lambda pixels, reading: [])
    assert missed(typed_beside(300, 400), "a.pdf", Reading()) == ()
