"""How well a ranking finds the documents that hold the evidence.

Gains are binary. An id that comes again counts where it comes first. Without gold documents each of these is 0, as in
trec_eval: leave such rows out. Range: 0 to 1.
"""

import math
from collections.abc import Collection, Sequence


def recall_at(k: int, ranked: Sequence[str], gold: Collection[str]) -> float:
    """|gold among the first k| / |gold|; trec_eval's recall_k."""
    wanted = set(gold)
    return len(wanted.intersection(_first(k, ranked))) / len(wanted) if wanted else 0.0


def all_gold_at(k: int, ranked: Sequence[str], gold: Collection[str]) -> float:
    """1 when all gold documents are among the first k, else 0: a question of several hops needs each of them."""
    wanted = set(gold)
    return float(bool(wanted) and wanted.issubset(_first(k, ranked)))


def reciprocal_rank(ranked: Sequence[str], gold: Collection[str]) -> float:
    """1 / the place, from 1, of the first gold document; 0 when there is none; trec_eval's recip_rank."""
    wanted = set(gold)
    places = (place for place, id_ in enumerate(dict.fromkeys(ranked), start=1) if id_ in wanted)
    return 1 / next(places, math.inf)


def ndcg_at(k: int, ranked: Sequence[str], gold: Collection[str]) -> float:
    """DCG of the first k / DCG of min(k, |gold|) gold documents in front, with DCG = Σ gain / log2(place + 1).

    Järvelin and Kekäläinen (2002), with the discount as trec_eval's ndcg_cut_k has it.
    """
    wanted = set(gold)
    gained = sum(_discount(place) for place, id_ in enumerate(_first(k, ranked), start=1) if id_ in wanted)
    ideal = sum(_discount(place) for place in range(1, min(k, len(wanted)) + 1))
    return gained / ideal if ideal else 0.0


def _first(k: int, ranked: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(ranked))[: max(k, 0)]


def _discount(place: int) -> float:
    return 1 / math.log2(place + 1)
