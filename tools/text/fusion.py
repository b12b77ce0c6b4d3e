"""Joining several rankings into one without comparing their scores."""

from collections.abc import Sequence


def reciprocal_rank_fusion(rankings: Sequence[Sequence[str]], k: int = 60) -> list[tuple[str, float]]:
    """Ids with the sum over rankings of 1 / (k + rank), rank counted from 1; best first.

    Cormack, Clarke and Büttcher: "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning
    Methods", SIGIR 2009. A score is above 0 and at most len(rankings) / (k + 1); equal scores keep the order of first
    appearance. An id that a ranking repeats counts there once, at its best rank.
    """
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, identifier in enumerate(dict.fromkeys(ranking), start=1):
            scores[identifier] = scores.get(identifier, 0.0) + 1 / (k + rank)
    return sorted(scores.items(), key=lambda item: -item[1])
