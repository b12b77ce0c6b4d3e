"""Checks of Office files (.docx, .xlsx) before a library opens them: they are zip archives of XML."""

import io
import zipfile

from tools.errors import FileError

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"  # how encrypted Office files and the formats before 2007 begin
_MAX_UNPACKED_BYTES = 1_000_000_000


def check_office_archive(content: bytes, name: str, main_part: str) -> None:
    """Raises FileError unless `content` is a readable archive that holds `main_part`."""
    if content.startswith(_COMPOUND_FILE):
        raise FileError(
            f"{name} is protected by a password, or of an Office format before 2007.",
            why="Its content cannot be read without the password.",
            next_step="Open it in Word, Excel or LibreOffice and save it without a password in the current format.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked_bytes = sum(entry.file_size for entry in archive.infolist())
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise corrupt(name) from error
    if main_part not in names:
        raise corrupt(name)
    if unpacked_bytes > _MAX_UNPACKED_BYTES:
        raise FileError(
            f"{name} unpacks to {unpacked_bytes // 1_000_000} MB.",
            why=f"At most {_MAX_UNPACKED_BYTES // 1_000_000} MB are read.",
            next_step="Split the file into smaller ones.",
        )


def corrupt(name: str) -> FileError:
    """The error for a file whose content is not what its extension says."""
    return FileError(
        f"{name} is damaged or not of the format its name says.",
        why="Its content cannot be opened.",
        next_step="Open it in the program that made it and save it again.",
    )
