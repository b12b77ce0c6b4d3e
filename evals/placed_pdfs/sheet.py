"""A PDF whose pages are drawn on from the top left as they are shown, and where each text's ink is written down."""

import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from evals.placed_pdfs.faces import Face
from evals.placement import PlacedPdf, PlacedText
from tools.shapes import Box

A4 = (595.28, 841.89)
LETTER = (612.0, 792.0)
A5 = (419.53, 595.28)
SLIDE = (960.0, 540.0)
LANDSCAPE = (841.89, 595.28)


@dataclass(slots=True)
class _Part:
    """What is printed of one text on one page."""

    words: list[str] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)


class Sheet:
    """Pages of `width` by `height` points as they are shown. rotation: the page's /Rotate; crop: points that lie around
    the shown part on each side, unevenly, outside of its CropBox. is_across: the file holds the print line by line
    across the page, whatever the columns, instead of in the order of reading.
    """

    def __init__(
        self, name: str, size: tuple[float, float], *, rotation: int = 0, crop: float = 0.0, is_across: bool = False
    ) -> None:
        self.name = name
        self.width, self.height = size
        self.page = 0
        self._rotation = rotation
        self._crop = crop
        self._is_across = is_across
        self._runs: list[tuple[float, float, PDFTextObject]] = []
        self._buffer = io.BytesIO()
        self._canvas = Canvas(self._buffer, invariant=True, pageCompression=1)
        self._canvas.setTitle(name)
        self._kinds: dict[str, str] = {}
        self._whole: dict[str, str] = {}
        self._parts: dict[str, dict[int, _Part]] = defaultdict(lambda: defaultdict(_Part))
        self._repeated: list[PlacedText] = []

    def new_page(self) -> None:
        """Ends the page, if there is one, and begins the next."""
        if self.page:
            self._end_page()
        self.page += 1
        is_turned = self._rotation in (90, 270)
        turned = (self.height, self.width) if is_turned else (self.width, self.height)
        left, low = self._crop, self._crop * 1.5
        media = (turned[0] + left * 2, turned[1] + low * 2)
        self._canvas.setPageSize(media[::-1] if is_turned else media)  # reportlab turns it back
        if self._crop:
            self._canvas.setCropBox((left, low, left + turned[0], low + turned[1]))
        self._canvas.setPageRotation(self._rotation)
        self._canvas.saveState()
        self._canvas.translate(left, low)
        if self._rotation:
            self._canvas.transform(
                *{
                    90: (0, 1, -1, 0, turned[0], 0),
                    180: (-1, 0, 0, -1, turned[0], turned[1]),
                    270: (0, -1, 1, 0, 0, turned[1]),
                }[self._rotation]
            )

    def begin(self, text: str, kind: str) -> str:
        """Makes a text known whose parts follow; gives its key."""
        key = str(len(self._whole))
        self._whole[key] = text
        self._kinds[key] = kind
        return key

    def draw(self, text: str, face: Face, size: float, x: float, baseline: float, *, spacing: float = 0.0) -> float:
        """Prints one run of text; `baseline` from the top. spacing: points more after each character. Gives its end."""
        line = self._canvas.beginText(x, self.height - baseline)
        line.setFont(face.name, size)
        line.setCharSpace(spacing)
        line.textOut(text)
        self._runs.append((baseline, x, line))
        return x + face.width(text, size) + spacing * len(text)

    def note(self, key: str, text: str, face: Face, size: float, left: float, right: float, baseline: float) -> None:
        """Writes down where this part of the text `key` is printed; its parts are joined with nothing between."""
        above, below = face.ink(text, size)
        part = self._parts[key][self.page]
        part.words.append(text)
        part.boxes.append((left, baseline - above, right, baseline + below))

    def put(
        self, key: str, text: str, face: Face, size: float, x: float, baseline: float, *, spacing: float = 0.0
    ) -> None:
        """Prints a part of the text `key` and writes down where."""
        end = self.draw(text, face, size, x, baseline, spacing=spacing)
        self.note(key, text, face, size, x, end - spacing, baseline)

    def repeat(self, text: str, face: Face, size: float, x: float, baseline: float) -> None:
        """Prints a header or footer."""
        end = self.draw(text, face, size, x, baseline)
        above, below = face.ink(text, size)
        self._repeated.append(PlacedText(self.page, text, (x, baseline - above, end, baseline + below), "repeated"))

    def rule(self, x: float, y: float, to_x: float, to_y: float, width: float = 0.6) -> None:
        """A line."""
        self._canvas.setLineWidth(width)
        self._canvas.line(x, self.height - y, to_x, self.height - to_y)

    def picture(self, x: float, y: float, width: float, height: float, tint: int) -> None:
        """A pale picture; `y` is its top."""
        image = Image.new("RGB", (16, 16))
        image.putdata([(255 - n % 16, 255 - tint - n // 16, 250 - tint) for n in range(256)])
        self._canvas.drawImage(ImageReader(image), x, self.height - y - height, width, height)

    def finished(self, *, shortest_part: int) -> PlacedPdf:
        """The PDF with its truth. Of a text that goes on over a page break those parts count that have `shortest_part`
        letters and stand nowhere else.
        """
        self._end_page()
        self._canvas.save()
        texts: list[PlacedText] = []
        for key, by_page in self._parts.items():
            for page, part in by_page.items():
                text = self._whole[key] if len(by_page) == 1 else "".join(part.words).strip()
                if len(by_page) == 1 or (len(text) >= shortest_part and self._stands_once(text)):
                    texts.append(PlacedText(page, text, _around(part.boxes), self._kinds[key]))
        return PlacedPdf(self.name, self._buffer.getvalue(), self.page, tuple(texts), tuple(self._repeated))

    def _end_page(self) -> None:
        runs = sorted(self._runs, key=lambda run: run[:2]) if self._is_across else self._runs
        for _, _, line in runs:
            self._canvas.drawText(line)
        self._runs = []
        self._canvas.restoreState()
        self._canvas.showPage()

    def _stands_once(self, text: str) -> bool:
        return sum(text in whole for whole in self._whole.values()) == 1


def _around(boxes: Sequence[Box]) -> Box:
    left, top, right, bottom = zip(*boxes, strict=True)
    return (round(min(left), 2), round(min(top), 2), round(max(right), 2), round(max(bottom), 2))
