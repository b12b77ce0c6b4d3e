"""Which part of a web page is its content: without menus, page header and footer, controls and what is not shown."""

import itertools
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from lxml.html import HtmlElement

_DROPPED = {
    *("script", "style", "noscript", "template", "svg", "iframe", "annotation"),
    # The controls of a form, not the form: some frameworks wrap whole pages in one.
    *("select", "textarea", "datalist"),
    *("nav", "footer"),
}
_NOT_SHOWN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_LEAST_SHARE = 0.5
"""Of the page's text: what is marked as its content and holds less is one part among others."""
_TOLD_SHARE = 0.1
"""Of the page's text: as much left out is told."""
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary"}
_ABOVE_BUTTON = 3


class Content(NamedTuple):
    """`parts`: the elements that hold the content, in their order. `left_out`: characters of text beside them."""

    parts: list[HtmlElement]
    left_out: int


class _Length(NamedTuple):
    """Characters of text in an element, and those of them in links."""

    whole: int
    linked: int

    @property
    def own(self) -> int:
        return self.whole - self.linked


def content_of(root: HtmlElement) -> Content:
    """What is to be read of a page. Drops from `root` what is not."""
    _drop(element for element in root.iter("*") if element.tag in _DROPPED)
    folds = _folds(root)
    _drop(element for element in root.iter("*") if _is_hidden(element) and element.get("id") not in folds)
    _drop(button for button in _outermost(root, _is_button) if not _is_question(button, folds))
    lengths = _lengths(root)
    _drop(aside for aside in root.iter("aside") if lengths[aside].linked * 2 > lengths[aside].whole)
    parts = _marked(root, lengths)
    if parts:
        left_out = lengths[root].own - sum(lengths[part].own for part in parts)
        return Content(parts, left_out if left_out > _TOLD_SHARE * lengths[root].own else 0)
    _drop(header for header in _outermost(root, _is_header) if next(header.iter("h1"), None) is None)
    return Content([root], 0)


def _marked(root: HtmlElement, lengths: dict[HtmlElement, _Length]) -> list[HtmlElement]:
    """The elements that the page marks as its content, where they hold most of it; of several articles none is."""
    mains = _outermost(root, lambda element: element.tag == "main" or element.get("role") == "main")
    articles = _outermost(root, lambda element: element.tag == "article")
    for marked in (mains, articles if len(articles) == 1 else []):
        if marked and sum(lengths[part].own for part in marked) >= max(_LEAST_SHARE * lengths[root].own, 1):
            return marked
    return []


def _outermost(root: HtmlElement, is_wanted: Callable[[HtmlElement], bool]) -> list[HtmlElement]:
    """Those that stand in no other of their kind."""
    found: list[HtmlElement] = []
    within = -1
    depths = {root: 0}
    for element in root.iter("*"):
        parent = element.getparent()
        depth = depths[element] = depths.get(parent, -1) + 1
        if 0 <= within < depth:
            continue
        within = depth if is_wanted(element) else -1
        if within >= 0:
            found.append(element)
    return found


def _lengths(root: HtmlElement) -> dict[HtmlElement, _Length]:
    """Of each element, in one pass from the innermost: pages nest deep."""
    lengths: dict[HtmlElement, _Length] = {}
    for element in reversed(list(root.iter("*"))):
        inner = [lengths[child] for child in element if child in lengths]
        tails = sum(_characters(child.tail) for child in element)
        whole = _characters(element.text) + tails + sum(length.whole for length in inner)
        linked = whole if element.tag == "a" else sum(length.linked for length in inner)
        lengths[element] = _Length(whole, linked)
    return lengths


def _characters(text: str | None) -> int:
    return len(text.strip()) if text else 0


def _folds(root: HtmlElement) -> set[str]:
    """The ids of what a reader unfolds: answers below their questions, tabs."""
    named = {name for element in root.iter("*") for name in element.get("aria-controls", "").split()}
    return named & {element.get("id", "") for element in root.iter("*")}


def _is_question(button: HtmlElement, folds: set[str]) -> bool:
    """Whether a button is the heading of what it unfolds."""
    above = itertools.islice(button.iterancestors(), _ABOVE_BUTTON)
    return (
        any(element.tag in _HEADINGS for element in above)
        or bool(folds.intersection(button.get("aria-controls", "").split()))
        or "".join(button.itertext()).strip().endswith(("?", "？"))
    )


def _is_hidden(element: HtmlElement) -> bool:
    """Not shown, or not read to those who listen. A page that stays hidden until its scripts run is not meant."""
    if element.tag in ("html", "body"):
        return False
    return (
        element.get("hidden", "until-found").lower() != "until-found"
        or element.get("aria-hidden", "").lower() == "true"
        or _NOT_SHOWN.search(element.get("style", "")) is not None
    )


def _is_button(element: HtmlElement) -> bool:
    return bool(element.tag == "button")


def _is_header(element: HtmlElement) -> bool:
    return bool(element.tag == "header")


def _drop(unwanted: Iterable[HtmlElement]) -> None:
    for element in list(unwanted):
        if element.getparent() is not None:
            element.drop_tree()  # what follows it stays
