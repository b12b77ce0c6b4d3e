"""Clear questions at the pace of a real model: how many calls, and how long beside one plain call and the textbook."""

from dataclasses import dataclass

from evals.benchmarks.agent_peers import Peers, PeerTimes
from evals.benchmarks.agent_questions import CLEAR
from evals.benchmarks.agent_run import Outcome, ask
from evals.benchmarks.agent_stage import Stage, stage
from evals.benchmarks.figures import Figure, median
from graph.context import Context

FIRST_TOKEN_SECONDS = 0.3
TOKEN_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Compared:
    """One question, asked of the agent and of both peers. sent: requests that the server saw from the agent.

    adaptive_calls: those that it saw from the textbook's graph.
    """

    ours: Outcome
    sent: int
    plain: PeerTimes
    adaptive: PeerTimes
    adaptive_calls: int

    @property
    def is_sure(self) -> bool:
        """Whether the evidence was strong at once."""
        rounds = self.ours.answer["receipt"]["rounds"]
        return bool(rounds) and rounds[0]["band"] == "strong"


async def measure_clear(
    count: int = len(CLEAR), first_token_seconds: float = FIRST_TOKEN_SECONDS, token_seconds: float = TOKEN_SECONDS
) -> list[Figure]:
    """Calls and times of `count` questions, one after the other."""
    async with stage(first_token_seconds=first_token_seconds, token_seconds=token_seconds) as stood:
        peers = Peers(stood.server.url, stood.resources.sources["vector"])
        await _compare(CLEAR[0], peers, stood)  # connections and the first imports are not what is measured
        compared = [await _compare(question, peers, stood) for question in CLEAR[:count]]
        await peers.close()
    return _figures(compared)


async def _compare(question: str, peers: Peers, stood: Stage) -> Compared:
    await stood.server.forget()
    ours = await ask(stood.resources, question, Context(interactive=False))
    asked = await stood.server.asked()
    messages = next(request["messages"] for request in asked if request["kind"] == "generate")
    plain = await peers.plain(question, messages)
    await stood.server.forget()
    adaptive = await peers.adaptive(question, messages)
    return Compared(ours, len(asked), plain, adaptive, len(await stood.server.asked()))


def _figures(compared: list[Compared]) -> list[Figure]:
    calls = [each.ours.calls for each in compared]
    sure = [each.ours.calls for each in compared if each.is_sure]
    firsts = [each.ours.first_seconds / each.plain.seconds for each in compared]
    ends = [each.ours.seconds / each.plain.seconds for each in compared]
    adaptive = [each.adaptive.seconds / each.plain.seconds for each in compared]
    pace = "300 ms to the first token, 10 ms a token"
    return [
        Figure("model calls of a clear question, p50", median(calls), "", 2, f"{len(calls)} questions"),
        Figure("model calls of a clear question, most", max(calls), "", 2),
        Figure("model calls on the sure path, most", max(sure, default=0), "", 1, "the evidence is strong at once"),
        Figure("questions with one call", 100 * calls.count(1) / len(calls), "%"),
        Figure("not answered", sum(not each.ours.is_answered for each in compared), f"of {len(calls)}", 0),
        Figure("calls that the receipts miss", sum(abs(each.sent - each.ours.calls) for each in compared), "", 0),
        Figure("plain call, whole, p50", median([each.plain.seconds for each in compared]), "s", None, f"peer; {pace}"),
        Figure(
            "plain call, first token, p50", median([each.plain.first_seconds for each in compared]), "s", None, "peer"
        ),
        Figure("first sentence at the client, p50", median([each.ours.first_seconds for each in compared]), "s"),
        Figure("end, p50", median([each.ours.seconds for each in compared]), "s"),
        Figure("first sentence against the whole plain call, p50", median(firsts), "times", 1.15),
        Figure("first sentence against the whole plain call, largest", max(firsts), "times"),
        Figure("end against the plain call, p50", median(ends), "times", 1.3),
        Figure("end against the plain call, largest", max(ends), "times"),
        Figure("textbook adaptive graph, calls", median([each.adaptive_calls for each in compared]), "", None, "peer"),
        Figure("textbook adaptive graph, end against the plain call, p50", median(adaptive), "times", None, "peer"),
    ]
