"""Corpora: which documents a pack's files become, what of them is named instead, and that loading again is idle."""

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.resources import LiveResources
from agent.settings import Settings
from evals.corpora import (
    LIHUA,
    MIXED,
    TRAVEL,
    XQUAD_EN,
    XQUAD_ZH,
    corpora_fingerprint,
    load_corpora,
    read_corpora,
    travel_document_id,
)
from evals.pack import Pack
from evals.product import Product
from tests.evals.tasks.question_pack import passage, triple
from tests.evals.tasks.tiny_pack import tiny_pack
from tools.access import Access
from tools.shapes import Filters
from tools.stores.stores import Stores

CMRC = "zh_single_hop_cmrc.corpus"
SQUAD = "en_single_hop_squad2.corpus"
XQUAD = "xling_single_hop_xquad.corpus"
TRIPLES = "kg_travel_zh.triples"


def stores_in(folder: Path) -> AbstractAsyncContextManager[tuple[Stores, Product]]:
    @asynccontextmanager
    async def opened() -> Any:
        resources = LiveResources(Settings(home=folder / "home", web="off", chat_model="off"), held_by="test")
        try:
            yield await resources.stores(), Product(await resources.get())
        finally:
            await resources.close()

    return opened()


def pack_of(folder: Path, files: Mapping[str, Sequence[Mapping[str, Any] | str]]) -> Pack:
    folder.mkdir(exist_ok=True)
    return tiny_pack(folder, files)


def silent(file: str, done: int, total: int) -> None:
    return None


async def ids_in(stores: Stores, collection: str) -> set[str]:
    documents = await stores.ledger.documents(Access(), Filters(collections=(collection,)))
    return {document.id for document in documents}


async def test_passages_become_documents_of_their_collections_under_their_pid(tmp_path: Path) -> None:
    files = {
        CMRC: [passage("zh:1", "灰鹤塔", "灰鹤塔高四十米。")],
        SQUAD: [passage("en:1", "Heron tower", "The heron tower is forty metres tall.")],
        XQUAD: [
            passage("x:en", "Quay", "The quay is long.", lang="en"),
            passage("x:zh", "码头", "码头很长。", lang="zh"),
        ],
    }
    async with stores_in(tmp_path) as (stores, product):
        faults = await load_corpora(pack_of(tmp_path / "pack", files), stores, silent)
        assert faults == {}
        assert await ids_in(stores, MIXED) == {"zh:1", "en:1"}
        assert await ids_in(stores, XQUAD_EN) == {"x:en"}
        assert await ids_in(stores, XQUAD_ZH) == {"x:zh"}
        assert await ids_in(stores, LIHUA) == set()
        (hit,) = await product.search("heron tower", collections=[MIXED])
        assert hit.passage.document_id == "en:1"


async def test_bad_rows_are_named_by_file_and_the_others_load(tmp_path: Path) -> None:
    files = {
        CMRC: [
            passage("zh:1", "灰鹤塔", "灰鹤塔高四十米。"),
            {"title": "没有编号", "text": "这一行没有编号。"},
            passage("zh:1", "又是它", "同一个编号。"),
            {"pid": "zh:2", "title": "空白"},
            "{",
            passage("zh:3", "看不见", "\u202e \x07"),
            passage("zh:4\n", "换行", "编号里有换行。"),
        ],
        SQUAD: [passage("zh:1", "Taken", "This pid is taken."), passage("en:1", "Tower", "A tower.")],
        TRIPLES: [triple("云顶湖", "门票", "35元"), {"head": "云顶湖", "relation": "门票"}],
    }
    pack = pack_of(tmp_path / "pack", files)
    with (pack.folder / f"{SQUAD}.jsonl").open("ab") as file:
        file.write(b'\n{"pid": "en:2", "text": "caf\xe9"}')
    async with stores_in(tmp_path) as (stores, _):
        faults = await load_corpora(pack, stores, silent)
        assert await ids_in(stores, MIXED) == {"zh:1", "en:1"}
        assert await ids_in(stores, TRAVEL) == {travel_document_id("云顶湖")}
    assert sorted((fault.line, fault.why) for fault in faults[CMRC]) == [
        (2, "has no pid"),
        (3, "repeats the pid of an earlier line"),
        (4, "has no text"),
        (5, "not JSON"),
        (6, "has no text"),
        (7, "has a pid that no document can have"),
    ]
    assert {(fault.line, fault.why) for fault in faults[SQUAD]} == {
        (1, f"has the pid of a passage of {CMRC}"),
        (3, "not in UTF-8"),
    }
    assert [(fault.line, fault.why) for fault in faults[TRIPLES]] == [(2, "has no head, relation or tail")]
    assert read_corpora(pack).document_ids(MIXED) == {"zh:1", "en:1"}


async def test_triples_can_be_walked_and_found_as_passages(tmp_path: Path) -> None:
    files = {TRIPLES: [triple("云顶湖", "门票", "35元"), triple("云顶湖", "周边景点", "老茶山")]}
    async with stores_in(tmp_path) as (stores, product):
        await load_corpora(pack_of(tmp_path / "pack", files), stores, silent)
        facts = await stores.knowledge_graph.neighbourhood(
            ["云顶湖"], hops=1, access=Access(), filters=Filters(collections=(TRAVEL,)), limit=10
        )
        assert {(fact.head, fact.relation, fact.tail) for fact in facts} == {
            ("云顶湖", "门票", "35元"),
            ("云顶湖", "周边景点", "老茶山"),
        }
        hits = await product.search("云顶湖 门票", collections=[TRAVEL])
        assert hits[0].passage.text == "云顶湖 — 门票 — 35元"


class ReadOnly:
    """A ledger that may be read, and counts as written to when it is asked to change a document."""

    def __init__(self, ledger: Any) -> None:
        self._ledger = ledger
        self.changed: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    async def replace_document(self, document: Any, *rest: Any) -> None:
        self.changed.append(document.id)
        await self._ledger.replace_document(document, *rest)

    async def remove_document(self, document_id: str) -> None:
        self.changed.append(document_id)
        await self._ledger.remove_document(document_id)


async def test_what_is_there_is_passed_over_wherever_the_pack_lies(tmp_path: Path) -> None:
    files = {CMRC: [passage("zh:1", "灰鹤塔", "灰鹤塔高四十米。")], TRIPLES: [triple("云顶湖", "门票", "35元")]}
    async with stores_in(tmp_path) as (stores, _):
        ledger = ReadOnly(stores.ledger)
        watched = replace(stores, ledger=ledger)
        await load_corpora(pack_of(tmp_path / "here", files), watched, silent)
        assert len(ledger.changed) == 2
        ledger.changed.clear()
        await load_corpora(pack_of(tmp_path / "there", files), watched, silent)
        assert ledger.changed == []


async def test_what_has_changed_is_written_and_what_is_gone_is_removed(tmp_path: Path) -> None:
    before = {
        CMRC: [passage("zh:1", "塔", "灰鹤塔高四十米。"), passage("zh:2", "桥", "桥长两里。")],
        TRIPLES: [triple("云顶湖", "门票", "35元"), triple("老茶山", "门票", "免费")],
    }
    after = {
        CMRC: [passage("zh:1", "塔", "灰鹤塔高五十米。")],
        TRIPLES: [triple("云顶湖", "门票", "40元")],
    }
    async with stores_in(tmp_path) as (stores, product):
        await load_corpora(pack_of(tmp_path / "before", before), stores, silent)
        await load_corpora(pack_of(tmp_path / "after", after), stores, silent)
        assert await ids_in(stores, MIXED) == {"zh:1"}
        assert await ids_in(stores, TRAVEL) == {travel_document_id("云顶湖")}
        (hit,) = await product.search("灰鹤塔", collections=[MIXED])
        assert "五十" in hit.passage.text
        (ticket,) = await product.search("云顶湖 门票", collections=[TRAVEL])
        assert "40元" in ticket.passage.text


async def test_progress_is_heard_from_the_first_document_to_the_last_and_not_of_what_is_there(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    files = {
        CMRC: [passage(f"zh:{n}", "塔", f"第{n}座塔。") for n in range(3)],
        TRIPLES: [triple("湖", "门票", "免费")],
    }
    async with stores_in(tmp_path) as (stores, _):
        pack = pack_of(tmp_path / "pack", files)
        await load_corpora(pack, stores, lambda *step: seen.append(step))
        assert seen == [(CMRC, 0, 3), (CMRC, 3, 3), (TRIPLES, 0, 1), (TRIPLES, 1, 1)]
        seen.clear()
        await load_corpora(pack, stores, lambda *step: seen.append(step))
        assert seen == []


@pytest.mark.parametrize(
    ("file", "rows", "is_same"),
    [
        (CMRC, [passage("zh:1", "塔", "灰鹤塔高四十米。")], True),
        (CMRC, [passage("zh:1", "塔", "灰鹤塔高五十米。")], False),
        (SQUAD, [passage("zh:1", "塔", "灰鹤塔高四十米。")], False),
    ],
)
def test_the_fingerprint_is_that_of_content_and_place(
    tmp_path: Path, file: str, rows: Sequence[Mapping[str, Any]], is_same: bool
) -> None:
    one = pack_of(tmp_path / "one", {CMRC: [passage("zh:1", "塔", "灰鹤塔高四十米。")]})
    other = pack_of(tmp_path / "other", {file: rows})
    assert (corpora_fingerprint(one) == corpora_fingerprint(other)) is is_same


def test_files_that_were_written_again_are_read_again(tmp_path: Path) -> None:
    pack = pack_of(tmp_path / "pack", {CMRC: [passage("zh:1", "塔", "灰鹤塔高四十米。")]})
    assert read_corpora(pack).document_ids(MIXED) == {"zh:1"}
    (pack.folder / f"{CMRC}.jsonl").write_text(json.dumps(passage("zh:20", "桥", "桥长两里。")), encoding="utf-8")
    assert read_corpora(pack).document_ids(MIXED) == {"zh:20"}
