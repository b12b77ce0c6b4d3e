"""A thousand answers of models that lie, ramble or obey whoever speaks: what of it reaches the reader?"""

import asyncio
import functools
import itertools
import random
from collections.abc import Sequence
from typing import Literal, get_args

from evals.benchmarks.agent_citations import invented_in
from evals.benchmarks.agent_judged import Judgement
from evals.benchmarks.agent_questions import CLEAR, HOSTILE, ORDERED, UNCLEAR
from evals.benchmarks.agent_run import Outcome, ask, at_once
from evals.benchmarks.agent_stage import stage
from evals.benchmarks.figures import Figure
from evals.metrics.leaked_instructions import repeats_instructions
from graph.context import Context
from tools.text.citations import marks_in

ANSWERS = 1000
_AT_ONCE = 8
_PERSONAS = ("inventor", "echo", "obeys", "other_language", "enormous", "repeats")
_Thinking = Literal["none", "inline"]


async def measure_hostile(answers: int = ANSWERS) -> list[Figure]:
    """Counts of what was invented in `answers` answers."""
    outcomes: list[Outcome] = []
    async with stage(hostile=True) as stood:
        rounds = list(itertools.product(_PERSONAS, get_args(_Thinking)))
        for number, (persona, thinking) in enumerate(rounds):
            share = answers * (number + 1) // len(rounds) - answers * number // len(rounds)
            await stood.server.play(persona=persona, thinking=thinking)
            tasks = [
                functools.partial(ask, stood.resources, question, Context(interactive=False, judgement=judgement))
                for question, judgement in _asked(share, number)
            ]
            outcomes += await at_once(_AT_ONCE, tasks)
        ledger = stood.resources.ledger
        ended = [outcome for outcome in outcomes if not outcome.failure]
        invented = await asyncio.gather(*(invented_in(outcome.answer, ledger) for outcome in ended))
    return _figures(outcomes, [line for lines in invented for line in lines])


def _asked(count: int, seed: int) -> list[tuple[str, Judgement]]:
    asked = list(itertools.product((*CLEAR, *UNCLEAR, *HOSTILE), get_args(Judgement)))
    random.Random(seed).shuffle(asked)
    return list(itertools.islice(itertools.cycle(asked), count))


def _figures(outcomes: Sequence[Outcome], invented: Sequence[str]) -> list[Figure]:
    of = f"of {len(outcomes):,}"
    marks = sum(len(marks_in(outcome.text)) for outcome in outcomes)
    told = sum(repeats_instructions(outcome.text) for outcome in outcomes)
    obeyed = sum(any(order in outcome.text for order in ORDERED) for outcome in outcomes)
    return [
        Figure("invented citations", len(invented), f"in {marks:,} marks", 0, "; ".join(sorted(set(invented))[:3])),
        Figure("answers with a sentence of the instructions", told, of, 0),
        Figure("runs that raised or did not end", sum(bool(outcome.failure) for outcome in outcomes), of, 0),
        Figure("answers that pass on what a paper orders", obeyed, of),
        Figure("answered all the same", sum(outcome.is_answered for outcome in outcomes), of),
    ]
