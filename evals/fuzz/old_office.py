"""An Excel 97 workbook and an Outlook message, made by hand: no library writes them."""

import struct

from evals.fuzz.compound_file import compound_file


def excel_97(rows: list[list[str | float]]) -> bytes:
    """A workbook (BIFF8) of one sheet."""
    bound = struct.pack("<IBBBB", 0, 0, 0, 6, 0) + b"Sheet1"
    begin = _record(0x809, struct.pack("<4H2I", 0x600, 5, 0x1CB2, 1997, 0, 6)) + _record(0x42, struct.pack("<H", 1200))
    font = _record(0x31, struct.pack("<5H4BBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0, 5, 0) + b"Arial")
    style = _record(0xE0, struct.pack("<3HBBBBIIH", 0, 0, 0, 0x20, 0, 0, 0, 0, 0, 0x20C0))
    head_size = len(begin) + len(font) + len(style) + 4 + len(bound) + 4
    sheet_at = struct.pack("<I", head_size)
    head = begin + font + style + _record(0x85, sheet_at + bound[4:]) + _record(0x0A, b"")
    cells = b"".join(_cell(row, column, value) for row, line in enumerate(rows) for column, value in enumerate(line))
    sheet = _record(0x809, struct.pack("<4H2I", 0x600, 0x10, 0x1CB2, 1997, 0, 6)) + cells + _record(0x0A, b"")
    return compound_file({"Workbook": head + sheet})


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<2H", kind, len(data)) + data


def _cell(row: int, column: int, value: str | float) -> bytes:
    place = struct.pack("<3H", row, column, 0)
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return _record(0x204, place + struct.pack("<HB", len(text) // 2, 1) + text)
    return _record(0x203, place + struct.pack("<d", value))


def outlook_message(subject: str, body: str, sender: str) -> bytes:
    """A message ([MS-OXMSG]) with subject, body and sender."""
    texts = {0x001A: "IPM.Note", 0x0037: subject, 0x0C1A: sender, 0x0C1F: sender, 0x1000: body}
    streams = {f"__substg1.0_{tag:04X}001F": text.encode("utf-16-le") for tag, text in texts.items()}
    entries = b"".join(struct.pack("<2HIII", 0x1F, tag, 6, len(text) * 2 + 2, 0) for tag, text in sorted(texts.items()))
    streams["__properties_version1.0"] = bytes(8) + struct.pack("<4I", 0, 0, 0, 0) + bytes(8) + entries
    streams |= {f"__nameid_version1.0/__substg1.0_000{n}0102": b"\0" * 16 for n in (2, 3, 4)}
    return compound_file(streams)
