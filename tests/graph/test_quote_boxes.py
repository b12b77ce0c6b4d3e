"""The box of a citation: around the words that are quoted, not around all that was read."""

from dataclasses import replace

from graph.finalize import cite
from graph.state import EvidenceItem
from tests.graph.fakes import facts_from, passage
from tools.shapes import Box, Fact, Passage, TextBox


def _lines(text: str) -> tuple[TextBox, ...]:
    """A box for each line: as wide as it has characters, one below the other, ten points high."""
    boxes, start = [], 0
    for number, line in enumerate(text.split("\n")):
        box: Box = (0.0, number * 10.0, float(len(line)), number * 10.0 + 10)
        boxes.append(TextBox(start, start + len(line), box))
        start += len(line) + 1
    return tuple(boxes)


def _placed(text: str) -> Passage:
    return replace(passage("a", text), boxes=_lines(text))


def _item(*facts: str, whole: bool = True) -> EvidenceItem:
    return EvidenceItem(id="a", source="vector", score=1.0, facts=list(facts), whole=whole, parts=[0])


def _box(text: str, said: str, *facts: Fact, whole: bool = True) -> list[float] | None:
    item = _item(*(fact.id for fact in facts), whole=whole)
    (citation,) = cite(said, [item], {"a": _placed(text)}, {fact.id: fact for fact in facts}, {})
    box: list[float] | None = citation["box"]
    return box


def test_the_box_is_around_the_sentence_that_is_quoted() -> None:
    text = "本合同自签字之日起生效。\n二标段合同金额为5.2亿元。\n争议由法院管辖。"
    assert _box(text, "二标段合同金额为5.2亿元。[1]") == [0, 10, 14, 20]


def test_a_sentence_over_two_lines_has_the_box_of_both() -> None:
    text = "Preface.\nThe contractor shall hand over the works within\ntwenty days of completion.\nThe end."
    assert _box(text, "The works are handed over within twenty days of completion.[1]") == [0, 10, 47, 30]


def test_two_quotes_of_one_passage_are_both_in_the_box() -> None:
    text = "本合同自签字之日起生效。\n二标段合同金额为5.2亿元。\n争议由法院管辖。"
    assert _box(text, "本合同自签字之日起生效。[1]争议由法院管辖。[1]") == [0, 0, 12, 30]


def test_a_table_row_that_is_quoted_with_its_header_has_the_box_of_the_row() -> None:
    text = "| 姓名 | 职务 |\n| --- | --- |\n| 周启明 | 项目经理 |\n| 孟庭芳 | 总监 |"
    assert _box(text, "孟庭芳是总监。[1]") == [0, 30, 12, 40]


def test_a_mark_in_the_source_moves_nothing() -> None:
    text = "见文献[ 12 ]及[3]。\n二标段合同金额为5.2亿元。"
    assert _box(text, "二标段合同金额为5.2亿元。[1]") == [0, 10, 14, 20]


def test_the_sentence_of_a_fact_has_its_own_box() -> None:
    text = "其他。\n东站的监理是华衡。"
    (fact,) = facts_from(("东站", "监理", "华衡", "a"))
    assert _box(text, "东站的监理是华衡。[1]", fact, whole=False) == [0, 10, 9, 20]


def test_what_stands_nowhere_in_the_passage_has_the_box_of_the_passage() -> None:
    (fact,) = facts_from(("甲", "乙", "丙", "a"))
    assert _box("其他。\n东站的监理是华衡。", "甲的乙是丙。[1]", fact, whole=False) == [0, 0, 9, 20]


def test_without_boxes_there_is_none() -> None:
    (citation,) = cite("甲。[1]", [_item()], {"a": passage("a", "甲。")}, {}, {})
    assert citation["box"] is None
