"""What a made question is about: can whoever hears it alone tell what is meant?"""

import re
from dataclasses import dataclass

from tools.shapes import Language
from tools.text.language import detect_language
from tools.text.tokens import tag

Kind = str
"""definition, cell, label, quantity, person, date, heading or section: what in a passage a question was made of."""

_HAN = re.compile(r"[\u3400-\u9fff]")
# A code, a title, a quotation, or a word in Latin letters that is a name by its capitals.
_CODE_OR_TITLE = re.compile(r"《[^》]+》|[A-Z]{1,6}[-/ ]?\d{2,}|\d+[-/][A-Za-z\d]+")
_CAPITALISED = re.compile(r"\b[A-Z][\w'’-]*[a-z][\w'’-]*")
_NAME_TAGS = ("nr", "ns", "nt", "nz")
_POINTS_ELSEWHERE = re.compile(
    r"^(?:其|该|此|这|那|它|他|她|我|你|您|某|本|各|上述|前述|以上|以下|如下|前款|下列|同|另|前者|后者)"
    r"|(?:该|上述|前述|此项|这些|那些|我们|你们|他们|它们|其中|分别|如下|下表|上表|下图|附件|附表)"
    r"|\b(?:it|its|they|them|their|he|she|his|her|we|our|us|you|your|this|that|these|those|such|here|above|below"
    r"|following|former|latter|respectively|said)\b",
    re.IGNORECASE,
)
_CONNECTS = re.compile(
    r"^(?:但|而(?!立)|且|并|或|如|若|当(?![地前日])|因|由于|经(?![济营纪])|除|以及|同时|占|即|则|可(?![研行])|应(?![急收付])|须|需(?!求)|不|至"
    r"|自(?![动来然有治])|按|在|从|到|对(?![讲外象])|将|已|未|每|为|是|与|和|及|所|以(?!太)|均(?!价)|仅|只|约|近|全部|例如|比如|截至|目前"
    r"|现在|曾|又|再(?!生)|还|也|更(?!衣)|随后|之后|后来|当时|据|相对|关于|有(?![限机效])|被|把)|[的了和与及或在是后时]$"
    r"|^(?:and|but|or|if|when|while|which|who|what|where|as|in|on|at|by|of|for|from|to|with|another|one|some|many|each|any|both"
    r"|also|however|because|since|although|not|then|thus|so|until|after|before|during|all|other|only|even|just)\b",
    re.IGNORECASE,
)
_FILE_LIKE = re.compile(
    r"[\w-]+\.\w{2,4}|[\d\W_]+|(?:img|scan|doc|file|untitled|document|新建|未命名)[\W\d_]*.*", re.IGNORECASE
)
_LONGEST_TITLE = 60

Asked = tuple[Kind, str, str]
"""Kind, question, answer."""


@dataclass(frozen=True, slots=True)
class MadeQuestion:
    """A question that one passage answers.

    answer: in the words of the passage. language: of question and passage alike.
    """

    question: str
    answer: str
    kind: Kind
    language: Language
    passage_id: str
    document_id: str


def can_stand_alone(subject: str) -> bool:
    """Whether a phrase points at nothing outside of itself and is no rest of a sentence."""
    return not points_elsewhere(subject) and not _CONNECTS.search(subject)


def points_elsewhere(text: str) -> bool:
    """Whether a phrase or question needs others to be understood: it says 该项目, this clause, it."""
    return _POINTS_ELSEWHERE.search(text) is not None


def names_something(text: str) -> bool:
    """Whether a phrase holds a name, a title or a code, so that no document needs to be named with it."""
    if _CODE_OR_TITLE.search(text):
        return True
    if not _HAN.search(text):
        return len(_CAPITALISED.findall(text)) >= 2
    return any(part[:2] in _NAME_TAGS and len(word) > 1 for word, part in tag(text))


def usable_title(title: str, language: Language) -> str:
    """The title as a question may name it; empty for one that says nothing or is in the other language."""
    name = " ".join(title.split()).strip("《》")
    if not 3 <= len(name) <= _LONGEST_TITLE or _FILE_LIKE.fullmatch(name) or detect_language(name) != language:
        return ""
    return name


def quoted(title: str, language: Language) -> str:
    """A title in its marks: 《施工合同》, but as it is where it holds such marks itself; "Safety Handbook"."""
    if language == "zh":
        return f"“{title}”" if "《" in title else f"《{title}》"
    return f'"{title}"'


def about(subject: str, question: str, title: str, language: Language) -> str:
    """`question`, which asks of `subject`, told apart from the same question of another document.

    title: as `usable_title` gives it. Empty where the subject names nothing and the document cannot be named.
    """
    if names_something(subject) or (title and title in subject):
        return _opened(question, language)
    if not title:
        return ""
    if language == "zh":
        return f"根据{quoted(title, language)}，{question}"
    return f"According to {quoted(title, language)}, {question}"


def _opened(question: str, language: Language) -> str:
    return question[:1].upper() + question[1:] if language == "en" else question
