"""Pictures (.png, .jpg, .webp, .bmp, .tif, .gif): what they are called, and the text in them."""

import re
from dataclasses import replace
from pathlib import PurePath

from PIL import ExifTags, Image

from ingest.found_pictures import note_missed
from ingest.images import as_pixels, frames, open_image
from ingest.ocr import is_available, recognize
from ingest.pictures import picture_marker
from ingest.reading import Reading
from ingest.recognized_text import recognized_text
from tools.errors import FileError, UnreadPicturesError
from tools.extras import install_line
from tools.shapes import LoadedFile, Page, TextBox
from tools.text.clean import clean, one_line

_POINTS_PER_INCH = 72.0
_LIKELY_INCH = (36.0, 1200.0)
"""Pixels an inch that a picture may say it has; others are made up."""
_EXIF_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")
_XMP_TITLE = re.compile(rb"<dc:(title|description)>.*?<rdf:li[^>]*>(.*?)</rdf:li>", re.S)
_WINDOWS_TITLE, _WINDOWS_COMMENT = 0x9C9B, 0x9C9C


def load_image(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """Its caption, where the file has one, and the text that is recognized in it; a page for each page of a .tif.

    Boxes are in points of the picture as it is shown: 72 pixels are an inch unless the file says how many are. Raises
    FileError for what is no picture, is too large, or says nothing that can be read, and UnreadPicturesError where text
    is not recognized.
    """
    with open_image(content, name, reading.limits) as image:
        longest_side = max(image.size)
        can_recognize = reading.recognizes_text and is_available()
        if not can_recognize:
            note_missed("ocr")
        read = []
        for frame in frames(image, name, reading.limits):
            lines = recognize(as_pixels(frame), reading) if can_recognize else []
            read.append((lines, longest_side / max(frame.size)))
        image.seek(0)
        captions = _captions(image)
        scale = _POINTS_PER_INCH / _pixels_an_inch(image)
        texts = [recognized_text(lines, scale * shrunk) for lines, shrunk in read]
        pages = [_page(number, [] if number > 1 else captions, *text) for number, text in enumerate(texts, start=1)]
        if marker := picture_marker(content, reading):
            pages[0] = replace(pages[0], text="\n\n".join(part for part in (pages[0].text, marker) if part))
        if not any(page.text for page in pages):
            raise _says_nothing(name, reading, can_recognize, len(pages))
        return [
            LoadedFile(
                title=captions[0] if captions else PurePath(name).stem,
                format="image",
                pages=tuple(pages),
                has_pages=len(pages) > 1,
                metadata=_metadata(image),
                warnings=() if can_recognize else ("text in the picture is not recognized: " + _how(reading),),
            )
        ]


def _page(number: int, captions: list[str], text: str, boxes: tuple[TextBox, ...]) -> Page:
    """Captions stand nowhere on the page: they have no boxes."""
    above = "\n\n".join(captions)
    offset = len(above) + 2 if above and text else 0
    moved = tuple(TextBox(each.start + offset, each.end + offset, each.box) for each in boxes)
    return Page(number, "\n\n".join(part for part in (above, text) if part), is_ocr=bool(text), boxes=moved)


def _captions(image: Image.Image) -> list[str]:
    """Titles and descriptions that the file itself holds, each once."""
    exif = image.getexif()
    found = [image.info.get(key, "") for key in ("Title", "Description", "Comment", "comment")]
    found += [exif.get(tag, "") for tag in (_WINDOWS_TITLE, ExifTags.Base.ImageDescription, _WINDOWS_COMMENT)]
    xmp = image.info.get("xmp", image.info.get("XML:com.adobe.xmp", b""))
    xmp = xmp.encode() if isinstance(xmp, str) else xmp
    found += [text for _, text in sorted(_XMP_TITLE.findall(xmp), reverse=True)]
    return list(dict.fromkeys(caption for value in found if (caption := one_line(clean(_decoded(value))))))


def _decoded(value: object) -> str:
    """Windows writes UTF-16, others UTF-8 where ASCII was meant."""
    if isinstance(value, bytes):
        encoding = "utf-16-le" if b"\0" in value.rstrip(b"\0") else "utf-8"
        return value.decode(encoding, "replace").rstrip("\0")
    if isinstance(value, str):
        try:
            return value.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return value
    return ""


def _pixels_an_inch(image: Image.Image) -> float:
    try:
        inch = float(image.info.get("dpi", (_POINTS_PER_INCH,))[0])
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        return _POINTS_PER_INCH
    least, most = _LIKELY_INCH
    return inch if least <= inch <= most else _POINTS_PER_INCH


def _metadata(image: Image.Image) -> dict[str, str]:
    exif = image.getexif()
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    values = {
        "author": one_line(clean(_decoded(exif.get(ExifTags.Base.Artist, image.info.get("Author", ""))))),
        "created": _iso(inner.get(ExifTags.Base.DateTimeOriginal)),
        "modified": _iso(exif.get(ExifTags.Base.DateTime)),
    }
    return {key: value for key, value in values.items() if value}


def _iso(value: object) -> str:
    found = _EXIF_TIME.match(value) if isinstance(value, str) else None
    return "{}-{}-{}T{}".format(*found.groups()) if found else ""


def _says_nothing(name: str, reading: Reading, can_recognize: bool, page_count: int) -> FileError:
    if can_recognize:
        return FileError(
            f"{name} holds no text.",
            why="None was recognized in the picture, and it has no caption.",
            next_step="Give it a caption or a sharper copy, where there is text in it.",
        )
    return UnreadPicturesError(
        f"{name} holds no text that can be read without text recognition.",
        why="It is a picture.",
        next_step=_how(reading),
        pages=page_count,
    )


def _how(reading: Reading) -> str:
    return install_line("ocr") if reading.recognizes_text else "unset SIGNPOST_OCR, which is off"
