"""What `make bench-ingest` measures with: a look at what a home keeps, and the files that it adds."""

from pathlib import Path

import pypdfium2
import pytest

from agent.resources import LiveResources
from agent.settings import Settings
from evals.benchmarks.ingest_corpus import large_pdf, scanned, write_texts
from evals.benchmarks.ingest_killed import kept, stored_documents
from ingest.add import add
from tools.shapes import DEFAULT_COLLECTION


async def _added(papers: Path, home: Path) -> Path:
    resources = LiveResources(Settings(home=home, web="off"), held_by="test")
    try:
        await add(
            [papers],
            stores=await resources.stores(),
            collection=DEFAULT_COLLECTION,
            readers=("everyone",),
            progress=lambda _: None,
        )
    finally:
        await resources.close()
    return home


async def test_homes_are_the_same_when_they_keep_the_same(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    write_texts(papers, 2, language="zh")
    first = await kept(await _added(papers, tmp_path / "first"))
    again = await kept(await _added(papers, tmp_path / "again"))
    assert again == first
    assert first["documents"]["rows"] == stored_documents(tmp_path / "first") == 2
    assert first["index"] == first["chunks"]["rows"] > 2
    (papers / "zh-0001.md").write_text("# Other\n\nwords", encoding="utf-8")
    other = await kept(await _added(papers, tmp_path / "again"))
    assert other["documents"]["rows"] == 2
    assert other["documents"]["hash"] != first["documents"]["hash"]
    assert other["chunks"] != first["chunks"]


def test_a_home_without_a_ledger_stores_nothing(tmp_path: Path) -> None:
    assert stored_documents(tmp_path) == 0
    (tmp_path / "ledger.db").touch()
    assert stored_documents(tmp_path) == 0


def test_texts_are_of_one_language_and_their_characters_counted(tmp_path: Path) -> None:
    characters = write_texts(tmp_path / "en", 3, language="en", documents_a_file=2)
    texts = [path.read_text(encoding="utf-8") for path in sorted((tmp_path / "en").iterdir())]
    assert (len(texts), sum(map(len, texts))) == (3, characters)
    assert "".join(texts).isascii()
    assert len(set(texts)) == 3


def test_a_large_pdf_has_text_and_a_scan_of_it_none() -> None:
    content = large_pdf(12)
    document = pypdfium2.PdfDocument(content)
    assert len(document) >= 12
    assert all(page.get_textpage().count_chars() for page in document)
    scan = pypdfium2.PdfDocument(scanned(content, [0, 11]))
    assert [page.get_textpage().count_chars() for page in scan] == [0, 0]
    assert scan[0].get_size() == pytest.approx(document[0].get_size(), abs=1)
