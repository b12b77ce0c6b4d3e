"""What every ledger must do. A test class inherits this and gives a fresh, empty `ledger` fixture."""

import asyncio
import random
from dataclasses import replace

import pytest

from tests.stores.examples import (
    EVERYTHING,
    LIN,
    NOTHING,
    ODD_NAMES,
    STRANGER,
    WANG,
    make_chunks,
    make_document,
    make_extraction,
)
from tools.access import Access
from tools.errors import InputError
from tools.shapes import Chunk, Counts, Document, Entity, Extraction, Filters, TextBox, WebPage
from tools.stores.protocols import Finding, GraphState, Ledger, PendingChunk, SavedPages
from tools.text.identifiers import document_id

VERSION = "index-1"


async def put(ledger: Ledger, document: Document, *texts: str) -> list[Chunk]:
    chunks = make_chunks(document, *texts)
    await ledger.replace_document(document, chunks, NOTHING)
    return chunks


async def pending_ids(ledger: Ledger, version: str = VERSION) -> set[str]:
    return {each.chunk.id for batch in await ledger.pending(version) for each in batch.chunks}


async def listed(ledger: Ledger, *chunks: Chunk) -> list[PendingChunk]:
    """These chunks as the outbox lists them now."""
    ids = {chunk.id for chunk in chunks}
    due = [each for batch in await ledger.pending(VERSION, 10_000) for each in batch.chunks]
    return [each for each in due if each.chunk.id in ids]


async def mark(ledger: Ledger, *chunks: Chunk) -> None:
    await ledger.mark_indexed(await listed(ledger, *chunks), VERSION)


async def removed_ids(ledger: Ledger) -> dict[str, set[str]]:
    batches = await ledger.pending(VERSION)
    return {batch.collection: set(batch.removed_chunk_ids) for batch in batches if batch.removed_chunk_ids}


class LedgerContract:
    async def test_what_models_found_is_kept(self, ledger: Ledger) -> None:
        assert await ledger.finding("a picture") is None
        plan, nothing = Finding("a picture", "a", "泵房平面图"), Finding("an empty one", "a", "")
        await ledger.keep_findings([plan, nothing])
        newer = replace(plan, text="泵房平面图，比例1:100")
        await ledger.keep_findings([newer])
        await ledger.keep_findings([])
        assert await ledger.finding("a picture") == newer.text
        assert await ledger.finding("an empty one") == ""
        assert await ledger.findings_of(["a", "b"]) == [newer, nothing]
        assert await ledger.findings_of(["b"]) == []
        await ledger.forget_findings([plan, Finding("a picture", "b", "")])
        await ledger.forget_findings([])
        assert await ledger.findings_of(["a"]) == [nothing]

    async def test_a_finding_goes_with_the_last_document_that_it_is_of(self, ledger: Ledger) -> None:
        first, second = make_document("a.docx"), make_document("b.docx")
        of_second = Finding("a picture", second.id, "泵房平面图")
        await ledger.keep_findings([replace(of_second, document_id=first.id), of_second])
        await ledger.replace_document(first, [], Extraction())
        assert await ledger.findings_of_none() == [of_second]
        await ledger.replace_document(second, [], Extraction())
        await ledger.replace_document(first, [], Extraction())
        assert await ledger.findings_of_none() == []
        await ledger.remove_document(first.id)
        assert await ledger.finding("a picture") == "泵房平面图"
        await ledger.remove_document(second.id)
        assert await ledger.finding("a picture") is None

    async def test_a_document_comes_back_as_it_was_written(self, ledger: Ledger) -> None:
        document = make_document("报告.md", readers=("group:finance", "user:lin"), metadata={"author": "林", "n": [1]})
        chunk = Chunk(
            "6f6cdb67-0c8f-5d51-93f9-0f4f4d3d9d40",
            document.id,
            0,
            "正文",
            page=3,
            section="总则 > 一",
            boxes=(TextBox(0, 1, (1.0, 2.5, 3.0, 4.0)), TextBox(1, 2, (5.0, 2.5, 7.25, 4.0))),
            parent=2,
            metadata={"keywords": ["正文"], "tokens": 2, "article": "第九条"},
        )
        await ledger.replace_document(document, [chunk], NOTHING)
        assert await ledger.document(document.id, LIN) == document
        assert await ledger.documents(WANG) == [document]
        assert (await ledger.stored([document.id]))[document.id].chunks == (chunk,)
        passage = (await ledger.passages([chunk.id], LIN))[chunk.id]
        assert (passage.text, passage.page, passage.section, passage.boxes) == (
            chunk.text,
            chunk.page,
            chunk.section,
            chunk.boxes,
        )
        assert (passage.article, passage.details) == ("第九条", (("author", "林"),))
        assert (passage.document_id, passage.title, passage.uri) == (document.id, document.title, document.uri)

    async def test_facts_come_back_by_id(self, ledger: Ledger) -> None:
        document = make_document("a.md")
        chunks = make_chunks(document, "text")
        extraction = make_extraction(chunks[0], ("甲", "管理", "乙"), ("乙", "建设", "丙"))
        await ledger.replace_document(document, chunks, extraction)
        ids = [fact.id for fact in extraction.facts]
        assert await ledger.facts([*ids, "unknown"], LIN) == dict(zip(ids, extraction.facts, strict=True))
        assert await ledger.facts([], LIN) == {}

    async def test_a_chunk_is_read_with_its_section(self, ledger: Ledger) -> None:
        document = make_document("a.md", readers=("user:lin",))
        texts = ("一。", "| 甲 |\n| - |\n| 1 |", "| 甲 |\n| - |\n| 2 |", "二。")
        header = {"header": len("| 甲 |\n| - |\n")}
        chunks = [
            replace(chunk, parent=0 if place < 3 else 1, metadata=header if place == 2 else {})
            for place, chunk in enumerate(make_chunks(document, *texts))
        ]
        await ledger.replace_document(document, chunks, NOTHING)
        one, two = chunks[1], chunks[3]
        found = await ledger.sections([two.id, one.id, "unknown"], LIN)
        assert list(found) == [two.id, one.id]
        assert (found[two.id].text, found[two.id].document_id) == ("二。", document.id)
        assert found[one.id].text == "一。\n\n| 甲 |\n| - |\n| 1 |\n\n| 2 |"
        assert [found[one.id].text[slice(*place)] for place in found[one.id].places.values()] == [
            texts[0],
            texts[1],
            "| 2 |",
        ]
        assert list(found[one.id].places) == [chunk.id for chunk in chunks[:3]]
        assert await ledger.sections([one.id], STRANGER) == {}
        assert await ledger.sections([], LIN) == {}

    async def test_of_a_long_section_the_nearest_chunks_are_read(self, ledger: Ledger) -> None:
        chunks = await put(ledger, make_document("a.md"), *(f"text {number}" for number in range(100)))
        found = await ledger.sections([chunks[50].id, chunks[2].id], LIN)
        assert list(found[chunks[50].id].places) == [chunk.id for chunk in chunks[26:75]]
        assert list(found[chunks[2].id].places) == [chunk.id for chunk in chunks[:27]]

    async def test_replacing_leaves_nothing_of_the_old_content(self, ledger: Ledger) -> None:
        document = make_document("a.md")
        chunks = make_chunks(document, "old", "kept")
        old = make_extraction(chunks[0], ("甲", "管理", "乙"))
        await ledger.replace_document(document, chunks, old)
        await put(ledger, document, "kept", "new")
        assert await ledger.counts(LIN) == Counts(documents=1, chunks=2, entities=0, facts=0)
        assert await ledger.facts([old.facts[0].id], LIN) == {}
        assert set(await ledger.passages([chunk.id for chunk in chunks], LIN)) == {chunks[1].id}

    async def test_removing_leaves_nothing_but_the_outbox(self, ledger: Ledger) -> None:
        document = make_document("a.md")
        chunks = make_chunks(document, "one", "two")
        extraction = make_extraction(chunks[0], ("甲", "管理", "乙"))
        await ledger.replace_document(document, chunks, extraction)
        await ledger.remove_document(document.id)
        await ledger.remove_document("unknown")
        assert await ledger.counts(LIN) == Counts(0, 0, 0, 0)
        assert await ledger.documents(LIN) == []
        assert await ledger.passages([chunk.id for chunk in chunks], LIN) == {}
        assert await removed_ids(ledger) == {document.collection: {chunk.id for chunk in chunks}}

    async def test_an_id_of_another_collection_is_refused_and_nothing_changes(self, ledger: Ledger) -> None:
        first = make_document("a.md", collection="one")
        chunks = await put(ledger, first, "text")
        second = make_document("a.md", collection="two")
        moved = Document(first.id, "two", "other", second.uri, "md", "0", ("everyone",))
        with pytest.raises(InputError, match="was not stored"):
            await ledger.replace_document(moved, make_chunks(moved, "changed"), NOTHING)
        assert await ledger.documents(LIN) == [first]
        assert set(await ledger.passages([chunks[0].id], LIN)) == {chunks[0].id}

    async def test_an_id_of_another_file_is_refused_without_a_word_about_that_file(self, ledger: Ledger) -> None:
        secret = Document("x1", "hidden", "秘密", "/lin/secret.jsonl", "jsonl", "0", ("user:lin",))
        chunks = await put(ledger, secret, "the secret text")
        for collection in ("hidden", "other"):
            other = Document("x1", collection, "mine", "/wang/rows.jsonl", "jsonl", "1", ("user:wang",))
            with pytest.raises(InputError, match="x1") as raised:
                await put(ledger, other, "my text")
            for word in ("秘密", "secret", "hidden", "lin"):
                assert word not in str(raised.value)
        assert await ledger.documents(LIN) == [secret]
        assert await ledger.documents(WANG) == []
        assert set(await ledger.passages([chunks[0].id], LIN)) == {chunks[0].id}

    async def test_of_two_files_that_claim_an_id_at_once_one_gets_it(self, ledger: Ledger) -> None:
        claims = [Document("x1", "c", f"t{n}", f"/{n}.jsonl", "jsonl", "0", ("everyone",)) for n in range(6)]
        results = await asyncio.gather(*(put(ledger, claim, "text") for claim in claims), return_exceptions=True)
        assert sum(isinstance(result, InputError) for result in results) == 5
        assert len(await ledger.documents(LIN)) == 1

    async def test_ingestion_knows_what_a_file_holds_whoever_may_read_it(self, ledger: Ledger) -> None:
        held = [
            Document(f"x{n}", "c", f"t{n}", "/rows.jsonl", "jsonl", "0", readers)
            for n, readers in enumerate([("user:lin",), ("everyone",), ("group:a", "user:wang")])
        ]
        for document in held:
            await put(ledger, document, "text")
        await put(ledger, Document("y", "d", "t", "/rows.jsonl", "jsonl", "0", ("everyone",)), "text")
        await put(ledger, Document("z", "c", "t", "/other.jsonl", "jsonl", "0", ("everyone",)), "text")
        assert await ledger.documents_held("c", ["/rows.jsonl"]) == held
        assert await ledger.documents_held("c", ["/none.jsonl"]) == []
        everywhere = await ledger.documents_held(None, ["/rows.jsonl"])
        assert [document.id for document in everywhere] == ["x0", "x1", "x2", "y"]
        several = await ledger.documents_held("c", ["/other.jsonl", "/rows.jsonl", "/none.jsonl"])
        assert [document.id for document in several] == ["x0", "x1", "x2", "z"]
        assert await ledger.documents_held("c", []) == []

    async def test_ingestion_knows_what_a_folder_holds(self, ledger: Ledger) -> None:
        uris = ["/a/b/1.md", "/a/b/c/2.md", "/a/bc/3.md", "/a/B/4.md", "/a/b", "/x/a/b/5.md", "/a/b%_/6.md"]
        for number, uri in enumerate(uris):
            readers = ("user:lin",) if number % 2 else ("everyone",)
            await put(ledger, Document(f"f{number}", "c", "t", uri, "md", "0", readers), "text")
        await put(ledger, Document("other", "d", "t", "/a/b/1.md", "md", "0", ("everyone",)), "text")

        async def below(folder: str) -> list[str]:
            return [document.uri for document in await ledger.documents_below("c", folder)]

        assert await below("/a/b") == await below("/a/b/") == ["/a/b/1.md", "/a/b/c/2.md"]
        assert await below("/a/b%_") == ["/a/b%_/6.md"]
        assert await below("/") == sorted(uris)
        assert await ledger.documents_below("e", "/a") == []

    async def test_bad_metadata_and_readers_are_refused_and_nothing_changes(self, ledger: Ledger) -> None:
        with pytest.raises(InputError, match="metadata"):
            await put(ledger, make_document("a.md", metadata={"when": object()}), "text")
        with pytest.raises(InputError, match="reader"):
            await put(ledger, make_document("b.md", readers=()), "text")
        with pytest.raises(InputError, match="Unicode"):
            await put(ledger, make_document("c.md", uri="/files/c\udcff.md"), "text")
        assert await ledger.counts(LIN) == Counts(0, 0, 0, 0)
        assert await pending_ids(ledger) == set()

    async def test_a_chunk_of_another_document_is_refused(self, ledger: Ledger) -> None:
        first = make_document("a.md")
        chunks = await put(ledger, first, "text")
        with pytest.raises(InputError, match="used already"):
            await ledger.replace_document(make_document("b.md"), chunks, NOTHING)
        assert await ledger.documents(LIN) == [first]

    async def test_documents_are_listed_by_collection_and_title(self, ledger: Ledger) -> None:
        for collection, key in (("b", "1.md"), ("a", "2.md"), ("a", "1.md")):
            await put(ledger, make_document(key, collection=collection), "text")
        listed = [(document.collection, document.title) for document in await ledger.documents(LIN)]
        assert listed == [("a", "1.md"), ("a", "2.md"), ("b", "1.md")]
        assert [document.title for document in await ledger.documents(LIN, Filters(("b",)))] == ["1.md"]
        assert await ledger.documents(LIN, Filters(("none",))) == []
        assert await ledger.collections(LIN) == ["a", "b"]

    @pytest.mark.parametrize(
        "reference",
        [
            "https://example.com/docs/Report%202025.pdf?x=1",
            "Report 2025.pdf",
            "REPORT 2025.PDF",
            "年度报告",
        ],
    )
    async def test_documents_are_found_by_what_a_user_calls_them(self, ledger: Ledger, reference: str) -> None:
        wanted = make_document("k", title="年度报告", uri="https://example.com/docs/Report%202025.pdf?x=1")
        await put(ledger, wanted, "text")
        await put(ledger, make_document("other.md"), "text")
        assert await ledger.find_documents(reference, LIN) == [wanted]
        assert await ledger.find_documents(wanted.id, LIN) == [wanted]

    async def test_windows_paths_have_file_names_too(self, ledger: Ledger) -> None:
        wanted = make_document("k", uri=r"C:\papers\plan.docx")
        await put(ledger, wanted, "text")
        assert await ledger.find_documents("plan.docx", LIN) == [wanted]

    async def test_nothing_is_found_by_half_a_name_or_none(self, ledger: Ledger) -> None:
        await put(ledger, make_document("report.md", uri=""), "text")
        for reference in ("", "  ", "report", "%", "_eport.md", "*"):
            assert await ledger.find_documents(reference, LIN) == []

    @pytest.mark.parametrize("name", ODD_NAMES)
    async def test_odd_names_are_names(self, ledger: Ledger, name: str) -> None:
        document = make_document(name, collection=name, readers=(f"user:{name}",))
        chunks = make_chunks(document, name)
        extraction = make_extraction(chunks[0], (name, name, "other"))
        await ledger.replace_document(document, chunks, extraction)
        reader = Access(name)
        assert await ledger.find_documents(name, reader) == [document]
        assert await ledger.collections(reader) == [name]
        assert await ledger.documents(reader, Filters((name,))) == [document]
        assert (await ledger.passages([chunks[0].id], reader))[chunks[0].id].text == name
        assert await ledger.counts(reader, Filters((name,))) == Counts(1, 1, 2, 1)
        assert await ledger.counts(LIN) == Counts(0, 0, 0, 0)
        await ledger.remove_document(document.id)
        assert await ledger.counts(reader) == Counts(0, 0, 0, 0)

    async def test_a_long_uri_title_and_name_are_stored_and_found(self, ledger: Ledger) -> None:
        chance = random.Random(1)
        long = "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(5000))
        folder = f"file:///{long}"
        first, second = (make_document(f"{n}", title=f"{long}{n}", uri=f"{folder}/{long}{n}.md") for n in range(2))
        for document in (first, second):
            await put(ledger, document, "text")
        assert await ledger.find_documents(first.uri, LIN) == [first]
        assert await ledger.documents_held(None, [second.uri]) == [second]
        assert await ledger.documents_held("other", [second.uri]) == []
        assert await ledger.find_documents(first.title, LIN) == [first, second]  # by how it begins

    async def test_a_name_that_no_database_can_index_is_left_out_with_its_facts(self, ledger: Ledger) -> None:
        chance = random.Random(1)
        long = "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(600))
        document = make_document("a.md")
        chunks = make_chunks(document, "text")
        for longest in (long, f"a{' ' * 2000}b", "\u3300" * 300):  # as written, and as compared
            kept = make_extraction(chunks[0], (long[:200], "r", long[200:400]), ("甲", "r", "乙"))
            dropped = make_extraction(chunks[0], (longest, "r", "丙"), ("丁", "r", longest))
            odd = (Entity("戊", long, chunks[0].id), *(each for each in dropped.entities if each.name == longest))
            extraction = Extraction(kept.entities + odd, kept.facts + dropped.facts)
            await ledger.replace_document(document, chunks, extraction)
            assert await ledger.counts(LIN) == Counts(1, 1, 4, 2)
            stored = (await ledger.stored([document.id]))[document.id].extraction
            assert set(stored.facts) == set(kept.facts)
            assert set(stored.entities) == set(kept.entities)

    # As the wrong user

    async def test_what_may_not_be_read_does_not_exist(self, ledger: Ledger) -> None:
        secret = make_document("secret.md", collection="private", readers=("user:lin", "group:finance"))
        chunks = make_chunks(secret, "text")
        extraction = make_extraction(chunks[0], ("甲", "管理", "乙"))
        await ledger.replace_document(secret, chunks, extraction)
        public = make_document("public.md")
        await put(ledger, public, "text")
        fact = extraction.facts[0]
        for reader in (LIN, WANG):
            assert await ledger.document(secret.id, reader) == secret
            assert set(await ledger.facts([fact.id], reader)) == {fact.id}
            assert await ledger.counts(reader) == Counts(2, 2, 2, 1)
            assert await ledger.collections(reader) == ["default", "private"]
        assert await ledger.document(secret.id, STRANGER) is None
        assert await ledger.documents(STRANGER) == [public]
        assert await ledger.documents(STRANGER, Filters(("private",))) == []
        for reference in (secret.id, secret.uri, secret.title, "secret.md"):
            assert await ledger.find_documents(reference, STRANGER) == []
            assert await ledger.documents_called(reference) == [secret]
        assert await ledger.collections(STRANGER) == ["default"]
        assert await ledger.passages([chunks[0].id], STRANGER) == {}
        assert await ledger.facts([fact.id], STRANGER) == {}
        assert await ledger.counts(STRANGER) == Counts(1, 1, 0, 0)
        assert await ledger.counts(STRANGER, Filters(("private",))) == Counts(0, 0, 0, 0)

    async def test_changed_readers_count_at_once(self, ledger: Ledger) -> None:
        document = make_document("a.md")
        chunks = await put(ledger, document, "text")
        await put(ledger, make_document("a.md", readers=("user:lin",)), "text")
        assert await ledger.passages([chunks[0].id], STRANGER) == {}
        assert set(await ledger.passages([chunks[0].id], LIN)) == {chunks[0].id}

    async def test_a_group_is_not_a_user_of_that_name(self, ledger: Ledger) -> None:
        await put(ledger, make_document("a.md", readers=("group:lin",)), "text")
        assert await ledger.documents(LIN) == []
        assert len(await ledger.documents(Access("other", ("lin",)))) == 1

    # Web pages

    async def test_web_pages_are_passages_for_their_user_alone(self, ledger: Ledger) -> None:
        page = WebPage("https://example.com/a?b='c'", "标题", "text")
        (saved,) = (await ledger.save_web_pages([page], WANG, 60)).passages
        assert (saved.uri, saved.title, saved.text) == (page.url, page.title, page.text)
        assert await ledger.passages([saved.id], WANG) == {saved.id: saved}
        assert await ledger.passages([saved.id], LIN) == {}
        assert await ledger.passages([saved.id], Access("other", ("finance", "wang"))) == {}
        assert await ledger.counts(WANG) == Counts(0, 0, 0, 0)

    async def test_expired_web_pages_are_gone_and_seen_again_live_on(self, ledger: Ledger) -> None:
        page = WebPage("https://example.com", "t", "text")
        (saved,) = (await ledger.save_web_pages([page], LIN, 0)).passages
        assert await ledger.passages([saved.id], LIN) == {}
        again = await ledger.save_web_pages([page, page], LIN, 60)
        assert [passage.id for passage in again.passages] == [saved.id]
        assert set(await ledger.passages([saved.id], LIN)) == {saved.id}
        assert await ledger.save_web_pages([], LIN, 60) == SavedPages(())

    async def test_two_users_of_one_page_do_not_share_it(self, ledger: Ledger) -> None:
        page = WebPage("https://example.com", "t", "text")
        (of_lin,) = (await ledger.save_web_pages([page], LIN, 60)).passages
        (of_wang,) = (await ledger.save_web_pages([page], WANG, 60)).passages
        assert of_lin.id != of_wang.id
        assert set(await ledger.passages([of_lin.id, of_wang.id], LIN)) == {of_lin.id}

    async def test_passages_keep_the_order_asked_for(self, ledger: Ledger) -> None:
        chunks = await put(ledger, make_document("a.md"), "one", "two", "three")
        (page,) = (await ledger.save_web_pages([WebPage("u", "t", "x")], LIN, 60)).passages
        ids = [chunks[2].id, page.id, chunks[0].id]
        assert list(await ledger.passages([*ids, "unknown", chunks[2].id], LIN)) == ids
        assert await ledger.passages([], LIN) == {}

    # The outbox

    async def test_the_outbox_lists_a_chunk_until_it_is_marked(self, ledger: Ledger) -> None:
        document = make_document("a.md", readers=("user:lin",))
        chunks = await put(ledger, document, "one", "two")
        (batch,) = await ledger.pending(VERSION)
        assert (batch.collection, batch.removed_chunk_ids) == (document.collection, ())
        due = sorted(batch.chunks, key=lambda each: each.chunk.index)
        assert [(each.document, each.chunk) for each in due] == [(document, chunk) for chunk in chunks]
        await mark(ledger, chunks[0])
        assert await pending_ids(ledger) == {chunks[1].id}
        await mark(ledger, chunks[1])
        assert await ledger.pending(VERSION) == []

    async def test_another_index_version_makes_all_due(self, ledger: Ledger) -> None:
        chunks = await put(ledger, make_document("a.md"), "one")
        await mark(ledger, chunks[0])
        for version in ("index-0", "index-2"):
            assert await pending_ids(ledger, version) == {chunks[0].id}

    async def test_unchanged_chunks_stay_indexed(self, ledger: Ledger) -> None:
        document = make_document("a.md")
        chunks = await put(ledger, document, "one", "two")
        await mark(ledger, *chunks)
        await put(ledger, document, "zero", "two")
        assert await pending_ids(ledger) == {make_chunks(document, "zero")[0].id}
        assert await removed_ids(ledger) == {document.collection: {chunks[0].id}}

    @pytest.mark.parametrize("change", [{"readers": ("user:lin",)}, {"title": "other"}])
    async def test_what_changes_the_index_makes_chunks_due(self, ledger: Ledger, change: dict[str, object]) -> None:
        chunks = await put(ledger, make_document("a.md"), "one")
        await mark(ledger, chunks[0])
        await put(ledger, make_document("a.md", **change), "one")
        assert await pending_ids(ledger) == {chunks[0].id}

    async def test_a_moved_section_makes_its_chunk_due(self, ledger: Ledger) -> None:
        document = make_document("a.md")
        (chunk,) = await put(ledger, document, "one")
        await mark(ledger, chunk)
        await ledger.replace_document(document, [Chunk(chunk.id, document.id, 0, "one", None, "总则")], NOTHING)
        assert await pending_ids(ledger) == {chunk.id}

    async def test_what_changed_after_it_was_listed_stays_due(self, ledger: Ledger) -> None:
        chunks = await put(ledger, make_document("a.md"), "one", "two")
        outdated = await listed(ledger, *chunks)
        await put(ledger, make_document("a.md", readers=("user:lin",)), "one", "two")
        await ledger.mark_indexed(outdated, VERSION)
        assert await pending_ids(ledger) == {chunk.id for chunk in chunks}
        await mark(ledger, *chunks)
        assert await pending_ids(ledger) == set()

    async def test_what_was_removed_and_added_after_it_was_listed_stays_due(self, ledger: Ledger) -> None:
        chunks = await put(ledger, make_document("a.md"), "one")
        outdated = await listed(ledger, *chunks)
        outdated_facts = (await ledger.pending_graph(VERSION)).documents
        await ledger.remove_document(make_document("a.md").id)
        await put(ledger, make_document("a.md", readers=("user:lin",)), "one")
        await ledger.mark_indexed(outdated, VERSION)
        await ledger.mark_in_graph(outdated_facts, VERSION)
        assert await pending_ids(ledger) == {chunks[0].id}
        assert await ledger.graph_state(VERSION) == GraphState(0, 1, 0)

    async def test_a_chunk_that_comes_back_is_not_removed(self, ledger: Ledger) -> None:
        document = make_document("a.md")
        chunks = await put(ledger, document, "one")
        await mark(ledger, chunks[0])
        await ledger.remove_document(document.id)
        await put(ledger, document, "one")
        assert await removed_ids(ledger) == {}
        assert await pending_ids(ledger) == {chunks[0].id}

    async def test_a_removal_is_listed_until_it_is_marked(self, ledger: Ledger) -> None:
        document = make_document("a.md")
        chunks = await put(ledger, document, "one", "two")
        await ledger.remove_document(document.id)
        await ledger.mark_removed([chunks[0].id])
        assert await removed_ids(ledger) == {document.collection: {chunks[1].id}}
        await ledger.mark_removed([chunks[1].id])
        assert await ledger.pending(VERSION) == []

    async def test_all_collections_of_a_removed_id_are_listed_together(self, ledger: Ledger) -> None:
        for collection in ("one", "two"):
            document = Document("kept-id", collection, "t", "u", "jsonl", "0", ("everyone",))
            chunks = make_chunks(document, "text")
            await ledger.replace_document(document, chunks, NOTHING)
            await ledger.remove_document(document.id)
        batches = await ledger.pending(VERSION, limit=1)
        removed = {batch.collection: batch.removed_chunk_ids for batch in batches}
        assert removed == {"one": (chunks[0].id,), "two": (chunks[0].id,)}

    async def test_the_outbox_is_listed_in_parts(self, ledger: Ledger) -> None:
        for collection in ("a", "b"):
            await put(ledger, make_document("x", collection=collection), *(f"text {n}" for n in range(5)))
        seen: set[str] = set()
        while batches := await ledger.pending(VERSION, limit=3):
            due = [each for batch in batches for each in batch.chunks]
            ids = [each.chunk.id for each in due]
            assert len(ids) <= 3
            assert seen.isdisjoint(ids)
            seen.update(ids)
            await ledger.mark_indexed(due, VERSION)
        assert len(seen) == 10

    async def test_a_lost_collection_is_due_again(self, ledger: Ledger) -> None:
        lost = await put(ledger, make_document("a.md", collection="lost"), "one")
        kept = await put(ledger, make_document("a.md", collection="kept"), "one")
        await mark(ledger, lost[0], kept[0])
        await ledger.mark_all_pending("lost")
        assert await pending_ids(ledger) == {lost[0].id}
        states = {state.collection: (state.indexed, state.pending) for state in await ledger.index_states(VERSION)}
        assert states == {"kept": (1, 0), "lost": (0, 1)}

    async def test_the_states_count_what_is_still_to_be_removed(self, ledger: Ledger) -> None:
        chunks = await put(ledger, make_document("a.md"), "one", "two", "three")
        await mark(ledger, *chunks)
        await put(ledger, make_document("a.md"), "three")
        (state,) = await ledger.index_states(VERSION)
        assert (state.indexed, state.pending, state.pending_removals) == (1, 0, 2)
        await ledger.mark_removed([chunk.id for chunk in chunks])
        (state,) = await ledger.index_states(VERSION)
        assert (state.indexed, state.pending, state.pending_removals) == (1, 0, 0)

    # The outbox to a graph database

    async def test_documents_are_due_for_a_graph_with_all_they_say(self, ledger: Ledger) -> None:
        document = make_document("a.md", readers=("user:lin",))
        chunks = make_chunks(document, "text")
        extraction = make_extraction(chunks[0], ("甲", "owns", "乙"))
        await ledger.replace_document(document, chunks, extraction)
        pending = await ledger.pending_graph(VERSION)
        (due,) = pending.documents
        assert (due.document, due.extraction.facts) == (document, extraction.facts)
        assert {entity.name for entity in due.extraction.entities} == {"甲", "乙"}
        assert pending.removed_document_ids == ()
        assert await ledger.graph_state(VERSION) == GraphState(0, 1, 0)
        await ledger.mark_in_graph(pending.documents, VERSION)
        assert await ledger.graph_state(VERSION) == GraphState(1, 0, 0)
        assert (await ledger.pending_graph(VERSION)).documents == ()
        assert len((await ledger.pending_graph("another")).documents) == 1

    async def test_a_document_written_after_it_was_listed_stays_due_for_the_graph(self, ledger: Ledger) -> None:
        document = make_document("a.md")
        await put(ledger, document, "one")
        outdated = (await ledger.pending_graph(VERSION)).documents
        await put(ledger, document, "two")
        await ledger.mark_in_graph(outdated, VERSION)
        assert await ledger.graph_state(VERSION) == GraphState(0, 1, 0)

    @pytest.mark.parametrize("written_again", [True, False])
    async def test_what_a_graph_may_hold_must_be_forgotten(self, ledger: Ledger, written_again: bool) -> None:
        never, listed = make_document("never.md"), make_document("listed.md")
        await put(ledger, listed, "one")
        await ledger.pending_graph(VERSION)  # and then its replay is killed
        await put(ledger, never, "one")
        if written_again:
            await put(ledger, listed, "two")
        for document in (never, listed):
            await ledger.remove_document(document.id)
        pending = await ledger.pending_graph(VERSION)
        assert pending.removed_document_ids == (listed.id,)
        assert (await ledger.graph_state(VERSION)).pending_removals == 1
        await ledger.mark_out_of_graph([listed.id])
        assert (await ledger.pending_graph(VERSION)).removed_document_ids == ()

    async def test_a_document_that_comes_back_is_written_and_not_removed(self, ledger: Ledger) -> None:
        document = make_document("a.md")
        await put(ledger, document, "one")
        await ledger.mark_in_graph((await ledger.pending_graph(VERSION)).documents, VERSION)
        await ledger.remove_document(document.id)
        await put(ledger, document, "one")
        pending = await ledger.pending_graph(VERSION)
        assert [due.document for due in pending.documents] == [document]
        assert pending.removed_document_ids == ()

    async def test_a_document_that_came_back_and_went_again_is_removed(self, ledger: Ledger) -> None:
        document = make_document("a.md")
        await put(ledger, document, "one")
        await ledger.pending_graph(VERSION)  # and its replay writes it after all that follows
        await ledger.remove_document(document.id)
        await put(ledger, document, "one")
        assert await ledger.graph_state(VERSION) == GraphState(0, 1, 0)
        await ledger.remove_document(document.id)
        assert (await ledger.pending_graph(VERSION)).removed_document_ids == (document.id,)

    async def test_a_lost_graph_is_due_again(self, ledger: Ledger) -> None:
        await put(ledger, make_document("a.md"), "one")
        await put(ledger, make_document("b.md"), "one")
        await ledger.mark_in_graph((await ledger.pending_graph(VERSION)).documents, VERSION)
        await ledger.mark_graph_pending()
        assert await ledger.graph_state(VERSION) == GraphState(0, 2, 0)
        await ledger.remove_document(make_document("b.md").id)  # before the graph database is emptied, perhaps
        assert await ledger.graph_state(VERSION) == GraphState(0, 1, 1)

    async def test_the_graph_s_outbox_is_listed_in_parts(self, ledger: Ledger) -> None:
        for number in range(5):
            await put(ledger, make_document(f"{number}.md"), "one")
        seen: list[str] = []
        while documents := (await ledger.pending_graph(VERSION, limit=2)).documents:
            assert len(documents) <= 2
            seen += [due.document.id for due in documents]
            await ledger.mark_in_graph(documents, VERSION)
        assert len(set(seen)) == len(seen) == 5

    # Moving

    async def test_all_of_a_document_is_given_out_and_can_be_written_elsewhere(self, ledger: Ledger) -> None:
        document = make_document("a.md", readers=("user:lin", "group:x"), metadata={"n": 1})
        chunks = make_chunks(document, "one", "two", "three")
        extraction = make_extraction(chunks[1], ("甲", "owns", "乙"), ("乙", "is", "丙"), kind="place")
        await ledger.replace_document(document, chunks, extraction)
        await put(ledger, make_document("b.md"), "one")
        stored = (await ledger.stored([document.id, "unknown"]))[document.id]
        assert (stored.document, stored.chunks) == (document, tuple(chunks))
        assert set(stored.extraction.facts) == set(extraction.facts)
        assert {(each.name, each.kind) for each in stored.extraction.entities} == dict.fromkeys(
            [("甲", "place"), ("乙", "place"), ("丙", "place")]
        ).keys()
        await ledger.remove_document(document.id)
        await ledger.replace_document(stored.document, stored.chunks, stored.extraction)
        assert await ledger.stored([document.id]) == {document.id: stored}

    async def test_a_document_is_removed_only_as_it_was_given_out(self, ledger: Ledger) -> None:
        document = make_document("a.md", readers=("user:lin", "group:x"), metadata={"n": 1.5})
        chunks = make_chunks(document, "one", "two")
        extraction = make_extraction(chunks[0], ("甲", "owns", "乙"))
        await ledger.replace_document(document, chunks, extraction)
        stored = (await ledger.stored([document.id]))[document.id]
        for changed in (
            (document, chunks[:1], extraction),
            (document, chunks, NOTHING),
            (replace(document, readers=("everyone",)), chunks, extraction),
            (replace(document, metadata={"n": 2}), chunks, extraction),
        ):
            await ledger.replace_document(*changed)
            now = await ledger.stored([document.id])
            assert not await ledger.remove_document(document.id, if_stored=stored)
            assert await ledger.stored([document.id]) == now
            assert chunks[0].id not in (await removed_ids(ledger)).get(document.collection, set())
        await ledger.replace_document(document, chunks, extraction)
        assert await ledger.remove_document(document.id, if_stored=stored)
        assert await ledger.stored([document.id]) == {}
        assert await removed_ids(ledger) == {document.collection: {chunk.id for chunk in chunks}}
        assert not await ledger.remove_document(document.id, if_stored=stored)
        assert not await ledger.remove_document(document.id)

    async def test_ids_are_listed_page_by_page(self, ledger: Ledger) -> None:
        expected = []
        for number in range(7):
            document = make_document(f"{number}.md", readers=(("everyone",), ("user:lin",))[number % 2])
            await put(ledger, document, "one")
            expected.append(document.id)
        listed: list[str] = []
        while page := await ledger.document_ids(listed[-1] if listed else "", 3):
            listed += page
        assert listed == sorted(expected)

    async def test_one_replay_at_a_time_for_each_outbox(self, ledger: Ledger) -> None:
        order: list[str] = []

        async def replay(name: str) -> None:
            async with ledger.replaying("index"):
                order.append(f"{name} begins")
                await asyncio.sleep(0.02)
                order.append(f"{name} ends")

        async with ledger.replaying("graph"):
            await asyncio.gather(*(replay(name) for name in "abc"))
        assert sorted(zip(order[::2], order[1::2], strict=True)) == [
            (f"{name} begins", f"{name} ends") for name in "abc"
        ]

    async def test_a_replay_that_fails_lets_the_next_begin(self, ledger: Ledger) -> None:
        for _ in range(2):
            with pytest.raises(ValueError, match="stop"):
                async with ledger.replaying("index"):
                    raise ValueError("stop")

    # Size and concurrency

    async def test_five_thousand_chunks_in_one_document(self, ledger: Ledger) -> None:
        document = make_document("big.md")
        chunks = await put(ledger, document, *(f"chunk {n}" for n in range(5000)))
        ids = [chunk.id for chunk in chunks]
        assert list(await ledger.passages(ids, LIN)) == ids
        assert sum(len(batch.chunks) for batch in await ledger.pending(VERSION, limit=10_000)) == 5000
        await mark(ledger, *chunks)
        assert await ledger.pending(VERSION) == []
        await ledger.remove_document(document.id)
        assert sum(len(batch.removed_chunk_ids) for batch in await ledger.pending(VERSION, limit=10_000)) == 5000

    async def test_reads_beside_writes_see_whole_documents(self, ledger: Ledger) -> None:
        documents = [make_document(f"{n}.md") for n in range(20)]

        async def write(document: Document) -> None:
            await put(ledger, document, "one", "two", "three")
            await put(ledger, document, "two", "three", "four", "five")

        async def read() -> None:
            for _ in range(10):
                counts = await ledger.counts(LIN)
                whole = {3 * old + 4 * (counts.documents - old) for old in range(counts.documents + 1)}
                # Four statements see one state: every document has 3 or 4 chunks, never part of them.
                assert counts.chunks in whole
                await ledger.documents(LIN, EVERYTHING)

        await asyncio.gather(*map(write, documents), *(read() for _ in range(5)))
        assert await ledger.counts(LIN) == Counts(20, 80, 0, 0)
        assert {document.id for document in await ledger.documents(LIN)} == {
            document_id("default", f"{n}.md") for n in range(20)
        }
