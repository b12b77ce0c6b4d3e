"""Two topics in one section: where they part, a chunk begins."""

from collections.abc import Sequence

from ingest.splitting.semantic import depths, likeness_by_vectors
from ingest.splitting.split import split
from tests.ingest.splitting.texts import loaded

PILES = (
    "The piles are driven through the soft clay into dense sand. Each pile carries two thousand kilonewtons. "
    "The clay above the sand settles and drags the piles down. Piles near the river reach deeper into the sand. "
    "Sand samples show that the clay thins out toward the hill. The piles by the hill are therefore shorter. "
)
MEALS = (
    "The canteen opens at six and serves breakfast until nine. Lunch is served in two shifts at long tables. "
    "The cook buys vegetables at the market each morning. Breakfast costs five yuan and lunch costs twelve. "
    "On holidays the canteen serves dumplings at lunch. The cook asks everybody to bring the plates back."
)
HAN_PILES = (
    "桩基穿过软土进入密实砂层。每根桩的承载力为二千千牛。砂层以上的软土会沉降并带动桩基下沉。靠近江边的桩基更深，进入砂层更多。"
    "软土厚度向山坡逐渐变薄。山坡一侧的桩基因此较短，砂层埋深较浅。"
)
HAN_MEALS = (
    "食堂早上六点开门，早餐供应到九点。午餐分两批供应，大家坐在长桌旁。厨师每天早晨到菜市场买蔬菜。早餐五元，午餐十二元。"
    "节假日食堂午餐供应饺子。厨师请大家用餐后把餐盘送回食堂。"
)


def _by_kind(said: list[str]) -> Sequence[float]:
    """By vectors of a model that knows what the sentences are about."""
    is_of_piles = [any(word in text for word in ("pile", "clay", "Piles")) for text in said]
    return likeness_by_vectors([[1.0, 0.0] if is_so else [0.0, 1.0] for is_so in is_of_piles])


def test_topics_part_by_their_words() -> None:
    first, second = (chunk.text for chunk in split(loaded(PILES + MEALS), "doc-1", "semantic"))
    assert "canteen" not in first
    assert not {"piles", "clay"} & set(second.replace(".", "").split())


def test_topics_part_by_their_words_in_chinese() -> None:
    first, second = (chunk.text for chunk in split(loaded(HAN_PILES + HAN_MEALS), "doc-1", "semantic"))
    assert (first, second) == (HAN_PILES, HAN_MEALS)


def test_topics_part_by_their_vectors() -> None:
    chunks = split(loaded(PILES + MEALS), "doc-1", "semantic", _by_kind)
    assert [chunk.text for chunk in chunks] == [PILES.strip(), MEALS]


def test_tables_and_code_stay_whole() -> None:
    table = "| a | b |\n| --- | --- |\n| 1 | 2 |"
    code = "```\nx = 1\n\ny = 2\n```"
    chunks = split(loaded(f"## 甲\n\n{HAN_PILES}\n\n{table}\n\n{code}"), "doc-1", "semantic")
    assert [chunk.text for chunk in chunks][-2:] == [table, code]
    assert {chunk.section for chunk in chunks} == {"甲"}


def test_the_depth_of_a_gap_is_measured_from_the_peaks_beside_it() -> None:
    assert [round(depth, 3) for depth in depths([0.5, 0.1, 0.9, 0.8])] == [0.0, 1.2, 0.0, 0.1]
    assert depths([]) == []
