"""What was found of a set of things that should be found, such as triples of a text.

P = |found and gold| / |found|, R = |found and gold| / |gold|, F1 = 2|found and gold| / (|found| + |gold|), from 0 to 1.
Micro: the sizes are added up over all pairs of (found, gold) first. What would be 0/0 is NotComputed. Repeats count
once.
"""

from collections.abc import Collection, Hashable, Iterable

from evals.records import NotComputed, Score

Things = Collection[Hashable]
Pairs = Iterable[tuple[Things, Things]]
"""(found, gold) of each row."""


def micro_precision(pairs: Pairs) -> Score:
    """Share of what was found in all rows that is right. NotComputed when nothing was found in any."""
    right, found, _ = _sizes(pairs)
    return right / found if found else NotComputed("nothing was found")


def micro_recall(pairs: Pairs) -> Score:
    """Share of what is right in all rows that was found. NotComputed when there is nothing to find in any."""
    right, _, gold = _sizes(pairs)
    return right / gold if gold else NotComputed("nothing to find")


def micro_f1(pairs: Pairs) -> Score:
    """F1 over all rows. NotComputed when there is nothing to find and nothing was found in any."""
    right, found, gold = _sizes(pairs)
    return 2 * right / (found + gold) if found + gold else NotComputed("nothing to find, and nothing was found")


def _sizes(pairs: Pairs) -> tuple[int, int, int]:
    """|found and gold|, |found|, |gold|."""
    sets = [(set(found), set(gold)) for found, gold in pairs]
    return (
        sum(len(found & gold) for found, gold in sets),
        sum(len(found) for found, _ in sets),
        sum(len(gold) for _, gold in sets),
    )
