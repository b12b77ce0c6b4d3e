"""Headers, footers and page numbers: what stands at the edge of several pages alike, page numbers aside, is left out.

A number that goes up from page to page is no page number where nothing says so: it may count what the pages are about,
as in Invoice 1001, Invoice 1002.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.pdf.lines import lines_of
from ingest.pdf.printed import Fragment, Frame, PrintedPage

_EDGE = 0.11  # share of the page, at its top and at its bottom
_LARGEST = 1.3  # times the size of most print: larger is a title
_LEVEL = 3.0  # points
_FEW_PAGES = 3  # so many need two alike; more pages need three
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"\d{1,4}")
_NUMBER_ALONE = re.compile(r"[\W_]*\d{1,4}(?:\s*(?:/|of|von|de|sur|из)\s*\d{1,4})?[\W_]*", re.IGNORECASE)
_SAID_PAGE = re.compile(
    r"\b(?:page|pages|pg|p|seite|página|pagina|стр)\b\.?\s*\d+|\d+\s*[页頁]|[|·•]\s*\d{1,4}$|^\d{1,4}\s*[|·•]",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"[-–—\s]*([ivxlc]{1,7})[-–—\s]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line at the edge of a page, from the edge inwards. `numbers`: those in it, in their order.

    `page_number`: one that stands apart at an end of the line. `said_pages`: places of the numbers that are a page's by
    where they stand or the word beside them.
    """

    page: int
    is_top: bool
    at: float
    text: str
    numbers: tuple[str, ...]
    page_number: int | None
    said_pages: frozenset[int]
    fragments: tuple[Fragment, ...]

    @property
    def key(self) -> tuple[bool, int, str]:
        return self.is_top, round(self.at / _LEVEL), self.text


def without_running_heads(pages: Sequence[PrintedPage]) -> list[PrintedPage]:
    """The pages without them. What stands further in than something that is kept is kept too."""
    largest = _LARGEST * _usual_size(pages)
    edges = {page.number: (list(_edges(page, True, largest)), list(_edges(page, False, largest))) for page in pages}
    repeated = _repeated([edge for both in edges.values() for side in both for edge in side], len(pages))
    marks = _watermarks(pages)
    cleared = []
    for page in pages:
        dropped = {id(each) for each in _askew(page) if each.text in marks}
        for side in edges[page.number]:
            for edge in side:
                if id(edge) not in repeated:
                    break
                dropped.update(id(fragment) for fragment in edge.fragments)
        cleared.append(_without(page, dropped) if dropped and _holds_more(page, dropped) else page)
    return cleared


def _holds_more(page: PrintedPage, dropped: set[int]) -> bool:
    """A page that would be left blank says what stands at its edges."""
    return any(id(each) not in dropped and each.text.strip() for frame in page.frames for each in frame.fragments)


def _askew(page: PrintedPage) -> Iterator[Fragment]:
    return (fragment for frame in page.frames if frame.direction is None for fragment in frame.fragments)


def _watermarks(pages: Sequence[PrintedPage]) -> set[str]:
    """What is printed askew on enough pages."""
    counts = Counter(text for page in pages for text in {each.text for each in _askew(page)})
    return {text for text, count in counts.items() if count >= _needed(len(pages))}


def _needed(page_count: int) -> int:
    """On how many pages something must stand to be no part of what they say."""
    return 2 if page_count <= _FEW_PAGES else 3


def _usual_size(pages: Sequence[PrintedPage]) -> float:
    """Of most characters."""
    characters: Counter[float] = Counter()
    for page in pages:
        for frame in page.frames:
            for fragment in frame.fragments:
                characters[fragment.size] += len(fragment.text)
    return max(characters, key=characters.__getitem__, default=0.0)


def _edges(page: PrintedPage, is_top: bool, largest: float) -> Iterator[_Edge]:
    """The lines at one edge of a page, the outermost first, up to one that is a title or a row of a table."""
    frame = next((frame for frame in page.frames if frame.direction is not None), None)
    if frame is None:
        return
    inside = frame.depth * _EDGE if is_top else frame.depth * (1 - _EDGE)
    rows: list[list[Fragment]] = []
    ordered = sorted(frame.fragments, key=lambda each: each.baseline, reverse=not is_top)
    for fragment in ordered:
        if (fragment.baseline > inside) == is_top:
            break
        if rows and abs(rows[-1][0].baseline - fragment.baseline) < 0.5 * fragment.size:
            rows[-1].append(fragment)
        else:
            rows.append([fragment])
    for row in rows:
        runs = [run.text for line in lines_of(row) for run in line.runs]
        if any(each.size > largest for each in row) or _is_of_table(row, runs, frame):
            return
        text = " ".join(runs)
        roman = _ROMAN.fullmatch(text)
        pattern = "#" if roman else _DIGITS.sub("#", "".join(text.split()))
        at = sum(fragment.baseline for fragment in row) / len(row)
        numbers = (roman.group(1).lower(),) if roman else tuple(_DIGITS.findall(text))
        yield _Edge(
            page.number,
            is_top,
            at,
            pattern,
            numbers,
            _page_number(runs),
            _said_pages(runs, None if is_top else page.number),
            tuple(row),
        )


def _repeated(edges: Sequence[_Edge], page_count: int) -> set[int]:
    """The ids of those that stand on enough pages alike, the numbers in them the same or those of pages."""
    needed = _needed(page_count)
    groups: defaultdict[tuple[bool, int, str], list[_Edge]] = defaultdict(list)
    for edge in edges:
        side, place, text = edge.key
        for near in (place - 1, place, place + 1):
            groups[side, near, text].append(edge)
    found: set[int] = set()
    for (_, place, _), alike in groups.items():
        if len({edge.page for edge in alike}) >= needed and _number_pages(alike):
            found.update(id(edge) for edge in alike if edge.key[1] == place)
    return found | _numbered(edges, needed)


def _numbered(edges: Sequence[_Edge], needed: int) -> set[int]:
    """Those that stand level on enough pages with the page's number apart from other text, as the chapter's title."""
    groups: defaultdict[tuple[bool, int, int], list[_Edge]] = defaultdict(list)
    for edge in edges:
        if edge.page_number is not None:
            groups[edge.is_top, round(edge.at / _LEVEL), edge.page_number - edge.page].append(edge)
    found: set[int] = set()
    for group in groups.values():
        by_text: defaultdict[str, list[_Edge]] = defaultdict(list)
        for edge in group if len(group) >= needed else ():
            by_text[edge.text].append(edge)
        found.update(id(edge) for alike in by_text.values() if not _counts(alike) for edge in alike)
    return found


def _is_of_table(row: Sequence[Fragment], runs: Sequence[str], frame: Frame) -> bool:
    """Whether rules stand beside its cells, or it has several and none of them is the page's number."""
    height = row[0].baseline - row[0].size / 3
    is_ruled = any(not rule.is_horizontal and rule.start < height < rule.end for rule in frame.rules)
    return is_ruled or (len(runs) > 2 and _page_number(runs) is None and not any(map(_DIGITS.search, runs)))


def _page_number(runs: Sequence[str]) -> int | None:
    if len(runs) < 2:
        return None
    return next((int(run) for run in (runs[0], runs[-1]) if _PAGE_NUMBER.fullmatch(run)), None)


def _said_pages(runs: Sequence[str], footed: int | None) -> frozenset[int]:
    """The places, among the numbers of a line, of those that are a page's. `footed`: the page whose foot it is.

    At the foot, "Handbook 7" on page 7 is one: what a page is about, as Article 7, stands above it.
    """
    text = " ".join(runs)
    numbers = list(_DIGITS.finditer(text))
    if _NUMBER_ALONE.fullmatch(text):
        return frozenset(range(len(numbers)))
    spans = [match.span() for match in _SAID_PAGE.finditer(text)]
    found = {place for place, each in enumerate(numbers) if any(start <= each.start() < end for start, end in spans)}
    if len(runs) > 1 and _PAGE_NUMBER.fullmatch(runs[0]):
        found.add(0)
    elif len(runs) > 1 and _PAGE_NUMBER.fullmatch(runs[-1]):
        found.add(len(numbers) - 1)
    if numbers and numbers[-1].end() == len(text) and numbers[-1].group() == str(footed):
        found.add(len(numbers) - 1)
    return frozenset(found)


def _number_pages(edges: Sequence[_Edge]) -> bool:
    """Whether each number is the same on most pages, or is the page's and goes on with them."""
    return not _counts(edges) and all(
        _is_same_on_most(numbers) or not all(number.isdigit() for number in numbers) or _goes_on(numbers, edges)
        for numbers in zip(*(edge.numbers for edge in edges), strict=False)
    )


def _counts(edges: Sequence[_Edge]) -> bool:
    """Whether a number that is no page's goes on from page to page, in lines that are otherwise alike."""
    pages = frozenset[int].intersection(*(edge.said_pages for edge in edges))
    return any(
        place not in pages and not _is_same_on_most(numbers) and _goes_on(numbers, edges)
        for place, numbers in enumerate(zip(*(edge.numbers for edge in edges), strict=False))
    )


def _goes_on(numbers: Sequence[str], edges: Sequence[_Edge]) -> bool:
    """Whether on most pages it is as far from the page's place in the file."""
    digits = [(int(number), edge.page) for number, edge in zip(numbers, edges, strict=True) if number.isdigit()]
    return len(digits) == len(edges) and _is_same_on_most([str(number - page) for number, page in digits])


def _is_same_on_most(values: Sequence[str]) -> bool:
    return max(Counter(values).values()) >= 0.6 * len(values)


def _without(page: PrintedPage, dropped: set[int]) -> PrintedPage:
    def kept(frame: Frame) -> Frame:
        return replace(frame, fragments=tuple(each for each in frame.fragments if id(each) not in dropped))

    return replace(page, frames=tuple(kept(frame) for frame in page.frames))
