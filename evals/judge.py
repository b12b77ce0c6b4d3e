"""The quantities of RAGAS (Es et al., 2023) as a judge model sees them, and which of two answers it prefers.

A judge that cannot be reached, takes too long or answers nonsense makes no figure and ends nothing: what it was asked
is {"missing": why}. Every statement that it counts must have something to do with the text that it took apart, so that
words without sense are not taken for verdicts.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from langchain_core.messages import HumanMessage, SystemMessage

from evals.judgements import Attribution, Comparison, Preference, Rating, Usefulness
from evals.metrics.answered import answered_text
from evals.metrics.rag_by_code import context_precision
from evals.records import NotComputed, Record
from tools.models.chat_model import ChatModel
from tools.models.decision import Decision
from tools.models.failures import ModelFailure, Reason
from tools.models.meter import Meter
from tools.models.usage import total
from tools.shapes import Language
from tools.text.fence import fenced
from tools.text.language import detect_language
from tools.text.prompts import prompt_text
from tools.text.tokens import token_set

Shape = TypeVar("Shape", bound=Decision)
Verdict = Literal["a", "b", "tie"]

QUANTITIES = ("faithfulness", "answer_relevancy", "context_precision", "context_recall", "answer_correctness")
NONSENSE = "judge gave nonsense"
_MISSING: Mapping[Reason, str] = {
    "timeout": "judge took too long",
    "unreadable": NONSENSE,
    "empty": NONSENSE,
    "cut_off": NONSENSE,
    "too_long": "too long for the judge",
    "budget": "no calls to the judge left",
}
_AWAY = "judge is away"
_CALLS = 20
"""Requests for one record, repeats for unreadable replies included."""
_GONE = (_AWAY, _MISSING["timeout"], _MISSING["budget"])
"""After these it is not asked again about the same record: nobody waits for each quantity in turn."""
_BEST_RATING = 5
_MOST_CHARACTERS = 12_000


@dataclass(frozen=True, slots=True)
class Judged:
    """What is judged of one record.

    answer_text: without marks, empty for a refusal. cited: the passages that the answer cites. contexts: those that a
    plain search found, best first; None where there was none. reference: a right answer, empty without one.
    """

    question: str
    answer_text: str
    cited: Sequence[str] = ()
    contexts: Sequence[str] | None = None
    reference: str = ""
    language: Language = "en"


async def judged(parts: Judged, chat: ChatModel, *, calls: int = _CALLS) -> dict[str, Any]:
    """By the name of the quantity a number from 0 to 1, or {"missing": why}; only what applies to the record.

    "spent" says what it took: {"calls", "input", "output"}, the latter two in tokens. Never raises for what a judge
    does. calls: the most requests.
    """
    meter = Meter(calls)
    outcome: dict[str, Any] = {}
    gone = ""
    for name, (applies, judge) in _JUDGES.items():
        if not applies(parts):
            continue
        try:
            score = NotComputed(gone) if gone else await judge(parts, chat, meter)
        except ModelFailure as failure:
            score = NotComputed(_MISSING.get(failure.reason, _AWAY))
            gone = score.why if score.why in _GONE else ""
        outcome[name] = {"missing": score.why} if isinstance(score, NotComputed) else score
    return {**outcome, "spent": dict(total(meter.usage))}


def judge_of(chat: ChatModel) -> Callable[[Record], Awaitable[dict[str, Any]]]:
    """What an evaluation's runner asks about each record that holds an answer."""

    async def judge(record: Record) -> dict[str, Any]:
        return await judged(judged_parts(record), chat)

    return judge


def judged_parts(record: Record) -> Judged:
    """What of a record is shown to a judge. Of several right answers it sees the first."""
    observed, gold = record["observed"], record["gold"]
    question = str(record["given"]["question"])
    answers = gold.get("answers") or []
    return Judged(
        question=question,
        answer_text=answered_text(observed["answer"]),
        cited=tuple((observed.get("passages") or {}).values()),
        contexts=tuple(observed["contexts"]) if "contexts" in observed else None,
        reference=answers[0] if answers and isinstance(answers[0], str) and not gold.get("must_refuse") else "",
        language=gold.get("language") or detect_language(question),
    )


async def verdicts(
    question: str, answer_a: str, answer_b: str, chat: ChatModel
) -> tuple[Verdict, Verdict] | NotComputed:
    """Which answer is better, asked with a's first and with b's first: judges favour a place (Zheng et al., 2023)."""
    meter = Meter(_CALLS)
    found: list[Verdict] = []
    names: tuple[tuple[Verdict, Verdict], ...] = (("a", "b"), ("b", "a"))
    for first, second in names:
        texts = {"a": answer_a, "b": answer_b}
        sections = {"question": question, "first": texts[first] or "-", "second": texts[second] or "-"}
        try:
            said = await _asked("preference", Preference, sections, detect_language(question), chat, meter)
        except ModelFailure as failure:
            return NotComputed(_MISSING.get(failure.reason, _AWAY))
        if not said.better:
            return NotComputed(NONSENSE)
        found.append("tie" if said.better == "tie" else first if said.better == "first" else second)
    return found[0], found[1]


async def preferred(question: str, answer_a: str, answer_b: str, chat: ChatModel) -> Verdict | NotComputed:
    """The better answer; a tie where the judge changes its mind when the answers change places."""
    both = await verdicts(question, answer_a, answer_b, chat)
    if isinstance(both, NotComputed):
        return both
    return both[0] if both[0] == both[1] else "tie"


async def _faithfulness(parts: Judged, chat: ChatModel, meter: Meter) -> float | NotComputed:
    """Statements of the answer that the cited passages bear out / its statements."""
    if not parts.cited:
        return NotComputed("no contexts")
    sections = {"question": parts.question, "answer": parts.answer_text, "passages": _numbered(parts.cited)}
    said = await _asked("faithfulness", Attribution, sections, parts.language, chat, meter)
    return _share(_about(said.supported, parts.answer_text), _about(said.unsupported, parts.answer_text))


async def _answer_relevancy(parts: Judged, chat: ChatModel, meter: Meter) -> float | NotComputed:
    """(rating - 1) / 4, of a rating from 1 to 5; RAGAS compares questions made from the answer with this one."""
    sections = {"question": parts.question, "answer": parts.answer_text}
    said = await _asked("answer_relevancy", Rating, sections, parts.language, chat, meter)
    return (said.rating - 1) / (_BEST_RATING - 1) if said.rating else NotComputed(NONSENSE)


async def _context_precision(parts: Judged, chat: ChatModel, meter: Meter) -> float | NotComputed:
    """As by code, of the passages that the judge finds of use."""
    if not parts.contexts:
        return 0.0
    sections = {"question": parts.question, "answer": parts.reference, "passages": _numbered(parts.contexts)}
    said = await _asked("context_precision", Usefulness, sections, parts.language, chat, meter)
    useful = [number for number in said.useful if number <= len(parts.contexts)]
    if said.useful and not useful:
        return NotComputed(NONSENSE)
    return context_precision([number in useful for number in range(1, len(parts.contexts) + 1)])


async def _context_recall(parts: Judged, chat: ChatModel, meter: Meter) -> float | NotComputed:
    """Statements of the right answer that the found passages bear out / its statements."""
    if not parts.contexts:
        return 0.0
    sections = {"question": parts.question, "answer": parts.reference, "passages": _numbered(parts.contexts)}
    said = await _asked("context_recall", Attribution, sections, parts.language, chat, meter)
    about = f"{parts.question}\n{parts.reference}"
    return _share(_about(said.supported, about), _about(said.unsupported, about))


async def _answer_correctness(parts: Judged, chat: ChatModel, meter: Meter) -> float | NotComputed:
    """F1 of statements, TP / (TP + (FP + FN) / 2); RAGAS adds a quarter of embeddings' similarity. 0 for a refusal."""
    if not parts.answer_text:
        return 0.0
    sections = {"question": parts.question, "answer": parts.answer_text, "reference": parts.reference}
    said = await _asked("answer_correctness", Comparison, sections, parts.language, chat, meter)
    about = "\n".join(sections.values())
    both, extra, lacking = (
        _about(statements, about) for statements in (said.in_both, said.only_in_answer, said.only_in_reference)
    )
    if not both + extra + lacking:
        return NotComputed(NONSENSE)
    return both / (both + (extra + lacking) / 2)


def _is_answered(parts: Judged) -> bool:
    return bool(parts.answer_text)


def _has_reference(parts: Judged) -> bool:
    return bool(parts.reference)


def _has_reference_and_search(parts: Judged) -> bool:
    return _has_reference(parts) and parts.contexts is not None


_Judge = Callable[[Judged, ChatModel, Meter], Awaitable[float | NotComputed]]
_JUDGES: Mapping[str, tuple[Callable[[Judged], bool], _Judge]] = {
    "faithfulness": (_is_answered, _faithfulness),
    "answer_relevancy": (_is_answered, _answer_relevancy),
    "context_precision": (_has_reference_and_search, _context_precision),
    "context_recall": (_has_reference_and_search, _context_recall),
    "answer_correctness": (_has_reference, _answer_correctness),
}


async def _asked(
    name: str, shape: type[Shape], sections: Mapping[str, str], language: Language, chat: ChatModel, meter: Meter
) -> Shape:
    """Raises ModelFailure."""
    messages = [
        SystemMessage(prompt_text(language, "judge", name)),
        HumanMessage(fenced({section: text[:_MOST_CHARACTERS] for section, text in sections.items()})),
    ]
    return await chat.decide(messages, shape, meter)


def _numbered(passages: Sequence[str]) -> str:
    return "\n\n".join(f"[{number}] {text}" for number, text in enumerate(passages, start=1))


def _about(statements: Sequence[str], text: str) -> int:
    """How many of the statements share a word with the text that they were taken from."""
    words = token_set(text)
    return sum(not words.isdisjoint(token_set(statement)) for statement in statements)


def _share(supported: int, unsupported: int) -> float | NotComputed:
    return supported / (supported + unsupported) if supported + unsupported else NotComputed(NONSENSE)
