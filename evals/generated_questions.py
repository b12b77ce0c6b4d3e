"""Questions about the user's documents, each with a twin that cannot be answered: the same, with its documents hidden.

The rows have the form that `evals.own_questions` reads; whoever knows the documents reads and edits them before.
"""

import json
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals.question_writer import written_questions
from tools.access import Access
from tools.errors import FileError, InputError
from tools.models.chat_model import ChatModel
from tools.shapes import Filters, Passage
from tools.stores.protocols import Ledger
from tools.text.answer_holder import ReadText, holds_answer, read_text
from tools.text.question_maker import made_questions
from tools.text.question_subject import MadeQuestion
from tools.text.sentences import sentences

SEED = 7
_EACH = 50
_OF_SEVERAL_SENTENCES = ("heading", "section")
_SHORTEST_SENTENCE = 8
_TRIES_FOR_ONE = 3
"""Passages that a model is shown for each question that is wanted: of some it makes none."""


@dataclass(frozen=True, slots=True)
class Generated:
    """rows: questions, each followed by its twin. asked_for: how many questions were wanted. by: how many there are by
    kind and language, "definition zh". documents: how many documents they are about, `of_documents` of all."""

    rows: Sequence[dict[str, Any]]
    asked_for: int
    documents: int
    of_documents: int
    by: dict[str, int] = field(default_factory=dict)

    @property
    def questions(self) -> int:
        return len(self.rows) // 2

    @property
    def not_possible(self) -> int:
        """How many more were asked for."""
        return self.asked_for - self.questions


async def generate_questions(
    ledger: Ledger,
    count: int,
    *,
    access: Access,
    collections: Collection[str] = (),
    chat: ChatModel | None = None,
    seed: int = SEED,
) -> Generated:
    """At most `count` questions with their twins, spread over documents and kinds; the same each time without a model.

    chat: writes the questions; those that it does not manage are made by rules. Raises InputError where there are no
    documents, and StoreError.
    """
    passages = [each async for each in readable_passages(ledger, access, Filters(tuple(collections)))]
    documents = {passage.document_id for passage in passages}
    if not passages:
        raise InputError(
            "There are no documents to ask about.",
            why="Questions are made from the documents that were added.",
            next_step="signpost add PATH",
        )
    chosen = await _written(passages, count, chat, seed) if chat else []
    known = {made.question for made in chosen}
    by_rule = [made for made in made_questions(passages) if made.question not in known]
    chosen += spread(by_rule, count - len(chosen), seed)
    by_id, texts = {passage.id: passage for passage in passages}, read_texts(passages)
    rows = [
        row
        for number, made in enumerate(chosen, start=1)
        for row in _rows(f"q{number:03}", made, by_id[made.passage_id], holders(made, texts), collections)
    ]
    by = Counter(f"{made.kind} {made.language}" for made in chosen)
    about = len({made.document_id for made in chosen})
    return Generated(rows, count, about, len(documents), dict(sorted(by.items())))


async def readable_passages(ledger: Ledger, access: Access, filters: Filters) -> AsyncIterator[Passage]:
    """All chunks of the documents that `access` may read, document by document."""
    documents = await ledger.documents(access, filters)
    for start in range(0, len(documents), _EACH):
        listed = documents[start : start + _EACH]
        stored = await ledger.stored([document.id for document in listed])
        for document in listed:
            for chunk in stored[document.id].chunks if document.id in stored else ():
                yield Passage(
                    chunk.id,
                    document.id,
                    document.title,
                    document.uri,
                    chunk.text,
                    chunk.page,
                    chunk.section,
                    chunk.boxes,
                )


def spread(made: Sequence[MadeQuestion], count: int, seed: int = SEED) -> list[MadeQuestion]:
    """At most `count` of the questions: of the kind that has fewest, about the document that has fewest, at random."""
    left: dict[str, list[MadeQuestion]] = defaultdict(list)
    for question in random.Random(seed).sample(made, len(made)):
        left[question.kind].append(question)
    of_kind: Counter[str] = Counter()
    of_document: Counter[str] = Counter()
    of_passage: Counter[str] = Counter()
    chosen: list[MadeQuestion] = []
    while left and len(chosen) < count:
        kind = min(left, key=lambda kind: (of_kind[kind], kind))
        best = min(left[kind], key=lambda each: (of_document[each.document_id], of_passage[each.passage_id]))
        left[kind].remove(best)
        if not left[kind]:
            del left[kind]
        chosen.append(best)
        of_kind[kind] += 1
        of_document[best.document_id] += 1
        of_passage[best.passage_id] += 1
    return chosen


def write_questions(path: Path, generated: Generated) -> None:
    """One row a line, to be edited. Raises FileError, also where there is a file already: it may have been edited."""
    text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in generated.rows)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise FileError(f"{path} is there already.", next_step="Choose another name, or remove it.") from error
    except OSError as error:
        raise FileError(f"{path} cannot be written.", why=error.strerror or str(error)) from error


def holders(made: MadeQuestion, texts: Iterable[tuple[str, ReadText]]) -> list[str]:
    """Ids of the documents any passage of which holds the answer, that of its own document first.

    texts: of all passages, with the id of the document.
    """
    found = dict.fromkeys([made.document_id])
    for document_id, text in texts:
        if document_id not in found and holds_answer(made.question, made.answer, text):
            found[document_id] = None
    return list(found)


def read_texts(passages: Iterable[Passage]) -> list[tuple[str, ReadText]]:
    """What answers are looked for in: each passage with its title and section, and the id of its document."""
    return [(each.document_id, read_text(f"{each.title}\n{each.section}\n{each.text}")) for each in passages]


async def _written(passages: Sequence[Passage], count: int, chat: ChatModel, seed: int) -> list[MadeQuestion]:
    chosen: dict[str, MadeQuestion] = {}
    async for made in written_questions(_in_turn(passages, seed)[: count * _TRIES_FOR_ONE], chat):
        chosen.setdefault(made.question, made)
        if len(chosen) == count:
            break
    return list(chosen.values())


def _in_turn(passages: Sequence[Passage], seed: int) -> list[Passage]:
    """One passage of each document, then a second one of each…"""
    shuffled = random.Random(seed).sample(passages, len(passages))
    turn: Counter[str] = Counter()
    turns: list[tuple[int, int, Passage]] = []
    for place, passage in enumerate(shuffled):
        turns.append((turn[passage.document_id], place, passage))
        turn[passage.document_id] += 1
    return [passage for _, _, passage in sorted(turns, key=lambda each: each[:2])]


def _rows(
    id_: str, made: MadeQuestion, passage: Passage, hidden: Sequence[str], collections: Collection[str]
) -> list[dict[str, Any]]:
    where = {"collections": list(collections)} if collections else {}
    question = {
        "id": id_,
        "question": made.question,
        **where,
        "answer": _right_answers(made),
        "documents": [made.document_id],
        "language": made.language,
        "kind": made.kind,
        "found_in": " > ".join(filter(None, (passage.title, passage.section))),
    }
    twin = {
        "id": f"{id_}-hidden",
        "question": made.question,
        **where,
        "must_refuse": True,
        "hidden": list(hidden),
        "twin_of": id_,
        "language": made.language,
        "kind": made.kind,
    }
    return [question, twin]


def _right_answers(made: MadeQuestion) -> str | list[str]:
    """The answer; where it is what a document says in several sentences, each of them is one too."""
    said = [sentence for sentence in sentences(made.answer) if len(sentence) >= _SHORTEST_SENTENCE]
    return [made.answer, *said] if made.kind in _OF_SEVERAL_SENTENCES and len(said) > 1 else made.answer
