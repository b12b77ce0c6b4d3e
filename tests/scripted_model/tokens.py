"""Text as the scripted model counts and compares it: deliberately not the product's own way."""

import re

HAN = "㐀-鿿豈-﫿"
# One Chinese character, or one word with what is written onto it. A bracket begins a token, so that [12] comes in two.
_TOKEN = re.compile(rf"\s*(?:[{HAN}]|[\[【][^\s\[【{HAN}]?|[^\s\[【{HAN}]+)|\s+")
_TERM_RUN = re.compile(rf"[a-z0-9]+(?:\.[0-9]+)?|[{HAN}]+")
_QUESTION_WORDS = re.compile(
    r"\b(?:what|which|who|when|where|how|why|much|many|is|are|was|were|do|does|did|the|a|an|of|in|on|to|for|and|by)\b"
    r"|什么|多少|哪些|哪个|哪里|怎么|怎样|如何|是否|几个|谁|吗|呢|的|是|有|？"
)
_SENTENCE_END = re.compile(r"(?<=[。！？!?])|(?<=\.)\s+|\n+")


def tokens(text: str) -> list[str]:
    """`text` in the pieces that are streamed; joined, they are `text` again."""
    return _TOKEN.findall(text)


def is_chinese(text: str) -> bool:
    return re.search(f"[{HAN}]", text) is not None


def terms(text: str) -> list[str]:
    """Lower-case words and bigrams of Chinese characters, each once, in order; question words left out."""
    found: dict[str, None] = {}
    for run in _TERM_RUN.findall(_QUESTION_WORDS.sub(" ", text.lower())):
        pieces = [run[i : i + 2] for i in range(max(1, len(run) - 1))] if is_chinese(run) else [run]
        found.update(dict.fromkeys(pieces))
    return list(found)


def shared(question: str, text: str) -> float:
    """Share of the question's terms that stand in `text`, 0 to 1."""
    wanted = terms(question)
    return len(set(wanted) & set(terms(text))) / len(wanted) if wanted else 0.0


def shortened(text: str) -> str:
    """`text` without its question words and punctuation."""
    return " ".join(_TERM_RUN.findall(_QUESTION_WORDS.sub(" ", text.lower())))


def sentences(text: str) -> list[str]:
    """The sentences and table rows of `text`; headings and rows without a number say nothing."""
    found = [piece.strip() for piece in _SENTENCE_END.split(text) if piece and piece.strip()]
    return [each for each in found if each[0] != "#" and (each[0] != "|" or re.search(r"\d", each))]
