"""Every registered source keeps the shape that the router and the graph rely on."""

from typing import Any, get_args, get_type_hints

import pytest

from graph.context import Context
from tools.shapes import Language
from tools.sources.registry import SOURCES, make_sources
from tools.sources.source import Source

STORES: Any = (None, None, None)


@pytest.mark.parametrize("name", list(SOURCES))
def test_source_describes_itself(name: str) -> None:
    source: Source = make_sources(*STORES)[name]
    assert source.name == name
    assert len(source.description) > 20
    assert set(source.cues) == set(source.weak_cues) == set(get_args(Language))
    assert 0 < source.timeout_seconds <= 60


def test_only_the_web_leaves_the_machine() -> None:
    assert [name for name, source in make_sources(*STORES).items() if source.leaves_machine] == ["web"]


def test_the_context_offers_every_source_as_a_route() -> None:
    routes = get_args(get_args(get_type_hints(Context, include_extras=True)["route"])[0])
    assert set(routes) == {"auto", "direct", *SOURCES}
