"""The sections of a document: neighbouring chunks that are read together where one of them is found."""

import itertools
from collections.abc import Sequence

from ingest.splitting.sizes import PARENT_TOKENS
from ingest.splitting.span import Piece


def parent_numbers(pieces: Sequence[Piece], tokens: Sequence[int]) -> list[int]:
    """The number of each piece's section, from 0, ascending. tokens: of each piece.

    A section holds at most `PARENT_TOKENS`, and no parts of two top-level headings. It begins anew with a heading whose
    text would not fit whole, or where half of that is full.
    """
    numbers: list[int] = []
    number, size, top = -1, 0, -1

    def section_of(place: int) -> tuple[int, str]:
        return pieces[place].unit.top, pieces[place].unit.section

    for (here, _), run in itertools.groupby(range(len(pieces)), key=section_of):
        places = list(run)
        whole = sum(tokens[place] for place in places)
        begins = here != top or size + whole > PARENT_TOKENS or size > PARENT_TOKENS // 2
        top = here
        for place in places:
            if begins or size + tokens[place] > PARENT_TOKENS:
                number, size, begins = number + 1, 0, False
            size += tokens[place]
            numbers.append(number)
    return numbers
