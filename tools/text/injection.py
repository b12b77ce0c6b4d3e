"""Sentences of a source that speak to a language model instead of its readers. A model is not shown them."""

import re

from tools.text.sentences import sentences

# Only what no reader of a document is told: fencing is the rule for all the rest.
_SPEAKS_TO_A_MODEL = re.compile(
    r"(?:忽略|无视|忘记|不要理会|不必理会)[^。！？!?\n]{0,12}(?:指令|提示词?|设定|以上内容|上述内容|之前的内容)"
    r"|系统提示词?|只(?:需|能|要)?(?:回答|回复|输出)\s*[“\"「『:：]"
    r"|\b(?:ignore|disregard|forget|override)\b[^.!?\n]{0,30}\b(?:instructions?|prompts?)\b"
    r"|\bsystem prompt\b|\b(?:reply|respond|answer|output) only (?:with|in)?\s*[“\"':]",
    re.IGNORECASE,
)


def without_instructions(text: str) -> str:
    """`text` without the sentences that tell a model what to do; a text without any is returned as it is."""
    if not _SPEAKS_TO_A_MODEL.search(text):
        return text
    return "\n".join(sentence for sentence in sentences(text) if not _SPEAKS_TO_A_MODEL.search(sentence))
