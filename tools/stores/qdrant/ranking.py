"""Rankings of chunks: one order for all engines, and several collections as one."""

from collections.abc import Iterable, Sequence

from tools.stores.protocols import ScoredChunk
from tools.text.fusion import reciprocal_rank_fusion

TIES = 20
"""The engines order equal scores by when they were added. We order them by id, and look this far behind the last."""


def best_first(found: Iterable[ScoredChunk], limit: int) -> list[ScoredChunk]:
    """The `limit` best, equal scores by id."""
    return sorted(found, key=lambda chunk: (-chunk.score, chunk.chunk_id))[:limit]


def joined(rankings: Sequence[list[ScoredChunk]], limit: int) -> list[ScoredChunk]:
    """The rankings of several collections by reciprocal rank fusion; a single one as it is.

    Every collection has one chunk of each rank, so that all would be ties: of these the one with the higher score in
    its own collection comes first. Such scores can be compared well enough for that, and not to do without ranks.
    """
    if len(rankings) == 1:
        return rankings[0]
    own_score = {found.chunk_id: found.score for ranking in rankings for found in ranking}
    fused = reciprocal_rank_fusion([[found.chunk_id for found in ranking] for ranking in rankings])
    fused.sort(key=lambda found: (-found[1], -own_score[found[0]], found[0]))
    return [ScoredChunk(chunk_id, score) for chunk_id, score in fused[:limit]]
