"""fuse: one ranked list of evidence from all that was found, and how much of the question it covers."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from graph.evidence import band_of, band_of_parts
from graph.run import Run
from graph.state import EvidenceItem, Found, Part, Rephrasing, State
from tools.shapes import Fact, Passage
from tools.text.citations import as_plain_text
from tools.text.coverage import coverage, names_share
from tools.text.document_details import asks_of_document, details_line
from tools.text.extractive import Evidence, pick_sentences
from tools.text.fusion import reciprocal_rank_fusion
from tools.text.question import asked_for
from tools.text.token_estimate import estimate_tokens
from tools.text.tokens import fold

EVIDENCE_TOKENS = 2400
EVIDENCE_LIMIT = 10
_CHAIN_PASSAGES = 3


async def fuse(state: State, run: Run) -> dict[str, Any]:
    """Joins all rounds' results, drops duplicates, packs to the token budget and reads the band."""
    ranked = rank(state["found"], state["rephrased"])
    passages, facts, degraded = await run.read_evidence(ranked, state["deadline"])
    packed = pack(with_details(ranked, state["parts"], passages), passages, facts)
    evidence = numbered(packed, passages, facts)
    parts = await asyncio.to_thread(_cover, state["parts"], state["names"], state["rephrased"], packed, evidence)
    if run.chat("grade") is not None:
        parts = [_for_a_model(part, run.always_judges, reads_little(state, packed, run)) for part in parts]
    band = band_of_parts(parts) if packed else "weak"
    run.emit(
        "evidence",
        ids=[item["id"] for item in packed],
        titles=[passages[item["id"]].title for item in packed],
        scores=[item["score"] for item in packed],
        band=band,
    )
    return {
        "evidence": packed,
        "coverage": parts,
        "band": band,
        "bands": [band],
        "degraded": degraded,
    }


def rank(found: Sequence[Found], rephrased: Sequence[Rephrasing] = ()) -> list[EvidenceItem]:
    """Reciprocal rank fusion over all searches; a passage's facts are those of every search that found it.

    What a model's words found was found for every part that they stand for.
    """
    rankings = [[hit["id"] for hit in one["hits"]] for one in found if one["hits"]]
    items: dict[str, EvidenceItem] = {}
    for one in found:
        for hit in one["hits"]:
            new = EvidenceItem(id=hit["id"], source=one["source"], score=0.0, facts=[], whole=False, parts=[])
            item = items.setdefault(hit["id"], new)
            item["facts"] = list(dict.fromkeys([*item["facts"], *hit["facts"]]))
            also_for = {other["part"] for other in rephrased if other["query"] == one["query"]}
            item["parts"] = sorted({*item["parts"], one["part"], *also_for})
            item["whole"] = item["whole"] or not hit["facts"]
    for passage_id, score in reciprocal_rank_fusion(rankings):
        items[passage_id]["score"] = round(score, 5)
    return sorted(items.values(), key=lambda item: -item["score"])


def with_details(
    ranked: Sequence[EvidenceItem], parts: Sequence[str], passages: Mapping[str, Passage]
) -> list[EvidenceItem]:
    """The items; the best of each document that a part asks the author or the date of has its details read too."""
    asked: set[str] = set()
    items = []
    for item in ranked:
        passage = passages.get(item["id"])
        queries = [parts[number] for number in item["parts"] if number < len(parts)]
        if passage and passage.document_id not in asked and any(asks_of_document(each, passage) for each in queries):
            asked.add(passage.document_id)
            item = EvidenceItem(**{**item, "details": True})
        items.append(item)
    return items


def pack(
    ranked: Sequence[EvidenceItem], passages: Mapping[str, Passage], facts: Mapping[str, Fact]
) -> list[EvidenceItem]:
    """The best items that fit the token budget, without unreadable ones. The same text is one item, with its copies."""
    packed: dict[str, EvidenceItem] = {}
    tokens = 0
    for item in ranked:
        passage = passages.get(item["id"])
        if passage is None:
            continue
        if first := packed.get(folded := fold(passage.text)):
            listed = [passages[id_] for id_ in (first["id"], *first.get("copies", []))]
            if all(_is_of_another_document(passage, each) for each in listed):
                packed[folded] = EvidenceItem(**{**first, "copies": [*first.get("copies", []), item["id"]]})
            continue
        size = estimate_tokens(evidence_text(item, passage, facts))
        if len(packed) == EVIDENCE_LIMIT or (packed and tokens + size > EVIDENCE_TOKENS):
            continue
        tokens += size
        packed[folded] = item
    return list(packed.values())


def _is_of_another_document(passage: Passage, other: Passage) -> bool:
    """Whether two passages stand in two documents of the user's; a page of the web is its own document."""
    return passage.document_id not in (other.document_id, passage.id) and other.document_id != other.id


def evidence_text(item: EvidenceItem, passage: Passage, facts: Mapping[str, Fact]) -> str:
    """What is read of one item: the whole passage, or the sentences of its facts when only the graph found it.

    Below it stand its document's details, where they are asked for. What looks like a citation mark is made plain text.
    """
    said = dict.fromkeys(facts[fact].sentence for fact in item["facts"] if fact in facts)
    text = passage.text if item["whole"] or not said else "\n".join(said)
    return as_plain_text(f"{text}\n\n{details_line(passage)}" if item.get("details") else text)


def numbered(
    items: Sequence[EvidenceItem], passages: Mapping[str, Passage], facts: Mapping[str, Fact]
) -> list[Evidence]:
    """The evidence with its marks. An item that can no longer be read keeps its number and says nothing."""
    evidence = []
    for number, item in enumerate(items, start=1):
        passage = passages.get(item["id"])
        title = f"{passage.title} {passage.section}".strip() if passage else ""
        text = evidence_text(item, passage, facts) if passage else ""
        stated = tuple(as_plain_text(facts[fact].sentence) for fact in item["facts"] if fact in facts)
        evidence.append(Evidence(number, title, text, stated, passage.article if passage else ""))
    return evidence


def found_for(part: int, items: Sequence[EvidenceItem], evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence that was found for one part of the question."""
    return tuple(each for item, each in zip(items, evidence, strict=True) if part in item["parts"])


def _cover(
    parts: Sequence[str],
    names: Sequence[str],
    rephrased: Sequence[Rephrasing],
    items: Sequence[EvidenceItem],
    evidence: Sequence[Evidence],
) -> list[Part]:
    """How well each part is covered, in its own words or in those that a model found for it: never strong in these."""
    covered = []
    for number, query in enumerate(parts):
        found = found_for(number, items, evidence)
        part = _covered(number, query, query, names, found)
        others = [other["query"] for other in rephrased if other["part"] == number]
        if part["band"] == "weak" and others:
            read = [_covered(number, query, other, names, found) for other in others]
            part = max([part, *read], key=lambda each: (each["band"] != "weak", each["window"]))
            part["band"], part["enough"] = "weak" if part["band"] == "weak" else "unclear", False
            part["for_model"] = part["band"] != "weak"
        covered.append(part)
    return covered


def reads_little(state: State, packed: Sequence[EvidenceItem], run: Run) -> bool:
    """Whether a model is to read even evidence that shares few words with the question.

    It is when it judges everything, after other words were tried, and where the web, whose snippets are short, is all
    that there is.
    """
    outside = {name for name, source in run.resources.sources.items() if source.leaves_machine}
    return run.always_judges or state["round"] > 0 or all(item["source"] in outside for item in packed)


def _for_a_model(part: Part, judges_all: bool, reads_little: bool) -> Part:
    """The part with what a model is to say about it left open."""
    is_raised = part["band"] == "weak" and reads_little and part["window"] > 0
    band = "unclear" if is_raised else part["band"]
    for_model = part["for_model"] or is_raised
    return {**part, "band": band, "for_model": for_model, "enough": part["enough"] and not judges_all}


def _covered(number: int, query: str, words: str, names: Sequence[str], found: tuple[Evidence, ...]) -> Part:
    """One part, read from how well `words` are covered."""
    asked = asked_for(words, tuple(names))
    shares = coverage(asked.terms, _titled_texts(found))
    picks = pick_sentences(asked, found)
    holds = any(pick.answers for pick in picks)
    named = names_share(asked.terms, frozenset[str]().union(*(pick.tokens for pick in picks)))
    band = band_of(shares, named, holds)
    return Part(
        number=number,
        query=query,
        window=round(shares.window, 3),
        names=round(named, 3),
        answers=holds,
        absent=list(shares.absent),
        band=band,
        enough=band == "strong",
        judged_by="",
        for_model=False,
    )


def _titled_texts(found: Sequence[Evidence]) -> list[tuple[str, str]]:
    texts = [(each.title, each.text) for each in found]
    # Facts that lead to one another are read as one: each covers a part of what is asked.
    chained = [each.text for each in found if each.facts]
    if len(chained) > 1:
        texts.append(("", "\n".join(chained[:_CHAIN_PASSAGES])))
    return texts
