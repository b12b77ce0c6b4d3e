"""Is what a file says in the text that is read of it? Files of many formats, as `signpost parse` reads them."""

import asyncio
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from evals.metric import RowMetric
from evals.metrics.bag_of_words import bag_recall
from evals.pack import Pack
from evals.product import Product
from evals.records import NotComputed, Record, Row, Score
from evals.task import Rows, Task
from evals.tasks.fields import UnusableRowError, flag_in, read_rows, text_in, texts_in
from ingest.load import load_file
from ingest.loaders import loader_for
from tools.errors import FileError, InputError
from tools.text.identifiers import content_hash

_NOT_READ = "format not read"
_NOTHING_READ = "nothing could be read of it"

_WHITE_SPACE = re.compile(r"\s+")
_FORMATS = ("docx", "pptx", "xlsx", "pdf", "html", "md", "csv", "msg", "odt", "pdf-scan", "jpg", "image")

_STRINGS_FOUND = (
    "mean share of a file's required strings that its text holds, white space aside; a file that is not read holds none"
)
_WORDS_FOUND = (
    "mean share of the reference text's words, with how often each occurs, that the text holds; a file that is not "
    "read holds none"
)

Scores = Callable[[Record], Score | None]
Applies = Callable[[Mapping[str, Any]], bool]


async def _observe(row: Row, product: Product) -> Mapping[str, Any]:
    """{"text", "problem", "message"}: all text of the file, or why there is none, in a few words and in full."""
    return await asyncio.to_thread(_loaded, Path(row.given["path"]))


def _loaded(path: Path) -> dict[str, str]:
    try:
        text = "\n\n".join(document.text for document in load_file(path))
    except FileError as error:
        problem = _NOTHING_READ if loader_for(path.suffix.lower()) else _NOT_READ
        return {"text": "", "problem": problem, "message": str(error)}
    return {"text": text, "problem": "", "message": ""}


def _read(pack: Pack) -> Rows:
    def rows_of(values: Mapping[str, Any]) -> list[Row]:
        reference = values.get("reference_text")
        gold = {
            "must_include": texts_in(values, "must_include", may_be_empty=True),
            "must_not_include": texts_in(values, "must_not_include", may_be_empty=True),
            "reference_text": reference if reference is None else text_in(values, "reference_text"),
            "format": text_in(values, "format"),
            "needs_ocr": flag_in(values, "needs_ocr"),
        }
        path = _path(pack, text_in(values, "file"))
        # A file that has changed is another one: what was read of it before is not taken for this.
        given = {"path": str(path), "content_hash": content_hash(path.read_bytes())}
        return [Row(text_in(values, "id"), given, gold)]

    return read_rows(pack, "documents", rows_of)


def _path(pack: Pack, file: str) -> Path:
    try:
        path = pack.path(file)
    except InputError as error:
        raise UnusableRowError("file lies outside of the pack") from error
    if not path.is_file():
        raise UnusableRowError("file is not in the pack")
    return path


def _is_read(record: Record) -> Score:
    return float(not record["observed"]["problem"])


def _strings_found(record: Record) -> Score | None:
    return _share_within(record, "must_include")


def _all_strings_found(record: Record) -> Score | None:
    share = _strings_found(record)
    return None if share is None else float(share == 1)


def _strings_kept_out(record: Record) -> Score | None:
    share = _share_within(record, "must_not_include")
    if share is not None and record["observed"]["problem"]:
        return NotComputed(record["observed"]["problem"])
    return share if share is None else 1 - share


def _share_within(record: Record, field: str) -> float | None:
    """Of a file that is not read nothing stands in its text."""
    strings = record["gold"][field]
    if not strings:
        return None
    text = _spaced_once(record["observed"]["text"])
    return sum(_spaced_once(string) in text for string in strings) / len(strings)


def _spaced_once(text: str) -> str:
    """Where lines break and cells are padded says nothing about what was read."""
    return _WHITE_SPACE.sub(" ", text).strip()


def _words_found(record: Record) -> Score | None:
    reference = record["gold"]["reference_text"]
    if reference is None:
        return None
    return bag_recall(record["observed"]["text"], reference)


def _where(applies: Applies, score: Scores) -> Scores:
    return lambda record: score(record) if applies(record["gold"]) else None


def _three(name: str, applies: Applies) -> tuple[RowMetric, ...]:
    """The figures of the files of one kind."""
    return (
        RowMetric(f"read[{name}]", _where(applies, _is_read), "files of which any text is read / files"),
        RowMetric(
            f"strings_found[{name}]",
            _where(applies, _strings_found),
            _STRINGS_FOUND,
        ),
        RowMetric(
            f"words_found[{name}]",
            _where(applies, _words_found),
            _WORDS_FOUND,
        ),
    )


def _is_format(format_: str) -> Applies:
    return lambda gold: bool(gold["format"] == format_)


DOCUMENTS = Task(
    name="documents",
    file="documents",
    about="Files of many formats, read as `signpost parse` reads them, against strings and words that they hold.",
    read=_read,
    observe=_observe,
    metrics=(
        RowMetric("read", _is_read, "files of which any text is read / files"),
        RowMetric(
            "strings_found",
            _strings_found,
            _STRINGS_FOUND,
        ),
        RowMetric(
            "all_strings_found",
            _all_strings_found,
            "files that are read and whose text holds all required strings / files with such strings",
        ),
        RowMetric(
            "strings_kept_out",
            _strings_kept_out,
            "mean share of a file's forbidden strings that its text does not hold",
        ),
        RowMetric(
            "words_found",
            _words_found,
            _WORDS_FOUND,
        ),
        *_three("ocr", lambda gold: bool(gold["needs_ocr"])),
        *_three("no ocr", lambda gold: not gold["needs_ocr"]),
        *(metric for format_ in _FORMATS for metric in _three(format_, _is_format(format_))),
    ),
)

DOCUMENTS_TASKS = (DOCUMENTS,)
