"""The state of a search for the best pairs: who holds whom, and the prices that prove it.

Both sides are kept alike, so that a place of either can be filled by itself: a whole round inserts
all places of the smaller side, and whoever comes or goes later costs one shortest path.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel import paths
from patenwerk.matching.kernel.compiled import IS_COMPILED, cells
from patenwerk.matching.kernel.pairs import Pairs, ties_of
from patenwerk.matching.kernel.progress import Report, nobody_counts

HIGHEST = 1 << 60
"""What values and prices stay below, so that a sum of a few of them fits into 64 bits."""
GONE = 1 << 61
"""The price of who has left: more than any pair is worth, so nobody is led there."""
ROOM = 16
"""How often the worth of one pair more may be raised before values must be made smaller."""
TIE_BITS = 32

_BIDS_PER_ROW = 3
_ROWS_AT_ONCE = 4096
_PLACES_AT_ONCE = 2000
_SPARE = 1024
"""Room for people who come later; doubled whenever it is used up."""

Ints = NDArray[np.int64]


class RoundTooLarge(ValueError):
    """The scores and the number of places are so large that exact whole numbers would overflow."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How scores become values: ``(score - lowest + bonus) << shift | tie``.

    ``bonus`` is what a pair is worth beyond its score, so that more pairs come first. Ties have
    ``tie_bits`` bits; those of all pairs of a round together stay below one point of score.
    """

    lowest: int
    bonus: int
    shift: int
    tie_bits: int

    def values(self, scores: NDArray[np.int32], ties: Ints) -> Ints:
        """The values of pairs, int64."""
        worth = scores.astype(np.int64) + (self.bonus - self.lowest)
        worth <<= self.shift
        if self.tie_bits:
            worth |= ties >> (TIE_BITS - self.tie_bits)
        return worth


def scale_for(scores: NDArray[np.int32], units: int, room: int) -> Scale:
    """The finest scale on which ``units`` pairs can be added up exactly while the bonus is raised
    up to ``room`` times. Raises :class:`RoundTooLarge`.
    """
    lowest, highest = int(scores.min()), int(scores.max())
    steps = highest - lowest + 1
    shift = (HIGHEST // (2 * room * steps)).bit_length() - 1
    if shift < 0:
        raise RoundTooLarge
    tie_bits = min(TIE_BITS, shift - units.bit_length())
    if tie_bits <= 0:
        return Scale(lowest, steps, 0, 0)
    return Scale(lowest, steps, shift, tie_bits)


class _Side:
    """The arrays of one side and the same as the loops read them; they grow in steps."""

    def __init__(self, places: Ints, identity: NDArray[np.uint64]) -> None:
        size = len(places)
        none = np.zeros(0, dtype=np.int64)
        self.identity = identity
        self.has_lists = False
        self.arrays: dict[str, NDArray[Any]] = {
            "begin": np.zeros(size, dtype=np.int64),
            "end": np.zeros(size, dtype=np.int64),
            "room": np.zeros(size, dtype=np.int64),
            "other": np.zeros(0, dtype=np.int32),
            "value": none,
            "dual": np.zeros(size, dtype=np.int64),
            "slots": np.concatenate([[0], np.cumsum(places)]).astype(np.int64),
            "partner": np.full(int(places.sum()), -1, dtype=np.int64),
            "worth": np.zeros(int(places.sum()), dtype=np.int64),
            "taken": np.zeros(size, dtype=np.int64),
            "length": np.full(size, paths.FAR, dtype=np.int64),
            "came": np.zeros(size, dtype=np.int64),
            "via": np.zeros(size, dtype=np.int64),
        }
        self.show()

    def show(self) -> None:
        """Hand the arrays to the loops anew, after any of them was replaced."""
        self.half = paths.Half(*(cells(self.arrays[name]) for name in paths.Half._fields))

    @property
    def places(self) -> Ints:
        return np.diff(self.arrays["slots"])

    @property
    def degrees(self) -> Ints:
        """(n,) how many pairs stand in each list."""
        degrees: Ints = self.arrays["end"] - self.arrays["begin"]
        return degrees

    @property
    def open(self) -> Ints:
        """(n,) how many places nobody holds."""
        left: Ints = self.places - self.arrays["taken"]
        return left

    def list_pairs(self, begin: Ints, other: NDArray[np.int32], value: Ints) -> None:
        """Take lists of pairs as compressed rows, the highest value first."""
        ends = begin[1:].copy()
        self.arrays.update(
            begin=begin[:-1].copy(), end=ends, room=ends.copy(), other=other, value=value
        )
        self.has_lists = True
        self.show()


class Market:
    """Mentees and mentors with their places, and the best pairs for the places filled so far."""

    def __init__(
        self,
        pairs: Pairs,
        mentee_places: Ints,
        mentor_places: Ints,
        mentee_identity: NDArray[np.uint64],
        mentor_identity: NDArray[np.uint64],
        scale: Scale,
    ) -> None:
        self.scale = scale
        self.mentees = _Side(mentee_places, mentee_identity)
        self.mentors = _Side(mentor_places, mentor_identity)
        value = np.empty(len(pairs.other), dtype=np.int64)
        # Some mentees at a time: what is made on the way shall not need more than the pairs do.
        for first in range(0, len(mentee_places), _ROWS_AT_ONCE):
            begin = pairs.begin[first : first + _ROWS_AT_ONCE + 1]
            some = slice(int(begin[0]), int(begin[-1]))
            owners = np.repeat(np.arange(first, first + len(begin) - 1), np.diff(begin))
            ties = ties_of(mentee_identity[owners], mentor_identity[pairs.other[some]])
            value[some] = scale.values(pairs.score[some], ties)
        self.mentees.list_pairs(pairs.begin, pairs.other, value)

    def fill(self, *, room: int, report: Report = nobody_counts) -> bool:
        """Find the best pairs for all places; False where the bonus had to be raised too often.

        The side with fewer places searches, because its paths end soon at a free one. As long as
        one pair more is possible (Berge), the bonus is raised and the open places are tried again:
        so it is never larger than it must be, which keeps the paths short.
        """
        asked = np.bincount(self.mentees.arrays["other"], minlength=len(self.mentors.places))
        wanted = np.minimum(self.mentees.places, self.mentees.degrees).sum()
        offered = np.minimum(self.mentors.places, asked).sum()
        rows, columns = self.mentees, self.mentors
        if offered < wanted:
            self.list_other_side()
            rows, columns = columns, rows
        queue = np.flatnonzero(rows.arrays["end"] > rows.arrays["begin"])
        queue = queue[rows.places[queue] > 0]
        bids = _BIDS_PER_ROW * len(queue)
        aside = paths.bid(cells(queue), len(queue), bids, rows.half, columns.half)
        paths.settle(rows.half, columns.half)
        usable = np.minimum(rows.places, rows.degrees)
        further = np.repeat(np.arange(len(usable)), np.maximum(usable - 1, 0))
        self._insert(np.concatenate([queue[:aside], further]), rows, columns, report)
        raised = 1
        while paths.can_grow(rows.half, columns.half):
            raised *= 4
            if raised > room:
                return False
            more = 3 * self.scale.bonus
            self.scale = replace(self.scale, bonus=self.scale.bonus + more)
            paths.raise_bonus(more << self.scale.shift, rows.half, columns.half)
            left = np.minimum(rows.open, rows.degrees - rows.arrays["taken"])
            self._insert(np.repeat(np.arange(len(left)), left), rows, columns, report)
        return True

    @staticmethod
    def _insert(queue: Ints, rows: _Side, columns: _Side, report: Report) -> None:
        for begin in range(0, len(queue), _PLACES_AT_ONCE):
            report(begin, len(queue))
            part = queue[begin : begin + _PLACES_AT_ONCE]
            paths.insert(cells(part), len(part), rows.half, columns.half)

    def list_other_side(self) -> None:
        """Make the mentors' lists of the same pairs, where they are not there yet."""
        if self.mentors.has_lists:
            return
        mine = self.mentees.arrays
        size = len(self.mentors.places)
        begin = np.zeros(size + 1, dtype=np.int64)
        np.cumsum(np.bincount(mine["other"], minlength=size), out=begin[1:])
        other = np.empty(len(mine["other"]), dtype=np.int32)
        value = np.empty(len(mine["other"]), dtype=np.int64)
        bounds = np.append(mine["begin"], len(mine["other"]))
        paths.transpose(
            *(cells(one) for one in (bounds, mine["other"], mine["value"])),
            *(cells(one) for one in (begin[:-1].copy(), other, value)),
        )
        sort_lists(begin, other, value)
        self.mentors.list_pairs(begin, other, value)

    def pairs(self) -> tuple[Ints, Ints]:
        """The pairs as mentees and mentors, sorted."""
        holders = np.repeat(np.arange(len(self.mentees.places)), self.mentees.places)
        partners = self.mentees.arrays["partner"]
        held = partners >= 0
        rows, columns = holders[held], partners[held]
        order = np.lexsort((columns, rows))
        return rows[order], columns[order]

    def prices(self) -> Ints:
        """(mentors,) what one place of each mentor costs; nothing where one is left.

        Only who has more places than partners who fit can hold all of these at a profit all the
        same: nobody competes for it.
        """
        return np.where(self.mentors.open > 0, 0, self.mentors.arrays["dual"])

    def profits(self) -> Ints:
        """(mentees,) what one place of each mentee brings beyond the price; likewise."""
        return np.where(self.mentees.open > 0, 0, self.mentees.arrays["dual"])


def sort_lists(begin: Ints, other: NDArray[np.int32], value: Ints) -> None:
    """Put every list into order, the highest value first; lists are shared out among threads."""
    size = len(begin) - 1
    if not IS_COMPILED:
        owner = np.repeat(np.arange(size), np.diff(begin))
        order = np.lexsort((-value, owner))
        other[:], value[:] = other[order], value[order]
        return

    def sort(first: int) -> None:
        paths.sort_rows(first, min(size, first + _ROWS_AT_ONCE), begin, other, value)

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for _ in threads.map(sort, range(0, size, _ROWS_AT_ONCE)):
            pass
