"""Finds the names in a sentence: people, organisations, places, terms, codes, titles and things. No model."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tools.text.person_names import PERSON, PERSON_IN_CONTEXT
from tools.text.tokens import fold, tag

MAX_NAME_CHARACTERS = 60

_ORGANIZATION = re.compile(
    r"(?:有限责任公司|有限公司|公司|集团|研究院|设计院|医院|学院|学校|小学|中学|大学|委员会|指挥部|项目部|办公室|中心|银行|事务所"
    r"|管理局|环境局|税务局|交通局|住建局|监理部|计划部|环保部|工程部|财务部|协会|政府|法院)$"
)
_COMPANY = re.compile(r"(?:有限责任公司|有限公司|集团)$")
_THING = re.compile(r"(?:枢纽工程|枢纽|工程|项目|车站|高铁站|地铁站|隧道|大桥)$")
# What the names of both kinds end with: most words end otherwise.
_NAME_ENDS = frozenset("司团院校学会部室心行所局府程纽目站道桥")
_SECTION = re.compile(r"[一二三四五六七八九十\d]{1,3}标段")
_TITLE = re.compile(r"《[^《》]{2,50}》")
_QUOTED = re.compile(r"[“「]([^“”「」，。；：、！？\s]{2,12})[”」]")
_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?:GB|JGJ|CJJ|DB|ISO|IEC|EN|DIN|ASTM)(?:/[TZ])?[ -]?\d[\d.]*(?:[-—:]\d{2,4})?"
    r"|(?<![A-Za-z0-9-])(?=[A-Z0-9-]*\d)[A-Z]{1,6}(?:-[A-Z0-9]{1,8}){1,4}(?![A-Za-z0-9-])"
    r"|[\u4e00-\u9fff]{2,5}〔\d{4}〕\d{1,4}号"
)
_ENGLISH = re.compile(
    r"(?<![A-Za-z0-9-])[A-Z][A-Za-z'’&-]*"
    r"(?:(?: (?:of|and|for|the|&)){0,2} (?:No\. ?\d+|[A-Z][A-Za-z'’&-]*|\d{1,3}(?![\d%.,:])))*"
    r"(?:\.?,? ?\b(?:Co|Ltd|Inc|LLC|Corp|PLC)\b\.?)*"
)
_ENGLISH_ORGANIZATION = re.compile(
    r"\b(?:Co\.?|Ltd\.?|Inc\.?|LLC|Corp\.?|PLC|Group|Company|Institute|University|Committee|Commission|Bureau|Ministry"
    r"|Agency|Authority|Department|Office|Bank|Hospital|School|Engineering|Construction|Supervision|Technology)$"
)
_ENGLISH_PLACE_BEFORE = re.compile(r"\b(?:of|in|at|by|near|from)\s$")
_LINKS = ("of", "and", "for", "the", "&")
# Words that English begins with a capital without naming anything.
_NO_NAME = frozenset(
    (
        "The A An This That These Those It Its He She They We You I In On At To For From By With As If When While "
        "After Before All Each No Any There However But And Or Not Please What Who How Why Which Where Yes Is Are Was "
        "Were Do Does Will Can May Must Shall Should Every Only Nobody Two Three Four One January February March April "
        "June July August September October November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday "
        "Table Figure Chapter Article Appendix Dear Note Date CNY USD EUR RMB PDF OK English Chinese"
    ).split(" ")
)
# Parts of speech that a Chinese name is made of: nouns, names, abbreviations, gerunds, adjectives of kind.
_NAME_TAGS = ("n", "j", "vn", "b", "an", "l", "i")
_PROPER_TAGS = ("nr", "ns", "nt", "nz")
_ORDINAL = re.compile(r"第?[一二三四五六七八九十\d]+")
# What a tagger takes for a part of the name behind it.
_BEFORE_NAME = re.compile(
    r"(?:隶属于?|属于|由|至|与|和|及|向|经|对|为|在|从|距|指|按|报|将|发包人|承包人|监理人|供应商|(?:建设|施工|监理|设计|总包)单位|中标人)"
)
_BEFORE_NAME_BEGINS = frozenset("隶属由至与和及向经对为在从距指按报将发承监供建施设总中使")
_PLACE_ENDS = "省市区县镇乡"
_LONG_NAME_CHARACTERS = 9


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands in a sentence. `kind` is one of Entity's; `start` counts characters."""

    text: str
    kind: str
    start: int


class KnownNames:
    """Names that a document lists somewhere (in a table, as an abbreviation, a term): found wherever it says them."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        by_beginning: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for name, kind in dict(names).items():
            if 2 <= len(name) <= MAX_NAME_CHARACTERS:
                by_beginning[name[:2]].append((name, kind))
        self._by_beginning = {
            beginning: sorted(listed, key=lambda entry: -len(entry[0])) for beginning, listed in by_beginning.items()
        }

    def find(self, text: str) -> Iterator[Name]:
        """Known names in `text`, the longest at each place."""
        if not self._by_beginning:
            return
        for start in range(len(text) - 1):
            for name, kind in self._by_beginning.get(text[start : start + 2], ()):
                if text.startswith(name, start) and _stands_free(text, start, start + len(name)):
                    yield Name(name, kind, start)
                    break


def names_in(sentence: str, known: KnownNames) -> list[Name]:
    """The names in a sentence in reading order, none inside another, each once."""
    found = [*known.find(sentence), *_marked(sentence), *_english(sentence)]
    if not sentence.isascii():
        found.extend(_chinese(sentence))
    return _outermost(found)


def names_in_row(row: str, known: KnownNames) -> list[Name]:
    """The names in a table's row: as `names_in`, but none that only its place in a sentence would show."""
    return _outermost([*known.find(row), *_marked(row)])


def kind_of(name: str) -> str:
    """What `name` looks like, standing alone as in a table's cell."""
    if _CODE.fullmatch(name):
        return "code"
    if name.startswith("《"):
        return "title"
    if _ORGANIZATION.search(name) or _ENGLISH_ORGANIZATION.search(name):
        return "organization"
    return "thing"


def looks_like_person(name: str) -> bool:
    """Whether `name` has the form of a person's name; many other short words have it too."""
    if name.isascii():
        return 1 < len(name.split(" ")) < 4 and name.istitle() and name.replace(" ", "").isalpha()
    return PERSON.fullmatch(name) is not None


def subject_in(title: str) -> str:
    """The section of works, else the project, that a title names; empty when it names none."""
    section = _SECTION.search(title)
    if section:
        return section.group()
    things = [name for name in _chinese(title) if name.kind == "thing"]
    return max(things, key=lambda name: (-name.start, len(name.text))).text if things else ""


def _outermost(found: Iterable[Name]) -> list[Name]:
    kept: list[Name] = []
    seen: set[str] = set()
    reach = 0
    for name in sorted(found, key=lambda name: (name.start, -len(name.text))):
        if name.start >= reach:
            reach = name.start + len(name.text)
            key = fold(name.text)
            if key not in seen:
                kept.append(name)
                seen.add(key)
    return kept


def _stands_free(text: str, start: int, end: int) -> bool:
    """Whether a name in Latin letters is not part of a longer word."""
    before, first, last, after = text[start - 1 : start], text[start], text[end - 1], text[end : end + 1]
    joins_before = before.isascii() and before.isalnum() and first.isascii() and first.isalnum()
    return not joins_before and not (after.isascii() and after.isalnum() and last.isascii() and last.isalnum())


def _marked(sentence: str) -> Iterator[Name]:
    """Names that marks or their form show: titles, quoted terms, codes, sections of works, people in their roles."""
    for match in _TITLE.finditer(sentence):
        yield Name(match.group(), "title", match.start())
    for match in _QUOTED.finditer(sentence):
        yield Name(match.group(1), "term", match.start(1))
    for match in _CODE.finditer(sentence):
        yield Name(match.group(), "code", match.start())
    if "标段" in sentence:
        for match in _SECTION.finditer(sentence):
            yield Name(match.group(), "thing", match.start())
    for match in PERSON_IN_CONTEXT.finditer(sentence) if not sentence.isascii() else ():
        group = match.lastgroup
        if group:
            yield Name(match.group(group), "person", match.start(group))


def _english(sentence: str) -> Iterator[Name]:
    """Capitalised words. A single one counts only behind a preposition: elsewhere it may just begin something."""
    for match in _ENGLISH.finditer(sentence):
        start = match.start()
        words = match.group().rstrip("., ").split(" ")
        while words and (words[0] in _NO_NAME or words[0] in _LINKS):
            start += len(words.pop(0)) + 1
        while words and (words[-1] in _NO_NAME or words[-1] in _LINKS):
            words.pop()
        text = " ".join(words)
        if len(words) < 2 and (len(text) < 4 or not _ENGLISH_PLACE_BEFORE.search(sentence, 0, start)):
            continue
        if len(text) <= MAX_NAME_CHARACTERS and any(character.islower() for character in text):
            yield Name(text, "organization" if _ENGLISH_ORGANIZATION.search(text) else "thing", start)


def _chinese(sentence: str) -> Iterator[Name]:
    """Names by parts of speech: runs of name words that end as organisations and projects do, and places."""
    run: list[tuple[str, str]] = []
    start = position = 0
    words = tag(sentence)
    for index, (tagged, part) in enumerate(words):
        if not run and not part.startswith(_NAME_TAGS):  # as most words: nothing begins here
            position += len(tagged)
            continue
        before = _BEFORE_NAME.match(tagged) if tagged[0] in _BEFORE_NAME_BEGINS else None
        if before or not (part.startswith(_NAME_TAGS) or _ORDINAL.fullmatch(tagged)):
            run = []
        offset = before.end() if before else 0
        word = tagged[offset:]
        if word and (part.startswith(_NAME_TAGS) or (run and _ORDINAL.fullmatch(word))):
            if not run:
                start = position + offset
            end = "工程" if word.startswith("工程") else word  # one word to the tagger: 工程施工
            yield from _named_run([*run, (end, part)], start)
            run.append((word, part))
            following = words[index + 1][0][:1] if index + 1 < len(words) else ""
            if part == "ns":
                yield from _place(word, following, position + offset)
        position += len(tagged)


def _named_run(run: list[tuple[str, str]], start: int) -> Iterator[Name]:
    """The run as a name, when it ends as names do and holds a proper name, is long or is a company's in full."""
    if len(run) < 2 or len(run[0][0]) < 2 or run[-1][0][-1] not in _NAME_ENDS:
        return
    text = "".join(word for word, _ in run)
    kind = "organization" if _ORGANIZATION.search(text) else "thing" if _THING.search(text) else ""
    if not kind or not 4 <= len(text) <= MAX_NAME_CHARACTERS:
        return
    is_proper = any(part.startswith(_PROPER_TAGS) for _, part in run[:-1])
    if is_proper or len(text) >= _LONG_NAME_CHARACTERS or (_COMPANY.search(text) and len(text) >= 6):
        yield Name(text, kind, start)


def _place(word: str, following: str, start: int) -> Iterator[Name]:
    name = word if word[-1] in _PLACE_ENDS else word + following
    if len(name) >= 3 and name[-1] in _PLACE_ENDS:
        yield Name(name, "place", start)
