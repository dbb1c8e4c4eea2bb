"""Which cells of one row are hidden, so that the row alone gives none of them away."""

import numpy as np
from numpy.typing import NDArray

from patenwerk.core.disclosure.figures import Counts

Mask = NDArray[np.bool_]


def sensitive(shares: Counts, minimum: int, present: Mask) -> Mask:
    """Cells of a row that may not be published, shape (columns,).

    ``shares`` has the shape (contributors, columns). A cell is sensitive when its count is below
    the minimum, or when what is left of it after any one contributor's part is (a contributor
    subtracts its own). An empty cell says nothing of anybody, except where all of a row are in one
    group: then the zeros of the others, ``present`` in some other period, say it of everybody.
    """
    counts = shares.sum(axis=0)
    rests = np.vstack([counts, counts - shares])
    small: Mask = np.any((rests > 0) & (rests < minimum), axis=0, keepdims=True)[0]
    if np.count_nonzero(counts) == 1:
        small |= (counts == 0) & present
    return small


def slack(shares: Counts) -> Counts:
    """How far each cell may fall, by who looks: row 0 an outsider, row i+1 contributor i.

    Everybody is taken to know which hidden cells are not empty: with the hidden zeros this rule
    leaves, a careful reader nearly does.
    """
    counts = shares.sum(axis=0)
    known = np.vstack([np.zeros_like(counts), shares])
    give: Counts = counts - np.maximum(known, np.minimum(counts, 1))
    return give


def movable(contributors: tuple[str, ...], owners: tuple[str | None, ...]) -> Mask:
    """False where the one who looks knows the whole column; rows as in ``slack``."""
    return np.array(
        [[one is None or owner != one for owner in owners] for one in (None, *contributors)],
        dtype=np.bool_,
    ).reshape(len(contributors) + 1, len(owners))


def with_partners(
    small: Mask, give: Counts, moves: Mask, need: int, price: NDArray[np.float64]
) -> Mask | None:
    """The sensitive cells and the partners that protect them, or ``None`` where no set would.

    The hidden cells of a row have a known sum. For everyone who looks there must be at least two
    that may move (or none), and together they must be able to give ``need``: then each of them has
    an interval at least that wide. ``price`` is what hiding each column costs; a column that must
    stay visible costs infinity.
    """
    hidden = small.copy()
    while True:
        count = (moves & hidden).sum(axis=1)
        have = np.where(moves & hidden, give, 0).sum(axis=1)
        alone, short = count == 1, (count >= 1) & (have < need)
        if not (alone | short).any():
            return hidden
        more = np.minimum(np.where(moves, give, 0), np.maximum(need - have, 0)[:, None])
        gain = more[short].sum(axis=0) / need + moves[alone].sum(axis=0)
        worth = np.where(hidden | np.isinf(price), 0.0, gain / price)
        best = int(worth.argmax())
        if worth[best] <= 0:
            return None
        hidden[best] = True
