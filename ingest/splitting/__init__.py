"""How text is split into chunks. One file a splitter; each takes a loaded document and gives units of its text.

A unit is what is kept together: a section, an article, a function, a question with its answer. `packing.py` makes
chunks of them: it cuts what is too large and joins small blocks within a unit. `choose.py` says which splitter a
document is for.

To add a splitter: one file here, one line in `SPLITTERS`, a rule in choose.py, texts in tests/ingest/splitting/.
"""

from collections.abc import Callable, Iterator

from ingest.splitting.code import by_definition
from ingest.splitting.fixed import by_tokens
from ingest.splitting.law import by_article
from ingest.splitting.questions import by_question
from ingest.splitting.sections import by_section
from ingest.splitting.semantic import by_topic
from ingest.splitting.span import Unit
from ingest.splitting.structure import by_structure
from ingest.splitting.tables import by_row
from tools.shapes import LoadedFile

SPLITTER_VERSION = "split-3"
"""Changes when a splitter gives other chunks for the same text: what was added before is then read again."""

SPLITTERS: dict[str, Callable[[LoadedFile], Iterator[Unit]]] = {
    "structure": by_structure,
    "fixed": by_tokens,
    "semantic": by_topic,
    "code": by_definition,
    "law": by_article,
    "sections": by_section,
    "questions": by_question,
    "tables": by_row,
}
