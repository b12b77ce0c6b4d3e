"""Pictures as documents, and pictures within documents."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image, PngImagePlugin

from ingest import pictures
from ingest.load import load_content, load_file
from ingest.loaders import image as image_loader
from ingest.ocr import RecognizedLine
from ingest.ocr_engine import Pixels
from ingest.pictures import picture_text
from ingest.reading import Limits, Reading
from tests.ingest.test_ocr import PICTURES, needs_ocr
from tools.errors import FileError
from tools.extras import install_line
from tools.shapes import LoadedFile


class Recognizer:
    """Says the same of every picture, and keeps their sizes."""

    def __init__(self, *texts: str) -> None:
        self.texts = texts
        self.sizes: list[tuple[int, ...]] = []

    def __call__(self, image: Pixels, reading: Reading) -> list[RecognizedLine]:
        self.sizes.append(image.shape)
        return [RecognizedLine(text, (10.0, 20.0, 110.0, 40.0), 0.9) for text in self.texts]


@pytest.fixture
def recognizer(monkeypatch: pytest.MonkeyPatch) -> Recognizer:
    made = Recognizer("Pump house", "River Street")
    for module in (image_loader, pictures):
        monkeypatch.setattr(module, "recognize", made)
        monkeypatch.setattr(module, "is_available", lambda: True)
    monkeypatch.setattr(pictures, "_known", {})
    return made


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (image_loader, pictures):
        monkeypatch.setattr(module, "is_available", lambda: False)


def picture(format_: str = "PNG", size: tuple[int, int] = (300, 200), **values: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "white").save(file, format_, **values)
    return file.getvalue()


def load(content: bytes, name: str, reading: Reading = Reading()) -> LoadedFile:
    [loaded] = load_content(content, Path(name), reading)
    return loaded


@pytest.mark.parametrize(
    ("extension", "format_"),
    [("png", "PNG"), ("jpg", "JPEG"), ("jpeg", "JPEG"), ("webp", "WEBP"), ("bmp", "BMP"), ("tif", "TIFF"),
     ("tiff", "TIFF"), ("gif", "GIF")],
)  # fmt: skip
def test_formats(extension: str, format_: str, recognizer: Recognizer) -> None:
    loaded = load(picture(format_), f"泵房.{extension}")
    assert (loaded.title, loaded.format, loaded.has_pages) == ("泵房", "image", False)
    assert loaded.text == "Pump house\n\nRiver Street"
    assert loaded.pages[0].is_ocr
    assert recognizer.sizes == [(200, 300, 3)]


def test_boxes_are_in_points(recognizer: Recognizer) -> None:
    [page] = load(picture(dpi=(144, 144)), "a.png").pages
    assert page.boxes[0].box == pytest.approx((5, 10, 55, 20), rel=1e-3)
    [page] = load(picture(dpi=(1, 1)), "a.png").pages
    assert page.boxes[0].box == (10, 20, 110, 40)


def test_a_caption_stands_above_and_moves_the_boxes(recognizer: Recognizer) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_itxt("Title", "泵房平面图")
    text.add_text("Author", "Lin")
    loaded = load(picture(pnginfo=text), "a.png")
    assert loaded.title == "泵房平面图"
    assert loaded.metadata == {"author": "Lin"}
    [page] = loaded.pages
    assert page.text == "泵房平面图\n\nPump house\n\nRiver Street"
    assert [page.text[box.start : box.end] for box in page.boxes] == ["Pump house", "River Street"]


def test_captions_and_times_of_photographs(recognizer: Recognizer) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "The pump house in June"
    exif[ExifTags.Base.DateTime] = "2024:06:18 22:00:01"
    exif[ExifTags.Base.Orientation] = 6
    loaded = load(picture("JPEG", exif=exif), "a.jpg")
    assert loaded.title == "The pump house in June"
    assert loaded.metadata == {"modified": "2024-06-18T22:00:01"}
    assert recognizer.sizes == [(300, 200, 3)]  # turned as the camera was held


def test_each_page_of_a_tiff_is_a_page(recognizer: Recognizer) -> None:
    pages = [Image.new("L", (60, 40), shade) for shade in (0, 100, 255)]
    file = io.BytesIO()
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:])
    loaded = load(file.getvalue(), "a.tif")
    assert loaded.has_pages
    assert [page.number for page in loaded.pages] == [1, 2, 3]
    with pytest.raises(FileError, match="has 3 pages"):
        load(file.getvalue(), "a.tif", Reading(Limits(pages=2)))


def test_transparent_pictures_stand_on_white(monkeypatch: pytest.MonkeyPatch, recognizer: Recognizer) -> None:
    seen: list[Pixels] = []
    monkeypatch.setattr(image_loader, "recognize", lambda pixels, reading: seen.append(pixels) or [])
    file = io.BytesIO()
    Image.new("RGBA", (60, 40), (0, 0, 0, 0)).save(file, "PNG")
    with pytest.raises(FileError, match="holds no text"):
        load(file.getvalue(), "a.png")
    assert (seen[0] == 255).all()


def test_shades_of_sixteen_bits(monkeypatch: pytest.MonkeyPatch, recognizer: Recognizer) -> None:
    seen: list[Pixels] = []
    monkeypatch.setattr(image_loader, "recognize", lambda pixels, reading: seen.append(pixels) or [])
    shades = np.full((40, 60), 1000, np.uint16)
    shades[10:20, 10:20] = 3000
    file = io.BytesIO()
    Image.fromarray(shades).save(file, "PNG")
    with pytest.raises(FileError):
        load(file.getvalue(), "a.png")
    assert (seen[0].min(), seen[0].max()) == (0, 255)


def test_huge_pictures_are_read_smaller(recognizer: Recognizer) -> None:
    load(picture(size=(5000, 2500)), "a.png")
    assert recognizer.sizes == [(2000, 4000, 3)]


@pytest.mark.usefixtures("without_extra")
def test_without_the_extra_a_picture_says_what_is_missing() -> None:
    with pytest.raises(FileError) as raised:
        load(picture(), "a.png")
    assert "text recognition" in raised.value.what
    assert raised.value.next_step == install_line("ocr")


@pytest.mark.usefixtures("without_extra")
def test_without_the_extra_a_caption_is_read_and_the_rest_told() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Title", "The pump house")
    loaded = load(picture(pnginfo=text), "a.png")
    assert loaded.text == "The pump house"
    assert not loaded.pages[0].is_ocr
    assert install_line("ocr") in loaded.warnings[0]


def test_switched_off_is_another_reason(recognizer: Recognizer) -> None:
    with pytest.raises(FileError) as raised:
        load(picture(), "a.png", Reading(recognizes_text=False))
    assert "SIGNPOST_OCR" in raised.value.next_step
    assert recognizer.sizes == []


def claiming(width: int, height: int) -> bytes:
    """A .png whose header claims that size; there are no such pixels in it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", len(header)) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    data = zlib.compress(b"\0" * 1000)
    body = struct.pack(">I", len(data)) + b"IDAT" + data + struct.pack(">I", zlib.crc32(b"IDAT" + data))
    return b"\x89PNG\r\n\x1a\n" + chunk + body


@pytest.mark.parametrize(("width", "height"), [(40_000, 25_000), (11_000, 10_000), (2**31 - 1, 2**31 - 1)])
def test_too_many_pixels_are_refused_by_what_the_header_says(width: int, height: int, recognizer: Recognizer) -> None:
    with pytest.raises(FileError) as raised:
        load(claiming(width, height), "a.png")
    assert "SIGNPOST_MAX_MEGAPIXELS" in raised.value.why
    assert recognizer.sizes == []


@pytest.mark.parametrize(
    "content", [b"no picture", picture()[:60], picture("JPEG")[:300], claiming(100, 100), b"II*\0"]
)
@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif"])
def test_broken_pictures_are_refused(content: bytes, name: str, recognizer: Recognizer) -> None:
    with pytest.raises(FileError, match="damaged"):
        load(content, name)


def test_pictures_in_documents(recognizer: Recognizer) -> None:
    assert picture_text(picture(), "A  pump\nhouse", Reading()) == "A pump house\n\nPump house\n\nRiver Street"
    assert picture_text(picture(), "", Reading()) == "Pump house\n\nRiver Street"
    assert len(recognizer.sizes) == 1  # the same picture is recognized once


def test_icons_are_not_read(recognizer: Recognizer) -> None:
    assert picture_text(picture(size=(32, 32)), "Logo", Reading()) == "Logo"
    assert picture_text(picture(size=(600, 4)), "", Reading()) == ""
    assert recognizer.sizes == []


@pytest.mark.parametrize("content", [b"", b"\x01\x00\x00\x00 EMF", claiming(40_000, 40_000), picture()[:50]])
def test_a_picture_that_cannot_be_read_leaves_its_alternative_text(content: bytes, recognizer: Recognizer) -> None:
    assert picture_text(content, "Figure 1", Reading()) == "Figure 1"


@pytest.mark.usefixtures("without_extra")
def test_without_the_extra_a_document_keeps_its_alternative_texts() -> None:
    assert picture_text(picture(), "Figure 1", Reading()) == "Figure 1"


class TestRecognizer:
    pytestmark = needs_ocr

    def test_a_real_picture(self) -> None:
        [loaded] = load_file(PICTURES / "停水通知.png")
        [page] = loaded.pages
        assert "影响和平里等四个小区" in page.text
        title = page.boxes[0]
        assert page.text[title.start : title.end] == "停水通知"
        left, top, right, bottom = title.box  # drawn at (220, 16), 4 × 44 wide, at 144 pixels an inch
        assert left == pytest.approx(110, abs=8)
        assert top == pytest.approx(10, abs=8)
        assert right == pytest.approx(198, abs=8)
        assert bottom == pytest.approx(31, abs=8)

    def test_within_a_document(self) -> None:
        content = (PICTURES / "停水通知.png").read_bytes()
        assert "联系电话：0571-8800" in picture_text(content, "", Reading())
