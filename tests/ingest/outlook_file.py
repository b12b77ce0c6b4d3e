"""Outlook's mail files made in memory: a compound file of one sector size, as [MS-CFB] and [MS-OXMSG] lay it out."""

import struct

_SECTOR = 512
_SMALL = 4096  # streams below this size are kept elsewhere
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_SUBJECT, _BODY = 0x0037, 0x1000
_UNICODE = 0x001F


def outlook_file(subject: str, body: str) -> bytes:
    """A mail with nothing but these."""
    values = {_SUBJECT: subject, _BODY: body}
    properties = bytes(32) + b"".join(
        struct.pack("<IIII", key << 16 | _UNICODE, 6, len(text) * 2 + 2, 0) for key, text in values.items()
    )
    streams = {"__properties_version1.0": properties} | {
        f"__substg1.0_{key:04X}{_UNICODE:04X}": text.encode("utf-16-le") for key, text in values.items()
    }
    return compound_file(streams)


def compound_file(streams: dict[str, bytes]) -> bytes:
    """Streams below the root, filled up with zeros, so that none is small."""
    table = [_TABLE, _END]  # the allocation table itself, then the directory in one sector for each four entries
    directory_sectors = -(-(len(streams) + 1) // 4)
    table = [_TABLE, *range(2, directory_sectors + 1), _END]
    data = b""
    entries = [_entry("Root Entry", 5, 1 if streams else _FREE, _END, 0)]
    for number, (name, content) in enumerate(sorted(streams.items(), key=lambda one: (len(one[0]), one[0])), start=1):
        content = content.ljust(_SMALL, b"\0")
        sectors = -(-len(content) // _SECTOR)
        start = len(table)
        table += [*range(start + 1, start + sectors), _END]
        data += content.ljust(sectors * _SECTOR, b"\0")
        following = number + 1 if number < len(streams) else _FREE
        entries.append(_entry(name, 2, _FREE, start, len(content), following))
    directory = b"".join(entries).ljust(directory_sectors * _SECTOR, b"\0")
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, 1, 0, _SMALL, _END, 0, _END, 0),
    )
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    allocation = struct.pack(f"<{_SECTOR // 4}I", *table, *[_FREE] * (_SECTOR // 4 - len(table)))
    return header + allocation + directory + data


def _entry(name: str, kind: int, child: int, start: int, size: int, following: int = _FREE) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    fields = struct.pack(
        "<HBBIII16sIQQIQ", len(encoded), kind, 1, _FREE, following, child, bytes(16), 0, 0, 0, start, size
    )
    return encoded.ljust(64, b"\0") + fields
