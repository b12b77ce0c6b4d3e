"""Questions that single sentences answer, made by rules: definitions, quantities, people in their roles, dates.

Only forms are taken in which the subject stands at the front and the answer behind it, so that nothing else has to be
understood. Of a sentence with several clauses the first one alone is read: the others leave their subject out.
"""

import re
from collections.abc import Iterator

from tools.shapes import Language
from tools.text.chinese_questions import CHINESE
from tools.text.definition_questions import bold_terms, glossary_line, is_glossary
from tools.text.english_questions import ENGLISH
from tools.text.language import detect_language
from tools.text.question_subject import Asked
from tools.text.tables import readable_sentences

_ARTICLE = re.compile(
    r"^(?:第[一二三四五六七八九十百零\d]+条|[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、．]"
    r"|[-*•·])[\s　]*"
)
_FORECAST = re.compile(r"^经[\u4e00-\u9fff]{1,4}，")
_OPEN_ENDS = ("？", "?", "：", ":")


def sentence_questions(text: str, title: str, section: str) -> Iterator[tuple[Language, Asked]]:
    """Questions of a passage's sentences. title: as `usable_title` gives it, or empty.

    A glossary's lines are read as definitions, and so are lines that begin with a bold term.
    """
    defined: set[str] = set()
    for asked in bold_terms(text):
        defined.add(asked[1])
        yield detect_language(asked[1]), asked
    lists_terms = is_glossary(section or title)
    for sentence in readable_sentences(text):
        if sentence.endswith(_OPEN_ENDS):
            continue
        language = detect_language(sentence)
        said = _FORECAST.sub("", _ARTICLE.sub("", sentence))
        made = (make(said, title) for make in (CHINESE if language == "zh" else ENGLISH))
        asked_of = next(filter(None, made), None) or (glossary_line(said) if lists_terms else None)
        if asked_of and asked_of[1] not in defined:
            yield language, asked_of
