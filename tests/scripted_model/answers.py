"""The answers: text as each persona writes it, the same each time."""

import itertools
import random
import re
from collections.abc import Callable, Iterator

from tests.scripted_model.asked import Asked
from tests.scripted_model.script import Persona, Script
from tests.scripted_model.tokens import is_chinese, sentences, terms, tokens

NO_EVIDENCE = "NO_EVIDENCE"
ENORMOUS_CHARACTERS = 200_000
INVENTED_MARKS = 50
THOUGHT = 'They ask about [9]. Is it NO_EVIDENCE? No: {"relevant": [9]} <b>, then.'
"""What it thinks: full of what must not be taken for the answer."""

_ORDER = re.compile(
    r"(?:ignore|disregard|忽略|无视).{0,60}?(?:answer|reply|say|write|output|回答|回复|输出|写)"
    r"(?: only| with|只)*[:：]?\s*[\"“'「]?(.+?)[\"”'」]?(?:[.。!！\n]|$)",
    re.IGNORECASE | re.DOTALL,
)
_MARKS = ("[{}]", "[{}]", "【{}】", "[1,{}]", "({})", "［{}］", "[^{}]", "[{}][12]", "[ {} ]", "[source {}]", "[1-{}]")


def answer_tokens(asked: Asked, script: Script) -> Iterator[str]:
    """The answer in the pieces that are streamed; without end for the persona that repeats itself."""
    if script.persona == "repeats":
        yield from itertools.cycle(tokens(_good(asked)))
    elif script.persona == "enormous":
        # In large pieces: one event a token would keep the client busy for a minute.
        pieces = iter(tokens(_enormous(asked)))
        while piece := "".join(itertools.islice(pieces, 200)):
            yield piece
    else:
        yield from tokens(_ANSWERS.get(script.persona, _good)(asked))


def _good(asked: Asked) -> str:
    """The two sentences of the evidence that share most with the question, each with its mark."""
    if "evidence" not in asked.fenced:
        return "我可以直接回答这个问题。" if is_chinese(asked.question) else "I can answer this directly."
    wanted = set(terms(asked.question))
    candidates = [
        (len(wanted & set(terms(sentence))), number, sentence)
        for number, text in asked.passages.items()
        for sentence in sentences(text)
    ]
    best = sorted((each for each in candidates if each[0]), key=lambda each: -each[0])[:2]
    return " ".join(f"{sentence}[{number}]" for _, number, sentence in best) or NO_EVIDENCE


def _inventor(asked: Asked) -> str:
    """What the evidence says under marks that stand for nothing, then facts of its own under more of them."""
    dice = random.Random(asked.question)
    marks = [dice.choice(_MARKS).format(dice.randint(7, 99)) for _ in range(INVENTED_MARKS)]
    fact = "总投资为{}亿元，于{}年完工。" if is_chinese(asked.question) else "It cost {} million and opened in {}. "
    facts = [fact.format(dice.randint(100, 999), dice.randint(1950, 2040)) for _ in marks[10:]]
    invented = "".join(text + mark for text, mark in zip(facts, marks[10:], strict=True))
    return _good(asked).replace(NO_EVIDENCE, "") + "".join(marks[:10]) + " " + invented


def _other_language(asked: Asked) -> str:
    if is_chinese(asked.question):
        return "The documents describe this in detail.[1] The figures are given there as well.[1]"
    return "文件对此有详细说明。[1]具体数字也在其中。[1]"


def _enormous(asked: Asked) -> str:
    text = _good(asked) + "\n"
    return (text * (ENORMOUS_CHARACTERS // len(text) + 1))[:ENORMOUS_CHARACTERS]


def _obeys(asked: Asked) -> str:
    order = _ORDER.search(asked.fenced.get("evidence", ""))
    return order.group(1) if order else _good(asked)


_ANSWERS: dict[Persona, Callable[[Asked], str]] = {
    "inventor": _inventor,
    "echo": lambda asked: asked.system,
    "other_language": _other_language,
    "empty": lambda asked: "",
    "obeys": _obeys,
}
