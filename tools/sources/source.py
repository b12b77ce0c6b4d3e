"""What a source is: something that can be searched with a query. New sources are one class and one registry line."""

import re
from collections.abc import Mapping
from typing import Protocol

from tools.access import Access
from tools.shapes import Filters, Language, SearchResult


class Source(Protocol):
    """A source of evidence. The router, its prompt and the tests read these attributes from the registry.

    name: as in routes and receipts. description: what it is good for, for the router's prompt.
    leaves_machine: the query is sent to others, so the web policy applies.
    cues: words of a question that speak for this source without a model, by language.
    weak_cues: words that speak for it only when the user's documents do not know what the question is about.
    timeout_seconds: longest time one search may take.
    """

    name: str
    description: str
    leaves_machine: bool
    cues: Mapping[Language, re.Pattern[str]]
    weak_cues: Mapping[Language, re.Pattern[str]]
    timeout_seconds: float

    async def search(
        self, query: str, *, access: Access, filters: Filters, limit: int, deadline: float
    ) -> SearchResult:
        """Searches once. `deadline` is in seconds since the epoch.

        What is not there is `empty`; known failures are a status, not an exception.
        """
        ...


def no_cues() -> Mapping[Language, re.Pattern[str]]:
    """For a source that no words speak for."""
    return {"zh": re.compile(r"(?!)"), "en": re.compile(r"(?!)")}
