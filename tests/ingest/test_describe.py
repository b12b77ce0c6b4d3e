"""Pictures described by a model: over real HTTP, in the place of their markers, and paid for once."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import BaseMessage

from ingest.budget import Budget, BudgetSpentError, Prices
from ingest.describe import describe
from ingest.load import load_content
from ingest.pictures import picture_text
from ingest.reading import Reading
from tests.ingest.stores import opened_stores
from tests.ingest.test_images import picture
from tests.scripted_model.script import Script
from tests.scripted_model.server import ScriptedModel
from tools.access import Access
from tools.models.chat_model_settings import ChatModelSettings
from tools.models.chat_models import ChatModels
from tools.models.failures import ModelFailure, Reason
from tools.models.meter import Meter
from tools.models.usage import Price
from tools.shapes import LoadedFile, Page, Picture, TextBox
from tools.stores.protocols import Finding

DESCRIBING = Reading(recognizes_text=False, describes_pictures=True)
CHART = Picture("<!-- picture 1 -->", b"chart", "image/jpeg")
LOGO = Picture("<!-- picture 2 -->", b"logo", "image/jpeg")


class Painter:
    """Says of each picture what is in it, or fails."""

    name = "scripted:vision"
    reason: Reason = "down"

    def __init__(self, said: str = "A chart of costs.", fails: bool = False) -> None:
        self.said, self.fails = said, fails
        self.asked: list[Sequence[BaseMessage]] = []

    async def write(self, messages: Sequence[BaseMessage], meter: Meter) -> AsyncGenerator[str, None]:
        self.asked.append(messages)
        await asyncio.sleep(0)
        if self.fails:
            raise ModelFailure(self.reason)
        for word in self.said.split(" "):
            yield word + " "


class Memory(dict[str, str]):
    """Keeps descriptions."""

    async def finding(self, key: str) -> str | None:
        return self.get(key)

    async def keep_findings(self, kept: Sequence[Finding]) -> None:
        self.update({each.key: each.text for each in kept})


def document(*pages: Page, pictures: tuple[Picture, ...] = (CHART,)) -> LoadedFile:
    return LoadedFile("Report", "docx", pages, has_pages=True, pictures=pictures)


async def test_a_description_takes_the_place_of_its_marker_and_boxes_move() -> None:
    text = f"Costs of the pump house\n\n{CHART.marker}\n\nThey rose."
    boxes = (TextBox(0, 23, (0, 0, 100, 10)), TextBox(len(text) - 10, len(text), (0, 40, 50, 50)))
    loaded = document(Page(1, text, boxes=boxes), Page(2, f"Again: {CHART.marker}"))
    described = await describe(loaded, "a", Painter(), Memory())
    told = "Picture (described by a model): A chart of costs."
    assert described.pages[0].text == f"Costs of the pump house\n\n{told}\n\nThey rose."
    assert described.pages[1].text == f"Again: {told}"
    first, last = described.pages[0].boxes
    assert described.pages[0].text[first.start : first.end] == "Costs of the pump house"
    assert described.pages[0].text[last.start : last.end] == "They rose."
    assert (described.pictures, described.warnings) == ((), ())


async def test_it_is_asked_in_the_language_of_the_document_and_shown_the_picture() -> None:
    painter = Painter("泵房的平面图。")
    described = await describe(document(Page(1, f"三号泵房的平面图见下。\n\n{CHART.marker}")), "a", painter, Memory())
    assert described.text.endswith("图片描述（由模型生成）：泵房的平面图。")
    [(system, human)] = painter.asked
    assert "图片" in str(system.text)
    assert human.content[0]["image_url"]["url"] == "data:image/jpeg;base64,Y2hhcnQ="


async def test_what_was_paid_for_is_not_paid_for_again() -> None:
    painter, memory = Painter(), Memory()
    first = await describe(document(Page(1, CHART.marker)), "a", painter, memory)
    again = await describe(document(Page(1, CHART.marker)), "a", Painter(fails=True), memory)
    assert (again.text, again.warnings) == (first.text, ())
    other = Painter()
    other.name = "scripted:other"
    await describe(document(Page(1, CHART.marker)), "a", other, memory)
    assert (len(painter.asked), len(other.asked)) == (1, 1)


async def test_a_picture_in_several_files_at_once_is_described_once() -> None:
    painter, memory = Painter(), Memory()
    loaded = document(Page(1, CHART.marker))
    described = await asyncio.gather(*(describe(loaded, id_, painter, memory) for id_ in "abcdef"))
    assert len({each.text for each in described}) == 1
    assert len(painter.asked) == 1


async def test_decoration_leaves_nothing_behind() -> None:
    text = f"Above\n\n{CHART.marker}\n\nBelow\n\n{LOGO.marker}"
    memory = Memory()
    loaded = document(Page(1, text), pictures=(CHART, LOGO))
    described = await describe(loaded, "a", Painter("nothing."), memory)
    assert described.text == "Above\n\nBelow"
    assert list(memory.values()) == ["", ""]


async def test_a_model_that_fails_stops_no_document() -> None:
    loaded = document(Page(1, f"{CHART.marker}\n\nCosts {LOGO.marker}"), pictures=(CHART, LOGO))
    memory = Memory()
    described = await describe(loaded, "a", Painter(fails=True), memory)
    assert described.text == "Costs "
    assert described.warnings == ("2 of 2 pictures were not described: down",)
    assert memory == {}


async def test_nothing_is_asked_beyond_the_budget() -> None:
    painter, memory = Painter(), Memory()
    loaded = document(Page(1, f"{CHART.marker}\n\n{LOGO.marker}"), pictures=(CHART, LOGO))
    prices = Prices(vision=Price(input=1.0, output=1.0))
    with pytest.raises(BudgetSpentError):
        await describe(loaded, "a", painter, memory, budget=Budget(prices, limit=prices.of_picture))
    assert painter.asked == []
    enough = Budget(prices, limit=3 * prices.of_picture)
    described = await describe(loaded, "a", painter, memory, budget=enough)
    assert (len(painter.asked), described.warnings) == (2, ())
    assert enough.spent == pytest.approx(0)  # what was used, which is nothing here, and not what was expected


async def test_a_cell_of_a_table_stays_a_cell() -> None:
    loaded = document(Page(1, f"| Costs | {CHART.marker} |"))
    described = await describe(loaded, "a", Painter("# A chart\nof | costs"), Memory())
    assert described.text == "| Costs | Picture (described by a model): A chart of / costs |"


@given(st.lists(st.sampled_from(["a", "泵房", "\n\n", " ", CHART.marker, LOGO.marker]), max_size=12))
async def test_boxes_keep_their_text(pieces: list[str]) -> None:
    text, boxes = "", []
    for piece in pieces:
        if piece in ("a", "泵房"):
            boxes.append(TextBox(len(text), len(text) + len(piece), (0, 0, 1, 1)))
        text += piece
    loaded = document(Page(1, text, boxes=tuple(boxes)), pictures=(CHART, LOGO))
    [page] = (await describe(loaded, "a", Painter("NOTHING" if len(pieces) % 2 else "A chart."), Memory())).pages
    shown = [page.text[box.start : box.end] for box in page.boxes]
    assert shown == [piece for piece in pieces if piece in ("a", "泵房")]


def test_loaders_take_pictures_along_only_for_a_model() -> None:
    content = picture(size=(400, 300))
    [loaded] = load_content(content, Path("泵房.png"), DESCRIBING)
    [taken] = loaded.pictures
    assert loaded.text == taken.marker
    assert taken.media_type == "image/jpeg"
    assert taken.content.startswith(b"\xff\xd8")
    assert picture_text(content, "Figure 1", DESCRIBING) == "Figure 1"  # nobody would take it along
    icon = load_content(b"# Notes", Path("a.md"), DESCRIBING)[0]
    assert icon.pictures == ()


@pytest.fixture
def vision(scripted_model: ScriptedModel) -> ChatModels:
    scripted_model.reset(Script())
    return ChatModels(
        ChatModelSettings(
            default="openai:other",
            by_role={"vision": "openai:scripted"},
            openai_api_key="key",
            openai_base_url=scripted_model.url,
        )
    )


async def test_over_the_wire_into_the_ledger(
    vision: ChatModels, scripted_model: ScriptedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "泵房.png").write_bytes(picture(size=(400, 300)))
    model = vision.get("vision")
    assert model is not None
    async with opened_stores(tmp_path / "home") as stores:

        async def described(loaded: LoadedFile, document_id: str) -> LoadedFile:
            return await describe(loaded, document_id, model, stores.ledger)

        summary = await stores.add(tmp_path / "泵房.png", reading=DESCRIBING, describe=described)
        assert (summary.added, summary.chunks, summary.failed) == (1, 1, ())
        [found] = await stores.search("described by a model", Access())
        assert found.text.startswith("Picture (described by a model):")
        (tmp_path / "b.png").write_bytes(picture(size=(400, 300)))
        assert (await stores.add(tmp_path / "b.png", reading=DESCRIBING, describe=described)).added == 1
        assert len(scripted_model.log) == 1
        for known in await stores.documents():
            await stores.ledger.remove_document(known.id)
        await stores.add(tmp_path / "泵房.png", reading=DESCRIBING, describe=described)
        assert len(scripted_model.log) == 2  # nothing of what was removed is left
    await vision.close()


def test_the_chat_model_describes_nothing_unless_it_is_named() -> None:
    assert ChatModelSettings(default="openai:any").name_for("vision") == ""
