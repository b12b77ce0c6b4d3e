"""A look into a file that is to be added: how much it holds, and how long reading it takes. Nothing is stored."""

import io
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest import ocr
from ingest.load import documents_in, failed_reading
from ingest.prepare import Prepared, Source
from tools.errors import SignpostError, UnreadPicturesError
from tools.stores.index_replay import searched_text
from tools.text.token_estimate import estimate_tokens

_PDF = b"%PDF-"
_PAGES_LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class Look:
    """What a file holds. `ocr_pages`: those without text, which may be scans. `pictures`: those to be described.

    `seconds`: of reading, without OCR. `is_partial`: estimated from some pages of a long file.
    """

    pages: float
    ocr_pages: float
    pictures: float
    chunks: float
    tokens: float
    seconds: float
    is_partial: bool = False


def look_into(source: Source) -> Iterator[Look]:
    """One look: work for a process of its own. Text in pictures is not recognized: that would take too long.

    Raises SignpostError where the file cannot be read, also when it holds pictures alone that will not be recognized.
    """
    began = time.monotonic()
    will_recognize = source.reading.recognizes_text and ocr.is_available()
    if will_recognize:
        source = replace(source, reading=replace(source.reading, recognizes_text=False))
    factor = 1.0
    try:
        content, factor = _some_pages(source.data) if source.data.startswith(_PDF) else (source.data, 1.0)
        loaded = documents_in(content, source.path, source.reading)  # those without text may be scans
        prepared = [each for each in map(source.prepare, loaded) if isinstance(each, Prepared)]
    except UnreadPicturesError as error:
        if not will_recognize:
            raise
        count = error.pages * factor
        yield Look(count, count, 0, 0, 0, (time.monotonic() - began) * factor, is_partial=factor > 1)
        return
    except SignpostError:
        raise
    except Exception as error:
        raise failed_reading(error, source.path.name, source.reading.limits) from error
    pages = [page for each in loaded if each.has_pages for page in each.pages]
    tokens = (estimate_tokens(searched_text(each.document, chunk)) for each in prepared for chunk in each.chunks)
    yield Look(
        pages=len(pages) * factor,
        ocr_pages=sum(not page.text.strip() for page in pages) * factor,
        pictures=sum(len(each.pictures) for each in loaded) * factor,
        chunks=sum(len(each.chunks) for each in prepared) * factor,
        tokens=sum(tokens) * factor,
        seconds=(time.monotonic() - began) * factor,
        is_partial=factor > 1,
    )


def _some_pages(content: bytes) -> tuple[bytes, float]:
    """A PDF of some pages of a long one, all through it, and how many times as many that has; a short one itself."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(content) as document:
            count = len(document)
            if count <= _PAGES_LOOKED_AT:
                return content, 1.0
            chosen = [number * count // _PAGES_LOOKED_AT for number in range(_PAGES_LOOKED_AT)]
            some = pypdfium2.PdfDocument.new()
            some.import_pages(document, chosen)
            written = io.BytesIO()
            some.save(written)
            return written.getvalue(), count / _PAGES_LOOKED_AT
    except pypdfium2.PdfiumError:  # the loader tells what is wrong
        return content, 1.0
