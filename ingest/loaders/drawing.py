"""What drawings of Office files say in text: charts, diagrams (SmartArt), shapes and equations."""

from collections.abc import Iterator
from typing import Any

from ingest.loaders.blocks import list_item
from ingest.loaders.elements import attribute, child, children, descendants, local, text_of, value, whole
from ingest.loaders.shown import shown
from ingest.loaders.table import markdown_table
from tools.text.clean import clean, one_line

_MAX_POINTS = 5_000


def chart_blocks(root: Any) -> Iterator[str]:
    """The title of a chart, and its values as a table: a row a category, a column a series."""
    chart = child(root, "chart")
    title = _drawn_text(child(chart, "title"))
    if title:
        yield title
    area = child(chart, "plotArea")
    series = [one for plot in (area if area is not None else []) for one in children(plot, "ser")]
    axes = [_drawn_text(child(axis, "title")) for axis in (area if area is not None else []) if local(axis) == "catAx"]
    names = [_drawn_text(child(one, "tx")) or _first_value(child(one, "tx")) for one in series]
    categories: dict[int, str] = {}
    for one in series:
        for source in ("cat", "xVal"):
            categories |= _points(child(one, source))
    columns = [_points(child(one, "val")) or _points(child(one, "yVal")) for one in series]
    rows = sorted(set().union(categories, *columns))[:_MAX_POINTS]
    header = [next(filter(None, axes), ""), *names]
    table = markdown_table([header, *([categories.get(row, ""), *(c.get(row, "") for c in columns)] for row in rows)])
    if table:
        yield table


def diagram_blocks(root: Any) -> Iterator[str]:
    """The texts of a diagram as a list, from its data part."""
    for point in children(child(root, "ptLst"), "pt") if child(root, "ptLst") is not None else ():
        text = _drawn_text(child(point, "t"))
        if text and attribute(point, "type") not in ("pres", "parTrans", "sibTrans"):
            yield list_item(text)


def shape_paragraphs(body: Any) -> Iterator[tuple[int, str, Any | None]]:
    """The paragraphs of a shape: level, counted from 0; text, in one line; properties."""
    for paragraph in children(body, "p"):
        properties = child(paragraph, "pPr")
        level = attribute(properties, "lvl") if properties is not None else ""
        text = one_line(_runs(paragraph))
        if text:
            yield whole(level), text, properties


def shape_text(body: Any) -> str:
    """The paragraphs of a shape, one a line."""
    return "\n".join(text for _, text, _ in shape_paragraphs(body))


def equation(element: Any) -> str:
    """A formula on one line: fractions as a/b, powers with ^, indices with _."""
    name = local(element)
    if name == "t":
        return element.text or ""
    if name == "f":
        return f"{_grouped(child(element, 'num'))}/{_grouped(child(element, 'den'))}"
    if name in ("sSup", "sSub", "sSubSup"):
        below, above = child(element, "sub"), child(element, "sup")
        index = f"_{_grouped(below)}" if below is not None else ""
        power = f"^{_grouped(above)}" if above is not None else ""
        return f"{_grouped(child(element, 'e'))}{index}{power}"
    if name == "d":
        properties = child(element, "dPr")
        opening, closing = value(properties, "begChr") or "(", value(properties, "endChr") or ")"
        return f"{opening}{', '.join(_inside(part) for part in children(element, 'e'))}{closing}"
    if name == "rad":
        degree = _inside(child(element, "deg"))
        return f"{degree}√({_inside(child(element, 'e'))})"
    if name == "nary":
        sign = value(child(element, "naryPr"), "chr") or "∫"
        bounds = (("_", child(element, "sub")), ("^", child(element, "sup")))
        limits = "".join(f"{mark}{_grouped(part)}" for mark, part in bounds if _inside(part))
        return f"{sign}{limits} {_inside(child(element, 'e'))}"
    if name == "m":
        rows = (", ".join(_inside(cell) for cell in children(row, "e")) for row in children(element, "mr"))
        return f"[{'; '.join(rows)}]"
    return _inside(element)


def _inside(element: Any | None) -> str:
    return "" if element is None else "".join(equation(part) for part in element)


def _grouped(element: Any | None) -> str:
    text = _inside(element).strip()
    return text if len(text) < 2 or text.isalnum() else f"({text})"


def _runs(paragraph: Any) -> str:
    pieces = []
    for part in paragraph.iter("{*}t", "{*}br"):
        pieces.append(" " if local(part) == "br" else part.text or "")
    return clean("".join(pieces))


def _drawn_text(element: Any | None) -> str:
    """Of a title or label: its paragraphs on one line, or what it refers to."""
    if element is None:
        return ""
    rich = [_runs(paragraph) for paragraph in descendants(element, "p")]
    return one_line(" ".join(rich)) or _first_value(element)


def _first_value(element: Any | None) -> str:
    if element is None:
        return ""
    return one_line(text_of(next(descendants(element, "v"), None)))


def _points(source: Any | None) -> dict[int, str]:
    """Index → value as shown, from the copy that the chart keeps of its cells."""
    if source is None:
        return {}
    number_format = text_of(next(descendants(source, "formatCode"), None))
    levels = list(descendants(source, "lvl")) or [source]
    found: dict[int, str] = {}
    for level in reversed(levels):  # outermost last: "2024 Q1"
        for point in descendants(level, "pt"):
            index = whole(attribute(point, "idx"))
            text = _shown(text_of(child(point, "v")), number_format)
            found[index] = f"{found.get(index, '')} {text}".strip()
    return found


def _shown(text: str, number_format: str) -> str:
    if not number_format:
        return one_line(text)
    try:
        number = float(text)
    except ValueError:
        return one_line(text)
    return shown(int(number) if number.is_integer() else number, number_format)
