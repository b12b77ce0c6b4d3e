from ingest.splitting.split import split
from tests.ingest.splitting.texts import loaded


def _texts(text: str) -> list[str]:
    return [chunk.text for chunk in split(loaded(text), "doc-1", "questions")]


def test_a_pair_is_a_chunk() -> None:
    text = "答疑。\n\n问：车站几点开门？\n答：五点半。\n问：有停车场吗？\n答：有，在地下二层。\n\n每小时五元。"
    assert _texts(text) == [
        "答疑。",
        "问：车站几点开门？\n答：五点半。",
        "问：有停车场吗？\n答：有，在地下二层。\n\n每小时五元。",
    ]


def test_pairs_in_english_with_numbers_and_marks() -> None:
    text = "**Q1:** Who pays?\n\n**A1:** The client.\n\nQ2. : x\n\nQuestion 3: When?\nAnswer: In May, as Q1: says."
    assert _texts(text) == [
        "**Q1:** Who pays?\n\n**A1:** The client.",
        "Q2. : x",
        "Question 3: When?\nAnswer: In May, as Q1: says.",
    ]


def test_a_heading_that_asks_stays_with_its_answer() -> None:
    text = "# FAQ\n\n## Who may park?\n\nStaff.\n\nGuests too.\n\n## 几点关门？\n\n晚上十一点。"
    chunks = split(loaded(text, title="FAQ"), "doc-1", "questions")
    assert [chunk.text for chunk in chunks] == [
        "# FAQ\n\n## Who may park?\n\nStaff.\n\nGuests too.",
        "## 几点关门？\n\n晚上十一点。",
    ]
    assert [chunk.section for chunk in chunks] == ["Who may park?", "几点关门？"]


def test_an_answer_too_long_for_a_chunk_is_cut_and_stays_in_one_section() -> None:
    answer = "The station is open to everybody who holds a ticket, and to those who meet them. " * 30
    chunks = split(loaded(f"Q: Who may enter?\nA: {answer}\n\nQ: Who may leave?\nA: All."), "doc-1", "questions")
    assert len(chunks) > 2
    assert chunks[-1].text == "Q: Who may leave?\nA: All."
