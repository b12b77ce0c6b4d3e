"""Facts that a document lists instead of saying: table rows, "key: value" lines, terms with their definitions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.names import MAX_NAME_CHARACTERS
from tools.text.language import detect_language
from tools.text.tables import cells, row_as_sentence

MAX_VALUE_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Statement:
    """A relation as it was read, before it has an id: `head` — `relation` — `tail`, and where it says so.

    `head_kind`: the kind of entity that `head` is known to be, or empty.
    """

    head: str
    relation: str
    tail: str
    sentence: str
    head_kind: str = ""


_RULE = re.compile(r"\|[\s:|-]*-[\s:|-]*")
_NUMBERING = re.compile(r"序号|编号|#|no\.?|number|id", re.IGNORECASE)
_PERSON_COLUMN = re.compile(r"姓名|人员|name|person", re.IGNORECASE)
_ROLE_COLUMN = re.compile(r"职务|职位|岗位|role|position|title|job title", re.IGNORECASE)
_UNIT_COLUMN = re.compile(r"所属单位|所在单位|工作单位|单位|公司|company|organi[sz]ation|employer", re.IGNORECASE)
_KEY_VALUE = re.compile(
    r"(?:[-*+•]\s+)?(?P<key>[\u4e00-\u9fff（）()]{2,14}|[A-Z][A-Za-z-]*(?: [A-Za-z-]+){0,3})(?:：\s*|:\s+)"
    r"(?P<value>\S.*)"
)
_DEFINED = re.compile(
    r"(?:[-*+•]\s+)?(?:\*\*|__)(?P<term>[^*_]{1,40}?)(?:[：:]\s*(?:\*\*|__)|(?:\*\*|__)\s*[：:])\s*(?P<text>\S.*)"
)
# Keys that speak of the paper itself, not of what the paper is about.
_ABOUT_PAPER = re.compile(
    r"编制|编写|审批|审核|批复|批准|发布|印发|施行|实施日期|文号|签订|签署|记录|主持|时间|地点|参加|出席|版本|编号|日期"
    r"|edition|published|issued|version|date|author|number|prepared",
    re.IGNORECASE,
)


def table_statements(lines: Sequence[str]) -> Iterator[Statement]:
    """A statement for each filled cell behind a row's first one: the row — the column — the cell.

    A column that only numbers the rows is passed over. A row that names a person, a role and an organisation also
    says who has the role there: the organisation — the role — the person.
    """
    header: list[str] | None = None
    for index, line in enumerate(lines):
        if not line.startswith("|"):
            header = None
        elif index + 1 < len(lines) and _RULE.fullmatch(lines[index + 1]) and lines[index + 1].startswith("|"):
            header = cells(line)
        elif header and not _RULE.fullmatch(line):
            yield from _row_statements(header, cells(line))


def _row_statements(header: Sequence[str], row: Sequence[str]) -> Iterator[Statement]:
    first = 1 if header and _NUMBERING.fullmatch(header[0]) and len(header) > 2 else 0
    if first >= len(row) or not row[first] or len(row[first]) > MAX_NAME_CHARACTERS:
        return
    sentence = row_as_sentence(list(header), list(row))
    head = row[first]
    for relation, tail in list(zip(header, row, strict=False))[first + 1 :]:
        if relation and tail and len(tail) <= MAX_VALUE_CHARACTERS:
            yield Statement(head, relation, tail, sentence, "person" if _PERSON_COLUMN.fullmatch(header[first]) else "")
    by_column = dict(zip(header, row, strict=False))
    person, role, unit = (
        next((by_column[name] for name in header if column.fullmatch(name) and by_column.get(name)), "")
        for column in (_PERSON_COLUMN, _ROLE_COLUMN, _UNIT_COLUMN)
    )
    if person == head and role and unit:
        yield Statement(unit, role, person, sentence)


def key_value_statements(sentence: str, subject: str, title: str) -> Iterator[Statement]:
    """What a "key: value" line says of `subject`, or of the paper called `title`. Values by 、 are several."""
    match = _KEY_VALUE.fullmatch(sentence)
    if match is None:
        return
    key, value = match.group("key"), match.group("value").strip()
    if len(value) > MAX_VALUE_CHARACTERS * 2 or (value[-1] in "。！？.!?；;" and not value.endswith("Ltd.")):
        return
    head = title if _ABOUT_PAPER.search(key) or not subject else subject
    for tail in value.split("、"):
        tail = tail.strip().removesuffix(".")  # names of companies are kept without it: Marlow Ltd
        if tail and len(tail) <= MAX_VALUE_CHARACTERS:
            yield Statement(head, key, tail, sentence)


def definition_statements(sentence: str) -> Iterator[Statement]:
    """A term in bold with its definition behind a colon."""
    match = _DEFINED.match(sentence)
    if match:
        yield definition(match.group("term").strip(), match.group("text"), sentence)


def definition(term: str, text: str, sentence: str) -> Statement:
    """The statement that `text` defines `term`; long definitions are cut at a clause."""
    text = text.strip()
    if len(text) > MAX_VALUE_CHARACTERS:
        cut = max(text.rfind(mark, 0, MAX_VALUE_CHARACTERS) for mark in "。，；.,; ")
        text = text[: cut if cut > 0 else MAX_VALUE_CHARACTERS]
    relation = "定义" if detect_language(sentence) == "zh" else "definition"
    return Statement(term, relation, text.rstrip("。.;；，, "), sentence, "term")
