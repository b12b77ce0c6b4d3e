"""Documents that are zip archives of XML (.docx, .pptx, .xlsx, .odt, .epub): checked before anything is unpacked."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

from ingest.loaders.elements import attribute, parse_xml
from ingest.reading import Limits
from tools.errors import FileError

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"  # how encrypted Office files and the formats before 2007 begin
_MAX_ENTRIES = 20_000
_MAX_RATIO = 300  # tables of equal cells pack to a fiftieth; more is made to harm
_RATIO_FROM_BYTES = 20 * 2**20
_TREE_BYTES = 8  # what a parsed part takes in memory for each of its bytes, at most
_ENCRYPTED = 0x1
_PROLOGUE_BYTES = 4096
_DOCUMENT_TYPE = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E")
BROKEN = (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError, zlib.error)
"""What reading a damaged archive raises."""


class Archive:
    """The parts of a checked archive, by name. Raises FileError for parts that are damaged or too large."""

    def __init__(self, content: bytes, name: str, limits: Limits) -> None:
        """Raises FileError for what is no archive, is protected, or would take more than `limits` when unpacked."""
        self.name = name
        self._max_tree_bytes = limits.memory_bytes // _TREE_BYTES
        if content.startswith(_COMPOUND_FILE):
            raise _protected(name)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            entries = self._zip.infolist()
        except BROKEN as error:
            raise corrupt(name) from error
        _check(entries, name, limits)
        self.names = frozenset(entry.filename for entry in entries)

    def read(self, part: str) -> bytes:
        """The bytes of a part, empty where there is none."""
        if part not in self.names:
            return b""
        try:
            return self._zip.read(part)
        except BROKEN as error:
            raise corrupt(self.name) from error

    def open(self, part: str) -> IO[bytes]:
        """A part to be read piece by piece."""
        return self._zip.open(part)

    def xml(self, part: str) -> Any | None:
        """The root element of a part, None where there is none."""
        if part not in self.names:
            return None
        self._check_tree(part)
        return parse_xml(self.read(part), self.name)

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: id → (last word of the kind, name of the part). "": the archive as a whole."""
        folder, file = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
        return {} if root is None else dict(_related(root, folder))

    def check_for_library(self) -> None:
        """Raises FileError where a library that opens this archive by itself would take too much."""
        for part in self.names:
            if part.endswith((".xml", ".rels")):
                self._check_tree(part)
                self._check_document_type(part)

    def _check_tree(self, part: str) -> None:
        if self._zip.getinfo(part).file_size > self._max_tree_bytes:
            raise _too_large(self.name, f"One part of it alone unpacks to more than {self._max_tree_bytes >> 20} MB.")

    def _check_document_type(self, part: str) -> None:
        """Office never writes a document type; its only use here is entities that unfold without end."""
        try:
            with self._zip.open(part) as file:
                prologue = file.read(_PROLOGUE_BYTES)
        except BROKEN as error:
            raise corrupt(self.name) from error
        if _DOCUMENT_TYPE.search(prologue):
            raise corrupt(self.name)


def _check(entries: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise _protected(name)
    if len(entries) > _MAX_ENTRIES:
        raise _too_large(name, f"It holds {len(entries):,} parts; at most {_MAX_ENTRIES:,} are read.")
    if len({entry.filename for entry in entries}) < len(entries):
        raise FileError(
            f"{name} is not read.",
            why="It holds two parts of the same name: what it says would depend on the reader.",
            next_step="Open it in the program that made it and save it again.",
        )
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.unpacked_bytes:
        why = f"It unpacks to {unpacked >> 20:,} MB; at most {limits.unpacked_bytes >> 20:,} MB are read."
        raise _too_large(name, f"{why} (SIGNPOST_MAX_UNPACKED_MB)")
    if any(
        entry.file_size > _RATIO_FROM_BYTES and entry.file_size > _MAX_RATIO * entry.compress_size for entry in entries
    ):
        raise _too_large(name, f"A part of it unpacks to more than {_MAX_RATIO} times its size, as only traps do.")


def _related(root: Any, folder: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for element in root:
        target = attribute(element, "Target")
        if attribute(element, "TargetMode") != "External":
            place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            yield attribute(element, "Id"), (attribute(element, "Type").rpartition("/")[2], place)


def corrupt(name: str) -> FileError:
    """The error for a file whose content is not what its extension says."""
    return FileError(
        f"{name} is damaged or not of the format its name says.",
        why="Its content cannot be opened.",
        next_step="Open it in the program that made it and save it again.",
    )


def _protected(name: str) -> FileError:
    return FileError(
        f"{name} is protected by a password, or of an Office format before 2007.",
        why="Its content cannot be read without the password.",
        next_step="Open it in Word, Excel or LibreOffice and save it without a password in the current format.",
    )


def _too_large(name: str, why: str) -> FileError:
    return FileError(f"{name} is too large when unpacked.", why=why, next_step="Split the file into smaller ones.")
