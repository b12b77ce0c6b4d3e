"""`add --sync`: documents whose file is gone go too, and only those."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ingest.discover import Patterns
from tests.ingest.stores import Stores, opened_stores
from tools.access import Access
from tools.errors import InputError
from tools.shapes import Filters


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    async with opened_stores(tmp_path / "home") as stores:
        yield stores


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    (folder / "inner").mkdir(parents=True)
    (folder / "bridge.md").write_text("The Harbour Bridge has 12 arches.", encoding="utf-8")
    (folder / "gate.md").write_text("| 姓名 | 所属单位 |\n|---|---|\n| 李岚 | 海晏工程有限公司 |\n", encoding="utf-8")
    (folder / "inner" / "mill%0A.md").write_text("The mill is old.", encoding="utf-8")
    return folder


async def titles(stores: Stores) -> set[str]:
    return {Path(document.uri).name for document in await stores.documents()}


async def test_what_is_gone_is_removed_with_its_passages_and_facts(stores: Stores, folder: Path) -> None:
    await stores.add(folder)
    facts = await stores.knowledge_graph.neighbourhood(["李岚"], hops=1, access=Access(), filters=Filters(), limit=9)
    assert facts
    (folder / "gate.md").unlink()
    shutil.rmtree(folder / "inner")
    assert (await stores.add(folder)).removed == 0
    summary = await stores.add(folder, syncs=True)
    assert (summary.unchanged, summary.removed) == (1, 2)
    assert [Path(gone.uri).name for gone in summary.gone] == ["gate.md", "mill%250A.md"]
    assert await titles(stores) == {"bridge.md"}
    assert await stores.search("李岚") == []
    assert not await stores.knowledge_graph.neighbourhood(["李岚"], hops=1, access=Access(), filters=Filters(), limit=9)
    assert await stores.is_indexed()


async def test_what_is_there_and_left_out_stays(stores: Stores, folder: Path) -> None:
    await stores.add(folder)
    (folder / ".gitignore").write_text("gate.md")
    summary = await stores.add(folder, syncs=True, patterns=Patterns(exclude=("inner/",)))
    assert (summary.removed, summary.skipped_reasons) == (0, {"excluded": 1, "hidden": 1, "ignored": 1})
    assert len(await titles(stores)) == 3


async def test_other_folders_and_collections_stay(stores: Stores, folder: Path, tmp_path: Path) -> None:
    beside = tmp_path / "papers-2024"
    shutil.copytree(folder, beside)
    await stores.add(folder, beside)
    await stores.add(folder, collection="other")
    shutil.rmtree(folder / "inner")
    shutil.rmtree(beside / "inner")
    assert (await stores.add(folder, syncs=True)).removed == 1
    uris = {(document.collection, document.uri) for document in await stores.documents()}
    assert {("default", f"{beside}/inner/mill%250A.md"), ("other", f"{folder}/inner/mill%250A.md")} < uris


async def test_nothing_is_removed_where_the_folder_seems_to_be_away(stores: Stores, folder: Path) -> None:
    await stores.add(folder)
    shutil.rmtree(folder)
    with pytest.raises(InputError, match="no folder to compare"):
        await stores.add(folder, syncs=True)
    folder.mkdir()  # where a disk was mounted
    summary = await stores.add(folder, syncs=True)
    assert (summary.removed, len(await titles(stores))) == (0, 3)
    assert "is its disk there?" in summary.warnings[0].message


async def test_nothing_is_removed_below_a_folder_that_cannot_be_listed(
    stores: Stores, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stores.add(folder)
    (folder / "inner" / "mill%0A.md").unlink()
    scan = os.scandir

    def scandir(path: Path) -> object:
        if Path(path).name == "inner":
            raise OSError(5, "Input/output error")
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    summary = await stores.add(folder, syncs=True)
    assert summary.removed == 0
    assert "Input/output error" in summary.failed[0].message


async def test_nothing_is_removed_where_the_system_could_not_give_a_file(
    stores: Stores, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stores.add(folder)
    (folder / "gate.md").unlink()
    opened = Path.open

    def broken(path: Path, mode: str = "r") -> object:
        if path.name == "bridge.md":
            raise OSError(5, "Input/output error")
        return opened(path, mode)

    monkeypatch.setattr(Path, "open", broken)
    summary = await stores.add(folder, syncs=True)
    assert (summary.removed, len(summary.failed)) == (0, 1)
    assert "nothing is removed" in summary.warnings[0].message
    monkeypatch.undo()
    (folder / "bridge.md").write_bytes(b"")  # it can be given, and is no text: the others are gone all the same
    summary = await stores.add(folder, syncs=True)
    assert (summary.removed, len(summary.failed)) == (1, 1)
    assert "bridge.md" in await titles(stores)


async def test_a_mistyped_path_keeps_nothing_from_being_removed(stores: Stores, folder: Path, tmp_path: Path) -> None:
    await stores.add(folder)
    (folder / "gate.md").unlink()
    summary = await stores.add(folder, folder / "brigde.md", syncs=True)
    assert (summary.removed, len(summary.failed)) == (0, 1)
    assert "does not exist" in summary.warnings[0].message  # it may have been there a moment ago, as others were
    assert (await stores.add(folder, tmp_path / "brigde", syncs=True)).removed == 1


async def test_documents_whoever_may_read_them(stores: Stores, folder: Path) -> None:
    await stores.add(folder, readers=("user:lin",))
    (folder / "gate.md").unlink()
    assert (await stores.add(folder, syncs=True)).removed == 1


async def test_what_is_private_stays_so_when_it_is_moved_or_copied(stores: Stores, folder: Path) -> None:
    rows = folder / "rows.jsonl"
    rows.write_text('{"text": "The dam is high."}\n', encoding="utf-8")
    await stores.add(folder / "gate.md", readers=("user:lin", "user:mei"))
    await stores.add(folder / "gate.md", collection="other", readers=("user:lin",))
    await stores.add(rows, readers=("user:lin",))
    (folder / "inner" / "copy.md").write_bytes((folder / "gate.md").read_bytes())
    (folder / "gate.md").rename(folder / "inner" / "moved.md")
    rows.rename(folder / "inner" / "rows.jsonl")
    summary = await stores.add(folder, syncs=True)
    assert (summary.added, summary.removed) == (5, 2)
    assert await titles(stores) == {"bridge.md", "mill%250A.md"}
    found = {Path(each.uri).name: each.readers for each in await stores.documents(Access("lin"))}
    assert (found["moved.md"], found["copy.md"], found["rows.jsonl"]) == (
        ("user:lin", "user:mei"),
        ("user:lin", "user:mei"),
        ("user:lin",),
    )
    assert (await stores.add(folder, syncs=True)).unchanged == 5


async def test_what_is_kept_elsewhere_is_forgotten_first(stores: Stores, folder: Path) -> None:
    (folder / "rows.jsonl").write_text('{"id": "a", "text": "The dam is high."}\n{"id": "b", "text": "Low."}\n')
    await stores.add(folder)
    known = {document.id: Path(document.uri).name for document in await stores.documents()}
    forgotten: list[str] = []

    def forget(document_id: str) -> None:
        forgotten.append(known[document_id])

    (folder / "rows.jsonl").write_text('{"id": "a", "text": "The dam is high."}\n')
    (folder / "gate.md").unlink()
    assert (await stores.add(folder, forget=forget)).removed == 1
    assert forgotten == ["rows.jsonl"]
    assert (await stores.add(folder, syncs=True, forget=forget)).removed == 1
    assert forgotten == ["rows.jsonl", "gate.md"]


async def test_what_cannot_be_forgotten_elsewhere_is_not_removed(stores: Stores, folder: Path) -> None:
    def forget(document_id: str) -> None:
        raise InputError("The results cannot be written.")

    await stores.add(folder)
    (folder / "gate.md").unlink()
    summary = await stores.add(folder, syncs=True, forget=forget)
    assert (summary.removed, summary.stopped) == (0, "The results cannot be written.")
    assert "gate.md" in await titles(stores)
