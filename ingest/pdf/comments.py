"""Comments that people left on a page, on its text or beside it."""

import pypdfium2.raw as pdfium

from ingest.pdf.annotations import Annotation
from ingest.pdf.form_fields import is_typed_over
from ingest.pdf.printed import Comment
from tools.text.clean import one_line

_KINDS = (
    pdfium.FPDF_ANNOT_TEXT,
    pdfium.FPDF_ANNOT_FREETEXT,
    pdfium.FPDF_ANNOT_HIGHLIGHT,
    pdfium.FPDF_ANNOT_UNDERLINE,
    pdfium.FPDF_ANNOT_SQUIGGLY,
    pdfium.FPDF_ANNOT_STRIKEOUT,
    pdfium.FPDF_ANNOT_CARET,
    pdfium.FPDF_ANNOT_STAMP,
    pdfium.FPDF_ANNOT_SQUARE,
    pdfium.FPDF_ANNOT_CIRCLE,
    pdfium.FPDF_ANNOT_LINE,
    pdfium.FPDF_ANNOT_POLYGON,
    pdfium.FPDF_ANNOT_POLYLINE,
    pdfium.FPDF_ANNOT_INK,
)


def comment_of(annotation: Annotation) -> Comment | None:
    """What is said in it and by whom; None where nothing is, and for marks such as that a comment was accepted."""
    if annotation.kind not in _KINDS or is_typed_over(annotation) or annotation.text("StateModel"):
        return None
    said = one_line(annotation.text("Contents"))
    return Comment(said, one_line(annotation.text("T")), annotation.box) if said else None
