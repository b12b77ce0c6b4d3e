"""What is drawn is what can happen: the edge sets of the design, no more and no less."""

import re
from pathlib import Path

import pytest

from graph.build import RECURSION_LIMIT, build_graph
from tests.graph.fakes import Provider, make_resources

EDGES = {
    "__start__": {"intake"},
    "intake": {"route"},
    "route": {"generate", "ask", "retrieve"},
    "rewrite": {"retrieve", "ask", "generate"},
    "retrieve": {"fuse"},
    "fuse": {"generate", "grade", "rewrite"},
    "grade": {"generate", "rewrite"},
    "ask": {"retrieve", "route", "generate", "finalize"},
    "generate": {"verify"},
    "verify": {"repair", "finalize"},
    "repair": {"verify"},
    "finalize": {"__end__"},
}


def test_edges_equal_the_design() -> None:
    drawn: dict[str, set[str]] = {}
    for edge in build_graph(Provider(make_resources())).get_graph().edges:
        drawn.setdefault(edge.source, set()).add(edge.target)
    assert drawn == EDGES


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readme_draws_the_same_graph(name: str) -> None:
    text = (Path(__file__).parent.parent.parent / name).read_text(encoding="utf-8")
    (picture,) = re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL)
    drawn: dict[str, set[str]] = {}
    for source, target in re.findall(
        r"(\w+) --> (\w+)", picture.replace("START", "__start__").replace("END", "__end__")
    ):
        drawn.setdefault(source, set()).add(target)
    assert drawn == EDGES


def test_the_fuse_is_bound() -> None:
    graph = build_graph(Provider(make_resources()))
    assert graph.config is not None
    assert graph.config["recursion_limit"] == RECURSION_LIMIT


def test_context_is_described_for_forms() -> None:
    schema = build_graph(Provider(make_resources())).get_context_jsonschema()
    assert schema is not None
    assert all(field["description"] for field in schema["properties"].values())
    assert schema["properties"]["route"]["enum"] == ["auto", "vector", "graph", "web", "direct"]


def test_input_and_output_are_the_interface() -> None:
    graph = build_graph(Provider(make_resources()))
    assert set(graph.get_input_jsonschema()["properties"]) == {"messages", "question"}
    assert set(graph.get_output_jsonschema()["properties"]) == {"messages", "answer"}
