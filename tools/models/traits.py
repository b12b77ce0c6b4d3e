"""What a model's provider was found to support. Learned from real requests, each refusal once, and remembered."""

import json
import os
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

StructuredMode = Literal["json_schema", "function_calling", "json_mode", "text"]
STRUCTURED_MODES: tuple[StructuredMode, ...] = ("json_schema", "function_calling", "json_mode", "text")
"""How an answer of a given shape is asked for, the surest first."""


@dataclass(frozen=True, slots=True)
class Traits:
    """structured: the mode that works, or the next one to try. stream: answers can be streamed.

    stream_usage: a stream can end with its token counts. temperature: 0 may be asked for.
    """

    structured: StructuredMode = "json_schema"
    stream: bool = True
    stream_usage: bool = True
    temperature: bool = True

    def without(self, feature: str) -> "Traits":
        """The traits without one of the switches `stream`, `stream_usage`, `temperature`."""
        switched_off: dict[str, Any] = {feature: False}
        return replace(self, **switched_off)

    def next_structured(self) -> "Traits | None":
        """The next mode to try, or None after the last."""
        place = STRUCTURED_MODES.index(self.structured) + 1
        return replace(self, structured=STRUCTURED_MODES[place]) if place < len(STRUCTURED_MODES) else None


class TraitMemory:
    """Traits by model, kept in one small JSON file; without a file they are known to this process only."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._known: dict[str, Traits] | None = None

    def recall(self, model: str) -> Traits:
        """What is known of `model`. Reads the file on first use, so it blocks."""
        with self._lock:
            return self._all().get(model, Traits())

    def learn(self, model: str, traits: Traits) -> None:
        """Remembers. A file that cannot be written costs nothing but the next process's first requests. Blocks."""
        with self._lock:
            known = self._all()
            known[model] = traits
            if self._file is None:
                return
            try:
                draft = self._file.with_suffix(".draft")
                draft.write_text(json.dumps({name: asdict(each) for name, each in known.items()}), encoding="utf-8")
                os.replace(draft, self._file)
            except OSError:
                return

    def _all(self) -> dict[str, Traits]:
        if self._known is None:
            self._known = {} if self._file is None else _read(self._file)
        return self._known


def _read(file: Path) -> dict[str, Traits]:
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    listed = values.items() if isinstance(values, dict) else ()
    return {name: traits for name, each in listed if (traits := _traits(each)) is not None}


def _traits(values: Any) -> Traits | None:
    try:
        traits = Traits(**values)
    except TypeError:
        return None
    return traits if traits.structured in STRUCTURED_MODES else None
