"""A backup's one file: a ZIP archive of a home's files, and a manifest that says what they must be."""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from pydantic import TypeAdapter, ValidationError

from tools.errors import FileError, StoreNewerError
from tools.stores.home_contents import is_kept
from tools.stores.progress import Progress
from tools.stores.sql.migrations import MIGRATIONS

FORMAT = 1
"""Raised when the form changes, so that no file is misread."""

_MANIFEST = "manifest.json"
_FOLDER = "home/"
_PIECE = 2**20
_MOST_MANIFEST_BYTES = 64 * 2**20
_FAST = 1  # zlib's level: text is then a third of its size, and level 6 takes three times as long for a tenth of that
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError)


@dataclass(frozen=True, slots=True)
class Part:
    """One file. path: in the home, with slashes; sha256: of its content, in hex."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class About:
    """What a backup is of. created: ISO 8601, UTC; signpost: the version that wrote it; schema: of its ledger."""

    created: str
    signpost: str
    schema: int
    documents: int
    conversations: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    format: int
    about: About
    parts: tuple[Part, ...]

    @property
    def bytes(self) -> int:
        """Of all files, unpacked."""
        return sum(part.bytes for part in self.parts)


_FORM = TypeAdapter(Manifest)


def sizes_of(files: Mapping[str, Path]) -> dict[str, int]:
    """Bytes of each file, without those that others have deleted meanwhile. Raises OSError."""
    sizes: dict[str, int] = {}
    for place, path in files.items():
        with suppress(FileNotFoundError):
            sizes[place] = path.stat().st_size
    return sizes


def write_archive(file: Path, files: Mapping[str, Path], about: About, progress: Progress) -> None:
    """Packs files, by their places in the home, into a new archive that its owner alone may read. Blocks.

    What others have deleted meanwhile is left out.
    `progress` is called with the bytes done, and due. Raises OSError.
    """
    sizes = sizes_of(files)
    total = max(1, sum(sizes.values()))
    done, parts = 0, []
    with (
        os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as opened,
        zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED, compresslevel=_FAST) as archive,
    ):
        for place in sizes:
            digest, size = hashlib.sha256(), 0
            try:
                opened_part = files[place].open("rb")
            except FileNotFoundError:
                continue
            with opened_part as read, archive.open(_FOLDER + place, "w", force_zip64=True) as written:
                for piece in _pieces(read):
                    written.write(piece)
                    digest.update(piece)
                    size += len(piece)
                    progress(min(total, done + size), total)
            parts.append(Part(place, size, digest.hexdigest()))
            done += sizes[place]
        manifest = Manifest(FORMAT, about, tuple(parts))
        archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))
        archive.close()
        opened.flush()
        os.fsync(opened.fileno())


def read_manifest(file: Path) -> Manifest:
    """What the archive says it holds. Raises FileError for what is no whole backup, or names places outside of a home,
    and StoreNewerError for one that a newer Signpost has written."""
    with _opened(file) as archive:
        if _MANIFEST not in archive.namelist() or archive.getinfo(_MANIFEST).file_size > _MOST_MANIFEST_BYTES:
            raise _no_backup(file, "It has no list of its contents.")
        values = json.loads(archive.read(_MANIFEST))
        _check_format(file, values)
        try:
            manifest = _FORM.validate_python(values)
        except ValidationError as error:
            place = ".".join(str(step) for step in error.errors()[0]["loc"])
            raise _no_backup(file, f"Its list of contents is wrong: {place}.") from error
        if manifest.about.schema > len(MIGRATIONS):
            raise _newer(file)
        names = [_MANIFEST, *(_FOLDER + part.path for part in manifest.parts)]
        if sorted(archive.namelist()) != sorted(names) or len(set(names)) != len(names):
            raise _no_backup(file, "It does not hold what its list of contents says.")
        if outside := [part.path for part in manifest.parts if not _is_in_a_home(part.path)]:
            raise _no_backup(file, f"It names a place that no backup has: {outside[0]!r}.")
    return manifest


def unpack(file: Path, parts: Sequence[Part], folder: Path, progress: Progress) -> None:
    """Writes the files into an empty folder, and compares each with the manifest. Blocks.

    `progress` is called with the bytes done, and due. Raises FileError for a damaged archive, OSError where something
    cannot be written.
    """
    total = max(1, sum(part.bytes for part in parts))
    done = 0
    with _opened(file) as archive:
        for part in parts:
            path = folder / part.path
            if not path.resolve().is_relative_to(folder.resolve()):
                raise _no_backup(file, f"It names a place that no backup has: {part.path!r}.")
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _reading(file, archive, part) as read, _new_file(path) as written:
                for piece in read:
                    written.write(piece)
                    done += len(piece)
                    progress(done, total)


@contextmanager
def _reading(file: Path, archive: zipfile.ZipFile, part: Part) -> Iterator[Iterator[bytes]]:
    """The content of a part; when all of it was read, it was what the manifest says."""
    digest, size = hashlib.sha256(), 0

    def checked(packed: IO[bytes]) -> Iterator[bytes]:
        nonlocal size
        for piece in _pieces(packed):
            size += len(piece)
            if size > part.bytes:  # not one byte more, however much is packed in it
                break
            digest.update(piece)
            yield piece

    with archive.open(_FOLDER + part.path) as packed:
        yield checked(packed)
    if size != part.bytes or digest.hexdigest() != part.sha256:
        raise _no_backup(file, f"{part.path} in it is damaged.")


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file for this user alone, on the disk when it is closed."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        opened = file.open("rb")
    except OSError as error:
        raise FileError(f"{file} cannot be read.", why=error.strerror or str(error)) from error
    with opened:
        try:
            with zipfile.ZipFile(opened) as archive:
                if any(not 0 <= part.header_offset < os.fstat(opened.fileno()).st_size for part in archive.infolist()):
                    raise _no_backup(file, "It is damaged: it names places outside of itself.")
                yield archive
        except _BROKEN as error:
            raise _no_backup(file, f"It is damaged, or something else: {error}.") from error


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    read: Callable[[], bytes] = lambda: file.read(_PIECE)  # noqa: E731
    return iter(read, b"")


def _is_in_a_home(path: str) -> bool:
    """Whether a backup may have written this: a place below the home, of what is kept there."""
    return all(step not in ("", ".", "..") for step in path.split("/")) and is_kept(PurePosixPath(path))


def _check_format(file: Path, values: object) -> None:
    found = values.get("format") if isinstance(values, dict) else None
    if not isinstance(found, int) or found < 1:
        raise _no_backup(file, "Its list of contents is none of Signpost's.")
    if found > FORMAT:
        raise _newer(file)


def _newer(file: Path) -> StoreNewerError:
    return StoreNewerError(
        f"The backup {file} was written by a newer Signpost.",
        next_step="Update Signpost. Nothing was changed.",
    )


def _no_backup(file: Path, why: str) -> FileError:
    return FileError(
        f"{file} is no backup that can be restored.", why=why, next_step="Take another file. Nothing was changed."
    )
