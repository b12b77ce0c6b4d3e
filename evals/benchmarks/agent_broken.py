"""A model that writes a third of its decisions broken: does it still lead the same way as one that does not?"""

import functools
from collections.abc import Sequence
from dataclasses import replace

from evals.benchmarks.agent_run import Outcome, ask, at_once
from evals.benchmarks.agent_stage import scripted_models
from evals.benchmarks.bench_corpus import loaded_home, questions
from evals.benchmarks.figures import Figure
from evals.benchmarks.scripted_server import ScriptedServer, scripted_server
from graph.context import Context
from graph.resources import Resources

QUESTIONS = 200
BROKEN_SHARE = 0.3
_DOCUMENTS = 200
_AT_ONCE = 8


async def measure_broken(count: int = QUESTIONS) -> list[Figure]:
    """Share of `count` questions whose routes or bands differ; the model is asked for every decision."""
    async with scripted_server() as server, loaded_home(_DOCUMENTS) as home:
        asked = questions(count, _DOCUMENTS)
        resources = await home.get()
        whole = await _outcomes(asked, 0.0, resources, server)
        broken = await _outcomes(asked, BROKEN_SHARE, resources, server)
    return _figures(whole, broken)


async def _outcomes(
    asked: Sequence[str], broken_share: float, resources: Resources, server: ScriptedServer
) -> list[Outcome]:
    await server.play(broken_share=broken_share)
    context = Context(interactive=False, judgement="always")
    async with scripted_models(server) as models:
        with_model = replace(resources, models=models)
        return await at_once(_AT_ONCE, [functools.partial(ask, with_model, question, context) for question in asked])


def _figures(whole: Sequence[Outcome], broken: Sequence[Outcome]) -> list[Figure]:
    pairs = list(zip(whole, broken, strict=True))
    return [
        Figure(
            f"other routes or bands with {BROKEN_SHARE:.0%} broken decisions",
            100 * sum(_way(left) != _way(right) for left, right in pairs) / len(pairs),
            "%",
            5,
            f"{len(pairs)} questions, every decision asked of the model",
        ),
        Figure("of these, other routes", sum(_routes(left) != _routes(right) for left, right in pairs), ""),
        Figure(
            "another end (answered or refused)", sum(left.is_answered != right.is_answered for left, right in pairs), ""
        ),
        Figure("runs that raised or did not end", sum(bool(each.failure) for each in (*whole, *broken)), "", 0),
        Figure("model calls a question, none broken", _mean_calls(whole), ""),
        Figure("model calls a question, broken ones asked again", _mean_calls(broken), ""),
    ]


def _way(outcome: Outcome) -> tuple[list[str], list[str]]:
    """The routes, and the band of each round."""
    return _routes(outcome), [each["band"] for each in outcome.answer.get("receipt", {}).get("rounds", [])]


def _routes(outcome: Outcome) -> list[str]:
    return [each["route"] for each in outcome.answer.get("receipt", {}).get("routes", [])]


def _mean_calls(outcomes: Sequence[Outcome]) -> float:
    return sum(outcome.calls for outcome in outcomes) / len(outcomes)
