"""Takes <think>…</think> out of a text that is still being written."""

import re

_OPEN = re.compile(r"<(think|thinking|thought|reasoning)>", re.IGNORECASE)
_NAMES = ("think", "thinking", "thought", "reasoning")


class ThoughtFilter:
    """Feed it pieces; it gives back what is not thought, and holds back what may be the beginning of a tag."""

    def __init__(self) -> None:
        self._held = ""
        self._until = ""

    def feed(self, piece: str) -> str:
        """What may be shown of all that came and was not shown yet."""
        self._held += piece
        shown = ""
        while self._held:
            if self._until:
                end = self._held.lower().find(self._until)
                if end < 0:
                    self._held = self._held[-len(self._until) :]  # the tag may end with the next piece
                    return shown
                self._held, self._until = self._held[end + len(self._until) :], ""
            elif match := _OPEN.search(self._held):
                shown += self._held[: match.start()]
                self._held, self._until = self._held[match.end() :], f"</{match.group(1).lower()}>"
            else:
                keep = _tag_beginning(self._held)
                shown, self._held = shown + self._held[: len(self._held) - keep], self._held[len(self._held) - keep :]
                return shown
        return shown

    def flush(self) -> str:
        """What is left at the end: thoughts that never ended are none of the answer."""
        rest, self._held = "" if self._until else self._held, ""
        return rest


def _tag_beginning(text: str) -> int:
    """How many of the last characters may be the beginning of an opening tag."""
    start = text.rfind("<")
    if start < 0:
        return 0
    tail = text[start:].lower()
    return len(tail) if any(f"<{name}>".startswith(tail) for name in _NAMES) else 0
