"""What stands on every page: headers, footers with page numbers, and now and then a footnote."""

from collections.abc import Callable

from evals.placed_pdfs.composer import Composer, Furniture
from evals.placed_pdfs.wording import Wording


def header_and_footer(header: str, footer: Callable[[int], str], wording: Wording | None = None) -> Furniture:
    """A header with a line below it and a centred footer. wording: gives every other page a footnote."""

    def print_on(composer: Composer) -> None:
        sheet, style = composer.sheet, composer.style
        size = style.size * 0.8
        top = style.margin * 0.6
        sheet.repeat(header, style.face, size, style.margin, top)
        sheet.rule(style.margin, top + 4, sheet.width - style.margin, top + 4)
        foot = footer(sheet.page)
        x = (sheet.width - style.face.width(foot, size)) / 2
        sheet.repeat(foot, style.face, size, x, sheet.height - style.margin * 0.5)
        if wording and sheet.page % 2:
            composer.footnote(wording.sentence(), str(sheet.page))

    return print_on


def page_number(composer: Composer) -> None:
    """A bare number in the outer corner of the foot."""
    sheet, style = composer.sheet, composer.style
    number = str(sheet.page)
    x = style.margin if sheet.page % 2 == 0 else sheet.width - style.margin - style.face.width(number, style.size)
    sheet.repeat(number, style.face, style.size, x, sheet.height - style.margin * 0.5)
