"""What users call the place of a passage: a page of a spreadsheet is a sheet and has a name, one of slides a slide."""

from pathlib import PurePath
from typing import Literal

PageKind = Literal["page", "sheet", "slide"]

_KINDS: dict[str, PageKind] = {
    **dict.fromkeys((".xlsx", ".xlsm", ".xltx", ".xls", ".et", ".ods"), "sheet"),
    **dict.fromkeys((".pptx", ".pptm", ".ppsx", ".odp"), "slide"),
}
_LEVEL = " > "


def page_kind(file_name: str) -> PageKind:
    """What a page is in a file of this name."""
    return _KINDS.get(PurePath(file_name).suffix.lower(), "page")


def page_and_section(file_name: str, page: int | None, section: str) -> tuple[PageKind, str, str]:
    """What the page is called, its name or number, empty where there is none, and the rest of the section.

    A sheet has the name that its section begins with.
    """
    kind = page_kind(file_name)
    if page is None:
        return kind, "", section
    if kind == "sheet" and section:
        name, _, rest = section.partition(_LEVEL)
        return kind, name, rest
    return kind, str(page), section
