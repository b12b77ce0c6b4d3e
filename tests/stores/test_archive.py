"""A backup's file: what was packed comes back, and anything else is refused before it does harm."""

import json
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.errors import FileError, SignpostError, StoreNewerError
from tools.stores.archive import About, read_manifest, unpack, write_archive
from tools.stores.sql.migrations import MIGRATIONS

ABOUT = About("2026-03-01T12:00:00+00:00", "0.1.0", schema=1, documents=2, conversations=0)
FILES = {"ledger.db": b"documents" * 5000, "evaluation/runs/a/report.json": b"{}", "评测.json": b""}

Change = Callable[[dict[str, Any]], object]


def unheard(done: int, total: int) -> None:
    """Progress that nobody looks at."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    files = {}
    for number, (place, content) in enumerate(FILES.items()):
        files[place] = folder / str(number)
        files[place].write_bytes(content)
    write_archive(folder / "backup.zip", files, ABOUT, unheard)
    return folder / "backup.zip"


def restored(file: Path, folder: Path) -> dict[str, bytes]:
    """What an archive unpacks to. Raises what reading it raises."""
    folder.mkdir(exist_ok=True)
    unpack(file, read_manifest(file).parts, folder, unheard)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def rewritten(archive: Path, target: Path, change: Change, extra: dict[str, bytes] | None = None) -> Path:
    """The archive with another manifest, and further members."""
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "manifest.json":
                values = json.loads(content)
                change(values)
                content = json.dumps(values).encode()
            new.writestr(name, content)
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return target


def test_what_was_packed_comes_back_for_its_owner_alone(archive: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    manifest = read_manifest(archive)
    (tmp_path / "home").mkdir()
    unpack(archive, manifest.parts, tmp_path / "home", lambda done, total: told.append((done, total)))
    assert manifest.about == ABOUT
    for place, content in FILES.items():
        path = tmp_path / "home" / place
        assert path.read_bytes() == content
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert told[-1] == (manifest.bytes, manifest.bytes)
    assert manifest.bytes == sum(map(len, FILES.values()))


@pytest.mark.parametrize(
    "place",
    [
        "../outside",
        "/etc/outside",
        "evaluation/../../outside",
        "./ledger.db",
        "a//b",
        "",
        "holder.json",
        "home.lock",
        "index/default/segment",
        "index-1/x",
        "ledger.db-wal",
    ],
)
def test_places_that_no_home_keeps_are_refused(archive: Path, tmp_path: Path, place: str) -> None:
    def point(values: dict[str, Any]) -> None:
        values["parts"][1]["path"] = place

    with zipfile.ZipFile(archive) as old:
        content = old.read("home/evaluation/runs/a/report.json")
    changed = rewritten(archive, tmp_path / "changed.zip", point, {f"home/{place}": content})
    with pytest.raises(FileError):
        restored(changed, tmp_path / "home")
    assert not list(tmp_path.glob("outside*"))


CHANGES: dict[str, Change] = {
    "a part that is not there": lambda values: values["parts"].append({"path": "x", "bytes": 1, "sha256": ""}),
    "another hash": lambda values: values["parts"][0].update(sha256="0" * 64),
    "too short": lambda values: values["parts"][0].update(bytes=10),
    "too long": lambda values: values["parts"][0].update(bytes=10**9),
    "a part not listed": lambda values: values["parts"].pop(),
    "twice": lambda values: values["parts"].append(values["parts"][0]),
    "no format": lambda values: values.pop("format"),
    "a format that is none": lambda values: values.update(format=[]),
    "no parts": lambda values: values.update(parts=None),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_manifest_that_is_not_of_its_archive_is_refused(archive: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError, match="no backup that can be restored"):
        restored(rewritten(archive, tmp_path / "changed.zip", CHANGES[name]), tmp_path / "home")


@pytest.mark.parametrize("change", [{"format": 2}, {"about": {"schema": len(MIGRATIONS) + 1}}])
def test_a_newer_backup_is_refused(archive: Path, tmp_path: Path, change: dict[str, Any]) -> None:
    def raise_version(values: dict[str, Any]) -> None:
        for name, value in change.items():
            values[name] = {**values[name], **value} if isinstance(value, dict) else value

    with pytest.raises(StoreNewerError, match="newer Signpost"):
        read_manifest(rewritten(archive, tmp_path / "changed.zip", raise_version))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"hello " * 1000])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.zip").write_bytes(content)
    with pytest.raises(FileError, match="no backup"):
        read_manifest(tmp_path / "other.zip")
    with pytest.raises(FileError, match="cannot be read"):
        read_manifest(tmp_path / "none.zip")


def test_a_list_that_begins_before_the_file_is_refused(archive: Path, tmp_path: Path) -> None:
    content = bytearray(archive.read_bytes())
    end = content.rindex(b"PK\x05\x06")
    (offset,) = struct.unpack_from("<L", content, end + 16)
    struct.pack_into("<L", content, end + 16, offset + 5000)
    (tmp_path / "damaged.zip").write_bytes(content)
    with pytest.raises(FileError, match="outside of itself"):
        read_manifest(tmp_path / "damaged.zip")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_damaged_archive_is_refused_or_gives_what_was_packed(
    archive: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(archive.read_bytes())
    cut = data.draw(st.integers(0, len(content)))
    if data.draw(st.booleans()):
        content = content[:cut]
    else:
        content[cut : cut + 1] = data.draw(st.binary(min_size=1, max_size=4))
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "damaged.zip").write_bytes(content)
    try:
        found = restored(folder / "damaged.zip", folder / "home")
    except SignpostError:
        return
    assert found == FILES
