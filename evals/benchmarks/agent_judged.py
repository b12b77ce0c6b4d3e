"""A model that finds nothing relevant, and one that finds nothing supported: does it end, and does the reader know?"""

from dataclasses import dataclass
from typing import Literal, get_args

from evals.benchmarks.agent_questions import CLEAR, UNCLEAR
from evals.benchmarks.agent_run import Outcome, ask
from evals.benchmarks.agent_stage import Stage, stage
from evals.benchmarks.figures import Figure
from graph.context import Context
from graph.evidence import CONFIDENCE

Judgement = Literal["unsure", "always"]
MOST_CALLS = 12
_WHEN: dict[Judgement, str] = {"unsure": "when unsure", "always": "always"}
# Who says no, and to what it is asked.
_NAYSAYERS = {"irrelevant": "Grading", "unsupported": "Verification"}


@dataclass(frozen=True, slots=True)
class Judged:
    """was_asked: the model was asked for what it denies; the rules alone may have been sure."""

    outcome: Outcome
    was_asked: bool

    @property
    def is_admitted(self) -> bool:
        """Refused or asked back, or an answer that names what could not be confirmed or is of little confidence."""
        answer = self.outcome.answer
        if not self.outcome.is_answered:
            return not self.outcome.failure
        unsupported = answer["receipt"]["verdict"]["unsupported"]
        return unsupported > 0 or answer["confidence"] <= CONFIDENCE["weak"] or bool(answer["receipt"]["degraded"])


async def measure_judged(count: int = len(CLEAR) + len(UNCLEAR)) -> list[Figure]:
    """Calls and ends of `count` questions for each naysayer, asked where the rules are unsure, and always."""
    figures = []
    async with stage() as stood:
        for persona, kind in _NAYSAYERS.items():
            for judgement in get_args(Judgement):
                await stood.server.play(persona=persona)
                judged = [await _judged(question, kind, judgement, stood) for question in (*UNCLEAR, *CLEAR)[:count]]
                figures += _figures(f"all is {persona}, asked {_WHEN[judgement]}", judged)
    return figures


async def _judged(question: str, kind: str, judgement: Judgement, stood: Stage) -> Judged:
    await stood.server.forget()
    outcome = await ask(stood.resources, question, Context(interactive=False, judgement=judgement))
    return Judged(outcome, any(request["kind"] == kind for request in await stood.server.asked()))


def _figures(name: str, judged: list[Judged]) -> list[Figure]:
    denied = [each for each in judged if each.was_asked]
    silent = [each.outcome.question for each in denied if not each.is_admitted]
    note = f"{len(judged)} questions"
    return [
        Figure(f"{name}: most calls", max(each.outcome.calls for each in judged), "", MOST_CALLS, note),
        Figure(f"{name}: neither refused nor flagged", len(silent), f"of {len(denied)}", 0, "where it was asked"),
    ]
