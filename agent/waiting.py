"""What a person at the terminal sees while an answer is not there yet: one line that goes when the text comes."""

import time
from collections.abc import Mapping
from typing import Any

from agent.terminal import terminal
from tools.shapes import Language
from tools.text.prompts import prompt_texts

_QUICK_SECONDS = 0.3
_CLEAR_LINE = "\r\x1b[K"
_AFTER_EVIDENCE = {"strong": "generate", "unclear": "grade", "weak": "rewrite"}


class WaitingLine:
    """Follows the events of one question. Nothing is shown where there is no terminal, or where it goes quickly."""

    def __init__(self, language: Language, *, quiet: bool) -> None:
        self._texts = prompt_texts(language, "receipt")
        self._is_on = not quiet and terminal().surroundings.errors_have_bars
        self._began = time.monotonic()
        self._is_shown = False

    def follow(self, event: Mapping[str, Any]) -> None:
        """Shows what begins after an event of the graph."""
        stage = stage_after(event)
        if stage and self._is_on and time.monotonic() - self._began > _QUICK_SECONDS:
            terminal().write_aside(f"{_CLEAR_LINE}{self._texts[f'stage_{stage}']}")
            self._is_shown = True

    def end(self) -> None:
        """Takes the line away."""
        self._is_on = False
        if self._is_shown:
            terminal().write_aside(_CLEAR_LINE)
            self._is_shown = False


def stage_after(event: Mapping[str, Any]) -> str:
    """The stage that begins after an event: route, retrieve, grade, rewrite or generate; empty when none does."""
    match event.get("type"):
        case "run.start":
            return "route"
        case "route" | "retrieve.start" | "rewrite":
            return "retrieve"
        case "evidence":
            return _AFTER_EVIDENCE.get(event["band"], "")
        case "grade":
            return "generate" if event["enough"] else "rewrite"
    return ""
