"""Documents with what they say, as a graph database is given them."""

from typing import Any

from tests.stores.examples import EVERYTHING, LIN, make_chunks, make_document, make_extraction
from tools.stores.protocols import PendingFacts

Triple = tuple[str, str, str]


def said(key: str, *triples: Triple, readers: tuple[str, ...] = ("everyone",)) -> PendingFacts:
    document = make_document(key, readers=readers)
    chunk = make_chunks(document, f"text of {key}")[0]
    return PendingFacts(document, make_extraction(chunk, *triples), 1)


def batch(documents: int, facts: int) -> list[PendingFacts]:
    """Documents that name some entities in common."""
    return [
        said(f"{number}", *((f"甲{number}", f"r{n}", f"乙{(number + n) % 20}") for n in range(facts)))
        for number in range(documents)
    ]


def everything() -> dict[str, Any]:
    """What a read is given that is to see all of it."""
    return {"access": LIN, "filters": EVERYTHING, "limit": 50}
