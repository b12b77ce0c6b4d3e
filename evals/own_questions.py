"""The user's own questions: a file with one a line, made by hand or by `signpost eval generate`, and what is right.

Each line is a JSON object: "question", and any of "answer" (a text, or a list of texts any of which is right),
"documents" (what holds the answer: ids, uris, file names or titles), "must_refuse" (true: there is no answer), "route"
(direct, web, vector, graph, or two with "_or_"), "language" (zh or en), "collections" (to be searched), "history"
(messages before it), "hidden" (documents that the search must not see), "twin_of" (the id of the same question with
nothing hidden), "kind" (a word by which the figures are split), "id". Further fields are for the reader alone.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from evals.pack import Line, read_lines, without_repeats
from evals.records import Row, RowFault
from evals.task import Rows
from evals.tasks.fields import LANGUAGES, UnusableRowError, flag_in, label_in, text_in, texts_in
from evals.tasks.routing import LABELS
from tools.access import Access
from tools.errors import InputError
from tools.stores.protocols import Ledger
from tools.text.language import detect_language

_ROLES = ("user", "assistant")
_FIELDS = (
    *("id", "question", "answer", "documents", "must_refuse", "route", "language"),
    *("collections", "history", "hidden", "twin_of", "kind"),
)
_FORM = 'Each line is an object such as {"question": "…", "answer": "…", "documents": ["report.pdf"]}.'


def read_own_questions(path: Path) -> Rows:
    """The rows of a file, and its lines that cannot be used, each with why.

    `given`: question, history, collections and hidden, as the product gets them, and `routed`, whether its way is
    measured. `gold`: answers, documents, must_refuse (None where nothing is known of it), route, language, twin_of,
    kind and the line. Documents are as they are written; `with_documents` finds them. Raises FileError, and InputError
    where no line can be used.
    """
    lines, faults = read_lines(path)
    numbered = [Line(line.number, {**line.values, "id": _id_of(line)}) for line in lines]
    unique, repeats = without_repeats(numbered)
    faults += repeats
    rows: dict[int, Row] = {}
    for line in unique:
        try:
            rows[line.number] = _row(line)
        except UnusableRowError as error:
            faults.append(RowFault(line.number, line.values["id"], str(error)))
    ids = {row.id for row in rows.values()}
    for number, row in list(rows.items()):
        if row.gold["twin_of"] and row.gold["twin_of"] not in ids:
            faults.append(RowFault(number, row.id, f"twin_of names no usable row: {row.gold['twin_of']}"))
            del rows[number]
    if not rows:
        why = f"Line {faults[0].line} {faults[0].why}. {_FORM}" if faults else f"It is empty. {_FORM}"
        raise InputError(
            f"{path} holds no question that could be asked.", why=why, next_step="signpost eval generate 50"
        )
    return list(rows.values()), sorted(faults, key=lambda fault: fault.line)


async def with_documents(rows: Rows, ledger: Ledger, access: Access) -> Rows:
    """The rows with the ids of their documents; rows whose documents or collections cannot be found are faults.

    Raises InputError where nothing is left, and StoreError.
    """
    usable, faults = rows
    collections = await ledger.collections(access)
    ids: dict[str, list[str]] = {}
    kept: list[Row] = []
    missing: list[RowFault] = []
    for row in usable:
        references = [*row.gold["documents"], *row.given["hidden"]]
        for reference in references:
            if reference not in ids:
                ids[reference] = [document.id for document in await ledger.find_documents(reference, access)]
        unknown = [reference for reference in references if not ids[reference]]
        absent = [name for name in row.given["collections"] if name not in collections]
        if unknown or absent:
            why = f"no document {', '.join(unknown)}" if unknown else f"no collection {', '.join(absent)}"
            missing.append(RowFault(row.gold["line"], row.id, f"there is {why}"))
            continue

        def found(references: Sequence[str]) -> list[str]:
            return list(dict.fromkeys(id_ for reference in references for id_ in ids[reference]))

        given = {**row.given, "hidden": found(row.given["hidden"])}
        kept.append(replace(row, given=given, gold={**row.gold, "documents": found(row.gold["documents"])}))
    if not kept:
        raise InputError(
            "None of these questions can be asked of your documents.",
            why=f"Line {missing[0].line}: {missing[0].why}.",
            next_step="signpost search shows the ids and titles of what was added.",
        )
    return kept, sorted([*faults, *missing], key=lambda fault: fault.line)


def _id_of(line: Line) -> str:
    id_ = line.values.get("id")
    if isinstance(id_, str | int) and not isinstance(id_, bool) and str(id_):
        return str(id_)
    # Not its place: that is another question's when a line is added above it.
    return hashlib.sha256(repr(line.values.get("question")).encode("utf-8", "backslashreplace")).hexdigest()[:10]


def _check_names(values: Mapping[str, Any]) -> None:
    for name in values:
        if name not in _FIELDS and (meant := get_close_matches(name, _FIELDS, n=1, cutoff=0.8)):
            raise UnusableRowError(f"has '{name}': is '{meant[0]}' meant?")


def _row(line: Line) -> Row:
    values = line.values
    _check_names(values)
    question = text_in(values, "question").strip()
    answers = _texts(values, "answer")
    if values.get("answer") is not None and not any(answers):
        raise UnusableRowError("answer is empty")
    documents = _texts(values, "documents")
    must_refuse = _optional(values, "must_refuse", flag_in)
    if must_refuse and answers:
        raise UnusableRowError("has an answer, and must_refuse too")
    if must_refuse is None and (answers or documents):
        must_refuse = False
    route = _optional(values, "route", _label(LABELS))
    return Row(
        values["id"],
        {
            "question": question,
            "history": _history(values),
            "collections": _texts(values, "collections"),
            "hidden": _texts(values, "hidden"),
            "routed": route is not None,
        },
        {
            "answers": answers,
            "documents": documents,
            "must_refuse": must_refuse,
            "route": route,
            "language": _optional(values, "language", _label(LANGUAGES)) or detect_language(question),
            "twin_of": _optional(values, "twin_of", text_in) or "",
            "kind": _optional(values, "kind", text_in) or "",
            "line": line.number,
        },
    )


def _optional(values: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any], str], Any]) -> Any:
    return read(values, name) if values.get(name) is not None else None


def _label(labels: Collection[str]) -> Callable[[Mapping[str, Any], str], str]:
    return lambda values, name: label_in(values, name, labels)


def _texts(values: Mapping[str, Any], name: str) -> list[str]:
    """A text or a list of texts; an absent or empty one is none."""
    if isinstance(values.get(name), str):
        values = {name: [values[name]]}
    return _optional(values, name, lambda given, key: texts_in(given, key, may_be_empty=True)) or []


def _history(values: Mapping[str, Any]) -> list[dict[str, str]]:
    messages = values.get("history") or []
    if not isinstance(messages, list) or not all(map(_is_message, messages)):
        raise UnusableRowError('history is no list of {"role": "user" or "assistant", "content": text}')
    return [{"role": message["role"], "content": message["content"]} for message in messages]


def _is_message(message: Any) -> bool:
    return isinstance(message, dict) and message.get("role") in _ROLES and isinstance(message.get("content"), str)
