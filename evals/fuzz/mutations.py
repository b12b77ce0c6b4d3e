"""Damage done to good files: bytes, numbers, parts of archives, elements of XML. Pure functions of a random source."""

import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

Mutation = Callable[[bytes, Random], bytes]

_MAX_BYTES = 2**21
_EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
_NUMBER = re.compile(rb"\d+")
_TAG = re.compile(rb"<[^<>]{1,400}>")
_MARKUP = (
    b"\x00",
    b"<",
    b"&#0;",
    b"&amp",
    b"]]>",
    b"<!--",
    b"<![CDATA[",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"../../x",
    b"\\u0000",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A file to load. `mutation`: what was done to it, in a word."""

    name: str
    content: bytes
    mutation: str


def cases(files: Mapping[str, Sequence[bytes]], count: int, seed: int) -> Iterator[Case]:
    """`count` damaged files, all extensions in turn; the same for the same files and seed."""
    extensions = sorted(files)
    for number in range(count):
        chance = Random(f"{seed} {number}")
        extension = extensions[number % len(extensions)]
        content = chance.choice(files[extension])
        done = []
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            name = chance.choice(sorted(MUTATIONS if zipfile.is_zipfile(io.BytesIO(content)) else _OF_BYTES))
            content = MUTATIONS[name](content, chance)[:_MAX_BYTES]
            done.append(name)
        if chance.random() < 0.1:
            other = chance.choice(files[chance.choice(extensions)])
            content, done = _spliced(content, other, chance), [*done, "splice"]
        if chance.random() < 0.05:
            extension, done = chance.choice(extensions), [*done, "extension"]
        yield Case(f"case-{seed}-{number}{extension}", content, " ".join(done))


def _flipped(content: bytes, chance: Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 4, 16, 64)) if changed else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut_short(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _left_out(content: bytes, chance: Random) -> bytes:
    start, end = _block(content, chance)
    return content[:start] + content[end:]


def _repeated(content: bytes, chance: Random) -> bytes:
    start, end = _block(content, chance)
    return content[:start] + content[start:end] * chance.choice((2, 3, 50)) + content[end:]


def _swapped(content: bytes, chance: Random) -> bytes:
    first, second, third = sorted(chance.randrange(len(content) + 1) for _ in range(3))
    return content[:first] + content[second:third] + content[first:second] + content[third:]


def _blanked(content: bytes, chance: Random) -> bytes:
    start, end = _block(content, chance)
    return content[:start] + bytes([chance.choice((0, 0xFF, 0x20))]) * (end - start) + content[end:]


def _put_in(content: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice((*_MARKUP, chance.randbytes(chance.randint(1, 40)))) + content[at:]


def _extreme_field(content: bytes, chance: Random) -> bytes:
    """A number of one, two, four or eight bytes becomes an extreme one: sizes and lengths among them."""
    size, code = chance.choice(((1, "B"), (2, "H"), (4, "I"), (8, "Q")))
    if len(content) < size:
        return content
    at = chance.randrange(len(content) - size + 1)
    value = chance.choice(_EXTREMES) & (2 ** (8 * size) - 1)
    return content[:at] + struct.pack(chance.choice("<>") + code, value) + content[at + size :]


def _extreme_digits(content: bytes, chance: Random) -> bytes:
    """A number written in digits becomes an extreme one, as /Length and /Count of a PDF."""
    found = list(_NUMBER.finditer(content, 0, 200_000))
    if not found:
        return content
    number = chance.choice(found)
    value = chance.choice((b"0", b"-1", b"99999999", b"4294967296", b"1e400", b"9" * 40))
    return content[: number.start()] + value + content[number.end() :]


def _tag_left_out(content: bytes, chance: Random) -> bytes:
    found = list(_TAG.finditer(content, 0, 200_000))
    if not found:
        return content
    tag = chance.choice(found)
    return content[: tag.start()] + content[tag.end() :]


def _tag_repeated(content: bytes, chance: Random) -> bytes:
    found = list(_TAG.finditer(content, 0, 200_000))
    if not found:
        return content
    tag = chance.choice(found)
    return content[: tag.end()] + tag.group() * chance.choice((1, 20, 2000)) + content[tag.end() :]


def _part_changed(content: bytes, chance: Random) -> bytes:
    """A part of an archive is damaged and packed again, so that the damage reaches what reads the part."""
    parts = _parts(content)
    if not parts:
        return content
    at = chance.randrange(len(parts))
    name, data = parts[at]
    parts[at] = (name, _OF_BYTES[chance.choice(sorted(_OF_BYTES))](data, chance)[:_MAX_BYTES])
    return _packed(parts)


def _parts_moved(content: bytes, chance: Random) -> bytes:
    """A part of an archive is left out, doubled, renamed or exchanged for another."""
    parts = _parts(content)
    if not parts:
        return content
    at, other = chance.randrange(len(parts)), chance.randrange(len(parts))
    kind = chance.randrange(4)
    if kind == 0:
        del parts[at]
    elif kind == 1:
        parts.append((parts[at][0], parts[other][1]))
    elif kind == 2:
        parts[at] = ("../" + parts[at][0], parts[at][1])
    else:
        parts[at], parts[other] = (parts[at][0], parts[other][1]), (parts[other][0], parts[at][1])
    return _packed(parts)


def _spliced(content: bytes, other: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)] + other[chance.randrange(len(other) + 1) :]


def _block(content: bytes, chance: Random) -> tuple[int, int]:
    start = chance.randrange(len(content) + 1)
    return start, min(len(content), start + chance.choice((1, 8, 100, 1000)))


def _parts(content: bytes) -> list[tuple[str, bytes]]:
    """What can still be unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if entry.file_size < _MAX_BYTES]
            return [(entry.filename, archive.read(entry)) for entry in entries]
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, EOFError, RuntimeError):
        return []


def repacked(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """An archive with one of its parts changed."""
    parts = _parts(content)
    assert part in dict(parts), part
    return _packed([(name, change(data) if name == part else data) for name, data in parts])


def _packed(parts: Sequence[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w") as archive:
        warnings.simplefilter("ignore", UserWarning)  # that a name is there twice is meant
        for name, data in parts:
            entry = zipfile.ZipInfo(name)  # of no date: the same bytes every time
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()


_OF_BYTES: dict[str, Mutation] = {
    "flipped": _flipped,
    "cut short": _cut_short,
    "left out": _left_out,
    "repeated": _repeated,
    "swapped": _swapped,
    "blanked": _blanked,
    "put in": _put_in,
    "extreme field": _extreme_field,
    "extreme digits": _extreme_digits,
    "tag left out": _tag_left_out,
    "tag repeated": _tag_repeated,
}
MUTATIONS: dict[str, Mutation] = {**_OF_BYTES, "part changed": _part_changed, "parts moved": _parts_moved}
