"""XML of documents: parsed without entities or network, walked by local names.

Local names, because the same format has one namespace as Word writes it and another as the strict standard says.
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from tools.errors import FileError

_WHOLE = re.compile(r"[0-9]{1,18}")


def parse_xml(content: bytes, name: str) -> Any:
    """The root element. Entities stay unresolved. Raises FileError for damaged XML, and for what nests too deep."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        return etree.fromstring(content, parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise FileError(
            f"{name} is damaged.",
            why="The XML in it cannot be read.",
            next_step="Open it in the program that made it and save it again.",
        ) from error


def local(element: Any) -> str:
    """The element's name without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """The attribute's value whatever its namespace, empty where there is none."""
    value: str | None = element.get(name)
    if value is not None:
        return value
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def children(element: Any, name: str) -> Iterator[Any]:
    return (child for child in element if local(child) == name)


def child(element: Any | None, *path: str) -> Any | None:
    """The first child of that name, its first child of the next name, and so on; None where one is missing."""
    for name in path:
        if element is None:
            return None
        element = next(children(element, name), None)
    return element


def descendants(element: Any, name: str) -> Iterator[Any]:
    return element.iter(f"{{*}}{name}")  # type: ignore[no-any-return]


def value(element: Any | None, *path: str) -> str:
    """The attribute `val` of what `child` finds, empty where there is none."""
    found = child(element, *path)
    return "" if found is None else attribute(found, "val")


def whole(text: str, otherwise: int = 0) -> int:
    """`text` as a whole number that is not negative, `otherwise` for anything else."""
    return int(text) if _WHOLE.fullmatch(text) else otherwise


def text_of(element: Any | None) -> str:
    """All text in an element, empty for None."""
    return "" if element is None else "".join(element.itertext())
