"""Untrusted text fenced off for a model: what stands inside is data, whatever it says."""

import secrets
from collections.abc import Mapping, Sequence


def fenced(sections: Mapping[str, str]) -> str:
    """Each section between tags whose name ends in a random word, so that no text can close its own fence.

    Empty sections are left out.
    """
    word = secrets.token_hex(4)
    blocks = (f"<{name}-{word}>\n{text}\n</{name}-{word}>" for name, text in sections.items() if text)
    return "\n\n".join(blocks)


def numbered_lines(texts: Sequence[str]) -> str:
    """One text alone as it is; several as lines `(1) text`, `(2) text`."""
    if len(texts) == 1:
        return texts[0]
    return "\n".join(f"({number}) {text}" for number, text in enumerate(texts, start=1))
