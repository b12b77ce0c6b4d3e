"""Sets paragraphs, headings, lists, footnotes and tables on a sheet, in columns, over as many pages as it takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals.placed_pdfs.faces import Face
from evals.placed_pdfs.lines import Word, broken, natural_width, words_of
from evals.placed_pdfs.sheet import Sheet
from evals.placement import PlacedPdf

Furniture = Callable[["Composer"], None]


@dataclass(frozen=True, slots=True)
class Style:
    """How a document is set. Lengths in points. whole_lines: a line is printed as one string, or word by word."""

    face: Face
    bold: Face
    size: float = 11.0
    leading: float = 1.45
    margin: float = 64.0
    gap: float = 22.0
    is_spaced: bool = True
    is_justified: bool = False
    hyphenates: bool = False
    whole_lines: bool = True
    first_indent: float = 0.0
    paragraph_gap: float = 6.0


class Composer:
    """`furniture` prints what stands on every page: header, footer, footnote."""

    def __init__(self, sheet: Sheet, style: Style, *, columns: int = 1, furniture: Furniture | None = None) -> None:
        self.sheet = sheet
        self.style = style
        self.bottom = 0.0
        self._furniture = furniture
        self._columns = columns
        self._column = 0
        self._region_top = 0.0
        self._region_bottom = 0.0
        self._lowest = 0.0
        self.y = 0.0
        self.new_page()

    @property
    def left(self) -> float:
        """Of the current column."""
        return self.style.margin + self._column * (self.width + self.style.gap)

    @property
    def width(self) -> float:
        """Of one column."""
        whole = self.sheet.width - 2 * self.style.margin
        return (whole - (self._columns - 1) * self.style.gap) / self._columns

    def new_page(self) -> None:
        """Goes on at the top of the next page."""
        self.sheet.new_page()
        self.bottom = self.sheet.height - self.style.margin
        self.y = self._region_top = self._lowest = self.style.margin
        self._column = 0
        if self._furniture:
            self._furniture(self)
        self._region_bottom = self.bottom

    def columns(self, count: int, height: float | None = None) -> None:
        """From here on in `count` columns, down to the page's end or `height` points."""
        self.y = self._region_top = self._lowest = max(self.y, self._lowest) + (8 if self.y > self.style.margin else 0)
        self._region_bottom = min(self.bottom, self.y + height) if height else self.bottom
        self._columns, self._column = count, 0

    def room(self, height: float) -> None:
        """Moves on to where `height` points are left in the column."""
        if self.y + height <= self._region_bottom + 0.01:
            return
        self._lowest = max(self._lowest, self.y)
        if self._column + 1 < self._columns:
            self._column += 1
            self.y = self._region_top
        else:
            self.new_page()

    def heading(self, text: str, size: float, *, spacing: float = 0.0, is_centred: bool = False) -> None:
        """One line; it stays with what follows."""
        face = self.style.bold
        self.room(size * 1.6 + self.style.size * self.style.leading * 3)
        self.y += size * 0.5 if self.y > self._region_top else 0
        width = face.width(text, size) + spacing * (len(text) - 1)
        assert width <= self.width, text
        key = self.sheet.begin(text, "heading")
        x = self.left + (self.width - width) / 2 if is_centred else self.left
        self.sheet.put(key, text, face, size, x, self.y + size, spacing=spacing)
        self.y += size * 1.6

    def paragraph(
        self, sentences: Sequence[str], *, indent: float = 0.0, label: str = "", kind: str = "sentence"
    ) -> None:
        """Sentences one after the other. label: what stands before the first line, such as a bullet."""
        style = self.style
        pairs = [(self.sheet.begin(sentence, kind), sentence) for sentence in sentences]
        first = style.first_indent if not label and kind == "sentence" else 0.0
        width = self.width - indent
        words = words_of(pairs, is_spaced=style.is_spaced)
        lines = broken(words, style.face, style.size, (width - first, width), hyphenates=style.hyphenates)
        pitch = style.size * style.leading
        for number, line in enumerate(lines):
            self.room(pitch)
            baseline = self.y + style.size
            if label and number == 0:
                x = self.left + indent - style.face.width(label, style.size) - style.size * 0.5
                self.sheet.draw(label, style.face, style.size, x, baseline)
            offset = first if number == 0 else 0.0
            is_filled = style.is_justified and number < len(lines) - 1
            self._line(line, self.left + indent + offset, baseline, width - offset if is_filled else 0.0)
            self.y += pitch
        self.y += style.paragraph_gap

    def footnote(self, text: str, mark: str) -> None:
        """At the foot of the page, above the footer; to be called as the page begins."""
        style = self.style
        size = style.size * 0.8
        key = self.sheet.begin(text, "footnote")
        words = words_of([(key, text)], is_spaced=style.is_spaced)
        lines = broken(words, style.face, size, (self.sheet.width - 2 * style.margin - 12,) * 2)
        self.bottom -= len(lines) * size * 1.4 + 10
        self.sheet.rule(style.margin, self.bottom + 4, style.margin + 120, self.bottom + 4)
        self.sheet.draw(mark, style.face, size * 0.8, style.margin, self.bottom + 6 + size * 0.7)
        for number, line in enumerate(lines):
            baseline = self.bottom + 6 + size + number * size * 1.4
            self.sheet.put(key, _joined(line), style.face, size, style.margin + 12, baseline)

    def table(
        self,
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        is_ruled: bool,
        caption: str = "",
        pad: float = 5,
    ) -> None:
        """Rows with a header; texts from the left, numbers to the right. widths: shares of the column's."""
        style = self.style
        edges = [self.left]
        for width in widths:
            edges.append(edges[-1] + width * self.width)
        pitch = style.size * 1.3
        cells = [[self._cell(cell, edges[n + 1] - edges[n] - 2 * pad) for n, cell in enumerate(row)] for row in rows]
        heights = [max(len(lines) for lines in row) * pitch + 2 * pad for row in cells]
        if sum(heights) + (style.size * 2 if caption else 0) > self._region_bottom - self.y:
            self.room(sum(heights) + style.size * 2)
            offset = self.left - edges[0]
            edges = [edge + offset for edge in edges]
        if caption:
            self.paragraph([caption], kind="caption")
        top = self.y
        for number, (row, height) in enumerate(zip(cells, heights, strict=True)):
            self._row(rows[number], row, edges, pad, pitch, is_header=number == 0)
            if is_ruled:
                self.sheet.rule(edges[0], self.y, edges[-1], self.y)
            self.y += height
        if is_ruled:
            self.sheet.rule(edges[0], self.y, edges[-1], self.y)
            for edge in edges:
                self.sheet.rule(edge, top, edge, self.y)
        self.y += style.paragraph_gap * 2

    def finished(self) -> PlacedPdf:
        """The PDF and its truth."""
        return self.sheet.finished(shortest_part=24 if self.style.is_spaced else 10)

    def _cell(self, text: str, width: float) -> list[str]:
        """The lines of a cell."""
        is_spaced = " " in text
        lines = broken(words_of([("", text)], is_spaced=is_spaced), self.style.face, self.style.size, (width, width))
        return [_joined(line) for line in lines]

    def _row(
        self,
        texts: Sequence[str],
        cells: Sequence[Sequence[str]],
        edges: Sequence[float],
        pad: float,
        pitch: float,
        *,
        is_header: bool,
    ) -> None:
        style = self.style
        face = style.bold if is_header else style.face
        key = self.sheet.begin(" ".join(texts), "row")
        for n, lines in enumerate(cells):
            for number, line in enumerate(lines):
                width = face.width(line, style.size)
                is_number = line[:1] in "+-0123456789" and n > 0
                x = edges[n + 1] - pad - width if is_number else edges[n] + pad
                self.sheet.put(key, line, face, style.size, x, self.y + pad + style.size + number * pitch)

    def _line(self, line: Sequence[Word], x: float, baseline: float, filled: float) -> None:
        """Prints a line, stretched to `filled` points if given, and writes down each sentence's part of it."""
        style, spaces = self.style, sum(word.space for word in line[1:])
        spare = filled - natural_width(line, style.face, style.size) if filled else 0.0
        word_gap = spare / spaces if style.is_spaced and spaces else 0.0
        letters = sum(len(word.text) + word.space for word in line) - 1
        letter_gap = 0.0 if style.is_spaced or letters < 1 else spare / letters
        if style.whole_lines and not word_gap:
            self.sheet.draw(_joined(line), style.face, style.size, x, baseline, spacing=letter_gap)
        start = x
        run: list[Word] = []
        ends: list[tuple[list[Word], float, float]] = []
        for number, word in enumerate(line):
            gap = style.face.width(" ", style.size) + word_gap + letter_gap if word.space and number else 0.0
            if run and run[-1].key != word.key:
                ends.append((run, start, x))
                run, start = [], x + gap
            x += gap
            if not style.whole_lines or word_gap:
                self.sheet.draw(word.text, style.face, style.size, x, baseline, spacing=letter_gap)
            x += style.face.width(word.text, style.size) + letter_gap * len(word.text)
            run.append(word)
        ends.append((run, start, x))
        for part, left, right in ends:
            self.sheet.note(part[0].key, _said(part), style.face, style.size, left, right - letter_gap, baseline)


def _said(part: Sequence[Word]) -> str:
    """What a part adds to its sentence: with the space before it, without the hyphen of a word that is cut."""
    said = " " * part[0].space + _joined(part)
    return said.removesuffix("-") if part[-1].is_cut else said


def _joined(line: Sequence[Word]) -> str:
    return "".join(" " * (word.space and n > 0) + word.text for n, word in enumerate(line))
