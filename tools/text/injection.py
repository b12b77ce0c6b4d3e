"""Sentences of a source that speak to a language model instead of its readers. A model is not shown them."""

import re

from tools.text.sentences import sentences

# Only what no reader of a document is told: fencing is the rule for all the rest.
_SPEAKS_TO_A_MODEL = re.compile(
    r"(?<![得要可应])(?:忽略|无视|忘记|不要理会|不必理会)[^。！？!?\n]{0,4}(?:以上|之前|上述|前面|所有|你的|您的|这些)"
    r"[^。！？!?\n]{0,8}(?:指令|提示词?|设定|内容|要求)"
    r"|系统提示词|只(?:需|能|要)?(?:回答|回复|输出)\s*[“\"「『:：]"
    r"|(?<!not )(?<!never )\b(?:ignore|disregard|forget|override)\b[^.!?\n]{0,12}"
    r"\b(?:all|any|previous|prior|above|earlier|your|these|the passages)\b[^.!?\n]{0,20}"
    r"\b(?:instructions?|prompts?|passages?)\b"
    r"|\bsystem prompt\b|\b(?:reply|respond|answer|output) only (?:with|in)?\s*[“\"':]",
    re.IGNORECASE,
)


def without_instructions(text: str) -> str:
    """`text` without the sentences that tell a model what to do; a text without any is returned as it is."""
    if not _SPEAKS_TO_A_MODEL.search(text):
        return text
    return "\n".join(sentence for sentence in sentences(text) if not _SPEAKS_TO_A_MODEL.search(sentence))
