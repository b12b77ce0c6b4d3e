"""The free tier of the knowledge graph: names and facts read out of chunks by rules, without a model.

Facts come from what is listed (table rows, "key: value" lines, definitions), from what is said in so many words
(who is responsible, who supervises, other names), and, with little weight, from two names in one sentence. Each keeps
the sentence it was read from. Names that a document lists once are recognised wherever it says them.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.listed_facts import (
    MAX_VALUE_CHARACTERS,
    Statement,
    definition_statements,
    key_value_statements,
    table_statements,
)
from ingest.names import (
    MAX_NAME_CHARACTERS,
    KnownNames,
    Name,
    kind_of,
    looks_like_person,
    names_in,
    names_in_row,
    subject_in,
)
from ingest.said_facts import said_statements
from tools.shapes import Chunk, Document, Entity, Extraction, Fact
from tools.text.identifiers import fact_id
from tools.text.language import detect_language
from tools.text.person_names import OF_PERSON
from tools.text.sentences import sentences
from tools.text.tokens import fold

EXTRACTOR_VERSION = "extract-1"

MAX_PAIRED_NAMES = 5  # in a sentence: ten pairs
MAX_PAIRS_PER_CHUNK = 24
MAX_SENTENCE_CHARACTERS = 400

_NO_NAME = re.compile(r"[\d\s,.%:~/()（）万亿元年月日-]*")
_PARTY = re.compile(r"发包人|承包人|甲方|乙方|丙方|双方|监理人|供应商|(?:建设|施工|监理|设计|使用)单位|建设方|总包单位")


def extract(document: Document, chunks: Sequence[Chunk]) -> Extraction:
    """The names and facts of a document's chunks, each once a chunk. The same input gives the same ids."""
    subject = subject_in(document.title)
    lines = [sentences(chunk.text) for chunk in chunks]
    listed = [list(_listed(chunk, found, subject, document.title)) for chunk, found in zip(chunks, lines, strict=True)]
    every_listed = list(itertools.chain.from_iterable(listed))
    known = KnownNames([*_names_of(every_listed), *([(subject, "thing")] if subject else [])])
    roles = {statement.relation: statement.tail for statement in every_listed}
    entities: dict[tuple[str, str], Entity] = {}
    facts: dict[str, Fact] = {}
    for chunk, chunk_lines, chunk_listed in zip(chunks, lines, listed, strict=True):
        names, said, pairs = _read(chunk_lines, known)
        statements = [*chunk_listed, *_with_parties_named(said, roles)]
        for name, kind in [*_names_of(chunk_listed), *names]:
            entities.setdefault((chunk.id, fold(name)), Entity(name, kind, chunk.id))
        for statement in [*statements, *_unsaid(pairs, statements)]:
            fact = _fact(statement, chunk, document.id)
            facts.setdefault(fact.id, fact)
    return Extraction(tuple(entities.values()), tuple(facts.values()))


def _listed(chunk: Chunk, lines: Sequence[str], subject: str, title: str) -> Iterator[Statement]:
    """Statements of tables, definitions and "key: value" lines, these of what the section is about."""
    yield from table_statements(lines)
    subject = subject_in(chunk.section.rpartition(" > ")[2]) or subject
    for line in lines:
        if not line.startswith(("|", "#")):
            defined = list(definition_statements(line))
            yield from defined or key_value_statements(line, subject, title)


def _read(lines: Sequence[str], known: KnownNames) -> tuple[list[tuple[str, str]], list[Statement], list[Statement]]:
    """Names with their kinds, what is said, and pairs of names, in the lines of a chunk."""
    found: list[tuple[str, str]] = []
    said: list[Statement] = []
    pairs: list[Statement] = []
    for line in lines:
        is_sentence = not line.startswith(("|", "#"))
        names = names_in(line, known) if is_sentence else names_in_row(line, known)
        found.extend((name.text, name.kind) for name in names)
        if is_sentence:
            said.extend(said_statements(line, names))
            if len(names) > 1:
                pairs.extend(_pairs(line, names))
    return found, said, pairs


def _names_of(statements: Iterable[Statement]) -> Iterator[tuple[str, str]]:
    """Names with their kinds among the ends of listed statements."""
    for statement in statements:
        if not _NO_NAME.fullmatch(statement.head):
            yield statement.head, statement.head_kind or kind_of(statement.head)
        tail = statement.tail
        if statement.head_kind != "term" and len(tail) <= MAX_NAME_CHARACTERS and not _NO_NAME.fullmatch(tail):
            is_person = OF_PERSON.search(statement.relation) and looks_like_person(tail)
            yield tail, "person" if is_person else kind_of(tail)


def _with_parties_named(statements: Iterable[Statement], roles: Mapping[str, str]) -> Iterator[Statement]:
    """The statements with "the contractor" and the like replaced by whom the document calls so, else left out."""
    for statement in statements:
        if not _PARTY.fullmatch(statement.head):
            yield statement
        elif statement.head in roles:
            yield replace(statement, head=roles[statement.head])


def _pairs(sentence: str, names: Sequence[Name]) -> Iterator[Statement]:
    """Each two names of one sentence. A sentence that names very many says little of any two: the first ones count."""
    relation = "共现" if detect_language(sentence) == "zh" else "co-occurs with"
    for first, second in itertools.combinations(names[:MAX_PAIRED_NAMES], 2):
        yield Statement(first.text, relation, second.text, sentence)


def _unsaid(pairs: Sequence[Statement], statements: Sequence[Statement]) -> Iterator[Statement]:
    """Pairs that no statement joins already, up to the limit of a chunk."""
    joined = {frozenset((statement.head, statement.tail)) for statement in statements}
    new = (pair for pair in pairs if frozenset((pair.head, pair.tail)) not in joined)
    yield from itertools.islice(new, MAX_PAIRS_PER_CHUNK)


def _fact(statement: Statement, chunk: Chunk, document_id: str) -> Fact:
    head, relation, tail = statement.head, statement.relation, statement.tail[:MAX_VALUE_CHARACTERS]
    return Fact(
        id=fact_id(chunk.id, head, relation, tail),
        head=head,
        relation=relation,
        tail=tail,
        sentence=statement.sentence[:MAX_SENTENCE_CHARACTERS],
        chunk_id=chunk.id,
        document_id=document_id,
    )
