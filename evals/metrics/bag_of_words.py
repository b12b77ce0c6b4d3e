"""How much of a page's words a loader reads."""

import re
from collections import Counter

from evals.records import NotComputed, Score
from tools.text.tokens import fold

# Scripts that put no spaces between words give characters: Chinese, and Japanese with its kana.
_WORD = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)


def bag_recall(text: str, reference: str) -> Score:
    """Σ min(times in text, times in reference) / Σ times in reference, over the words of `reference`.

    The recall of ROUGE-1 (Lin, 2004): in which order words come does not matter, which a layout may change. Words are
    compared as tools.text.tokens.fold writes them; Chinese and Japanese ones by characters. Range: 0 to 1.
    NotComputed when the reference has no words.
    """
    wanted = Counter(_WORD.findall(fold(reference)))
    if not wanted:
        return NotComputed("the reference has no words")
    return (wanted & Counter(_WORD.findall(fold(text)))).total() / wanted.total()
