"""All tasks, by what is asked of the product."""

from evals.task import Task
from evals.tasks.closed_book import CLOSED_BOOK_TASKS
from evals.tasks.counterfactual import COUNTERFACTUAL_TASKS
from evals.tasks.cross_language import CROSS_LANGUAGE_TASKS
from evals.tasks.dialogue import DIALOGUE_TASKS
from evals.tasks.documents import DOCUMENTS_TASKS
from evals.tasks.extraction import EXTRACTION_TASKS
from evals.tasks.faithfulness import FAITHFULNESS_TASKS
from evals.tasks.injection import INJECTION_TASKS
from evals.tasks.integration import INTEGRATION_TASKS
from evals.tasks.lihua_world import LIHUA_WORLD_TASKS
from evals.tasks.multi_hop import MULTI_HOP_TASKS
from evals.tasks.noise import NOISE_TASKS
from evals.tasks.relevance import RELEVANCE_TASKS
from evals.tasks.routing import ROUTING_TASKS
from evals.tasks.single_hop import SINGLE_HOP_TASKS
from evals.tasks.truthfulness import TRUTHFULNESS_TASKS

TASKS: tuple[Task, ...] = (
    # Questions over collections: search, answer, refusal, cost.
    *SINGLE_HOP_TASKS,
    *CROSS_LANGUAGE_TASKS,
    *MULTI_HOP_TASKS,
    *LIHUA_WORLD_TASKS,
    *DIALOGUE_TASKS,
    # Questions over given evidence: what the product makes of it.
    *NOISE_TASKS,
    *INTEGRATION_TASKS,
    *COUNTERFACTUAL_TASKS,
    *INJECTION_TASKS,
    *CLOSED_BOOK_TASKS,
    # Single decisions and what is read of documents.
    *ROUTING_TASKS,
    *RELEVANCE_TASKS,
    *FAITHFULNESS_TASKS,
    *TRUTHFULNESS_TASKS,
    *EXTRACTION_TASKS,
    *DOCUMENTS_TASKS,
)
