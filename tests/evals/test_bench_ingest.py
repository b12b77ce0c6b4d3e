"""What `make bench-ingest` measures with: the files that it adds."""

from pathlib import Path

import pypdfium2
import pytest

from evals.benchmarks.ingest_corpus import large_pdf, scanned, write_texts


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
