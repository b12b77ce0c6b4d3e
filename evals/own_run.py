"""A run over the user's own questions, in the user's own stores."""

import hashlib
from pathlib import Path

from agent.session import open_session
from agent.settings import read_settings
from evals.evaluating import Choices, Ended, Subject, evaluate
from evals.own_questions import read_own_questions, with_documents
from evals.pack_run import tell_faults
from evals.product import Product
from evals.run_folders import evaluation_folder
from evals.running import TaskRows
from evals.tasks.own import own_task
from tools.access import Access
from tools.stores.protocols import Ledger

_SHOWN = 12


def run_own(file: Path, label: str, choices: Choices, *, if_stopped: str) -> Ended:
    """Asks the questions of a .jsonl file. Raises SignpostError, also while a server holds the stores."""
    questions = read_own_questions(file)
    settings = read_settings()
    with open_session("eval", if_stopped=if_stopped, settings=settings) as session:
        stores = session.run(session.resources.stores())
        rows, faults = session.run(with_documents(questions, stores.ledger, Access()))
        tell_faults(str(file), faults)
        product = Product(session.run(session.resources.get()))
        documents = session.run(documents_version(stores.ledger))
        versions = {"documents": documents, "index": stores.vector_store.index_version}
        folder = evaluation_folder(settings.home_folder)
        work = [TaskRows(own_task(rows), rows, faults)]
        (ended,) = session.run(evaluate([Subject(product, label, versions)], work, folder, settings, choices))
    return ended


async def documents_version(ledger: Ledger) -> str:
    """Of all documents that may be read, by id, content and what was made of it."""
    digest = hashlib.sha256()
    for document in await ledger.documents(Access()):
        digest.update(f"{document.id}\x00{document.content_hash}\x00{document.collection}\n".encode())
    digest.update(repr(await ledger.counts(Access())).encode())
    return digest.hexdigest()[:_SHOWN]
