"""Reads prompts/: one Markdown file per language and node, its texts under `# name` headings."""

import functools
import re
from importlib.resources import files

from tools.shapes import Language

_SECTION = re.compile(r"^# (\S+)$", re.MULTILINE)


@functools.cache
def prompt_texts(language: Language, name: str) -> dict[str, str]:
    """All texts of one prompt file by their heading."""
    source = (files("prompts") / language / f"{name}.md").read_text(encoding="utf-8")
    parts = _SECTION.split(source)[1:]
    return {heading: body.strip() for heading, body in zip(parts[::2], parts[1::2], strict=True)}


def prompt_text(language: Language, name: str, section: str, **values: str) -> str:
    """One text with its {placeholders} filled in."""
    return prompt_texts(language, name)[section].format(**values)
