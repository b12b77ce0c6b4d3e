"""A TrueType font of blocks: every character is a rectangle of known size, so that embedded Chinese needs no font."""

import struct
from collections.abc import Iterable

_UNITS = 1000
_POINTS_ON_CURVE = bytes([1] * 4)


def block_ink(character: str) -> tuple[int, int, int, int]:
    """Left, bottom, right, top of a character's block in thousandths of its size; empty for white space."""
    if character.isspace():
        return (0, 0, 0, 0)
    if is_half_width(character):
        return (60, 0, 440, 700)
    if character in "，。；：、？！”’）":
        return (80, -60, 320, 260)
    return (60, -60, 940, 800)


def is_half_width(character: str) -> bool:
    return character < "\u2000"


def block_font(characters: Iterable[str]) -> bytes:
    """The font's file. Widths are 500 for half-width characters and 1000 for all others."""
    known = sorted(set(characters) | {" "})
    glyphs = [_glyph((0, 0, 0, 0)), *(_glyph(block_ink(character)) for character in known)]
    widths = [1000, *(500 if is_half_width(character) else 1000 for character in known)]
    lefts = [0, *(block_ink(character)[0] for character in known)]
    offsets = [sum(len(glyph) for glyph in glyphs[:count]) for count in range(len(glyphs) + 1)]
    tables = {
        b"OS/2": _os2(),
        b"cmap": _cmap(known),
        b"glyf": b"".join(glyphs),
        b"head": struct.pack(
            ">4I2H2Q4h2H3h", 0x10000, 0x10000, 0, 0x5F0F3CF5, 11, _UNITS, 0, 0, 0, -60, 1000, 800, 0, 8, 2, 1, 0
        ),
        b"hhea": struct.pack(">I3hH11hH", 0x10000, 880, -120, 0, 1000, *[0] * 11, len(glyphs)),
        b"hmtx": b"".join(struct.pack(">Hh", *pair) for pair in zip(widths, lefts, strict=True)),
        b"loca": struct.pack(f">{len(offsets)}I", *offsets),
        b"maxp": struct.pack(">I14H", 0x10000, len(glyphs), 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
        b"name": _name("SignpostBlocks"),
        b"post": struct.pack(">I12xI16x", 0x30000, 0),
    }
    return _file(tables)


def _glyph(ink: tuple[int, int, int, int]) -> bytes:
    left, bottom, right, top = ink
    if left == right:
        return b""
    xs = struct.pack(">4h", left, 0, right - left, 0)
    ys = struct.pack(">4h", bottom, top - bottom, 0, bottom - top)
    data = struct.pack(">5h2H", 1, left, bottom, right, top, 3, 0) + _POINTS_ON_CURVE + xs + ys
    return data + bytes(-len(data) % 4)


def _cmap(known: list[str]) -> bytes:
    groups = b"".join(
        struct.pack(">3I", ord(character), ord(character), n) for n, character in enumerate(known, start=1)
    )
    table = struct.pack(">2H3I", 12, 0, 16 + len(groups), 0, len(known)) + groups
    return struct.pack(">2H2HI", 0, 1, 3, 10, 12) + table


def _os2() -> bytes:
    head = struct.pack(">HhHHH", 4, 1000, 400, 5, 0) + bytes(22 + 10 + 16) + b"SIGN"
    return head + struct.pack(">3H5H2I5H", 0x40, 32, 0xFFFF, 880, 0x10000 - 120, 0, 880, 120, 0, 0, 500, 700, 0, 32, 1)


def _name(name: str) -> bytes:
    text = name.encode("utf-16-be")
    ids = (1, 2, 3, 4, 6)
    records = b"".join(struct.pack(">6H", 3, 1, 0x409, id_, len(text), 0) for id_ in ids)
    return struct.pack(">3H", 0, len(ids), 6 + len(records)) + records + text


def _file(tables: dict[bytes, bytes]) -> bytes:
    directory, body = b"", b""
    start = 12 + 16 * len(tables)
    for tag, data in sorted(tables.items()):
        padded = data + bytes(-len(data) % 4)
        checksum = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        directory += struct.pack(">4s3I", tag, checksum, start + len(body), len(data))
        body += padded
    return struct.pack(">I4H", 0x10000, len(tables), 128, 3, len(tables) * 16 - 128) + directory + body
