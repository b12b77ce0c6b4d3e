"""What lies over the print of a PDF page: fields that are filled in, and comments."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.load import load_content
from ingest.pdf.headings import Headings
from ingest.pdf.page_text import ordered, page_of
from ingest.pdf.printed import Fragment, Frame, PrintedPage
from ingest.reading import Reading
from tools.shapes import LoadedFile, TextBox


def load(content: bytes) -> LoadedFile:
    [loaded] = load_content(content, Path("form.pdf"), Reading(recognizes_text=False))
    return loaded


def drawn(draw: Callable[[Canvas], None]) -> LoadedFile:
    """A page of 595 by 842 points."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.setFont("Helvetica", 11)
    draw(canvas)
    canvas.save()
    return load(buffer.getvalue())


def written(annotations: Sequence[str], print_: str = "", catalog: str = "") -> LoadedFile:
    """A page of print with annotations, each as it stands in the file; fields are those that have a name (/FT)."""
    fields = " ".join(f"{number} 0 R" for number, each in enumerate(annotations, start=6) if "/FT" in each)
    content = f"BT /F 11 Tf 50 750 Td ({print_}) Tj ET"
    objects = [
        f"<</Type/Catalog/Pages 2 0 R {catalog or f'/AcroForm<</Fields[{fields}]>>'}>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>/Annots["
        + " ".join(f"{number} 0 R" for number in range(6, 6 + len(annotations)))
        + "]>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *(f"<</Type/Annot{each}>>" for each in annotations),
    ]
    body = "".join(f"{number} 0 obj\n{each}\nendobj\n" for number, each in enumerate(objects, start=1))
    return load(f"%PDF-1.7\n{body}trailer<</Root 1 0 R>>\n".encode("latin-1"))


def text(value: str) -> str:
    """As a PDF file holds it, in any script."""
    return f"<FEFF{value.encode('utf-16-be').hex()}>"


def field(value: str, rest: str = "", box: str = "90 744 250 764") -> str:
    return f"/Subtype/Widget/FT/Tx/T(at {box})/V {text(value)}/Rect[{box}]{rest}"


def test_values_stand_beside_their_labels_with_the_boxes_of_their_fields() -> None:
    def draw(canvas: Canvas) -> None:
        form = canvas.acroForm
        canvas.drawString(50, 750, "Name:")
        form.textfield(name="name", value="Lin Ming", x=120, y=744, width=200, height=20)
        canvas.drawString(340, 750, "Date:")
        form.textfield(name="date", value="2024-11-01", x=400, y=744, width=120, height=20)
        canvas.drawString(50, 720, "Address:")
        form.textfield(name="empty", value="", x=120, y=714, width=200, height=20)
        canvas.drawString(50, 690, "Remarks:")
        form.textfield(
            name="notes", value="By train.\nTwo nights.", x=120, y=620, width=300, height=80, fieldFlags="multiline"
        )

    page = drawn(draw).pages[0]
    assert page.text == "Name: Lin Ming Date: 2024-11-01\n\nAddress:\n\nRemarks: By train. Two nights."
    boxes = {page.text[box.start : box.end]: box.box for box in page.boxes}
    assert boxes["Lin Ming"] == (120, 78, 320, 98)
    assert boxes["By train. Two nights."] == (120, 142, 420, 222)


def test_the_line_to_be_written_on_gives_way_to_the_value() -> None:
    label = "Name: ______________________________ Date: ___________"
    assert written([field("Wei", box="84 744 250 760")], label).text == "Name: Wei Date: ___________"
    assert written([field("", box="84 744 250 760")], label).text == label


def test_full_stops_in_a_field_s_box_stay_and_a_value_that_is_printed_is_not_said_twice() -> None:
    label = "Amount due: 1,234.50 EUR see no. 3.2.1"
    assert written([field("1,234.50", box="100 744 180 764")], label).text == label
    assert "see no. 3.2.1" in written([field("Wei", box="180 744 280 764")], label).text


@pytest.mark.parametrize("rows", [3, 4, 8])
def test_many_rows_keep_their_values(rows: int) -> None:
    def draw(canvas: Canvas) -> None:
        for row in range(rows):
            canvas.drawString(60, 700 - 30 * row, f"Label {row}:")
            canvas.acroForm.textfield(
                name=f"f{row}", value=f"Value {row}", x=180, y=694 - 30 * row, width=250, height=20
            )

    assert drawn(draw).text.split("\n\n") == [f"Label {row}: Value {row}" for row in range(rows)]


def test_boxes_to_check_and_choices() -> None:
    def draw(canvas: Canvas) -> None:
        form = canvas.acroForm
        canvas.drawString(70, 750, "Approved")
        form.checkbox(name="a", checked=True, x=50, y=747, size=14)
        canvas.drawString(170, 750, "Refused")
        form.checkbox(name="r", checked=False, x=150, y=747, size=14)
        form.checkbox(name="p", tooltip="Paid", checked=True, x=350, y=747, size=14)
        canvas.drawString(70, 720, "Full")
        form.radio(name="day", value="full", selected=True, x=50, y=717, size=14)
        canvas.drawString(170, 720, "Half")
        form.radio(name="day", value="half", selected=False, x=150, y=717, size=14)
        canvas.drawString(50, 690, "Kind:")
        form.choice(name="k", value="S", options=[("Annual", "A"), ("Sick", "S")], x=120, y=684, width=99, height=18)
        form.listbox(name="l", value=["B"], options=["A", "B"], x=240, y=664, width=99, height=38)

    assert drawn(draw).text == "[x] Approved [ ] Refused [x] Paid\n\n[x] Full [ ] Half\n\nKind: Sick B"


@pytest.mark.parametrize(
    "rest",
    ["/Ff 8192", "/F 2", "/F 32", "/Rect[900 900 950 950]"],
    ids=["password", "hidden", "not viewed", "off the page"],
)
def test_what_is_not_shown_is_not_read(rest: str) -> None:
    loaded = written([field("opensesame", rest)], "Name:")
    assert loaded.text == "Name:"


def test_a_value_may_be_inherited_in_any_script_and_stand_on_a_page_without_print() -> None:
    assert written([field("林明")]).text == "林明"
    assert written([field("林明")]).warnings == ()
    kid = "/Subtype/Widget/Parent 6 0 R/Rect[90 744 250 764]"
    parent = f"/FT/Tx/T(name)/V {text('Lin')}/Kids[7 0 R]"
    assert written([parent, kid], "Name:").text == "Name: Lin"


def test_fields_side_by_side_are_parted_but_boxes_for_single_letters_are_a_word() -> None:
    single = [field(digit, "", f"{90 + 12 * place} 744 {102 + 12 * place} 764") for place, digit in enumerate("1234")]
    assert written(single, "Year:").text == "Year: 1234"
    assert written([field("Lin"), field("Ming", "", "250 744 400 764")], "Name:").text == "Name: Lin Ming"


def test_a_value_in_larger_print_is_no_heading() -> None:
    loaded = written([field("Lin Ming", "/DA(/Helv 30 Tf 0 g)", "90 740 250 776")], "Name:")
    assert loaded.text == "Name: Lin Ming"


def test_text_typed_on_a_form_without_fields_stands_where_it_is_typed() -> None:
    typed = f"/Subtype/FreeText/IT/FreeTextTypewriter/Contents {text('Lin')}/Rect[90 744 250 764]"
    assert written([typed], "Name:").text == "Name: Lin"


def test_on_a_scanned_form_a_value_stands_behind_its_label() -> None:
    label, date = TextBox(0, 5, (50.0, 80.0, 90.0, 92.0)), TextBox(7, 12, (50.0, 110.0, 90.0, 122.0))
    value = Fragment("Lin", (120.0, 76.0, 200.0, 94.0), 90.0, 10.0, is_filled_in=True)
    page = PrintedPage(1, (Frame(0, 595.0, 842.0, (value,)),), recognized=("Name:\n\nDate:", (label, date)))
    assert page_of(ordered(page), Headings()).text == "Name:\n\nLin\n\nDate:"


def test_comments_stand_at_the_end_with_their_authors() -> None:
    box = "/Rect[400 700 420 720]"
    loaded = written(
        [
            f"/Subtype/Text/T(Lin)/Contents(Which contract\\nis meant?){box}",
            f"/Subtype/Highlight/Contents(Too late.){box}",
            f"/Subtype/Popup/Contents(Too late.){box}",
            f"/Subtype/Text/T(Lin)/StateModel(Review)/State(Accepted)/Contents(Accepted set by Lin){box}",
            f"/Subtype/Text/T(Lin)/F 2/Contents(Not shown.){box}",
            f"/Subtype/Underline/Contents(){box}",
        ],
        "The contract ends in May.",
    )
    page = loaded.pages[0]
    assert page.text == ("The contract ends in May.\n\nComment by Lin: Which contract is meant?\n\nComment: Too late.")
    [box_of] = [box.box for box in page.boxes if page.text[box.start : box.end] == "Which contract is meant?"]
    assert box_of == (400, 122, 420, 142)


def test_comments_in_chinese() -> None:
    comment = f"/Subtype/Text/T {text('林')}/Contents {text('日期有误')}/Rect[400 700 420 720]"
    assert written([field("合同于五月到期"), comment]).text == "合同于五月到期\n\n批注（林）：日期有误"


def test_a_form_of_the_xfa_kind_is_told() -> None:
    xfa = "/AcroForm<</Fields[]/XFA(form)>>"
    shell = "Please wait: this program cannot show the form."
    for catalog in (xfa, f"/NeedsRendering true {xfa}"):
        [warning] = written([], shell, catalog).warnings
        assert "XFA" in warning
    with_fields = "/AcroForm<</Fields[6 0 R]/XFA(form)>>"
    both = written([field("Lin")], "Name:", with_fields)
    assert (both.text, both.warnings) == ("Name: Lin", ())
