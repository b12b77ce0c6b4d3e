"""Is anything cited that does not stand there? Read from answer and ledger alone, not by the product's own check."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tools.access import Access
from tools.shapes import Passage
from tools.stores.protocols import EvidenceStore
from tools.text.citations import marked_sentences, marks_in, without_marks
from tools.text.tokens import fold

_BETWEEN_QUOTES = " … "
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WORD = re.compile(r"\w+")


async def invented_in(answer: Mapping[str, Any], ledger: EvidenceStore) -> list[str]:
    """What is invented in the answer's citations, one line each: marks, passages, quotes and numbers of nothing."""
    citations = {citation["number"]: citation for citation in answer["citations"]}
    passages = await ledger.passages([citation["chunk_id"] for citation in answer["citations"]], Access())
    return [*_marks(answer["answer"], citations), *_quotes(citations, passages), *_numbers(answer, citations, passages)]


def _marks(text: str, citations: Mapping[int, Any]) -> Iterator[str]:
    for number in marks_in(text):
        if number not in citations:
            yield f"mark [{number}] has no citation"


def _quotes(citations: Mapping[int, Any], passages: Mapping[str, Passage]) -> Iterator[str]:
    for number, citation in citations.items():
        passage = passages.get(citation["chunk_id"])
        if passage is None or not citation["quote"]:
            yield f"citation [{number}] has no passage or no quote"
            continue
        for piece in citation["quote"].split(_BETWEEN_QUOTES):
            if not _stands_in(piece, passage.text):
                yield f"citation [{number}]: {piece!r} does not stand in its passage"


def _stands_in(piece: str, text: str) -> bool:
    """Whether the words of `piece` stand in `text`: in their order, or, for a row with its header, all of them."""
    words, said = _WORD.findall(fold(text)), _WORD.findall(fold(piece))
    if "".join(said) in "".join(words):
        return True
    whole = said[:-1] if piece.endswith("…") else said
    return "|" in text and all(word in "".join(words) for word in whole)


def _numbers(answer: Mapping[str, Any], citations: Mapping[int, Any], passages: Mapping[str, Passage]) -> Iterator[str]:
    for sentence in marked_sentences(answer["answer"]):
        cited = [citations[number]["chunk_id"] for number in marks_in(sentence) if number in citations]
        read = [passages[each] for each in cited if each in passages]
        known = {number for each in read for number in _numbers_in(f"{each.title} {each.section} {each.text}")}
        for number in _numbers_in(without_marks(sentence)) if read else ():
            if number not in known:
                yield f"{number} stands in no passage that is cited for it"


def _numbers_in(text: str) -> list[str]:
    return _NUMBER.findall(fold(text).replace(",", ""))
