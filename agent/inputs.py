"""What commands are given, checked before anything is searched."""

from collections.abc import Sequence

from graph.context import MAX_QUESTION_CHARACTERS
from tools.access import Access
from tools.errors import NotFoundError, QuestionError
from tools.stores.protocols import EvidenceStore
from tools.text.clean import clean


def checked_question(text: str) -> str:
    """The question without characters that only harm. Raises QuestionError when it is empty or too long."""
    question = clean(text).strip()
    if not question:
        raise QuestionError("The question is empty.", next_step='For example: signpost ask "What is the deadline?"')
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise QuestionError(
            f"The question has {len(question):,} characters.",
            why=f"At most {MAX_QUESTION_CHARACTERS:,} are read.",
            next_step="Shorten it, or add the text as a document (signpost add FILE) and ask about it.",
        )
    return question


async def check_collections(wanted: Sequence[str], ledger: EvidenceStore, access: Access) -> None:
    """Raises NotFoundError, which lists the known ones, when a collection holds nothing that may be read."""
    known = await ledger.collections(access) if wanted else []
    for name in wanted:
        if name not in known:
            raise NotFoundError(
                f"There is no collection '{name}'.",
                why=f"Known collections: {', '.join(known)}." if known else "No document has been added yet.",
                next_step=f"Add documents to it: signpost add PATH --collection '{name}'",
            )
