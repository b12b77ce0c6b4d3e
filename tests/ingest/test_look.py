"""What a look into one file tells, with and without text recognition."""

import io
import pickle
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest import ocr
from ingest.loaders import image as image_loader
from ingest.look import Look, look_into
from ingest.prepare import Source
from ingest.reading import Reading
from tests.ingest.test_images import picture
from tools.errors import UnreadPicturesError
from tools.extras import install_line


def scans(pages: int) -> bytes:
    """A PDF file that holds nothing but pictures."""
    file = io.BytesIO()
    canvas = Canvas(file)
    for shade in range(pages):
        canvas.drawImage(ImageReader(Image.new("RGB", (300, 400), (shade, 90, 90))), 0, 0, 500, 700)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def look(name: str, content: bytes, reading: Reading = Reading()) -> Look:
    [found] = look_into(Source(Path(name), content, "default", None, {}, reading=reading))
    return found


def available(monkeypatch: pytest.MonkeyPatch, *, is_available: bool) -> None:
    for module in (ocr, image_loader):
        monkeypatch.setattr(module, "is_available", lambda: is_available)


def test_scans_alone_are_pages_to_be_recognized(monkeypatch: pytest.MonkeyPatch) -> None:
    available(monkeypatch, is_available=True)
    for name, content, pages in (("a.png", picture(), 1), ("a.pdf", scans(3), 3), ("long.pdf", scans(80), 80)):
        found = look(name, content)
        assert (found.pages, found.ocr_pages, found.chunks, found.tokens) == (pages, pages, 0, 0)
        assert found.is_partial == (pages > 40)


@pytest.mark.parametrize(("name", "content"), [("a.png", picture()), ("a.pdf", scans(2))])
def test_scans_alone_are_named_where_they_will_not_be_recognized(
    name: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    available(monkeypatch, is_available=False)
    with pytest.raises(UnreadPicturesError) as raised:
        look(name, content)
    assert install_line("ocr") in raised.value.next_step
    available(monkeypatch, is_available=True)
    with pytest.raises(UnreadPicturesError) as raised:
        look(name, content, Reading(recognizes_text=False))
    assert "SIGNPOST_OCR" in raised.value.next_step


def test_the_error_comes_whole_from_another_process() -> None:
    error = UnreadPicturesError("what", why="why", next_step="next", pages=7)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.pages) == (UnreadPicturesError, str(error), 7)
