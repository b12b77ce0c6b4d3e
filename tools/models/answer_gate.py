"""What may leave of a text that is still being written: whole sentences, checked, with marks of what they rest on."""

import re
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

# The door is described by its types, which on Python 3.11 needs this TypedDict.
from typing_extensions import TypedDict

from tools.shapes import Language
from tools.text.citations import (
    MarkMapper,
    is_unfinished_mark,
    marked_sentences,
    marks_in,
    sentence_end,
    without_marks,
)
from tools.text.clean import clean
from tools.text.language import is_in_other_language
from tools.text.support import Support, check_support
from tools.text.tokens import fold

NO_EVIDENCE = "NO_EVIDENCE"
"""What a model writes, alone, when the evidence does not answer the question."""

_LEAST_ECHO = 12
"""Instructions repeated in fewer characters than these are a turn of phrase."""

_LEAST_REPEAT = 6
"""Fewer characters may well come twice: "Yes.", a heading."""
_MOST_TIMES = 4
"""A line may stand under several headings; what is said more often than that goes round in circles."""
_MOST_REPEATS = 5
_LOOP = 24
_LEAST_DIFFERENT = 4
"""Text without evidence may have a refrain; so many sentences in a row of which fewer are different are a loop."""
_LONGEST_SENTENCE = 4_000
"""In characters. What goes on for longer without an end is no sentence, and never will be one."""
_MOST_SENTENCES_WITHHELD = 30
"""Who says so much that cannot be shown will not come to the point."""
_MOST_WITHHELD = 200
"""As many characters of a withheld sentence are kept: it is told to a model once more, and stored."""

_NOT_THERE = re.compile(
    r"(?:段落|(?:提供|给出|所给|引用)的?(?:资料|文档|材料|内容|依据))[^。，,]{0,6}(?:没有|并?未|不)(?:能|曾)?[^。，,]{0,3}"
    r"(?:提到|提及|说明|回答|包含|给出|涉及|提供)"
    r"|\bpassages?\b[^.]{0,20}\b(?:do(?:es)? not|don't|doesn't|cannot)\b[^.]{0,12}"
    r"\b(?:answer|mention|say|state|contain|provide|specify)"
    r"|\bno (?:relevant )?(?:information|evidence) (?:is |was )?(?:found|given|provided|available|in the passages)",
    re.IGNORECASE,
)
_BEFORE_STOP = re.compile(r"\s+(?=[。！？.!?，,；;：:]+$)")
"""What is left of "text [1]." when the mark is taken out of it."""


class Delivery(TypedDict):
    """What went through the door.

    cited: evidence numbers in the order of their citation numbers. supported: sentences released after the check.
    unsure: those of them of which only numbers and names could be compared. withheld: sentences that failed it, as
    written, long ones cut. dropped_marks: marks of evidence that was not offered. refused: the writer said that there
    is no answer. other_language: sentences withheld because they are not in the answer's language. failure: why the
    writer stopped before its end, a reason of ModelFailure, or empty.
    """

    cited: list[int]
    supported: int
    unsure: int
    withheld: list[str]
    dropped_marks: int
    refused: bool
    other_language: int
    failure: str


@dataclass(slots=True)
class AnswerGate:
    """Collects text until a sentence ends, checks it, and gives back what may be shown.

    evidence: the texts that [1], [2]… stand for; without them nothing is checked. language: that of the answer, where
    it is locked. instructions: what the writer was told, which is never said. lead: what stands before the first text
    that is shown. said: what the answer holds already; over evidence nothing of it is said again. times: how often each
    sentence over evidence was written. latest: the last sentences of a text without evidence.
    """

    evidence: Sequence[str]
    mapper: MarkMapper
    language: Language | None = None
    instructions: str = ""
    lead: str = ""
    said: str = ""
    pending: str = ""
    supported: int = 0
    unsure: int = 0
    withheld: list[str] = field(default_factory=list)
    refused: bool = False
    other_language: int = 0
    repeated: int = 0
    has_begun: bool = False
    held_space: str = ""
    last: str = ""
    times: Counter[str] = field(default_factory=Counter)
    latest: deque[str] = field(default_factory=lambda: deque(maxlen=_LOOP))

    def feed(self, text: str) -> str:
        """What may be shown now that `text` has come."""
        self.pending += clean(text)
        released = ""
        while (end := self._sentence_end()) is not None:
            released += self._led(self._release(self.pending[:end]))
            self.pending = self.pending[end:]
        return released

    def flush(self, failure: str = "") -> str:
        """What may be shown at the end. After a failure an unfinished sentence is withheld."""
        whole = len(self.pending) if not failure else sentence_end(self.pending) or 0
        rest, broken = self.pending[:whole], self.pending[whole:].strip()
        self.pending = ""
        if broken:
            self._withhold(broken)
        return self._led(self._release(rest)) if rest else ""

    def delivery(self, failure: str = "") -> Delivery:
        """What went through so far."""
        return Delivery(
            cited=self.mapper.used,
            supported=self.supported,
            unsure=self.unsure,
            withheld=self.withheld,
            dropped_marks=self.mapper.dropped,
            refused=self.refused,
            other_language=self.other_language,
            failure=failure,
        )

    def _led(self, released: str) -> str:
        """The text with what leads it; white space is held until there is something after it."""
        text = released.strip()
        if not text:
            self.held_space += released
            return ""
        start = len(released) - len(released.lstrip())
        before = (self.held_space + released[:start]) if self.has_begun else self.lead
        end = start + len(text)
        self.held_space, self.has_begun = released[end:], True
        return _spaced(before) + text

    def _sentence_end(self) -> int | None:
        end = sentence_end(self.pending)
        if end is None:
            return None
        rest = self.pending[end:].lstrip(" \t")
        marks_may_follow = not rest or is_unfinished_mark(rest)
        return None if marks_may_follow else end

    def _release(self, sentence: str) -> str:
        if self._repeats_instructions(sentence):
            self._withhold(sentence)
            return ""
        if _says_there_is_none(sentence, is_answer=bool(self.evidence and self.language)):
            self.refused = True
            return ""
        if NO_EVIDENCE in sentence:
            self._withhold(sentence)
            return ""
        if not self.evidence:
            if said := sentence.strip():
                self.latest.append(said)
            return self.mapper.map(sentence)
        if self.language and is_in_other_language(without_marks(sentence), self.language):
            self.other_language += 1
            self._withhold(sentence)
            return ""
        if self._was_said(sentence):
            self.repeated += 1
            return ""
        attributed = self._attributed(sentence)
        if attributed is None:
            self._withhold(sentence)
            return ""
        return self.mapper.map(attributed)

    def _withhold(self, sentence: str) -> None:
        self.withheld.append(sentence.strip()[:_MOST_WITHHELD])

    def _attributed(self, sentence: str) -> str | None:
        """The sentence with marks of evidence that supports it; None when none does.

        Of its own marks those stay that support it, alone or else together. A sentence without such a mark gets that of
        the first passage that supports it.
        """
        bare, marks = without_marks(sentence), marks_in(sentence)
        offered = [n for n in dict.fromkeys(marks) if 1 <= n <= len(self.evidence)]
        checks = {n: check_support(bare, [self.evidence[n - 1]]) for n in offered}
        kept = [n for n, support in checks.items() if support.supported]
        support = checks[kept[0]] if kept else check_support(bare, [self.evidence[n - 1] for n in offered])
        if support.claims_nothing:
            kept = []
        elif offered and support.supported:
            kept = kept or offered
        else:
            others = [n for n in range(1, len(self.evidence) + 1) if n not in checks]
            kept, support = self._first_that_supports(bare, others)
            if not kept:
                self.mapper.dropped += len(marks)
                return None
        self.mapper.dropped += len(set(marks) - set(kept))
        self._count(bare, support)
        text = _BEFORE_STOP.sub("", bare.rstrip())
        tail = bare[len(bare.rstrip()) :]
        return f"{text}{''.join(f'[{n}]' for n in kept)}{tail}"

    def _first_that_supports(self, bare: str, numbers: Sequence[int]) -> tuple[list[int], Support]:
        # Evidence in the other language cannot be compared, so only the writer may choose it.
        for number in numbers:
            support = check_support(bare, [self.evidence[number - 1]])
            if support.supported and support.compared:
                return [number], support
        return [], Support(False)

    def _count(self, bare: str, support: Support) -> None:
        if any(character.isalnum() for character in bare) and not support.claims_nothing:
            self.supported += 1
            self.unsure += not support.compared

    @property
    def is_stuck(self) -> bool:
        """Whether the writer says the same over and over, or a sentence without end."""
        is_loop = len(self.latest) == _LOOP and len(set(self.latest)) < _LEAST_DIFFERENT
        is_pointless = len(self.withheld) >= _MOST_SENTENCES_WITHHELD
        return is_loop or is_pointless or self.repeated >= _MOST_REPEATS or len(self.pending) > _LONGEST_SENTENCE

    def _was_said(self, sentence: str) -> bool:
        """Whether the answer held it before, holds it last or too often: a line may well stand under two headings."""
        bare = fold(without_marks(sentence)).strip()
        if len(bare) < _LEAST_REPEAT:
            return False
        earlier = {fold(without_marks(each)).strip() for each in marked_sentences(self.said)}
        self.times[bare] += 1
        is_repeated = bare in earlier or bare == self.last or self.times[bare] > _MOST_TIMES
        self.last = bare
        return is_repeated

    def _repeats_instructions(self, sentence: str) -> bool:
        said = fold(without_marks(sentence)).strip(" \n\t-*#>")
        return len(said) >= _LEAST_ECHO and said in fold(without_marks(self.instructions))


def _says_there_is_none(sentence: str, *, is_answer: bool) -> bool:
    """Whether a sentence says, in the agreed word or in a model's own, that there is no answer.

    is_answer: a model writes it over evidence; what a document says of its own contents is none of that.
    """
    word = re.sub(r"[^A-Z ]+", " ", sentence.upper()).strip()
    if word.startswith("NO EVIDENCE"):
        return True
    return is_answer and _NOT_THERE.search(sentence) is not None


def _spaced(space: str) -> str:
    """White space between two sentences: what stood around sentences that were withheld makes no gap."""
    lines = space.count("\n")
    return "\n" * min(lines, 2) if lines else space
