"""A look into a file that is to be added: how much it holds, and how long reading it takes. Nothing is stored."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.found_pictures import taken_along, with_pictures
from ingest.loaders import loader_for
from ingest.prepare import Prepared, Source
from tools.errors import FileError, SignpostError
from tools.stores.index_replay import searched_text
from tools.text.token_estimate import estimate_tokens


@dataclass(frozen=True, slots=True)
class Look:
    """What a file holds. `pictures`: those to be described. `ocr_pages`: those without text, which may be scans. `seconds`: of reading, without OCR."""

    pages: int
    ocr_pages: int
    pictures: int
    chunks: int
    tokens: int
    seconds: float


def look_into(source: Source) -> Iterator[Look]:
    """One look: work for a process of its own. Text in pictures is not recognized: that would take too long.

    Raises SignpostError where the file cannot be read.
    """
    began = time.monotonic()
    source = replace(source, reading=replace(source.reading, recognizes_text=False))
    loader = loader_for(source.path.suffix.lower())
    try:
        # Not `Source.load`, which refuses what holds no text: it may be a scan.
        with taken_along() as found:
            documents = [] if loader is None else loader(source.data, source.path.name, source.reading)
            loaded = [with_pictures(each, found) for each in documents]
        prepared = [each for each in map(source.prepare, loaded) if isinstance(each, Prepared)]
    except SignpostError:
        raise
    except Exception as error:
        raise FileError(f"{source.path.name} cannot be read.", why=type(error).__name__) from error
    pages = [page for each in loaded if each.has_pages for page in each.pages]
    yield Look(
        pages=len(pages),
        ocr_pages=sum(not page.text.strip() for page in pages),
        pictures=sum(len(each.pictures) for each in loaded),
        chunks=sum(len(each.chunks) for each in prepared),
        tokens=sum(estimate_tokens(searched_text(each.document, chunk)) for each in prepared for chunk in each.chunks),
        seconds=time.monotonic() - began,
    )
