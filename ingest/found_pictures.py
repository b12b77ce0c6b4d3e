"""The pictures that are found while a file is loaded, to be described: loaders give text, and these beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

from tools.shapes import LoadedFile, Picture

_found: ContextVar[dict[str, Picture] | None] = ContextVar("found pictures", default=None)


@contextmanager
def taken_along() -> Iterator[dict[str, Picture]]:
    """Within it, pictures are taken along, by their markers."""
    found: dict[str, Picture] = {}
    token = _found.set(found)
    try:
        yield found
    finally:
        _found.reset(token)


def found_pictures() -> dict[str, Picture] | None:
    """Where a picture is put to be taken along; None where none are."""
    return _found.get()


def with_pictures(loaded: LoadedFile, found: dict[str, Picture]) -> LoadedFile:
    """The document with those of the pictures found whose markers stand in it."""
    if not found:
        return loaded
    text = loaded.text
    return replace(loaded, pictures=tuple(picture for marker, picture in found.items() if marker in text))
