"""What is filled into a form, as print in its fields: text, choices, and boxes that are checked or not."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.pdf.annotations import Annotation, filled
from ingest.pdf.printed import Fragment, Frame
from tools.shapes import Box
from tools.text.clean import one_line

_BOXES = (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON)
_CHOICES = (pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)
_MOST_OPTIONS = 2_000
_SAYS_NOTHING = ("", "yes", "on", "off", "true", "x", "checked")  # of a box, without a label beside it
_LABEL = 2.5  # times the size of the print: so near to its box a label stands
_USUAL_SIZE = 10.0
_TELLING = 3  # characters of a value: fewer stand in many a line by chance


@dataclass(frozen=True, slots=True)
class Value:
    """What a field shows, and where on the page. `label`: what a box to check is called where no print says it."""

    text: str
    box: Box
    label: str = ""


def value_of(annotation: Annotation, form: pypdfium2.PdfFormEnv | None) -> Value | None:
    """What is filled in; None for what is none, for fields that are empty, for buttons, signatures and passwords."""
    if annotation.box is None:
        return None
    if is_typed_over(annotation):
        typed = one_line(annotation.text("Contents"))
        return Value(typed, annotation.box) if typed else None
    if annotation.kind != pdfium.FPDF_ANNOT_WIDGET or form is None:
        return None
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation.handle)
    if kind in _BOXES:
        is_checked = pdfium.FPDFAnnot_IsChecked(form, annotation.handle)
        return Value("[x]" if is_checked else "[ ]", annotation.box, _name(annotation, form))
    if kind == pdfium.FPDF_FORMFIELD_TEXTFIELD:
        flags = pdfium.FPDFAnnot_GetFormFieldFlags(form, annotation.handle)
        is_secret = flags & pdfium.FPDF_FORMFLAG_TEXT_PASSWORD
        said = "" if is_secret else _said(annotation, form, pdfium.FPDFAnnot_GetFormFieldValue)
    else:
        said = _chosen(annotation, form) if kind in _CHOICES else ""
    return Value(said, annotation.box) if said else None


def is_typed_over(annotation: Annotation) -> bool:
    """Whether it is text typed on a form that has no field there."""
    return annotation.kind == pdfium.FPDF_ANNOT_FREETEXT and annotation.text("IT") == "FreeTextTypewriter"


def _said(annotation: Annotation, form: pypdfium2.PdfFormEnv, read: Callable[..., int]) -> str:
    return one_line(filled(lambda *buffer: read(form, annotation.handle, *buffer)))


def _name(annotation: Annotation, form: pypdfium2.PdfFormEnv) -> str:
    """What a box to check says of itself, where that is more than that it is checked."""
    names = (
        _said(annotation, form, read)
        for read in (pdfium.FPDFAnnot_GetFormFieldAlternateName, pdfium.FPDFAnnot_GetFormFieldExportValue)
    )
    return next((name for name in names if name.lower() not in _SAYS_NOTHING and not name.isdigit()), "")


def _chosen(annotation: Annotation, form: pypdfium2.PdfFormEnv) -> str:
    """As the form shows them, not as they are sent."""
    count = min(pdfium.FPDFAnnot_GetOptionCount(form, annotation.handle), _MOST_OPTIONS)
    chosen = (index for index in range(count) if pdfium.FPDFAnnot_IsOptionSelected(form, annotation.handle, index))
    labels = (_said(annotation, form, partial(_option_label, index)) for index in chosen)
    return ", ".join(labels) or _said(annotation, form, pdfium.FPDFAnnot_GetFormFieldValue)


def _option_label(index: int, form: pypdfium2.PdfFormEnv, handle: Any, buffer: Any, size: int) -> int:
    return int(pdfium.FPDFAnnot_GetOptionLabel(form, handle, index, buffer, size))


def with_values(frames: Sequence[Frame], values: Sequence[Value], page: Frame) -> tuple[Frame, ...]:
    """The frames, the values in the one that holds most text. `page`: the empty frame of a page without print."""
    if not values:
        return tuple(frames)
    upright = next((frame for frame in frames if frame.direction is not None), page)
    filled_in = replace(upright, fragments=(*upright.fragments, *_fragments(upright, values)))
    if upright is page:
        return (*frames, filled_in)
    return tuple(filled_in if frame is upright else frame for frame in frames)


def _fragments(frame: Frame, values: Iterable[Value]) -> Iterator[Fragment]:
    """The values, each on the line of the print beside it, of the usual size so that none is a heading."""
    sizes = sorted(each.size for each in frame.fragments for _ in each.text)
    size = sizes[len(sizes) // 2] if sizes else _USUAL_SIZE
    for value in values:
        box = frame.framed(value.box)
        beside = [each for each in frame.fragments if box[1] < each.baseline - each.size / 3 < box[3]]
        nearest = min(beside, key=lambda each: (_distance(each.box, box), each.baseline), default=None)
        if any(_is_printed(value.text, box, each) for each in beside):
            continue
        baseline = nearest.baseline if nearest else min((box[1] + box[3]) / 2 + size / 3, box[1] + 2 * size)
        has_label = nearest is not None and _distance(nearest.box, box) < _LABEL * size
        text = value.text if has_label else f"{value.text} {value.label}".rstrip()
        apart = " " if len(text) > 1 else ""  # single letters are boxes of one word
        yield Fragment(f"{text}{apart}", box, baseline, size, is_filled_in=True)


def _is_printed(text: str, field: Box, print_: Fragment) -> bool:
    """Whether the page shows the value in its field already, as programs print it that mean to leave no form."""
    middle, middle_of_print = (field[0] + field[2]) / 2, (print_.box[0] + print_.box[2]) / 2
    is_there = print_.box[0] < middle < print_.box[2] or field[0] < middle_of_print < field[2]
    return is_there and len(text) >= _TELLING and "".join(text.split()) in "".join(print_.text.split())


def _distance(first: Box, second: Box) -> float:
    """From left to right."""
    return max(first[0] - second[2], second[0] - first[2], 0.0)
