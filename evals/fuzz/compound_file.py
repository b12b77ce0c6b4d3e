"""Writes the container of .xls and .msg files (Compound File Binary, [MS-CFB]), as no library does."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_SECTOR, _MINI_SECTOR, _CUTOFF = 512, 64, 4096
_END, _FREE, _FAT, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF


@dataclass(slots=True)
class _Entry:
    name: str
    kind: int  # 5 the root, 1 a storage, 2 a stream
    start: int = 0
    size: int = 0
    child: int = _NONE
    right: int = _NONE


@dataclass(slots=True)
class _Sectors:
    """Chains of sectors of one size. `following`: the next sector of each, or the end of its chain."""

    size: int
    data: bytearray = field(default_factory=bytearray)
    following: list[int] = field(default_factory=list)

    def add(self, content: bytes) -> int:
        """The first sector of the chain that holds `content`."""
        if not content:
            return _END
        first = len(self.following)
        count = -(-len(content) // self.size)
        self.following.extend([*range(first + 1, first + count), _END])
        self.data += content + bytes(count * self.size - len(content))
        return first


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """The file that holds these streams. Names: at most one storage deep, "storage/stream"."""
    sectors, mini = _Sectors(_SECTOR), _Sectors(_MINI_SECTOR)
    entries = [_Entry("Root Entry", 5)]
    top: list[int] = []
    within: dict[str, list[int]] = {}
    for path, content in sorted(streams.items()):
        storage, _, name = path.rpartition("/")
        if storage and storage not in within:
            within[storage] = []
            top.append(len(entries))
            entries.append(_Entry(storage, 1))
        (within[storage] if storage else top).append(len(entries))
        holder = mini if len(content) < _CUTOFF else sectors
        entries.append(_Entry(name, 2, holder.add(content), len(content)))
    _chain(entries, 0, top)
    for storage, members in within.items():
        _chain(entries, next(n for n, entry in enumerate(entries) if entry.name == storage), members)
    entries[0].start, entries[0].size = sectors.add(bytes(mini.data)), len(mini.data)
    mini_fat = sectors.add(_numbers(mini.following))
    directory = sectors.add(b"".join(_directory_entry(entry) for entry in entries))
    return _with_header(sectors, directory, mini_fat, len(mini.following))


def _chain(entries: Sequence[_Entry], storage: int, members: Sequence[int]) -> None:
    """The members as a tree that leans to the right, in the order that the format asks for."""
    in_order = sorted(members, key=lambda n: (len(entries[n].name), entries[n].name.upper()))
    for at, n in enumerate(in_order):
        if at == 0:
            entries[storage].child = n
        else:
            entries[in_order[at - 1]].right = n


def _directory_entry(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    start = entry.start if entry.kind != 1 else 0
    links = struct.pack("<3I", _NONE, entry.right, entry.child)
    return (
        name.ljust(64, b"\0")
        + struct.pack("<HBB", len(name), entry.kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, entry.size)
    )


def _numbers(numbers: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)


def _with_header(sectors: _Sectors, directory: int, mini_fat: int, mini_count: int) -> bytes:
    """Header, sectors and the table of their chains, which counts its own sectors."""
    used = len(sectors.following)
    fat_count = 1
    while fat_count * (_SECTOR // 4) < used + fat_count:
        fat_count += 1
    fat = _numbers([*sectors.following, *[_FAT] * fat_count])
    fat = fat.ljust(fat_count * _SECTOR, b"\xff")
    places = [*range(used, used + fat_count)]
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
        + struct.pack("<4I", 0, fat_count, directory, 0)
        + struct.pack("<5I", _CUTOFF, mini_fat, -(-mini_count * 4 // _SECTOR), _END, 0)
        + _numbers([*places, *[_FREE] * (109 - fat_count)])
    )
    return header + bytes(sectors.data) + fat
