"""What keeps a question from being looked up, and what the user is told about it."""

import re
from dataclasses import dataclass

from graph.context import MAX_QUESTION_CHARACTERS
from graph.run import Run
from graph.state import Degraded, State, Waiting
from tools.text.follow_up import refers_back
from tools.text.language import detect_language
from tools.text.prompts import prompt_text
from tools.text.question import content_terms
from tools.text.small_talk import direct_kind

# A question with a pronoun and more content words than these can be looked up by them.
_LITTLE = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """`clarified` counts the clarifications used up: a problem that no answer can mend uses up all."""

    waiting: Waiting
    clarified: int


async def problem_with(state: State, run: Run) -> tuple[Problem | None, list[Degraded]]:
    """The first problem of a question or of the run's choices, or None."""
    if not re.search(r"\w", state["asked"]):
        return _clarify("empty", state), []
    if len(state["asked"]) > MAX_QUESTION_CHARACTERS:
        return _clarify("too_long", state, limit=f"{MAX_QUESTION_CHARACTERS:,}"), []
    unknown_sources = sorted(set(run.context.sources) - set(run.resources.sources))
    if unknown_sources:
        known = ", ".join(run.resources.sources)
        return _cannot("unknown_source", state, names=", ".join(unknown_sources), known=known), []
    if run.context.model and run.context.model not in run.resources.models.names:
        known = ", ".join(run.resources.models.names) or "-"
        return _cannot("unknown_model", state, names=run.context.model, known=known), []
    if run.context.collections:
        nothing: list[str] = []
        collections = run.resources.ledger.collections(run.access)
        readable, failed = await run.attempt("ledger", collections, nothing, state["deadline"])
        unknown = sorted(set(run.context.collections) - set(readable))
        if unknown and not failed:
            known = ", ".join(readable) or "-"
            return _cannot("unknown_collection", state, names=", ".join(unknown), known=known), []
    if run.context.route == "auto" and _names_nothing(state):
        return _clarify("names_nothing", state), []
    return None, []


def _names_nothing(state: State) -> bool:
    asked = state["asked"]
    is_unresolved = state["standalone"] == asked and refers_back(asked, detect_language(asked))
    return is_unresolved and len(content_terms(asked)) <= _LITTLE and not direct_kind(asked)


def _clarify(text: str, state: State, **values: str) -> Problem:
    question = prompt_text(state["language"], "ask", text, **values)
    return Problem(Waiting(kind="clarify", question=question), state["clarified"])


def _cannot(text: str, state: State, **values: str) -> Problem:
    question = prompt_text(state["language"], "ask", text, **values)
    return Problem(Waiting(kind="clarify", question=question), state["clarified"] + 1)
