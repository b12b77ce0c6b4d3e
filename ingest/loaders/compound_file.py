"""Compound files, in which Office before 2007 and Outlook keep their parts: [MS-CFB]."""

import struct

import olefile


def is_sound(content: bytes) -> bool:
    """Whether the streams of a compound file fit into it: libraries believe what sizes and sectors it claims.

    Layout of the header: [MS-CFB] 2.2. May raise any exception for a damaged file.
    """
    sector_shift, small_sector_shift = struct.unpack_from("<HH", content, 30)
    if (sector_shift, small_sector_shift) not in ((9, 6), (12, 6)):
        return False
    with olefile.OleFileIO(content) as file:
        entries = [entry for entry in file.direntries if entry is not None]
        total = sum(entry.size for entry in entries if entry is not file.root)
        return bool(max(total, file.root.size) <= len(content))
