"""Copies the documents of one ledger into another, and deletes what was moved from the old.

It may end at any point, by Ctrl-C or kill -9, and be run again: a document is copied in one transaction, what models
found in it in another, and what is there already is passed over.
"""

from dataclasses import dataclass

from tools.stores.document_name import DocumentName
from tools.stores.ledger_pages import pages
from tools.stores.missing_findings import missing_findings, missing_findings_of_none
from tools.stores.moved_before import MovedBefore
from tools.stores.progress import Progress
from tools.stores.protocols import Ledger
from tools.stores.stores import Stores


@dataclass(frozen=True, slots=True)
class Copied:
    """Numbers of documents. changed_there: were moved before, and have been changed or removed there since."""

    copied: int
    there_already: int
    changed_there: int


async def copy_documents(
    source: Ledger, target: Ledger, progress: Progress, moved_before: MovedBefore | None = None
) -> Copied:
    """Every document with its chunks, entities and facts. `progress` is called with the documents done, and due.

    What models found in them is copied too, for documents as well that were not stored yet: it was paid for.
    Nothing is overwritten but what was moved before and has only been changed in the source since.
    """
    before = moved_before or MovedBefore()
    total = sum([len(page) async for page in pages(source)])
    done = copied = there_already = changed_there = 0
    async for page in pages(source):
        known = await target.stored(page)
        alike = []
        for id_, stored in (await source.stored(page)).items():
            relation = before.relation(stored, known.get(id_))
            if relation == "newer":  # and now, too? Others may write to the target meanwhile
                relation = before.relation(stored, (await target.stored([id_])).get(id_))
            if relation in ("missing", "newer"):
                await target.replace_document(stored.document, stored.chunks, stored.extraction)
            copied += relation in ("missing", "newer")
            there_already += relation == "equal"
            changed_there += relation == "changed there"
            if relation in ("missing", "newer", "equal"):
                alike.append(stored)
            done += 1
            progress(done, total)
        await target.keep_findings(await missing_findings(source, target, [stored.document.id for stored in alike]))
        before.remember(alike)
    await target.keep_findings(await missing_findings_of_none(source, target))
    return Copied(copied, there_already, changed_there)


async def delete_moved(
    source: Stores, target: Stores, progress: Progress, moved_before: MovedBefore | None = None
) -> tuple[DocumentName, ...]:
    """Removes from the source what was moved; returns what is left, as it is not in the target in that state.

    Each document is compared once more. Others may write to the source meanwhile: what they change is left.
    """
    before = moved_before or MovedBefore()
    ids = [id_ async for page in pages(source.ledger) for id_ in page]
    before.forget_others(ids)
    done, left = 0, []
    async for page in pages(source.ledger):
        known = await source.ledger.stored(page)
        held = await target.ledger.stored(page)
        moved = {id_ for id_ in known if before.relation(known[id_], held.get(id_)) in ("equal", "changed there")}
        # First: were they removed and still remembered, the next move would take them for removed by somebody.
        before.forget(moved)
        for id_, stored in known.items():
            if id_ not in moved:
                left.append(stored)
            elif not await source.ledger.remove_document(id_, if_stored=stored):
                changed = (await source.ledger.stored([id_])).get(id_)
                if changed is not None:  # else somebody has removed it
                    left.append(changed)
                    before.remember([stored])
            done += 1
            progress(done, max(done, len(ids)))
    kept = await missing_findings_of_none(source.ledger, target.ledger)
    await source.ledger.forget_findings([each for each in await source.ledger.findings_of_none() if each not in kept])
    await source.replay()
    return tuple(DocumentName.of(stored.document) for stored in left)
