import asyncio
import dataclasses
import json
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from ingest.add_summary import Progress
from ingest.reading import Reading
from ingest.remove import remove
from tests.ingest.stores import Stores, opened_stores
from tools.access import Access
from tools.errors import InputError, StoreError
from tools.shapes import Filters
from tools.stores.protocols import IndexedChunk
from tools.stores.qdrant.edge_vector_store import EdgeVectorStore
from tools.text.identifiers import document_id

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    async with opened_stores(tmp_path / "home") as stores:
        yield stores


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three small files, and some that a folder's `add` leaves out."""
    folder = tmp_path / "papers"
    (folder / "inner").mkdir(parents=True)
    (folder / "a.md").write_text("# 甲\n\n基坑深18米。\n", encoding="utf-8")
    (folder / "b.txt").write_text("Trucks wait at Gate 2 with engines off.\n", encoding="utf-8")
    (folder / "inner" / "c.csv").write_text("名称,数量\n钢筋,12\n", encoding="utf-8")
    (folder / ".hidden.md").write_text("hidden", encoding="utf-8")
    (folder / "film.mp4").write_bytes(b"film")
    return folder


async def test_samples_are_found_and_a_second_run_changes_nothing(stores: Stores) -> None:
    summary = await stores.add(SAMPLES)
    assert (summary.added, summary.failed, summary.warnings) == (14, (), ())
    assert summary.chunks == summary.indexed > 50
    assert await stores.is_indexed()
    [noise, *_] = await stores.search("二标段施工场界昼间噪声预测值")
    assert (noise.title, noise.page, noise.section) == ("东站综合交通枢纽工程环境影响报告书", 3, "3 声环境影响")
    [permit, *_] = await stores.search("How far ahead must a hot work permit be requested?")
    assert "24 hours in advance" in permit.text
    again = await stores.add(SAMPLES)
    assert (again.added, again.updated, again.unchanged, again.chunks, again.indexed) == (0, 0, 14, 0, 0)


async def test_two_hops_in_the_knowledge_graph(stores: Stores) -> None:
    await stores.add(SAMPLES)
    chains = await stores.knowledge_graph.paths(
        "二标段", "孟庭芳", max_hops=2, access=Access(), filters=Filters(), limit=9
    )
    steps = {tuple((fact.head, fact.relation, fact.tail) for fact in chain) for chain in chains}
    assert (
        ("二标段", "监理单位", "华衡工程监理有限公司"),
        ("华衡工程监理有限公司", "法定代表人", "孟庭芳"),
    ) in steps


async def test_folders_recurse_and_leave_out_what_is_not_read(stores: Stores, folder: Path) -> None:
    summary = await stores.add(folder, folder / "a.md")
    assert (summary.added, summary.skipped, summary.failed) == (3, 2, ())
    assert {document.uri for document in await stores.documents()} == {
        (folder / name).as_posix() for name in ("a.md", "b.txt", "inner/c.csv")
    }


async def test_changed_file_replaces_its_document(stores: Stores, folder: Path) -> None:
    await stores.add(folder)
    (folder / "a.md").write_text("# 甲\n\n地下连续墙厚1米。\n", encoding="utf-8")
    summary = await stores.add(folder)
    assert (summary.added, summary.updated, summary.unchanged) == (0, 1, 2)
    assert await stores.is_indexed()
    texts = [passage.text for passage in await stores.search("基坑深多少？地下连续墙多厚？")]
    assert any("地下连续墙厚1米" in text for text in texts)
    assert not any("基坑深18米" in text for text in texts)


async def test_changed_readers_replace_a_document(stores: Stores, folder: Path) -> None:
    lin, wang = Access("lin"), Access("wang")
    await stores.add(folder / "a.md")
    assert await stores.search("基坑深", wang)
    summary = await stores.add(folder / "a.md", readers=("user:lin",))
    assert summary.updated == 1
    assert await stores.search("基坑深", lin)
    assert await stores.search("基坑深", wang) == []
    summary = await stores.add(folder / "a.md", readers=("everyone",))
    assert summary.updated == 1
    assert await stores.search("基坑深", wang)


async def test_what_the_adder_may_not_read_is_known_all_the_same(stores: Stores, folder: Path) -> None:
    lin, wang = Access("lin"), Access("wang")
    assert (await stores.add(folder / "a.md", readers=("user:lin",))).added == 1
    for readers in (("user:lin",), None):
        again = await stores.add(folder / "a.md", readers=readers)
        assert (again.added, again.updated, again.unchanged) == (0, 0, 1)
    (folder / "a.md").write_text("# 甲\n\n基坑深20米。\n", encoding="utf-8")
    changed = await stores.add(folder / "a.md")
    assert (changed.added, changed.updated) == (0, 1)
    assert [passage.text for passage in await stores.search("基坑深", lin)] == ["# 甲\n\n基坑深20米。"]
    assert await stores.search("基坑深", wang) == []
    assert [document.readers for document in await stores.documents(lin)] == [("user:lin",)]


async def test_a_file_that_is_private_in_another_collection_stays_private(stores: Stores, folder: Path) -> None:
    lin, wang = Access("lin"), Access("wang")
    await stores.add(folder / "a.md", collection="private", readers=("user:lin",))
    assert (await stores.add(folder / "a.md")).added == 1
    assert await stores.documents(wang) == []
    assert {(d.collection, d.readers) for d in await stores.documents(lin)} == {
        ("default", ("user:lin",)),
        ("private", ("user:lin",)),
    }
    await stores.add(folder / "a.md", readers=("everyone",))
    assert [document.collection for document in await stores.documents(wang)] == ["default"]
    assert (await stores.add(folder / "a.md")).unchanged == 1  # its own readers go before another collection's
    assert [document.collection for document in await stores.documents(wang)] == ["default"]


async def test_who_adds_what_they_cannot_read_is_warned_once_for_all_files(stores: Stores, folder: Path) -> None:
    summary = await stores.add(folder / "a.md", readers=("user:lin", "group:finance"))
    [warning] = summary.warnings
    assert warning.name == "a.md"
    assert warning.message.startswith("is readable by group:finance, user:lin only: status and ask")
    [again] = (await stores.add(folder, readers=("group:finance", "user:lin"))).warnings
    assert again.name == "3 files"
    assert again.message.endswith("will not find them.")
    assert (await stores.add(folder, readers=("user:lin", "user:local"))).warnings == ()


async def test_private_rows_follow_their_file_and_new_rows_are_private_too(stores: Stores, tmp_path: Path) -> None:
    lin, wang = Access("lin"), Access("wang")
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": "r1", "text": "第一号管廊"}\n{"text": "第二号管廊"}\n', encoding="utf-8")
    await stores.add(path, readers=("user:lin",))
    path.write_text('{"text": "第三号管廊"}\n{"id": "r4", "text": "第四号管廊"}\n', encoding="utf-8")
    summary = await stores.add(path)
    assert (summary.added, summary.removed) == (2, 2)
    assert sorted(passage.text for passage in await stores.search("管廊", lin)) == ["第三号管廊", "第四号管廊"]
    assert await stores.search("管廊", wang) == []


async def test_a_row_does_not_take_the_id_of_what_the_adder_may_not_read(stores: Stores, tmp_path: Path) -> None:
    secret, mine = tmp_path / "secret.jsonl", tmp_path / "mine.jsonl"
    secret.write_text('{"id": "x1", "title": "机密", "text": "机密管廊"}', encoding="utf-8")
    mine.write_text('{"id": "x1", "text": "公开隧道"}\n{"id": "x2", "text": "公开桥梁"}', encoding="utf-8")
    await stores.add(secret, readers=("user:lin",))
    summary = await stores.add(mine)
    assert (summary.added, len(summary.failed)) == (1, 1)
    assert "x1" in summary.failed[0].message
    assert not any(word in summary.failed[0].message for word in ("机密", "secret", "lin"))
    assert "机密管廊" in {passage.text for passage in await stores.search("机密管廊", Access("lin"))}
    assert [passage.text for passage in await stores.search("公开")] == ["公开桥梁"]


async def test_wrong_user_sees_nothing(stores: Stores) -> None:
    await stores.add(SAMPLES, readers=("user:lin",))
    stranger = Access("wang", ("finance",))
    assert await stores.search("二标段噪声", Access("lin"))
    assert await stores.search("二标段噪声", stranger) == []
    assert await stores.documents(stranger) == []
    counts = await stores.ledger.counts(stranger)
    assert (counts.documents, counts.chunks, counts.entities, counts.facts) == (0, 0, 0, 0)
    found = await stores.knowledge_graph.entities_in("二标段", access=stranger, filters=Filters(), limit=5)
    assert found == []


async def test_removed_document_is_forgotten(stores: Stores, folder: Path) -> None:
    await stores.add(folder)
    path = (folder / "a.md").as_posix()
    await remove(document_id("default", path), stores.opened)
    assert await stores.search("基坑深18米") == []
    assert await stores.is_indexed()
    assert (await stores.add(folder)).added == 1


async def test_one_bad_file_does_not_stop_the_others(stores: Stores, folder: Path) -> None:
    (folder / "a1.pdf").write_bytes(b"no pdf")
    (folder / "a2.txt").write_bytes(b"")
    summary = await stores.add(folder / "gone.md", folder / "film.mp4", folder)
    assert (summary.added, summary.skipped) == (3, 2)
    assert [problem.name for problem in summary.failed] == ["gone.md", "film.mp4", "a1.pdf", "a2.txt"]
    assert "does not exist" in summary.failed[0].message
    assert await stores.is_indexed()


async def test_file_that_became_bad_keeps_its_document(stores: Stores, folder: Path) -> None:
    await stores.add(folder)
    (folder / "a.md").write_bytes(b"\x00\x01")
    summary = await stores.add(folder)
    assert (summary.unchanged, len(summary.failed)) == (2, 1)
    assert await stores.search("基坑深18米")


async def test_a_row_that_is_broken_for_a_moment_keeps_its_document(stores: Stores, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    first, second = '{"id": "a", "text": "The mill."}\n', '{"id": "b", "text": "The dam."}\n'
    path.write_text(first + second, encoding="utf-8")
    await stores.add(path)
    path.write_text(first + second[:20], encoding="utf-8")
    summary = await stores.add(path)
    assert (summary.unchanged, summary.removed) == (1, 0)
    assert "nothing of it was removed" in summary.warnings[-1].message
    path.write_text(first + first, encoding="utf-8")  # it says the same twice: nothing is lost
    assert (await stores.add(path)).removed == 1


async def test_jsonl_rows_keep_their_ids_and_follow_their_file(stores: Stores, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [{"id": f"r{n}", "text": f"第{n}号报告说明了管廊情况。"} for n in range(3)]
    path.write_text("\n".join([*map(json.dumps, rows), "broken"]), encoding="utf-8")
    summary = await stores.add(path)
    assert (summary.added, [problem.name for problem in summary.warnings]) == (3, ["rows.jsonl"])
    assert "line 4" in summary.warnings[0].message
    rows[1]["text"] = "完全不同的内容。"
    path.write_text("\n".join(map(json.dumps, rows[:2])), encoding="utf-8")
    summary = await stores.add(path)
    assert (summary.added, summary.updated, summary.unchanged, summary.removed) == (0, 1, 1, 1)
    assert {document.id for document in await stores.documents()} == {"r0", "r1"}
    assert await stores.is_indexed()


async def test_row_ids_are_not_taken_from_other_files(stores: Stores, tmp_path: Path) -> None:
    for name, text in (("one.jsonl", "管廊"), ("two.jsonl", "隧道")):
        (tmp_path / name).write_text(json.dumps({"id": "r1", "text": text}), encoding="utf-8")
    summary = await stores.add(tmp_path / "one.jsonl", tmp_path / "two.jsonl")
    assert (summary.added, [problem.name for problem in summary.failed]) == (1, ["two.jsonl: two"])
    assert "r1" in summary.failed[0].message
    assert (await stores.search("管廊"))[0].text == "管廊"
    summary = await stores.add(tmp_path / "one.jsonl", collection="other")
    assert (summary.added, len(summary.failed)) == (0, 1)


async def test_the_first_of_two_files_has_an_id_even_where_it_takes_longer_to_read(
    stores: Stores, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    long = json.dumps({"id": "long", "text": "长文。" * 4000})  # more than is read without a process of its own
    first.write_text(long + "\n" + json.dumps({"id": "r1", "text": "管廊"}), encoding="utf-8")
    second.write_text(json.dumps({"id": "r1", "text": "隧道"}), encoding="utf-8")
    summary = await stores.add(first, second)
    assert [problem.name for problem in summary.failed] == ["second.jsonl: second"]
    names = [each.name for each in stores.progress if each.stage in ("reading", "parsing", "storing")]
    assert names == sorted(names)
    assert set(names) == {"first.jsonl", "second.jsonl"}


async def test_rows_without_an_id_stay_the_same_when_others_come_before_them(stores: Stores, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "管廊"}\n{"text": "隧道"}\n', encoding="utf-8")
    await stores.add(path)
    before = {document.id for document in await stores.documents()}
    path.write_text('\n{"text": "桥梁"}\n{"text": "管廊"}\n{"text": "隧道"}\n', encoding="utf-8")
    summary = await stores.add(path)
    assert (summary.added, summary.updated, summary.unchanged, summary.removed) == (1, 0, 2, 0)
    assert before < {document.id for document in await stores.documents()}


async def test_row_with_half_a_surrogate_pair_in_its_metadata(stores: Stores, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "管廊", "metadata": {"author": "\\ud800"}}\n{"text": "隧道"}', encoding="utf-8")
    summary = await stores.add(path)
    assert (summary.added, summary.failed) == (1, ())
    assert [warning.message.startswith("line 1:") for warning in summary.warnings] == [True]


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX")
async def test_file_names_that_act_on_a_terminal_or_are_no_unicode(stores: Stores, tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m\n\u202eb.csv").write_text("名称,数量\n钢筋,12\n", encoding="utf-8")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb2\xe2.txt")).write_text("text", encoding="utf-8")
    summary = await stores.add(tmp_path)
    [document] = await stores.documents()
    assert document.uri == f"{tmp_path.as_posix()}/a%1B[31m%0A%E2%80%AEb.csv"
    assert document.title == "a b"
    assert [problem.name for problem in summary.failed] == [".txt"]
    assert "UTF-8" in summary.failed[0].message
    assert (await stores.add(tmp_path)).unchanged == 1


@pytest.mark.parametrize("stage", ["reading", "parsing", "storing", "indexing"])
async def test_cancelled_between_and_inside_files(stores: Stores, tmp_path: Path, stage: str) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    for number in range(12):
        (papers / f"{number:02}.md").write_text(f"Bridge {number} has {number} arches.", encoding="utf-8")
    adding = asyncio.ensure_future(stores.add(papers, on_progress=lambda progress: cancel(progress)))

    def cancel(progress: Progress) -> None:
        if progress.stage == stage and progress.files_done >= 4:
            adding.cancel()

    summary = await adding
    stored = len(await stores.documents())
    assert summary.interrupted
    assert summary.added == stored >= 4
    assert stored == 12 if stage == "indexing" else stored < 12
    complete = await stores.add(papers)
    assert (complete.interrupted, complete.added, complete.unchanged) == (False, 12 - stored, stored)
    assert await stores.is_indexed()


async def test_progress_and_summary(stores: Stores, folder: Path) -> None:
    summary = await stores.add(folder)
    for name in ("a.md", "b.txt", "c.csv"):
        stages = [progress.stage for progress in stores.progress if progress.name == name]
        assert stages == ["reading", "parsing", "storing"]
    done = [progress.files_done for progress in stores.progress]
    assert done == sorted(done)
    assert stores.progress[-1] == Progress(3, 3, "", "done", summary.chunks)
    indexing = [(progress.replayed, progress.to_replay) for progress in stores.progress if progress.stage == "indexing"]
    assert indexing == [(0, 3), (3, 3)]
    stores.progress.clear()
    await stores.add(folder)
    assert "indexing" not in {progress.stage for progress in stores.progress}
    assert json.loads(json.dumps(dataclasses.asdict(summary)))["added"] == 3


async def test_wrong_readers_change_nothing(stores: Stores, folder: Path) -> None:
    with pytest.raises(InputError, match="is not a reader"):
        await stores.add(folder, readers=("boss",))
    assert await stores.documents() == []


async def test_moved_and_relative_paths(stores: Stores, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await stores.add(folder / "a.md")
    monkeypatch.chdir(folder / "inner")
    assert (await stores.add(Path("../a.md"))).unchanged == 1
    shutil.copy(folder / "a.md", folder / "copy.md")
    assert (await stores.add(Path(os.pardir) / "copy.md")).added == 1


async def test_a_document_that_is_to_be_split_otherwise_is_split_again(stores: Stores, folder: Path) -> None:
    (folder / "a.md").write_text("## 甲\n\n一。\n\n## 乙\n\n二。", encoding="utf-8")

    async def splitters() -> set[tuple[str, str]]:
        listed = [each for each in await stores.documents() if each.uri.endswith("a.md")]
        return {(each.metadata["splitter"], each.metadata.get("asked_splitter", "")) for each in listed}

    assert (await stores.add(folder / "a.md")).chunks == 2
    assert await splitters() == {("structure", "")}
    fixed = await stores.add(folder / "a.md", reading=Reading(splitter="fixed"))
    assert (fixed.updated, fixed.chunks) == (1, 1)
    assert await splitters() == {("fixed", "fixed")}
    assert (await stores.add(folder / "a.md", reading=Reading(splitter="fixed"))).unchanged == 1
    assert (await stores.add(folder / "a.md")).unchanged == 1  # not asked: as it was asked for then
    (folder / "a.md").write_text("## 甲\n\n一。\n\n## 乙\n\n三。", encoding="utf-8")
    assert (await stores.add(folder / "a.md")).chunks == 1
    assert (await stores.add(folder / "a.md", reading=Reading(splitter="auto"))).chunks == 2
    assert await splitters() == {("structure", "")}


class _Away(EdgeVectorStore):
    """An index that cannot be written. `asked`: how often somebody tried."""

    asked = 0

    async def upsert(self, collection: str, chunks: Sequence[IndexedChunk], *, removing: Sequence[str] = ()) -> None:
        self.asked += 1
        raise StoreError("Qdrant cannot be reached.", next_step="Check QDRANT_URL.")

    async def remove(self, collection: str, chunk_ids: Sequence[str]) -> None:
        self.asked += 1
        raise StoreError("Qdrant cannot be reached.", next_step="Check QDRANT_URL.")


async def test_without_the_index_all_is_stored_and_it_is_asked_once(
    stores: Stores, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.document_writer._CHUNKS_BETWEEN_REPLAYS", 1)
    away = _Away(tmp_path / "away")
    summary = await dataclasses.replace(stores, vector_store=away).add(folder)
    assert (summary.added, summary.chunks, summary.indexed) == (3, 3, 0)
    assert summary.index_problem == "Qdrant cannot be reached.\nNext: Check QDRANT_URL."
    assert away.asked == 1
    await away.close()
    again = await stores.add(folder)
    assert (again.unchanged, again.indexed, again.index_problem) == (3, 3, "")
    assert await stores.is_indexed()


async def test_without_the_index_a_document_is_removed_all_the_same(
    stores: Stores, folder: Path, tmp_path: Path
) -> None:
    await stores.add(folder)
    away = _Away(tmp_path / "away")
    path = (folder / "a.md").as_posix()
    opened = dataclasses.replace(stores.opened, vector_store=away)
    assert "Qdrant cannot be reached." in await remove(document_id("default", path), opened)
    await away.close()
    assert len(await stores.documents()) == 2
    assert await remove("unknown", stores.opened) == ""
    assert await stores.is_indexed()
