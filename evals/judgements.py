"""The shapes in which a judge model decides. Flat lists of texts and numbers: small models write them too."""

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from graph.decisions import as_numbers
from tools.models.decision import Decision

_MOST_STATEMENTS = 20
_MOST_CHARACTERS = 500
_RATING = re.compile(r"\D*([1-5])(?:\.0)?(?:\s*(?:/|out of|分|of)\s*5?)?\D*")
# The first that fits counts. A letter or digit must be all that is said: "A is not better than B" begins with one too.
_CHOICES = {
    "tie": re.compile(r"\W*(?:an? |the )?(?:tie|equal|both|neither|same|平|相同|一样|不分).*", re.IGNORECASE),
    "first": re.compile(
        r"\W*(?:(?:the )?(?:first|answer[ _]?(?:1|a))\b.*|(?:第一|答案一).*|(?:1|a)\W*)", re.IGNORECASE
    ),
    "second": re.compile(
        r"\W*(?:(?:the )?(?:second|answer[ _]?(?:2|b))\b.*|(?:第二|答案二).*|(?:2|b)\W*)", re.IGNORECASE
    ),
}
_NONE = re.compile(r"\W*(?:(?:none|no|nothing|false|0|无|没有|都没有)\b.*)?", re.IGNORECASE)

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


def as_useful(value: Any) -> Any:
    """The numbers of passages, as models write them; none of an empty list, or in words ("none of them").

    Raises ValueError for what says neither: it is no judgement that none is of use.
    """
    numbers: list[int] = as_numbers(value)
    chosen = [each for each, is_chosen in value.items() if is_chosen] if isinstance(value, dict) else value
    said = chosen if isinstance(chosen, list) else [chosen]
    if not numbers and not all(each is not None and _NONE.fullmatch(str(each)) for each in said):
        raise ValueError("names no passages, and does not say that there is none")
    return numbers


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

    useful: Annotated[list[int], BeforeValidator(as_useful)] = Field(
        default=[], description="numbers of the passages that are of use"
    )


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
