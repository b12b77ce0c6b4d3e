"""What a model's choice of ways becomes: only what is allowed, and never a way around asking for permission."""

from collections.abc import Mapping, Sequence

from graph.decisions import Routing
from graph.state import RouteChoice
from tools.sources.source import Source
from tools.text.compound import MAX_PARTS
from tools.text.coverage import covered_share
from tools.text.question import content_terms
from tools.text.tokens import token_set

SURE = 0.7
"""Rules that choose a way with at least this confidence are believed."""
_BY_MODEL = 0.75
_SECOND = 0.6
_DIRECT = "direct"
_OWN_WORDS = 0.8


def is_sure(chosen: Sequence[Sequence[RouteChoice]]) -> bool:
    """Whether the rules are sure of the way of every part."""
    return all(any(choice["confidence"] >= SURE for choice in choices) for choices in chosen)


def source_list(sources: Mapping[str, Source], allowed: Sequence[str]) -> str:
    """The sources as the prompt lists them: one `- name: description` a line."""
    return "\n".join(f"- {name}: {sources[name].description}" for name in allowed)


def chosen_by_model(
    decision: Routing,
    parts: Sequence[str],
    chosen: Sequence[Sequence[RouteChoice]],
    sources: Mapping[str, Source],
    allowed: Sequence[str],
    knows_it: bool,
) -> tuple[list[str], list[list[RouteChoice]]]:
    """The parts and their ways as the model chose them, or as they were when it chose none that exists.

    knows_it: the documents say something about the question, or could not be asked. It leaves this machine without
    permission only when they do not, and the model saw no use in them; and only then is it answered without a source.
    A question is split only in its own words, and not at all when it leaves the machine.
    """
    names = [name.strip().lower() for name in decision.routes]
    wanted = [name for name in dict.fromkeys(names) if name in allowed or (name == _DIRECT and not knows_it)]
    if not wanted:
        return list(parts), [list(choices) for choices in chosen]
    if wanted[0] == _DIRECT:
        return list(parts), [[RouteChoice(route=_DIRECT, confidence=_BY_MODEL, why="model")] for _ in parts]
    wanted = [name for name in wanted if name != _DIRECT]
    is_guess = knows_it or any(not sources[name].leaves_machine for name in wanted)
    ways = [
        RouteChoice(
            route=name,
            confidence=_SECOND if place else _BY_MODEL,
            why="model_guess" if is_guess and sources[name].leaves_machine else "model",
        )
        for place, name in enumerate(wanted)
    ]
    leaves = any(sources[name].leaves_machine for name in wanted)
    is_split = len(parts) == 1 and not leaves and is_split_of(decision.queries, parts[0])
    split = decision.queries if is_split else list(parts)
    return split, [list(ways) for _ in split]


def is_split_of(queries: Sequence[str], question: str) -> bool:
    """Whether these are parts of the question: two or three, made of its words, that hold most of them."""
    if not 1 < len(queries) <= MAX_PARTS:
        return False
    words = token_set(question)
    are_its_own = all(covered_share(content_terms(query), words) >= _OWN_WORDS for query in queries)
    return are_its_own and covered_share(content_terms(question), token_set("\n".join(queries))) >= _OWN_WORDS
