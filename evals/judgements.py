"""The shapes in which a judge model decides. Flat lists of texts and numbers: small models write them too."""

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from graph.decisions import Numbers
from tools.models.decision import Decision

_MOST_STATEMENTS = 20
_MOST_CHARACTERS = 500
_RATING = re.compile(r"\D*([1-5])(?:\.0)?(?:\s*(?:/|out of|分|of)\s*5?)?\D*")
_CHOICES = {
    "first": re.compile(r"\W*(?:the )?(?:first|answer[ _]?1|1|a|第一个?|答案一)\b.*|\W*第一.*", re.IGNORECASE),
    "second": re.compile(r"\W*(?:the )?(?:second|answer[ _]?2|2|b|第二个?|答案二)\b.*|\W*第二.*", re.IGNORECASE),
    "tie": re.compile(r"\W*(?:tie|equal|both|neither|same|平|相同|一样|不分).*", re.IGNORECASE),
}

Choice = Literal["first", "second", "tie"]


def as_statements(value: Any) -> Any:
    """What models write for a list of statements: a list of texts or of objects with a text, or one text."""
    listed = value if isinstance(value, list) else [value]
    texts = (_text_of(each) for each in listed)
    return [" ".join(text.split())[:_MOST_CHARACTERS] for text in texts if text.strip()][:_MOST_STATEMENTS]


def _text_of(value: Any) -> str:
    if isinstance(value, dict):
        value = next((each for each in value.values() if isinstance(each, str)), "")
    return value if isinstance(value, str) else ""


def as_rating(value: Any) -> Any:
    """1 to 5, also from "4/5" or "4.0"; 0 for anything else."""
    match = None if isinstance(value, bool) else _RATING.fullmatch(str(value))
    return int(match[1]) if match else 0


def as_choice(value: Any) -> Any:
    """first, second or tie, in the words that models use; empty for anything else."""
    said = str(value)
    return next((choice for choice, pattern in _CHOICES.items() if pattern.fullmatch(said)), "")


Statements = Annotated[list[str], BeforeValidator(as_statements)]


class Attribution(Decision):
    """Which statements the passages bear out."""

    supported: Statements = Field(default=[], description="statements that the passages bear out")
    unsupported: Statements = Field(default=[], description="the other statements")


class Rating(Decision):
    """How well the answer takes up the question."""

    rating: Annotated[int, BeforeValidator(as_rating)] = Field(default=0, description="1 to 5")


class Usefulness(Decision):
    """Which passages are of use."""

    useful: Numbers = Field(default=[], description="numbers of the passages that are of use")


class Comparison(Decision):
    """What an answer and the right one have in common."""

    in_both: Statements = Field(default=[], description="statements of both")
    only_in_answer: Statements = Field(default=[], description="statements that the right answer does not bear out")
    only_in_reference: Statements = Field(default=[], description="statements that the answer lacks")


class Preference(Decision):
    """Which of two answers is better."""

    better: Annotated[Choice | Literal[""], BeforeValidator(as_choice)] = Field(
        default="", description="first, second or tie"
    )
