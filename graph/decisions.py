"""The shapes in which a model decides. Numbers are those that the prompt shows; every field may be missing."""

import re
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from tools.models.decision import Decision

_MOST_TEXTS = 5
_MOST_CHARACTERS = 300
_NUMBERS = re.compile(r"[\s\[\](（）)【】,，、;；.]*(?:\d{1,2}[\s\[\](（）)【】,，、;；.]*)+")


def as_numbers(value: Any) -> Any:
    """What models write for a list of numbers: [1, "2"], "1, 2", "[1][2]", 1; yes and true are 1, no and null none."""
    if isinstance(value, bool) or value is None:
        return [1] if value else []
    if isinstance(value, dict):
        value = [number for number, chosen in value.items() if chosen]
    listed = value if isinstance(value, list) else [value]
    if len(listed) == 1 and re.fullmatch(r"\W*(?:yes|true|是)\W*", str(listed[0]), re.IGNORECASE):
        return [1]
    texts = [str(_number_in(each)) for each in listed]
    found = [int(number) for text in texts if _NUMBERS.fullmatch(text) for number in re.findall(r"\d+", text)]
    return [number for number in found if number]


def _number_in(value: Any) -> Any:
    """{"id": 3, "score": 0.9} is 3; anything else is itself."""
    names = ("number", "id", "index", "passage", "sentence", "question")
    return next((value[name] for name in names if name in value), "") if isinstance(value, dict) else value


def as_texts(value: Any) -> Any:
    """What models write for a list of texts: a list, or one text; long ones are cut, empty ones left out."""
    listed = value if isinstance(value, list) else [value]
    texts = [as_text(each) for each in listed if isinstance(each, str | int | float)]
    return [text for text in texts if text][:_MOST_TEXTS]


def as_text(value: Any) -> Any:
    """One line of text; anything that is none is empty."""
    return " ".join(str(value).split())[:_MOST_CHARACTERS] if isinstance(value, str | int | float) else ""


Numbers = Annotated[list[int], BeforeValidator(as_numbers)]
Texts = Annotated[list[str], BeforeValidator(as_texts)]
Text = Annotated[str, BeforeValidator(as_text)]


class Standalone(Decision):
    """The last question, complete in itself."""

    question: Text = ""


class Routing(Decision):
    """Where the answer can be found."""

    routes: Texts = Field(default=[], description="names of sources, the likeliest first")
    queries: Texts = Field(default=[], description="the separate questions in it, at most 3; one if it is one")


class Grading(Decision):
    """What the passages are worth."""

    yes_no_field: ClassVar[str] = "answered"

    relevant: Numbers = Field(default=[], description="numbers of the passages that help to answer")
    answered: Numbers = Field(default=[], description="numbers of the questions that the passages answer; [1] for one")
    missing: Text = Field(default="", description="what is not in them, in a few words")
    query: Text = Field(default="", description="what to search for next")


class Rewriting(Decision):
    """Other ways to search for the same thing."""

    rewrite: Text = Field(default="", description="the question in the words that a document would use")
    queries: Texts = Field(default=[], description="two or three other search queries")
    step_back: Text = Field(default="", description="a more general question")
    passage: Text = Field(default="", description="a short passage that would answer it, as a document would say it")


class Verification(Decision):
    """Which sentences their passages do not bear out."""

    unsupported: Numbers = Field(default=[], description="numbers of the sentences that are not supported")
