"""Files to add: texts of both languages, a large PDF, scans. The same every time."""

import io
from collections.abc import Sequence
from pathlib import Path

import pypdfium2

from evals.benchmarks.bench_corpus import documents
from evals.placed_pdfs.composer import Composer, Style
from evals.placed_pdfs.faces import SONG, TIMES, TIMES_BOLD, register
from evals.placed_pdfs.furniture import page_number
from evals.placed_pdfs.sheet import A4, Sheet
from evals.placed_pdfs.wording import Wording

_ENGLISH = Style(TIMES, TIMES_BOLD, size=10, is_justified=True, hyphenates=True, whole_lines=False)
_CHINESE = Style(SONG, SONG, size=10.5, leading=1.5, is_spaced=False, is_justified=True)
_PAGES_A_CHAPTER = 10


def large_pdf(pages: int) -> bytes:
    """At least this many pages of text, chapters in English and Chinese in turn, in one and two columns."""
    register()
    sheet = Sheet("large", A4)
    chapter = 0
    while sheet.page < pages:
        is_english = chapter % 2 == 0
        words = Wording("en" if is_english else "zh", f"chapter {chapter}")
        style = _ENGLISH if is_english else _CHINESE
        page = Composer(sheet, style, columns=1 + chapter // 2 % 2, furniture=page_number)
        page.heading(f"{words.number()}", 16)
        last = sheet.page + _PAGES_A_CHAPTER - 1
        while sheet.page < last:
            page.paragraph(words.sentences(3, 6))
        chapter += 1
    return page.finished().content


def scanned(content: bytes, pages: Sequence[int]) -> bytes:
    """These pages of a PDF, from 0, as pictures of 150 dots an inch in a PDF without text."""
    pictures = [pypdfium2.PdfDocument(content)[page].render(scale=150 / 72).to_pil() for page in pages]
    buffer = io.BytesIO()
    pictures[0].save(buffer, "PDF", resolution=150, save_all=True, append_images=pictures[1:])
    return buffer.getvalue()


def write_texts(folder: Path, files: int, *, language: str, documents_a_file: int = 5) -> int:
    """Writes Markdown files in "zh" or "en"; gives their characters."""
    folder.mkdir(parents=True, exist_ok=True)
    of_language = documents(files * documents_a_file * 2)[0 if language == "zh" else 1 :: 2]
    characters = 0
    for number in range(files):
        parts = of_language[number * documents_a_file : (number + 1) * documents_a_file]
        text = "\n\n".join((f"# {parts[0]['title']}", *(part["text"] for part in parts)))
        (folder / f"{language}-{number:04}.md").write_text(text, encoding="utf-8")
        characters += len(text)
    return characters
