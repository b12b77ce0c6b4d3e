"""Questions that a chat model writes, one a passage; each is kept only if code finds that it can be used."""

from collections.abc import AsyncIterator, Iterable

from langchain_core.messages import HumanMessage, SystemMessage

from graph.decisions import Text
from tools.models.chat_model import ChatModel
from tools.models.decision import Decision
from tools.models.failures import ModelFailure
from tools.models.meter import Meter
from tools.shapes import Passage
from tools.text.answer_holder import read_text, says
from tools.text.fence import fenced
from tools.text.injection import without_instructions
from tools.text.language import detect_language
from tools.text.prompts import prompt_text
from tools.text.question_maker import worth_asking
from tools.text.question_subject import MadeQuestion, names_something, points_elsewhere

_CALLS = 4
_FEWEST_CHARACTERS = 60
_MOST_CHARACTERS = 4_000
_MOST_ANSWER = 200
_GONE = ("down", "unauthorized", "unknown_model", "unusable", "timeout")
_POINTS_AT_PASSAGE = ("passage", "the text", "document above", "本段", "该段", "上文", "文中", "段落", "本文")
KIND = "model"


class Questions(Decision):
    """A question that the passage answers."""

    question: Text = ""
    answer: Text = ""


async def written_questions(passages: Iterable[Passage], chat: ChatModel) -> AsyncIterator[MadeQuestion]:
    """The questions of the passages, as they are written; ends when the model cannot be used.

    What is too long, points at the passage, names nothing, or whose answer does not stand in the passage is left out.
    """
    for passage in passages:
        if len(passage.text) < _FEWEST_CHARACTERS:
            continue
        try:
            said = await chat.decide(_messages(passage), Questions, Meter(_CALLS))
        except ModelFailure as failure:
            if failure.reason in _GONE:
                return
            continue
        made = _usable(said, passage)
        if made:
            yield made


def _messages(passage: Passage) -> list[SystemMessage | HumanMessage]:
    text = without_instructions(passage.text)[:_MOST_CHARACTERS]
    sections = {"title": passage.title, "section": passage.section, "passage": text}
    return [
        SystemMessage(prompt_text(detect_language(text), "questions", "instructions")),
        HumanMessage(fenced(sections)),
    ]


def _usable(said: Questions, passage: Passage) -> MadeQuestion | None:
    question, answer = said.question.strip(), said.answer.strip()
    if not question or not answer or len(answer) > _MOST_ANSWER:
        return None
    language = detect_language(question)
    if any(words in question.lower() for words in _POINTS_AT_PASSAGE) or points_elsewhere(question):
        return None
    if language != detect_language(passage.text) or not worth_asking(question, answer, language):
        return None
    if not names_something(question) or not says(answer, read_text(passage.text)):
        return None
    return MadeQuestion(question, answer, KIND, language, passage.id, passage.document_id)
