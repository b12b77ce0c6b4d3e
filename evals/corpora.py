"""The corpora that a pack's questions are asked over: which file goes into which collection, and putting it there.

Five corpora share one collection, `mixed`: searched alone each of them is too easy. A document's id is the passage's
`pid`, so that what is found can be compared with what is right.
"""

import asyncio
import functools
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals.pack import Line, Pack, without_repeats
from evals.records import RowFault
from evals.triple_documents import head_document_id, triple_documents
from ingest.prepare import Prepared, Source
from tools.access import EVERYONE
from tools.shapes import Document
from tools.stores.stores import Stores
from tools.text.clean import clean, one_line

MIXED = "mixed"
XQUAD_ZH = "xquad-zh"
XQUAD_EN = "xquad-en"
LIHUA = "lihua"
TWO_WIKI = "2wiki"
TRAVEL = "travel"

CorpusProgress = Callable[[str, int, int], None]
"""Called with the name of a corpus, how many of its documents are done, and how many it has: before its first document
that is written, with 0 done, and then now and again. Of a corpus that is there already nothing is heard."""

_EACH = 100  # documents that are written between two reports of progress


@dataclass(frozen=True, slots=True)
class Corpus:
    """A file of passages and the collection it belongs to. `language`: only the passages in it, where set."""

    collection: str
    file: str
    language: str = ""


PASSAGES = (
    Corpus(MIXED, "zh_single_hop_cmrc.corpus"),
    Corpus(MIXED, "zhhant_single_hop_drcd.corpus"),
    Corpus(MIXED, "en_single_hop_squad2.corpus"),
    Corpus(MIXED, "multihop_hotpotqa.corpus"),
    Corpus(MIXED, "multihop_musique.corpus"),
    Corpus(XQUAD_ZH, "xling_single_hop_xquad.corpus", "zh"),
    Corpus(XQUAD_EN, "xling_single_hop_xquad.corpus", "en"),
    Corpus(LIHUA, "lihua_world.corpus"),
    Corpus(TWO_WIKI, "multihop_2wiki.corpus"),
)

TRIPLES = Corpus(TRAVEL, "kg_travel_zh.triples")
_TRIPLES_URI = f"{TRIPLES.collection}/{TRIPLES.file}.jsonl"


@dataclass(frozen=True, slots=True)
class Read:
    """What a pack's corpora hold. faults: by file, the rows that cannot be used."""

    passages: Mapping[Corpus, Sequence[Line]]
    triples: Sequence[Line]
    faults: Mapping[str, Sequence[RowFault]] = field(default_factory=dict)

    def document_ids(self, collection: str) -> frozenset[str]:
        """The ids of the documents that a collection of passages gets."""
        return frozenset(
            str(line.values["pid"])
            for corpus, lines in self.passages.items()
            if corpus.collection == collection
            for line in lines
        )


def read_corpora(pack: Pack) -> Read:
    """The corpora whose files the pack has. A passage needs a pid of its own, among all corpora, and a text."""
    return _read(pack, _written(pack))


@functools.lru_cache(maxsize=1)  # a dozen tasks compare their rows with them
def _read(pack: Pack, written: tuple[object, ...]) -> Read:
    faults: dict[str, list[RowFault]] = {}
    passages: dict[Corpus, Sequence[Line]] = {}
    taken: dict[str, Corpus] = {}
    for corpus in PASSAGES:
        if pack.has(corpus.file):
            passages[corpus], bad = _passages(pack, corpus, taken)
            known = faults.setdefault(corpus.file, [])
            known.extend(fault for fault in bad if fault not in known)
    triples: list[Line] = []
    if pack.has(TRIPLES.file):
        triples, faults[TRIPLES.file] = _triples(pack)
    return Read(passages, triples, {file: found for file, found in faults.items() if found})


def corpora_fingerprint(pack: Pack) -> str:
    """SHA-256, in hex, of which documents the collections are to hold."""
    read = read_corpora(pack)
    digest = hashlib.sha256()
    for corpus, lines in (*read.passages.items(), (TRIPLES, read.triples)):
        digest.update(f"{corpus.collection}\x00{corpus.file}\x00{corpus.language}\n".encode())
        for line in lines:
            digest.update(json.dumps(line.values, sort_keys=True).encode())
    return digest.hexdigest()


def travel_document_id(head: str) -> str:
    """Id of the document that holds what the travel graph says of `head`."""
    return head_document_id(head, TRIPLES.collection, _TRIPLES_URI)


async def load_corpora(pack: Pack, stores: Stores, progress: CorpusProgress) -> Mapping[str, Sequence[RowFault]]:
    """Brings the collections to what the pack's corpora say, and their indexes too; gives the bad rows by file.

    What is there with the same content is passed over. Raises StoreError.
    """
    read = await asyncio.to_thread(read_corpora, pack)
    for corpus, lines in read.passages.items():
        await _add_passages(corpus, lines, stores, progress)
    if read.triples:
        await _add_triples(read.triples, stores, progress)
    await stores.replay()
    return read.faults


def _written(pack: Pack) -> tuple[object, ...]:
    """Which files there are, and when each was last written."""
    names = [f"{corpus.file}.jsonl" for corpus in (*PASSAGES, TRIPLES)]
    files = [folder / name for folder in (pack.folder, pack.shared) for name in names]
    states = [(file, file.stat()) for file in files if file.is_file()]
    return tuple((file, state.st_mtime_ns, state.st_size) for file, state in states)


def _passages(pack: Pack, corpus: Corpus, taken: dict[str, Corpus]) -> tuple[list[Line], list[RowFault]]:
    lines, faults = pack.lines(corpus.file)
    lines, repeats = without_repeats(lines, key="pid")
    faults += repeats
    kept = []
    for line in lines:
        pid, text = str(line.values["pid"]), line.values.get("text")
        if not isinstance(text, str) or not clean(text).strip():
            faults.append(RowFault(line.number, pid, "has no text"))
        elif pid != one_line(pid):
            faults.append(RowFault(line.number, pid, "has a pid that no document can have"))
        elif corpus.language and line.values.get("lang") != corpus.language:
            continue
        elif taken.setdefault(pid, corpus) != corpus:
            faults.append(RowFault(line.number, pid, f"has the pid of a passage of {taken[pid].file}"))
        else:
            kept.append(line)
    return kept, faults


def _triples(pack: Pack) -> tuple[list[Line], list[RowFault]]:
    lines, faults = pack.lines(TRIPLES.file)
    kept = []
    for line in lines:
        parts = [line.values.get(name) for name in ("head", "relation", "tail")]
        if all(isinstance(part, str) and part.strip() for part in parts):
            kept.append(line)
        else:
            faults.append(RowFault(line.number, "", "has no head, relation or tail"))
    return kept, faults


async def _add_passages(corpus: Corpus, lines: Sequence[Line], stores: Stores, progress: CorpusProgress) -> None:
    # A path that is the same wherever the pack lies: what was added from one folder is known in another.
    path = Path(corpus.collection, f"{corpus.file}.jsonl")
    content = "\n".join(json.dumps(_row(line)) for line in lines).encode()
    held = await _held(corpus, path.as_posix(), stores)
    source = Source(path, content, corpus.collection, (EVERYONE,), held)
    writing = _Writing(corpus.file, len(lines), stores, progress)
    kept = set()
    for number, loaded in enumerate(await asyncio.to_thread(source.load) if lines else [], start=1):
        prepared = await asyncio.to_thread(source.prepare, loaded)
        if isinstance(prepared, Prepared):
            await writing.store(prepared, number)
        kept.add(prepared.document_id)
    for gone in held.keys() - kept:
        await stores.ledger.remove_document(gone)


async def _add_triples(lines: Sequence[Line], stores: Stores, progress: CorpusProgress) -> None:
    held = await _held(TRIPLES, _TRIPLES_URI, stores)
    rows = [line.values for line in lines]
    prepared = await asyncio.to_thread(triple_documents, rows, TRIPLES.collection, _TRIPLES_URI)
    writing = _Writing(TRIPLES.file, len(prepared), stores, progress)
    for number, each in enumerate(prepared, start=1):
        if held.pop(each.document.id, None) != each.document:
            await writing.store(each, number)
    for gone in held:
        await stores.ledger.remove_document(gone)


@dataclass(slots=True)
class _Writing:
    """Writes the documents of one corpus that are new or have changed. total: documents, those that are there too."""

    file: str
    total: int
    stores: Stores
    progress: CorpusProgress
    written: int = 0

    async def store(self, prepared: Prepared, number: int) -> None:
        """number: of the document in its corpus, from 1."""
        if not self.written:
            self.progress(self.file, 0, self.total)
        await self.stores.ledger.replace_document(prepared.document, prepared.chunks, prepared.extraction)
        self.written += 1
        if self.written % _EACH == 0 or number == self.total:
            self.progress(self.file, number, self.total)


def _row(line: Line) -> Mapping[str, Any]:
    return {"id": line.values["pid"], "title": line.values.get("title"), "text": line.values["text"]}


async def _held(corpus: Corpus, uri: str, stores: Stores) -> dict[str, Document]:
    return {document.id: document for document in await stores.ledger.documents_held(corpus.collection, [uri])}
