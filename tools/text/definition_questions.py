"""Questions on what a term means: of the lines of a glossary, and of terms in bold with what follows them."""

import re
from collections.abc import Iterator

from tools.text.language import detect_language
from tools.text.question_subject import Asked, can_stand_alone

_GLOSSARY = re.compile(
    r"术语|名词|词汇|释义|定义|缩略语|glossary|terms|definitions|abbreviations|acronyms", re.IGNORECASE
)
_BOLD_TERM = re.compile(
    r"^[-*• \t]*\*\*(?P<term>[^*\n]{2,40}?)[：:]?\*\*\s*(?:[：:]|—{1,2}|–|-)?\s*(?P<said>\S.{7,})$", re.M
)
_GLOSSARY_LINE = re.compile(r"(?P<term>[^，。；：:,;]{2,40}?)\s*(?:[：:]|—{1,2}|\s[–-]\s)\s*(?P<said>\S.{7,})")
_FEWEST_CHARACTERS = 8
_MOST_CHARACTERS = 300
_MOST_WORDS = 5


def definition(term: str, said: str) -> Asked | None:
    """What a term means; None for what is no term, or no definition of it."""
    term, said = term.strip(' “”"《》'), re.sub(r"^指", "", said.strip()).rstrip("。. ")
    language = detect_language(f"{term}{said}")
    words = len(term.split())
    fits = can_stand_alone(term) and _FEWEST_CHARACTERS <= len(said) <= _MOST_CHARACTERS and words <= _MOST_WORDS
    if not fits or re.search(r"[\d，,。]|或者", term) or said.startswith(("，", ",", "（", "(", "that ")):
        return None
    return "definition", f"什么是{term}？" if language == "zh" else f"What is meant by {_in_sentence(term)}?", said


def _in_sentence(term: str) -> str:
    """A term inside of a sentence: Snag list is snag list, but EIA and New York stay."""
    is_word = len(term) > 1 and term[0].isupper() and term[1:].islower()
    return term[0].lower() + term[1:] if is_word else term


def bold_terms(text: str) -> Iterator[Asked]:
    """Questions of the lines of a Markdown text that begin with a term in bold."""
    for match in _BOLD_TERM.finditer(text):
        if asked := definition(match["term"], match["said"]):
            yield asked


def is_glossary(title: str) -> bool:
    """Whether a section or document of this title lists terms."""
    return _GLOSSARY.search(title) is not None


def glossary_line(line: str) -> Asked | None:
    """The question of a line "term: what it means" of a glossary."""
    match = _GLOSSARY_LINE.fullmatch(line)
    return definition(match["term"], match["said"]) if match else None
