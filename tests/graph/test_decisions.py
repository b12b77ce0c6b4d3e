"""What models write for lists and texts, and what becomes of it."""

from typing import Any

import pytest

from graph.decisions import Grading, Rewriting, Routing
from graph.route_model import chosen_by_model
from graph.state import RouteChoice
from tests.graph.fakes import FakeSource
from tools.models.usage import Usage, cost, merge_usage, total

SOURCES: Any = {
    "vector": FakeSource("vector"),
    "graph": FakeSource("graph"),
    "web": FakeSource("web", leaves_machine=True),
}
BEFORE = [[RouteChoice(route="vector", confidence=0.4, why="documents")]]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ([1, 3], [1, 3]),
        (["1", "[3]"], [1, 3]),
        ("1, 3", [1, 3]),
        ("[1][3]", [1, 3]),
        (2, [2]),
        (True, [1]),
        ("yes", [1]),
        ("是", [1]),
        (False, []),
        ("no", []),
        (None, []),
        ({"1": True, "2": False}, [1]),
        ([0], []),
        ("question 1 is not answered", []),
        (["none of 1"], []),
        ("2024年", []),
        ([{"id": 1, "score": 0.92}, {"id": 3}], [1, 3]),
    ],
)
def test_numbers(written: Any, read: list[int]) -> None:
    assert Grading.model_validate({"answered": written}).answered == read


def test_texts() -> None:
    assert Routing.model_validate({"routes": "vector"}).routes == ["vector"]
    assert Routing.model_validate({"routes": ["vector", None, {"a": 1}, " "]}).routes == ["vector"]
    assert Rewriting.model_validate({"rewrite": ["a"], "queries": "b\nc"}) == Rewriting(rewrite="", queries=["b c"])
    assert len(Rewriting.model_validate({"rewrite": "长" * 9000, "queries": ["x"] * 99}).rewrite) <= 600


@pytest.mark.parametrize(
    ("routes", "knows_it", "expected"),
    [
        (["vector"], True, [("vector", "model")]),
        (["GRAPH", "vector"], True, [("graph", "model"), ("vector", "model")]),
        (["web"], False, [("web", "model")]),
        (["web"], True, [("web", "model_guess")]),
        (["vector", "web"], False, [("vector", "model"), ("web", "model_guess")]),
        (["direct"], False, [("direct", "model")]),
        (["direct"], True, [("vector", "documents")]),
        (["moon"], False, [("vector", "documents")]),
        ([], False, [("vector", "documents")]),
    ],
)
def test_only_known_ways_and_no_way_around_permission(
    routes: list[str], knows_it: bool, expected: list[tuple[str, str]]
) -> None:
    decision = Routing(routes=routes)
    _, (choices,) = chosen_by_model(decision, ["q"], BEFORE, SOURCES, list(SOURCES), knows_it)
    assert [(choice["route"], choice["why"]) for choice in choices] == expected


def test_a_source_that_is_not_allowed_cannot_be_chosen() -> None:
    _, (choices,) = chosen_by_model(Routing(routes=["web"]), ["q"], BEFORE, SOURCES, ["vector"], False)
    assert [choice["route"] for choice in choices] == ["vector"]


def test_usage_is_summed_by_model_and_priced_where_the_price_is_known() -> None:
    one, two = Usage(calls=1, input=1000, output=100), Usage(calls=2, input=10, output=1)
    merged = merge_usage({"a": one}, {"a": two, "b": two})
    assert merged["a"] == Usage(calls=3, input=1010, output=101)
    assert total(merged) == Usage(calls=5, input=1020, output=102)
    assert cost({"a": one}, {"a": {"input": 2.0, "output": 10.0}}) == pytest.approx(0.003)
    assert cost(merged, {"a": {"input": 2.0, "output": 10.0}}) is None
    assert cost({}, {}) is None


def test_a_question_is_split_in_its_own_words_and_not_for_the_outside() -> None:
    question = "二标段的合同金额和监理单位"
    own = ["二标段的合同金额", "二标段的监理单位"]
    for queries, routes, expected in (
        (own, ["vector"], own),
        (own, ["web"], [question]),
        (["机密项目报价", "法国首都"], ["vector"], [question]),
        (["二标段的合同金额"], ["vector"], [question]),
    ):
        parts, _ = chosen_by_model(
            Routing(routes=routes, queries=queries), [question], BEFORE, SOURCES, list(SOURCES), False
        )
        assert parts == expected
