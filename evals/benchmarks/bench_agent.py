"""The agent with a model: each measurement by its name. `make bench-agent` makes them all."""

from collections.abc import Awaitable, Callable

from evals.benchmarks.agent_at_once import measure_at_once
from evals.benchmarks.agent_broken import measure_broken
from evals.benchmarks.agent_clear import measure_clear
from evals.benchmarks.agent_faults import measure_faults
from evals.benchmarks.agent_hostile import measure_hostile
from evals.benchmarks.agent_judged import measure_judged
from evals.benchmarks.figures import Figure

AGENT_PARTS: dict[str, Callable[[], Awaitable[list[Figure]]]] = {
    "agent-clear": measure_clear,
    "agent-judged": measure_judged,
    "agent-broken": measure_broken,
    "agent-hostile": measure_hostile,
    "agent-at-once": measure_at_once,
    "agent-faults": measure_faults,
}
