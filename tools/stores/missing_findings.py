"""What models found in documents, as one ledger keeps it and another does not."""

from collections.abc import Sequence

from tools.stores.protocols import Finding, Ledger


async def missing_findings(source: Ledger, target: Ledger, document_ids: Sequence[str]) -> list[Finding]:
    """What only the source keeps for these documents. What both keep under a key need not be alike."""
    return await _missing(target, await source.findings_of(document_ids))


async def missing_findings_of_none(source: Ledger, target: Ledger) -> list[Finding]:
    """What only the source keeps for documents that it has not stored yet."""
    return await _missing(target, await source.findings_of_none())


async def _missing(target: Ledger, findings: Sequence[Finding]) -> list[Finding]:
    ids = sorted({finding.document_id for finding in findings})
    held = {(finding.key, finding.document_id) for finding in await target.findings_of(ids)} if ids else set()
    return [finding for finding in findings if (finding.key, finding.document_id) not in held]
