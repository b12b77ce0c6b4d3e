"""English documents with known positions."""

from evals.placed_pdfs.composer import Composer, Style
from evals.placed_pdfs.faces import COURIER, HELVETICA, HELVETICA_BOLD, TIMES, TIMES_BOLD, VERA
from evals.placed_pdfs.furniture import header_and_footer, page_number
from evals.placed_pdfs.sheet import A4, A5, LANDSCAPE, LETTER, SLIDE, Sheet
from evals.placed_pdfs.tables import accounts, readings
from evals.placed_pdfs.wording import Wording
from evals.placement import PlacedPdf

_SERIF = Style(TIMES, TIMES_BOLD)
_SANS = Style(HELVETICA, HELVETICA_BOLD, size=10)
_TYPED = Style(COURIER, COURIER, size=10, leading=1.3)


def report() -> PlacedPdf:
    """One column, justified and hyphenated, with header, footer and footnotes."""
    words = Wording("en", "report")
    style = Style(TIMES, TIMES_BOLD, is_justified=True, hyphenates=True, whole_lines=False, first_indent=16)
    furniture = header_and_footer("Annual report of the harbour trust", lambda n: f"Page {n} of 5", words)
    page = Composer(Sheet("en-report", A4), style, furniture=furniture)
    page.heading("Annual Report of the Harbour Trust", 22)
    for number, title in enumerate(("Overview", "Moorings and traffic", "Buildings", "People", "Outlook"), start=1):
        page.heading(f"{number} {title}", 15)
        for _ in range(5):
            page.paragraph(words.sentences(3, 6))
    return page.finished()


def paper() -> PlacedPdf:
    """Two columns below a title and an abstract of full width."""
    words = Wording("en", "paper")
    style = Style(TIMES, TIMES_BOLD, size=9.5, margin=54, is_justified=True, hyphenates=True, whole_lines=False)
    page = Composer(Sheet("en-paper", LETTER), style, furniture=page_number)
    page.heading("Salinity of Tidal Culverts: A Survey over Eleven Years", 18, is_centred=True)
    page.paragraph(words.sentences(5), kind="abstract", indent=30)
    page.columns(2)
    for title in ("1 Introduction", "2 Method", "3 Results", "4 Discussion", "5 Limits", "6 Conclusion"):
        page.heading(title, 12)
        for _ in range(6):
            page.paragraph(words.sentences(3, 5))
    return page.finished()


def newsletter() -> PlacedPdf:
    """Three narrow columns, ragged, which the file holds line by line across the page."""
    words = Wording("en", "newsletter")
    style = Style(HELVETICA, HELVETICA_BOLD, size=8.5, margin=40, gap=16, hyphenates=True)
    page = Composer(Sheet("en-newsletter", A4, is_across=True), style, furniture=page_number)
    page.heading("The Quayside Letter", 26, is_centred=True)
    page.columns(3)
    for (
        title
    ) in "Ferry hours|New lenses|Orchard day|Lost moorings|Night work|School visits|Store rooms|Cold winter".split("|"):
        page.heading(title, 12)
        for _ in range(4):
            page.paragraph(words.sentences(3, 4))
    return page.finished()


def contract() -> PlacedPdf:
    """Articles with clauses (a), (b) and (c)."""
    words = Wording("en", "contract")
    furniture = header_and_footer("Lease of the north store", lambda n: f"- {n} -")
    page = Composer(Sheet("en-contract", A4), _SERIF, furniture=furniture)
    page.heading("Lease Agreement", 20, is_centred=True)
    for number in range(1, 16):
        page.heading(f"Article {number}: Matter {words.number()}", 13)
        page.paragraph(words.sentences(2))
        for letter in "abc":
            page.paragraph(words.sentences(1, 2), indent=40, label=f"({letter})", kind="clause")
    return page.finished()


def ruled_accounts() -> PlacedPdf:
    """Ruled tables with captions between paragraphs; cells of several lines."""
    words = Wording("en", "ruled")
    page = Composer(Sheet("en-ruled-accounts", A4), _SANS, furniture=page_number)
    page.heading("Accounts", 20)
    for number in range(1, 8):
        page.heading(f"{number}. Account {words.number()}", 13)
        page.paragraph(words.sentences(3, 4))
        rows = accounts(words, words.chance.randint(5, 9), with_remarks=number % 2 == 0)
        widths = (0.26, 0.16, 0.16, 0.14, 0.28) if number % 2 == 0 else (0.4, 0.2, 0.2, 0.2)
        page.table(rows, widths, is_ruled=True, caption=f"Table {number}: Movements of account {words.number()}")
        page.paragraph(words.sentences(2))
    return page.finished()


def unruled_accounts() -> PlacedPdf:
    """Tables without a line, numbers to the right."""
    words = Wording("en", "unruled")
    page = Composer(Sheet("en-unruled-accounts", A4), _SERIF, furniture=page_number)
    page.heading("Statement of Position", 20)
    for number in range(1, 7):
        page.paragraph(words.sentences(4, 5))
        rows = accounts(words, words.chance.randint(6, 10))
        caption = f"Table {number}. Balances of ledger {words.number()}"
        page.table(rows, (0.4, 0.2, 0.2, 0.2), is_ruled=False, caption=caption, pad=3)
    return page.finished()


def turned(rotation: int) -> PlacedPdf:
    """Pages that are shown turned by /Rotate."""
    words = Wording("en", f"turned {rotation}")
    size = A4 if rotation == 180 else LANDSCAPE
    page = Composer(Sheet(f"en-turned-{rotation}", size, rotation=rotation), _SANS, furniture=page_number)
    for number in range(1, 5):
        page.heading(f"Sheet {number} of survey {words.number()}", 14)
        page.paragraph(words.sentences(5))
        page.table(readings(words, 5), (0.4, 0.3, 0.3), is_ruled=True)
        page.paragraph(words.sentences(4))
    return page.finished()


def cropped() -> PlacedPdf:
    """Only a part of each page is shown."""
    words = Wording("en", "cropped")
    page = Composer(Sheet("en-cropped", LETTER, crop=45), _SERIF, furniture=page_number)
    page.heading("Proof with Trim Margins", 18)
    for _ in range(14):
        page.paragraph(words.sentences(4, 6))
    page.table(accounts(words, 6), (0.4, 0.2, 0.2, 0.2), is_ruled=True)
    return page.finished()


def cropped_and_turned() -> PlacedPdf:
    """Two columns on a turned page of which a part is shown."""
    words = Wording("en", "cropped and turned")
    page = Composer(Sheet("en-cropped-turned", LANDSCAPE, rotation=90, crop=30), _SANS, columns=2)
    for _ in range(4):
        page.heading(f"Plate {words.number()}", 14)
        for _ in range(4):
            page.paragraph(words.sentences(3, 5))
    return page.finished()


def slides() -> PlacedPdf:
    """Large print and bullets."""
    words = Wording("en", "slides")
    style = Style(HELVETICA, HELVETICA_BOLD, size=20, margin=60, paragraph_gap=10)
    page = Composer(Sheet("en-slides", SLIDE), style)
    for number in range(1, 7):
        if number > 1:
            page.new_page()
        page.heading(
            f"Step {number}: {words.chance.choice('Survey Plan Build Test Review Close'.split())} {words.number()}", 34
        )
        for _ in range(4):
            page.paragraph([words.sentence()], indent=36, label="•", kind="bullet")
    return page.finished()


def small_print() -> PlacedPdf:
    """Six points in two columns on a small page."""
    words = Wording("en", "small")
    style = Style(HELVETICA, HELVETICA_BOLD, size=6, margin=30, gap=14, paragraph_gap=3)
    page = Composer(Sheet("en-small-print", A5), style, columns=2)
    page.heading("Conditions of carriage", 9)
    for number in range(1, 45):
        page.paragraph(words.sentences(2, 4), indent=12, label=str(number), kind="clause")
    return page.finished()


def spaced_headings() -> PlacedPdf:
    """An embedded font, and headings with space between their letters."""
    words = Wording("en", "spaced")
    style = Style(VERA, VERA, size=10, is_justified=True, whole_lines=False)
    page = Composer(Sheet("en-spaced-headings", A4), style, furniture=page_number)
    for title in "CHRONICLE|INVENTORY|CORRESPONDENCE|ESTIMATES".split("|"):
        page.heading(title, 16, spacing=1.6, is_centred=True)
        for _ in range(5):
            page.paragraph(words.sentences(4, 6))
    return page.finished()


def two_sections() -> PlacedPdf:
    """Full width, two columns, full width and two columns again on each page."""
    words = Wording("en", "two sections")
    page = Composer(Sheet("en-two-sections", A4), Style(TIMES, TIMES_BOLD, size=10))
    for number in range(1, 4):
        if number > 1:
            page.columns(1)
            page.new_page()
        for half in ("Minutes", "Replies"):
            page.columns(1)
            page.heading(f"{half} of meeting {number}", 16)
            page.paragraph(words.sentences(3))
            page.columns(2, 215)
            for _ in range(4):
                page.paragraph(words.sentences(2))
    return page.finished()


def over_pictures() -> PlacedPdf:
    """Paragraphs printed over pale pictures."""
    words = Wording("en", "pictures")
    page = Composer(Sheet("en-over-pictures", A4), _SANS)
    for number in range(1, 10):
        page.room(170)
        page.sheet.picture(page.left - 10, page.y - 6, page.width + 20, 150, 10 + number)
        page.heading(f"View {words.number()}", 14)
        page.paragraph(words.sentences(4))
        page.y += 40
    return page.finished()


def word_by_word() -> PlacedPdf:
    """Every word is printed on its own, ragged, with indented first lines and no room between paragraphs."""
    words = Wording("en", "word by word")
    style = Style(TIMES, TIMES_BOLD, size=12, whole_lines=False, first_indent=24, paragraph_gap=0)
    page = Composer(Sheet("en-word-by-word", LETTER), style, furniture=page_number)
    page.heading("A History of the Observatory", 18)
    for _ in range(24):
        page.paragraph(words.sentences(3, 6))
    return page.finished()


def handbook() -> PlacedPdf:
    """Nested lists and footnotes, typed."""
    words = Wording("en", "handbook")
    furniture = header_and_footer("Handbook for keepers", lambda n: f"Keepers {n}", words)
    page = Composer(Sheet("en-handbook", A4), _TYPED, furniture=furniture)
    for number in range(1, 6):
        page.heading(f"{number} Duties in season {words.number()}", 15)
        page.paragraph(words.sentences(2))
        for item in range(1, 4):
            page.paragraph([words.sentence()], indent=30, label=f"{item}.", kind="item")
            page.paragraph([words.sentence()], indent=60, label="-", kind="item")
    return page.finished()


def column_tables() -> PlacedPdf:
    """Ruled tables within two columns of text, which the file holds line by line across the page."""
    words = Wording("en", "column tables")
    style = Style(TIMES, TIMES_BOLD, size=9.5, margin=50, is_justified=True, whole_lines=False)
    page = Composer(Sheet("en-column-tables", A4, is_across=True), style, columns=2, furniture=page_number)
    for number in range(1, 7):
        page.heading(f"{number} Readings of week {words.number()}", 11.5)
        page.paragraph(words.sentences(4, 6))
        page.table(
            readings(words, 5), (0.46, 0.28, 0.26), is_ruled=True, caption=f"Table {number}: Set {words.number()}"
        )
        page.paragraph(words.sentences(4, 6))
    return page.finished()


def english() -> list[PlacedPdf]:
    """All of them."""
    return [
        report(),
        paper(),
        newsletter(),
        contract(),
        ruled_accounts(),
        unruled_accounts(),
        turned(90),
        turned(180),
        turned(270),
        cropped(),
        cropped_and_turned(),
        slides(),
        small_print(),
        spaced_headings(),
        two_sections(),
        over_pictures(),
        word_by_word(),
        handbook(),
        column_tables(),
    ]
