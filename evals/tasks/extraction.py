"""What the free tier of the knowledge graph reads out of texts, against entities and relations that people marked.

Each text goes the way that an added document goes, up to where it would be stored.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.pack import Pack
from evals.product import Product
from evals.records import Row
from evals.task import Rows, Task
from evals.tasks.extraction_metrics import EXTRACTION_METRICS
from evals.tasks.fields import LANGUAGES, UnusableRowError, label_in, objects_in, read_rows, text_in, texts_in
from ingest.prepare import Prepared, Source
from tools.shapes import DEFAULT_COLLECTION

_REDOCRED = "kg_extract_en_redocred"
_FINRE = "kg_extract_zh_finre"
_REDOCRED_RELATIONS = "kg_relation_names"
_FINRE_RELATIONS = "finre.relations"


async def _observe(row: Row, product: Product) -> Mapping[str, Any]:
    """{"entities": [name], "facts": [[head, relation, tail]]}, each once."""
    return await asyncio.to_thread(_extracted, row)


def _extracted(row: Row) -> dict[str, Any]:
    content = json.dumps({"id": row.id, **row.given}, ensure_ascii=False).encode()
    source = Source(Path("texts.jsonl"), content, DEFAULT_COLLECTION, None, {})
    prepared = [source.prepare(loaded) for loaded in source.load()]
    extractions = [each.extraction for each in prepared if isinstance(each, Prepared)]
    names = [entity.name for extraction in extractions for entity in extraction.entities]
    facts = [(fact.head, fact.relation, fact.tail) for extraction in extractions for fact in extraction.facts]
    return {"entities": list(dict.fromkeys(names)), "facts": [list(fact) for fact in dict.fromkeys(facts)]}


def _read_redocred(pack: Pack) -> Rows:
    relations = _relation_names(pack, _REDOCRED_RELATIONS, "name")

    def rows_of(values: Mapping[str, Any]) -> list[Row]:
        entities = [texts_in(entity, "names") for entity in objects_in(values, "entities")]
        triples = [
            (_place(triple, "h", entities), label_in(triple, "relation", relations), _place(triple, "t", entities))
            for triple in objects_in(values, "triples", may_be_empty=True)
        ]
        given = {"title": text_in(values, "title"), "text": text_in(values, "text")}
        return [_row(values, given, entities, triples)]

    return read_rows(pack, _REDOCRED, rows_of)


def _read_finre(pack: Pack) -> Rows:
    """The entities are those that stand in a relation; others are not marked."""
    relations = _relation_names(pack, _FINRE_RELATIONS, "relation")

    def rows_of(values: Mapping[str, Any]) -> list[Row]:
        marked = objects_in(values, "triples")
        names = list(dict.fromkeys(text_in(triple, end) for triple in marked for end in ("head", "tail")))
        triples = [
            (names.index(triple["head"]), label_in(triple, "relation", relations), names.index(triple["tail"]))
            for triple in marked
        ]
        return [_row(values, {"text": text_in(values, "text")}, [[name] for name in names], triples)]

    return read_rows(pack, _FINRE, rows_of)


def _relation_names(pack: Pack, file: str, field: str) -> set[str]:
    """None where the pack lacks the file, so that each row says so."""
    lines, _ = pack.lines(file) if pack.has(file) else ([], [])
    return {name for line in lines if isinstance(name := line.values.get(field), str)}


def _place(triple: Mapping[str, Any], end: str, entities: Sequence[Sequence[str]]) -> int:
    place = triple.get(end)
    if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(entities):
        raise UnusableRowError(f"{end} of a triple is no place in entities")
    return place


def _row(
    values: Mapping[str, Any],
    given: Mapping[str, str],
    entities: Sequence[Sequence[str]],
    triples: Sequence[tuple[int, str, int]],
) -> Row:
    """triples: head and tail by their place among the entities."""
    language = label_in(values, "lang", LANGUAGES)
    return Row(text_in(values, "id"), given, {"names": entities, "triples": triples, "language": language})


EXTRACTION_TASKS = (
    Task(
        name=_REDOCRED,
        file=_REDOCRED,
        about="Names and facts read by rule from encyclopaedia articles; dates and numbers count as entities "
        "(Re-DocRED).",
        read=_read_redocred,
        observe=_observe,
        metrics=EXTRACTION_METRICS,
    ),
    Task(
        name=_FINRE,
        file=_FINRE,
        about="Names and facts read by rule from sentences of financial news; entities outside of relations are not "
        "marked (FinRE).",
        read=_read_finre,
        observe=_observe,
        metrics=EXTRACTION_METRICS,
    ),
)
