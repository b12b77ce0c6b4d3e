"""Entities named in a text, out of the spellings that an identity may know."""

from collections import Counter
from collections.abc import Iterable, Mapping

from tools.stores.entity_names import NamedSpan, outermost_names
from tools.stores.protocols import EntityMatch

Spellings = Counter[tuple[str, str]]
"""How many chunks name an entity, by the name as written and the kind."""


def entity_matches(spans: Iterable[NamedSpan], known: Mapping[str, Spellings], limit: int) -> list[EntityMatch]:
    """The longest known names first. Only a name that the identity may know hides a shorter one."""
    names = outermost_names(span for span in spans if span.name in known)
    return [_match(known[name]) for name in names[:limit]]


def _match(spellings: Spellings) -> EntityMatch:
    """Under the spelling and of the kind that most mentions have."""
    name, kind = min(spellings, key=lambda spelling: (-spellings[spelling], spelling))
    return EntityMatch(name, kind, spellings.total())
