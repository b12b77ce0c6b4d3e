"""PDFs whose every sentence and table row has a known place: made here, the same bytes every time.

What a loader makes of them is measured by evals/placement.py. They were written without a look at any loader and stay
as they are; a loader that reads them wrongly is what changes.
"""

from functools import cache

from evals.placed_pdfs.chinese import chinese
from evals.placed_pdfs.english import english
from evals.placed_pdfs.faces import register
from evals.placement import PlacedPdf


@cache
def placed_pdfs() -> tuple[PlacedPdf, ...]:
    """All documents, English and Chinese."""
    register()
    return (*english(), *chinese())
