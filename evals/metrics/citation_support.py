"""Does what an answer cites support what it says? ALCE (Gao et al., 2023), sentence by sentence.

A cited passage is read with its title and section. Where ALCE asks an entailment model, the product's check by code is
asked (evals.metrics.claims). Sentences that claim nothing, and the product's own notes, are left out. A mark
without a citation supports nothing. None: the answer was refused or asked back, or is a direct one, which has nothing
to cite. Range: 0 to 1.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from evals.metrics.answered import is_answered, without_notes
from evals.metrics.claims import claims_something, is_supported
from evals.records import NotComputed, Score
from tools.text.citations import marked_sentences, marks_in, without_marks

_Statement = tuple[str, Sequence[str]]
"""A sentence without its marks, and the texts that it cites."""

_OTHER_LANGUAGE = NotComputed("in the other language than the passages")


def citation_recall(answer: Mapping[str, Any], passages: Mapping[str, str]) -> Score | None:
    """Share of sentences that are supported by all that they cite together; those without a citation are not.

    answer: as `ask --json` gives it. passages: the text of each cited passage by its chunk_id. NotComputed when no
    sentence claims anything, or all cite passages in the other language, which code cannot compare; when a passage is
    missing.
    """
    statements = _statements(answer, passages)
    if statements is None or isinstance(statements, NotComputed):
        return statements
    if not statements:
        return NotComputed("claims nothing")
    checked = [_holds(statement) for statement in statements]
    known = [supported for supported in checked if supported is not None]
    return sum(known) / len(known) if known else _OTHER_LANGUAGE


def citation_precision(answer: Mapping[str, Any], passages: Mapping[str, str]) -> Score | None:
    """Share of citations that count, of all in sentences that claim something.

    A citation counts when its sentence is supported by all that it cites together, and either this passage supports it
    alone, or the others do not without it. NotComputed when nothing is cited, or as for `citation_recall`.
    """
    statements = _statements(answer, passages)
    if statements is None or isinstance(statements, NotComputed):
        return statements
    counted = [counts for statement in statements for counts in _counting(statement)]
    if not counted:
        return NotComputed("nothing is cited")
    known = [counts for counts in counted if counts is not None]
    return sum(known) / len(known) if known else _OTHER_LANGUAGE


def _statements(answer: Mapping[str, Any], passages: Mapping[str, str]) -> Sequence[_Statement] | NotComputed | None:
    citations = {citation["number"]: citation for citation in answer.get("citations", ())}
    if not is_answered(answer) or (not citations and _is_direct(answer)):
        return None
    if any(citation["chunk_id"] not in passages for citation in citations.values()):
        return NotComputed("a cited passage is missing")
    texts = {number: _text(citation, passages) for number, citation in citations.items()}
    return [
        (sentence, [texts.get(number, "") for number in dict.fromkeys(marks_in(marked))])
        for marked in marked_sentences(without_notes(answer["answer"]))
        if claims_something(sentence := without_marks(marked).strip())
    ]


def _is_direct(answer: Mapping[str, Any]) -> bool:
    return {each["route"] for each in answer.get("receipt", {}).get("routes", ())} == {"direct"}


def _text(citation: Mapping[str, Any], passages: Mapping[str, str]) -> str:
    title = citation.get("document", {}).get("title", "")
    return "\n".join([title, citation.get("section") or "", passages[citation["chunk_id"]]]).strip()


def _holds(statement: _Statement) -> bool | None:
    sentence, texts = statement
    read = [text for text in texts if text]
    return is_supported(sentence, read) if read else False


def _counting(statement: _Statement) -> list[bool | None]:
    """Whether each citation of a sentence counts; None where code cannot tell."""
    sentence, texts = statement
    together = _holds(statement)
    if not together:
        return [together] * len(texts)
    return [_counts(sentence, text, [*texts[:place], *texts[place + 1 :]]) for place, text in enumerate(texts)]


def _counts(sentence: str, text: str, others: Sequence[str]) -> bool | None:
    """Of one citation of a sentence that all of them support together: alone it does, or the others do not."""
    alone = _holds((sentence, [text]))
    return alone if alone is not False else not _holds((sentence, others))
