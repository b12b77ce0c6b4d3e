"""Descriptions of the pictures in a document, by a vision model, in the language of the document."""

import asyncio
import base64
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol
from weakref import WeakValueDictionary

from ingest.budget import Budget
from tools.models.failures import ModelFailure, Reason
from tools.models.meter import Meter
from tools.shapes import Language, LoadedFile, Missed, Page, Picture, TextBox
from tools.stores.protocols import Finding
from tools.text.clean import clean, one_line
from tools.text.identifiers import content_hash
from tools.text.language import detect_language
from tools.text.prompts import prompt_text, prompt_texts

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

_PROMPT = "describe"
_NOTHING = "NOTHING"
_AT_ONCE = 4
_CALLS = 3  # a picture, tries that failed included
_MOST_CHARACTERS = 2000
_BEING_DESCRIBED: WeakValueDictionary[tuple[int, str], asyncio.Lock] = WeakValueDictionary()
"""By event loop and the key of the picture: a logo in many files is described once, and the others wait for that."""
_MAY_PASS: frozenset[Reason] = frozenset(
    ("rate_limited", "timeout", "down", "unauthorized", "unknown_model", "unusable")
)
"""Failures of the model, not of the picture: the document is read again another time."""


class Describer(Protocol):
    """The chat model that looks at pictures."""

    name: str

    def write(self, messages: "Sequence[BaseMessage]", meter: Meter) -> AsyncGenerator[str, None]:
        """The model's text piece by piece. Raises ModelFailure."""
        ...


class Findings(Protocol):
    """Where it is kept what models found: what was paid for once is not paid for again, even after a kill."""

    async def finding(self, key: str) -> str | None: ...

    async def keep_findings(self, kept: Sequence[Finding]) -> None: ...


async def describe(
    loaded: LoadedFile,
    document_id: str,
    model: Describer,
    findings: Findings,
    *,
    budget: Budget | None = None,
) -> LoadedFile:
    """The document with a description in the place of each picture's marker, and no pictures.

    `document_id`: that of what becomes of it, for which descriptions are kept.
    A picture that is not described leaves nothing behind but a warning with the reason; it never stops the document.
    Raises BudgetSpentError before a call that `budget` might not pay for.
    """
    if not loaded.pictures:
        return loaded
    language = detect_language(loaded.text)
    paid_by = budget or Budget()
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(picture: Picture) -> str:
        async with places:
            return await _description(picture, document_id, language, model, findings, paid_by)

    said = await asyncio.gather(*(one(picture) for picture in loaded.pictures), return_exceptions=True)
    texts: dict[str, str] = {}
    reasons: list[Reason] = []
    for picture, outcome in zip(loaded.pictures, said, strict=True):
        if isinstance(outcome, ModelFailure):
            reasons.append(outcome.reason)
        elif isinstance(outcome, BaseException):
            raise outcome
        texts[picture.marker] = outcome if isinstance(outcome, str) else ""
    return _with_descriptions(loaded, texts, reasons)


def _with_descriptions(loaded: LoadedFile, texts: dict[str, str], reasons: Sequence[Reason]) -> LoadedFile:
    """`texts`: what stands in the place of each marker. `reasons`: why some are empty."""
    pages = tuple(_replaced(page, texts) for page in loaded.pages)
    told = f"{len(reasons)} of {len(texts)} pictures were not described: {', '.join(sorted(set(reasons)))}"
    missed: tuple[Missed, ...] = ("vision",) if _MAY_PASS.intersection(reasons) else ()
    return replace(
        loaded,
        pages=pages,
        pictures=(),
        warnings=(*loaded.warnings, *((told,) if reasons else ())),
        missed=(*loaded.missed, *missed),
    )


async def _description(
    picture: Picture,
    document_id: str,
    language: Language,
    model: Describer,
    findings: Findings,
    budget: Budget,
) -> str:
    """The block that tells it; empty for a picture that shows nothing. Raises ModelFailure."""
    asked_with = "\n".join(prompt_texts(language, _PROMPT).values())
    key = content_hash(b"\0".join((picture.content, model.name.encode(), asked_with.encode())))
    async with _BEING_DESCRIBED.setdefault((id(asyncio.get_running_loop()), key), asyncio.Lock()):
        text = await findings.finding(key)
        if text is None:
            budget.begin_picture()
            text = await _asked(picture, language, model, budget)
        await findings.keep_findings([Finding(key, document_id, text)])
    return prompt_text(language, _PROMPT, "told", description=text) if text else ""


async def _asked(picture: Picture, language: Language, model: Describer, budget: Budget) -> str:
    from langchain_core.messages import HumanMessage, SystemMessage

    url = f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode()}"
    request = prompt_text(language, _PROMPT, "request")
    messages: list[BaseMessage] = [
        SystemMessage(prompt_text(language, _PROMPT, "instructions")),
        HumanMessage([{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": request}]),
    ]
    meter = Meter(calls_left=_CALLS)
    try:
        async with aclosing(model.write(messages, meter)) as pieces:
            said = "".join([piece async for piece in pieces])
    finally:
        budget.end_picture(meter.usage)
    # In a cell of a table a bar would end it.
    text = one_line(clean(said)).replace("|", "/").lstrip("#>-* ")[:_MOST_CHARACTERS]
    return "" if text.strip(".。 ").upper() == _NOTHING else text


def _replaced(page: Page, texts: dict[str, str]) -> Page:
    """The page with the markers replaced; its boxes move along."""
    text, boxes = page.text, page.boxes
    for marker, new in texts.items():
        while (start := text.find(marker)) >= 0:
            end = start + len(marker)
            if not new:  # with the blank line before it, or after it at the beginning
                start -= len(text[:start]) - len(text[:start].rstrip("\n"))
                end += 0 if start else len(text[end:]) - len(text[end:].lstrip("\n"))
            text = text[:start] + new + text[end:]
            shift = len(new) - (end - start)
            boxes = tuple(_moved(box, end, shift) for box in boxes if box.end <= start or box.start >= end)
    return replace(page, text=text, boxes=boxes)


def _moved(box: TextBox, end: int, shift: int) -> TextBox:
    return box if box.start < end else TextBox(box.start + shift, box.end + shift, box.box)
