"""The pictures that are found while a file is loaded, to be described: loaders give text, and these beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from tools.shapes import LoadedFile, Missed, Picture


@dataclass(slots=True)
class Found:
    """`pictures`: those to be described, by their markers. `missed`: what pictures were read without."""

    pictures: dict[str, Picture] = field(default_factory=dict)
    missed: set[Missed] = field(default_factory=set)


_found: ContextVar[Found | None] = ContextVar("found pictures", default=None)


@contextmanager
def taken_along() -> Iterator[Found]:
    """Within it, pictures are taken along. What is loaded within a file, as an attachment is, adds to the file's."""
    found = _found.get() or Found()
    token = _found.set(found)
    try:
        yield found
    finally:
        _found.reset(token)


def found_pictures() -> dict[str, Picture] | None:
    """Where a picture is put to be taken along; None where none are."""
    found = _found.get()
    return None if found is None else found.pictures


def note_missed(what: Missed) -> None:
    """Notes what a picture of the file that is being loaded was read without."""
    found = _found.get()
    if found is not None:
        found.missed.add(what)


def with_pictures(loaded: LoadedFile, found: Found) -> LoadedFile:
    """The document with those of the pictures found whose markers stand in it, and with what was missed in its file."""
    text = loaded.text if found.pictures else ""
    pictures = tuple(picture for marker, picture in found.pictures.items() if marker in text)
    return replace(loaded, pictures=pictures, missed=tuple(sorted({*loaded.missed, *found.missed})))
