"""Splits papers and medical texts by the sections that such texts have, marked as headings or not."""

import re
from collections.abc import Iterator
from functools import partial

from ingest.splitting.outline import heading_of, outline
from ingest.splitting.span import Heading, Unit
from tools.shapes import LoadedFile

_NAMES = (
    "摘要|关键词|引言|前言|绪论|背景|研究背景|文献综述|相关工作|方法|研究方法|材料与方法|资料与方法|对象与方法|实验|实验方法|结果|实验结果"
    "|研究结果|结果与分析|讨论|结果与讨论|结论|结语|致谢|参考文献|附录"
    "|一般资料|主诉|现病史|既往史|个人史|婚育史|月经史|家族史|过敏史|体格检查|专科检查|辅助检查|实验室检查|影像学检查|入院诊断|初步诊断|鉴别诊断"
    "|出院诊断|诊断|诊断依据|诊疗计划|诊疗经过|治疗|治疗经过|手术记录|病程记录|出院医嘱|医嘱|出院情况|随访"
    "|适应症|禁忌|禁忌症|用法用量|不良反应|注意事项|药物相互作用"
)
_ENGLISH_NAMES = (
    "abstract|keywords|key words|introduction|background|related work|literature review|objectives?|methods?"
    "|methodology|materials? and methods|patients and methods|experiments?|experimental setup|results?"
    "|results and discussion|discussion|limitations|conclusions?|acknowledge?ments?|references|bibliography|appendix"
    "|funding|chief complaint|history of present illness|past medical history|family history|social history"
    "|review of systems|medications|allergies|physical exam(?:ination)?|vital signs|laborator(?:y|ies)(?: findings)?"
    "|imaging|assessment(?: and plan)?|impression|diagnosis|differential diagnosis|plan|treatment|hospital course"
    "|discharge (?:diagnosis|summary|instructions|medications)|follow[- ]up|indications|contraindications"
    "|dosage and administration|adverse reactions|warnings and precautions"
)
_NUMBERING = r"(?:(?:\d{1,2}|[IVX]{1,4})[.、．]?\s+|\d{1,2}[、．.]|[一二三四五六七八九十]{1,3}、\s*)?"
_MARK = r"(?:\*\*|__|[【\[])?"
_END_MARK = r"(?:\*\*|__|[】\]])?"
_NAMED = re.compile(
    rf"{_MARK}{_NUMBERING}(?P<name>(?:{_NAMES})|(?i:{_ENGLISH_NAMES}))"
    rf"(?:{_END_MARK}\s*(?P<line>[：:.]?){_END_MARK}|(?:{_END_MARK}\s*[：:]|[：:]{_END_MARK}|[】\]])\s*(?P<text>\S.*))"
)
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_SUBSECTION = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){1,3})\.?\s+[^\W\d][^。；.;:：,，|]{1,60}")
_MARKED = re.compile(r"^(#{1,6})\s+\S", re.MULTILINE)
_MAX_LINE_CHARACTERS = 60


def by_section(loaded: LoadedFile) -> Iterator[Unit]:
    """A unit for each section: Abstract, 2 Methods, 2.1 Participants, 主诉：…, 【诊断】…, below marked headings."""
    deepest = max((len(mark) for page in loaded.pages for mark in _MARKED.findall(page.text)), default=1)
    return outline(loaded, partial(_heading, level=deepest + 1))


def section_name(line: str) -> tuple[str, bool]:
    """The section that a line names, and whether it does that alone or before its text ("主诉：咳嗽三天").

    Empty for any other line.
    """
    bare = line.strip()
    named = _NAMED.fullmatch(_SPACED.sub("", bare[:_MAX_LINE_CHARACTERS]) + bare[_MAX_LINE_CHARACTERS:])
    if named is None:
        return "", False
    is_line = named.group("text") is None
    return _SPACED.sub("", bare.strip("*_【】[]：:. ")) if is_line else named.group("name"), is_line


def _heading(line: str, level: int) -> Heading | None:
    marked = heading_of(line)
    if marked and line.startswith("#"):
        return marked
    name, is_line = section_name(line)
    if name:
        return Heading(level, name, is_line)
    if marked:
        return Heading(level, marked.text)
    subsection = _SUBSECTION.fullmatch(line.strip())
    return Heading(level + subsection.group("number").count("."), line.strip()) if subsection else None
