"""PDFs whose every sentence and table row has a known place: made here, the same bytes every time.

What a loader makes of them is measured by evals/placement.py. They were written without a look at any loader and stay
as they are; a loader that reads them wrongly is what changes.
"""

from functools import cache

from evals.placement import PlacedPdf
from tests.ingest.placed.chinese import chinese
from tests.ingest.placed.english import english
from tests.ingest.placed.faces import register


@cache
def placed_pdfs() -> tuple[PlacedPdf, ...]:
    """All documents, English and Chinese."""
    register()
    return (*english(), *chinese())
