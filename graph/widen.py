"""Widens the evidence for a model: around each passage that was found stands what is read with it, its section.

Every passage keeps a number of its own, so that a citation still names the one that holds the sentence; those of one
section follow one another in their order. Rules, which answer with the documents' own sentences, read what was found.
"""

from collections.abc import Iterator, Mapping, Sequence

from graph.run import Run
from graph.state import Degraded, EvidenceItem
from tools.shapes import Section
from tools.text.extractive import Evidence
from tools.text.token_estimate import estimate_tokens

READ_TOKENS = 4800
"""Of all that a model reads to write an answer."""


async def widen(
    items: Sequence[EvidenceItem], evidence: Sequence[Evidence], run: Run
) -> tuple[list[EvidenceItem], list[Degraded]]:
    """The items with those of their sections, as far as the budget goes. evidence: the texts of the items."""
    no_sections: dict[str, Section] = {}
    found = [item["id"] for item in items if item["whole"]]
    sections, degraded = await run.attempt("ledger", run.resources.ledger.sections(found, run.access), no_sections)
    spent = sum(estimate_tokens(each.text) for each in evidence)
    return with_sections(items, sections, READ_TOKENS - spent), degraded


def with_sections(items: Sequence[EvidenceItem], sections: Mapping[str, Section], tokens: int) -> list[EvidenceItem]:
    """The items and, of the best ones' sections, what fits into `tokens`: the nearest to what was found first.

    What is added was found for no part of the question.
    """
    known = {item["id"]: item for item in items}
    for item in items:
        section = sections.get(item["id"])
        if section is None:
            continue
        for id_ in _nearest(section, item["id"]):
            size = 0 if id_ in known else estimate_tokens(section.text[slice(*section.places[id_])])
            if size > tokens:
                break
            tokens -= size
            known.setdefault(id_, _beside(item, id_))
    ordered: dict[str, EvidenceItem] = {}
    for item in items:
        section = sections.get(item["id"])
        together = [item["id"]] if section is None or item["id"] in ordered else list(section.places)
        ordered |= {id_: known[id_] for id_ in together if id_ in known and id_ not in ordered}
    return list(ordered.values())


def _beside(item: EvidenceItem, passage_id: str) -> EvidenceItem:
    return EvidenceItem(id=passage_id, source=item["source"], score=item["score"], facts=[], whole=True, parts=[])


def _nearest(section: Section, found: str) -> Iterator[str]:
    """The other passages of a section, by their distance to the one that was found."""
    ids = list(section.places)
    place = ids.index(found)
    for distance in range(1, len(ids)):
        yield from (ids[at] for at in (place + distance, place - distance) if 0 <= at < len(ids))
