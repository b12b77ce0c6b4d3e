"""Does a citation point to where its words are printed? Documents whose print is known, against what is read of them.

Nothing here reads a file or a store: a truth, the pages that a loader gave and the chunks that a splitter made of them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from tools.shapes import Box, Chunk, LoadedFile
from tools.text.boxes import box_around

COVERED = 0.9
"""The share of the true box's area from which a given box counts as covering it."""

_SHORTEST_WITHIN = 6

_MARKDOWN = re.compile(r"[|#*_`\\]+")
_SPACE = re.compile(r"\s+")
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’—…·]")


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A sentence, heading or table row as it is printed on one page, with the box around its ink.

    `page` counts from 1; `box` in points from the top left of the page as it is shown. A sentence that goes on over a
    page break is two of them. `text`: words hyphenated at the end of a line whole, cells with a space between.
    """

    page: int
    text: str
    box: Box
    kind: str


@dataclass(frozen=True, slots=True)
class PlacedPdf:
    """A PDF and where everything in it stands. `repeated`: headers and footers, which are no text of the document."""

    name: str
    content: bytes
    page_count: int
    texts: tuple[PlacedText, ...]
    repeated: tuple[PlacedText, ...] = ()


@dataclass(frozen=True, slots=True)
class Placement:
    """What became of one placed text.

    `is_found`: it stands in the loaded text; `page_is_right`: and a chunk of its page holds it whole;
    `covered`: the share of its box, 0 to 1, that the citation's box covers, 0 without one;
    `precision`: the share, 0 to 1, of the citation's box that is its box.
    """

    placed: PlacedText
    is_found: bool
    page_is_right: bool = False
    covered: float = 0.0
    precision: float = 0.0


@dataclass(frozen=True, slots=True)
class PlacementFigures:
    """Shares, 0 to 1. `found`: of all texts; the others of those that were found. `precision` is a median.

    `repeated_left`: of the headers and footers, those that are still in the text.
    """

    texts: int
    found: float
    page_right: float
    box_covering: float
    precision: float
    repeated_left: float


def placements(placed: PlacedPdf, loaded: LoadedFile, chunks: Sequence[Chunk]) -> list[Placement]:
    """One for each text of the truth, in its order."""
    everything = "\n".join(_evened(page.text)[0] for page in loaded.pages)
    evened = [(chunk, *_evened(chunk.text)) for chunk in chunks]
    return [_placement(text, everything, evened) for text in placed.texts]


def citation_placement(placed: PlacedPdf, citation: Mapping[str, Any]) -> Placement | None:
    """Of a citation as answers give it: of the sentences and rows in its quote, those of its page together.

    None where the quote holds none of them whole, as where it is cut short.
    """
    quote = _evened(citation["quote"])[0]
    quoted = [text for text in placed.texts if _evened(text.text)[0].strip() in quote]
    if not quoted:
        return None
    on_page = [text for text in quoted if text.page == citation["page"]]
    if len(on_page) < len(quoted):
        return Placement(quoted[0], is_found=True)
    left, top, right, bottom = zip(*(text.box for text in quoted), strict=True)
    whole = PlacedText(quoted[0].page, quote, (min(left), min(top), max(right), max(bottom)), quoted[0].kind)
    return Placement(whole, True, True, *_overlap(whole.box, citation["box"]))


def repeated_left(placed: PlacedPdf, loaded: LoadedFile) -> int:
    """How many of the headers and footers are in the loaded text."""
    lines = {page.number: [_evened(line)[0].strip() for line in page.text.split("\n")] for page in loaded.pages}
    return sum(_is_in(_evened(each.text)[0], lines.get(each.page, [])) for each in placed.repeated)


def _is_in(text: str, lines: Sequence[str]) -> bool:
    """As a line of its own, or, unless it is as short as a page number, within one."""
    return text in lines or (len(text) >= _SHORTEST_WITHIN and any(text in line for line in lines))


def placement_figures(found: Sequence[Placement], repeated: int = 0, repeated_left: int = 0) -> PlacementFigures:
    """Over the texts of any number of documents."""
    held = [each for each in found if each.is_found]
    return PlacementFigures(
        texts=len(found),
        found=_share(each.is_found for each in found),
        page_right=_share(each.page_is_right for each in held),
        box_covering=_share(each.covered >= COVERED for each in held),
        precision=median([each.precision for each in held if each.covered] or [0.0]),
        repeated_left=repeated_left / repeated if repeated else 0.0,
    )


def _placement(placed: PlacedText, everything: str, chunks: Iterable[tuple[Chunk, str, Sequence[int]]]) -> Placement:
    sought = _evened(placed.text)[0].strip()
    if sought not in everything:
        return Placement(placed, is_found=False)
    for chunk, text, places in chunks:
        at = text.find(sought)
        if at >= 0:
            around = box_around(chunk.boxes, places[at], places[at + len(sought) - 1] + 1)
            covered, precision = _overlap(placed.box, around)
            return Placement(placed, True, chunk.page == placed.page, covered, precision)
    return Placement(placed, is_found=True)  # cut in two by the splitter: no citation can hold it


def _evened(text: str) -> tuple[str, list[int]]:
    """`text` without what Markdown adds, white space as one space and none beside Chinese; where each character was."""
    plain = _MARKDOWN.sub(lambda match: " " * len(match.group()), text)
    characters: list[str] = []
    places: list[int] = []
    end = 0
    for run in _SPACE.finditer(plain):
        characters.extend(plain[end : run.start()])
        places.extend(range(end, run.start()))
        end = run.end()
        if not _WIDE.match(plain[run.start() - 1 : run.start()]) and not _WIDE.match(plain, end):
            characters.append(" ")
            places.append(run.start())
    characters.extend(plain[end:])
    places.extend(range(end, len(plain)))
    return "".join(characters), places


def _overlap(true: Box, given: Sequence[float] | None) -> tuple[float, float]:
    """The share of the true box that is covered, and the share of the given one that is true."""
    if given is None:
        return 0.0, 0.0
    width = min(true[2], given[2]) - max(true[0], given[0])
    height = min(true[3], given[3]) - max(true[1], given[1])
    shared = max(0.0, width) * max(0.0, height)
    area = (given[2] - given[0]) * (given[3] - given[1])
    return shared / ((true[2] - true[0]) * (true[3] - true[1])), shared / area if area > 0 else 0.0


def _share(values: Iterable[bool]) -> float:
    counted = list(values)
    return fmean(counted) if counted else 0.0
