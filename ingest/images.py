"""Decodes pictures: turned as the camera says, no larger than is of use, and never a bomb."""

import io
import warnings
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from ingest.ocr_engine import Pixels
from ingest.reading import Limits
from tools.errors import FileError

LONGEST_SIDE = 4000
"""Pixels of a picture as it is read; larger ones are scaled down."""

_BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError)


def open_image(content: bytes, name: str, limits: Limits) -> Image.Image:
    """The picture in `content`; its pixels are not read yet. Raises FileError, also where it has too many of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is below
        try:
            image = Image.open(io.BytesIO(content))
        except Image.DecompressionBombError as error:
            raise _too_large(name, "too many", limits) from error
        except _BROKEN as error:
            raise _unreadable(name) from error
    _check_size(image, name, limits)
    return image


def frames(image: Image.Image, name: str, limits: Limits) -> Iterator[Image.Image]:
    """Each page of a .tif, upright and in RGB; the one picture, or the first, of other formats. Raises FileError."""
    count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    if count > limits.pages:
        raise FileError(
            f"{name} has {count:,} pages.",
            why=f"At most {limits.pages:,} of a file are read (SIGNPOST_MAX_PAGES).",
            next_step="Split it into smaller files.",
        )
    for number in range(count):
        try:
            image.seek(number)
            _check_size(image, name, limits)
            yield _upright(image)
        except _BROKEN as error:
            raise _unreadable(name) from error


def as_pixels(image: Image.Image) -> Pixels:
    """The picture as the recognizer takes it."""
    return np.asarray(image, np.uint8)


def _upright(image: Image.Image) -> Image.Image:
    """As the camera held it, in RGB on white."""
    if image.format == "JPEG":
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    turned = ImageOps.exif_transpose(image)
    if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
        colours = turned.convert("RGBA")
        turned = Image.new("RGB", colours.size, "white")
        turned.paste(colours, mask=colours.getchannel("A"))
    elif turned.mode.startswith("I;16") or turned.mode in ("I", "F"):
        turned = _in_bytes(turned)
    picture = turned.convert("RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return picture


def _in_bytes(image: Image.Image) -> Image.Image:
    """Shades of more than eight bits, from the darkest to the lightest."""
    shades = np.nan_to_num(np.asarray(image, np.float64))
    low, high = float(shades.min()), float(shades.max())
    return Image.fromarray(((shades - low) / max(high - low, 1e-9) * 255).astype(np.uint8))


def _check_size(image: Image.Image, name: str, limits: Limits) -> None:
    width, height = image.size
    if width * height > limits.pixels:
        raise _too_large(name, f"{width:,} × {height:,}", limits)


def _too_large(name: str, size: str, limits: Limits) -> FileError:
    return FileError(
        f"{name} has {size} pixels.",
        why=f"At most {limits.pixels // 1_000_000:,} million are read of one picture (SIGNPOST_MAX_MEGAPIXELS).",
        next_step="Save it smaller: 150 pixels an inch are enough for print.",
    )


def _unreadable(name: str) -> FileError:
    return FileError(
        f"{name} is damaged or not of the format its name says.",
        why="Its content cannot be opened as a picture.",
        next_step="Open it in the program that made it and save it again.",
    )
