"""A page's text, with the place of each piece of it beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.pdf.headings import Headings
from ingest.pdf.lines import Line, lines_of
from ingest.pdf.paragraphs import Block, Piece, blocks_of
from ingest.pdf.printed import Comment, Frame, Picture, PrintedPage, Recognized, around
from ingest.pdf.reading_order import Region, regions
from ingest.pdf.ruled_tables import take_ruled_tables
from tools.shapes import Box, Language, Page, TextBox
from tools.text.language import detect_language


@dataclass(frozen=True, slots=True)
class OrderedPage:
    """A page with what each of its frames holds, in the order of reading."""

    number: int
    frames: tuple[tuple[Frame, list[Region]], ...]
    pictures: tuple[Picture, ...]
    comments: tuple[Comment, ...]
    recognized: Recognized | None

    @property
    def lines(self) -> list[Line]:
        """Those of running text."""
        return [item for _, found in self.frames for region in found for item in region if isinstance(item, Line)]


def ordered(page: PrintedPage) -> OrderedPage:
    """The page with its tables and columns told apart."""
    frames = tuple((frame, _regions(frame)) for frame in page.frames if frame.fragments)
    return OrderedPage(page.number, frames, page.pictures, page.comments, page.recognized)


def page_of(page: OrderedPage, headings: Headings) -> Page:
    """The page as Markdown."""
    blocks: list[Block] = []
    for number, (frame, found) in enumerate(page.frames):  # stamps and notes at the side are no headings
        levels = Headings() if frame.direction is None or number else headings
        for block in blocks_of(found, levels, page.number):
            blocks.append(tuple(Piece(each.text, frame.on_page(each.box) if each.box else None) for each in block))
    for picture in page.pictures:
        blocks.insert(_place(blocks, picture.box), (Piece(picture.text, picture.box),))
    if page.recognized is not None:
        blocks = _among(blocks, _recognized_blocks(page.recognized))
    said = "".join(piece.text for block in blocks for piece in block)
    blocks.extend(_comment(each, detect_language(said or each.text)) for each in page.comments)
    return _page(page.number, blocks, is_ocr=page.recognized is not None)


def _comment(comment: Comment, language: Language) -> Block:
    by = {"zh": f"（{comment.author}）", "en": f" by {comment.author}"}[language] if comment.author else ""
    mark = {"zh": f"批注{by}：", "en": f"Comment{by}: "}[language]
    return Piece(mark), Piece(comment.text, comment.box)


def _recognized_blocks(recognized: Recognized) -> list[Block]:
    text, boxes = recognized
    blocks: list[Block] = []
    end = 0
    for each in boxes:
        joint, end = text[end : each.start], each.end
        piece = Piece(text[each.start : each.end], each.box)
        if not blocks or "\n\n" in joint:
            blocks.append((piece,))
        else:
            blocks[-1] += (Piece(joint), piece)
    return blocks


def _among(printed: Sequence[Block], recognized: Sequence[Block]) -> list[Block]:
    """What is printed on a scan, such as a stamp, where it stands in the scan's text; a value behind its label."""
    blocks = list(recognized)
    for block in printed:
        boxes = [piece.box for piece in block if piece.box]
        blocks.insert(
            max(_place(blocks, around(boxes)), _behind_label(blocks, boxes[0])) if boxes else len(blocks), block
        )
    return blocks


def _behind_label(blocks: Sequence[Block], box: Box) -> int:
    """Behind the last block that ends level with `box`, to its left; 0 where there is none."""
    ends = [next((piece.box for piece in reversed(block) if piece.box), None) for block in blocks]
    level = (end and end[1] < (box[1] + box[3]) / 2 < end[3] and end[2] <= box[0] + 1 for end in ends)
    return max((number for number, is_label in enumerate(level, start=1) if is_label), default=0)


def _regions(frame: Frame) -> list[Region]:
    if frame.direction is None:
        return [[line] for fragment in frame.fragments for line in lines_of([fragment])]
    tables, fragments = take_ruled_tables(frame.fragments, frame.rules)
    return regions([*fragments, *tables])


def _place(blocks: Sequence[Block], box: Box) -> int:
    """Behind the last block that stands above the middle of `box` and not beside it."""
    place = 0
    for number, block in enumerate(blocks, start=1):
        boxes = [piece.box for piece in block if piece.box]
        if boxes:
            left, top, right, _ = around(boxes)
            if top < (box[1] + box[3]) / 2 and left < box[2] and box[0] < right:
                place = number
    return place


def _page(number: int, blocks: Sequence[Block], is_ocr: bool) -> Page:
    texts: list[str] = []
    boxes: list[TextBox] = []
    offset = 0
    for place, block in enumerate(blocks):
        for piece in (Piece("\n\n"), *block) if place else block:
            if piece.box and piece.text:
                boxes.append(TextBox(offset, offset + len(piece.text), piece.box))
            texts.append(piece.text)
            offset += len(piece.text)
    return Page(number, "".join(texts), boxes=tuple(boxes), is_ocr=is_ocr)
