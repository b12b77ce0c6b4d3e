"""The extraction tasks: any name of an entity, pairs in any direction, triples by the name of their relation."""

from pathlib import Path
from typing import Any

import pytest

from evals.records import Record
from evals.tasks.extraction import EXTRACTION_TASKS
from evals.tasks.extraction_metrics import compared
from tests.evals.tasks.tiny_pack import figure, records_of, task_named, tiny_pack

REDOCRED = task_named("kg_extract_en_redocred", EXTRACTION_TASKS)
FINRE = task_named("kg_extract_zh_finre", EXTRACTION_TASKS)

NAMES = [["Karin Holt", "Holt"], ["the Aldmoor Institute"], ["1998"]]


def record(entities: list[str], facts: list[list[str]], triples: list[list[Any]]) -> Record:
    return Record(
        task=REDOCRED.name,
        id="one",
        given={},
        gold={"names": NAMES, "triples": triples, "language": "en"},
        observed={"entities": entities, "facts": facts},
        judged={},
        ms=1.0,
        failure="",
    )


def test_any_name_of_an_entity_stands_for_it_and_articles_do_not_matter() -> None:
    seen = compared(record(["HOLT", "Karin  Holt", "Aldmoor Institute", "Molde"], [], []))
    found, gold = seen.entities
    assert found == {0, 1, "molde"}
    assert gold == {0, 1, 2}


def test_pairs_count_in_any_direction_and_triples_only_as_they_stand() -> None:
    facts = [["Aldmoor Institute", "Employer", "Holt"], ["Holt", "founded", "1998"], ["Holt", "alias", "Karin Holt"]]
    triples = [[0, "employer", 1], [1, "inception", 2], [0, "alias", 0]]
    pairs, gold_pairs = compared(record([], facts, triples)).pairs
    assert pairs == {frozenset((0, 1)), frozenset((0, 2))}
    assert gold_pairs == {frozenset((0, 1)), frozenset((1, 2))}, "nothing is joined to itself"
    found, gold = compared(record([], facts, triples)).triples
    assert found & gold == {(0, "alias", 0)}


def test_figures_add_up_over_all_texts() -> None:
    some = record(
        ["Holt"], [["Holt", "employer", "Aldmoor Institute"], ["Holt", "met", "Brekke"]], [[0, "employer", 1]]
    )
    none = record([], [], [[0, "born", 2], [1, "inception", 2], [0, "employer", 1]])
    records = [some, none]
    assert figure(REDOCRED, "pair_precision", records).value == 0.5
    assert figure(REDOCRED, "pair_recall", records).value == 0.25
    assert figure(REDOCRED, "pair_f1", records).value == pytest.approx(2 / 6)
    assert figure(REDOCRED, "triple_recall", records).value == 0.25
    assert figure(REDOCRED, "entity_recall", records).value == pytest.approx(1 / 6)
    assert figure(REDOCRED, "facts", records).value == 1
    empty = record([], [], [])
    numbers = {
        name: figure(REDOCRED, name, [some, none, empty]).n
        for name in ("pair_precision", "pair_recall", "pair_f1", "triple_precision", "entity_recall")
    }
    assert numbers == {
        "pair_precision": 1,
        "pair_recall": 2,
        "pair_f1": 2,
        "triple_precision": 1,
        "entity_recall": 3,
    }, "texts that say something of it"


def test_where_nothing_was_read_precision_is_not_computed() -> None:
    measure = figure(REDOCRED, "pair_precision", [record([], [], [[0, "employer", 1]])])
    assert measure.value is None
    assert measure.missing == {"nothing was found": 1}


async def test_a_text_is_read_as_an_added_document_is(tmp_path: Path) -> None:
    row = {
        "id": "f1",
        "lang": "zh",
        "text": "青川置业有限公司与罗浮建材有限公司签订了供货协议。",
        "triples": [{"head": "青川置业有限公司", "tail": "罗浮建材有限公司", "relation": "合作"}],
    }
    pack = tiny_pack(tmp_path, {FINRE.file: [row], "finre.relations": [{"relation": "合作"}]})
    records = await records_of(FINRE, pack)

    assert figure(FINRE, "entity_recall", records).value == 1
    assert figure(FINRE, "pair_recall", records).value == 1
    assert figure(FINRE, "triple_recall", records).value == 0, "that two names stand together says no relation"


async def test_relations_point_at_entities_by_their_place(tmp_path: Path) -> None:
    row = {
        "id": "r1",
        "lang": "en",
        "title": "Aldmoor",
        "text": "Karin Holt is the director of Aldmoor Institute.",
        "entities": [{"names": names} for names in NAMES],
        "triples": [{"h": 1, "t": 0, "relation": "director"}],
    }
    rows = [
        row,
        {**row, "id": "r2", "triples": [{"h": 0, "t": 3, "relation": "director"}]},
        {**row, "id": "r3", "triples": [{"h": 0, "t": 1, "relation": "owner"}]},
        {**row, "id": "r4", "entities": []},
        {**row, "id": "r5", "triples": []},
    ]
    pack = tiny_pack(tmp_path, {REDOCRED.file: rows, "kg_relation_names": [{"pid": "P1", "name": "director"}]})
    _, faults = REDOCRED.read(pack)
    records = await records_of(REDOCRED, pack)

    assert [(each.line, each.why) for each in faults] == [
        (2, "t of a triple is no place in entities"),
        (3, "relation is none of director"),
        (4, "entities is empty"),
    ]
    assert [each["id"] for each in records] == ["r1", "r5"], "a text in which no relation is marked is a text"
    assert figure(REDOCRED, "triple_recall", records).value == 1


def test_without_the_names_of_relations_each_row_is_a_fault(tmp_path: Path) -> None:
    row = {
        "id": "f1",
        "lang": "zh",
        "text": "甲和乙合作。",
        "triples": [{"head": "甲", "tail": "乙", "relation": "合作"}],
    }
    rows, faults = FINRE.read(tiny_pack(tmp_path, {FINRE.file: [row]}))
    assert not rows
    assert [each.why for each in faults if each.line] == ["relation is none of the 0 known ones"]
