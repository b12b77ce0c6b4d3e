"""The routing task: labels that admit two ways, what is asked back, and that nothing leaves the machine."""

from pathlib import Path
from typing import Any

import pytest

from evals.product import Product
from evals.records import Record
from evals.tasks.routing import ROUTING, first_route, is_met, route_pairs
from tests.evals.tasks.tiny_pack import figure, records_of, tiny_pack
from tests.graph.fakes import FakeSource, make_resources, passage
from tools.sources.web import WebSource


def row(id_: str, question: str, route: str, source: str = "own", lang: str = "en") -> dict[str, Any]:
    return {"id": id_, "question": question, "route": route, "lang": lang, "label_basis": "by hand", "source": source}


def record(label: str, *routes: str, waiting: str = "") -> Record:
    chosen = [{"route": route, "confidence": 0.5, "why": "documents"} for route in routes]
    return Record(
        task="routing",
        id="-".join((label, *routes)),
        given={"question": "?"},
        gold={"route": label, "language": "en", "source": "own", "basis": "by hand", "is_stored": False},
        observed={"routes": chosen, "queries": ["?"], "waiting": waiting},
        judged={},
        ms=1.0,
        failure="",
    )


async def test_the_way_is_compared_and_the_web_is_chosen_but_never_searched(tmp_path: Path) -> None:
    web = FakeSource("web", leaves_machine=True, cues=WebSource.cues)
    ferry = passage("1", "The ferry to Lundholm leaves at nine from the north pier.", title="Timetable")
    product = Product(make_resources([ferry], web=web))
    rows = [
        row("v", "When does the ferry to Lundholm leave?", "vector"),
        row("w", "What is the weather in Lundholm?", "web"),
        row("d", "谢谢！", "direct_or_web", lang="zh"),
        row("g", "When does the ferry to Lundholm leave?", "graph"),
    ]
    records = await records_of(ROUTING, tiny_pack(tmp_path, {"routing": rows}), product)

    assert [first_route(each) for each in records] == ["vector", "web", "direct", "vector"]
    assert web.searches == []
    assert figure(ROUTING, "accuracy", records).value == 0.75
    assert figure(ROUTING, "accuracy[zh]", records).value == 1
    assert figure(ROUTING, "accuracy[en]", records).n == 3


def test_an_either_or_label_is_met_by_either() -> None:
    assert is_met("direct_or_web", "web")
    assert is_met("direct_or_web", "direct")
    assert not is_met("direct_or_web", "vector")
    assert not is_met("graph", "vector")
    assert not is_met("web", "")


def test_pairs_resolve_either_or_to_what_was_chosen() -> None:
    records = [record("graph_or_vector", "vector"), record("graph_or_vector", "web"), record("web", "web", "vector")]
    assert route_pairs(records) == [("vector", "vector"), ("graph", "web"), ("web", "web")]


def test_what_is_asked_back_is_a_way_of_its_own() -> None:
    asked_back = record("vector", waiting="clarify")
    assert first_route(asked_back) == "ask"
    assert first_route(record("vector")) == "none"
    records = [asked_back, record("vector", "vector"), record("web", "web", waiting="permission")]
    assert figure(ROUTING, "accuracy", records).value == pytest.approx(2 / 3)
    assert figure(ROUTING, "clarifies", records).value == pytest.approx(1 / 3)
    assert figure(ROUTING, "needs_permission", records).value == pytest.approx(1 / 3)
    # vector: P 1, R 1/2; web: all right; direct and graph do not occur.
    assert figure(ROUTING, "macro_f1", records).value == pytest.approx((2 / 3 + 1) / 2)


def test_a_further_way_counts_as_among_the_routes_alone() -> None:
    records = [record("vector", "web", "vector"), record("graph", "web", "vector")]
    assert figure(ROUTING, "accuracy", records).value == 0
    assert figure(ROUTING, "among_routes", records).value == 0.5


def test_questions_whose_evidence_the_pack_brings_are_told_apart(tmp_path: Path) -> None:
    rows = [
        row("a", "Who built the pier?", "vector", "SQuAD 2.0 dev"),
        row("b", "谁修的码头？", "vector", "CMRC2018 dev", "zh"),
        row("c", "What is new?", "web", "FreshQA"),
    ]
    pack = tiny_pack(tmp_path, {"routing": rows, "en_single_hop_squad2.corpus": [{"pid": "1", "text": "The pier."}]})
    read, faults = ROUTING.read(pack)
    assert [each.gold["is_stored"] for each in read] == [True, False, False]
    assert not faults


def test_unknown_labels_are_faults(tmp_path: Path) -> None:
    rows = [row("a", "Who?", "vector"), row("b", "Who?", "sql"), row("c", "Qui ?", "web", lang="fr"), {"id": "d"}]
    read, faults = ROUTING.read(tiny_pack(tmp_path, {"routing": rows}))
    assert [each.id for each in read] == ["a"]
    assert [(each.line, each.why.split(" ")[0]) for each in faults] == [(2, "route"), (3, "lang"), (4, "has")]
