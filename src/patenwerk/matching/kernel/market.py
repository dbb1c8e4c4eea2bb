"""The state of a search for the best pairs: who holds whom, and the prices that prove it.

Both sides are kept alike, so that a place of either can be filled by itself: a whole round inserts
all places of the smaller side, and whoever comes or goes later costs one shortest path.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel import paths
from patenwerk.matching.kernel.compiled import IS_COMPILED, cells
from patenwerk.matching.kernel.pairs import Pairs
from patenwerk.matching.kernel.progress import Report, nobody_counts
from patenwerk.matching.kernel.ties import TIE_BITS, ties_of
from patenwerk.people.enums import Side

HIGHEST = 1 << 60
"""What values and prices stay below, so that a sum of a few of them fits into 64 bits."""
GONE = 1 << 61
"""The price of who has left: more than any pair is worth, so nobody is led there."""
ROOM = 16
"""How much the worth of one pair more may be raised before values must be made smaller."""

_BIDS_PER_ROW = 3
_ROWS_AT_ONCE = 4096
_PLACES_AT_ONCE = 2000
_COUNTED_AT_ONCE = 1 << 22
_EIGHTH = 8
_SPARE, _SPARE_PAIRS = 1024, 8
"""Room for people who come later, in all arrays and in each list: so much, and an eighth of what
is there; again when it is used up."""

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

    def demand_fit(self, scores: NDArray[np.int32]) -> None:
        """Refuse scores for which there is no room. Raises :class:`RoundTooLarge`."""
        worth = scores.astype(np.int64) + (self.bonus - self.lowest)
        if (worth <= 0).any() or (worth >= HIGHEST >> self.shift).any():
            raise RoundTooLarge

    def values(self, scores: NDArray[np.int32], ties: Ints) -> Ints:
        """The values of pairs, int64."""
        worth = scores.astype(np.int64) + (self.bonus - self.lowest)
        worth <<= self.shift
        if self.tie_bits:
            worth |= ties >> (TIE_BITS - self.tie_bits)
        return worth


def scale_for(
    scores: NDArray[np.int32], units: int, room: int, *, later: tuple[int, int] | None = None
) -> Scale:
    """The finest scale on which ``units`` pairs can be added up exactly while the bonus is raised
    up to ``room`` times. ``later``: the lowest and highest score there may be of who comes later.
    Raises :class:`RoundTooLarge`.
    """
    lowest, highest = int(scores.min()), int(scores.max())
    if later is not None:
        lowest, highest = min(lowest, later[0]), max(highest, later[1])
    steps = highest - lowest + 1
    shift = (HIGHEST // (2 * room * steps)).bit_length() - 1
    if shift < 0:
        raise RoundTooLarge
    tie_bits = min(TIE_BITS, shift - units.bit_length())
    if tie_bits <= 0:
        return Scale(lowest, steps, 0, 0)
    return Scale(lowest, steps, shift, tie_bits)


_GROWS = {
    **dict.fromkeys(
        (
            *("identity", "begin", "end", "ranked", "room", "dual", "slots", "taken", "offered"),
            *("length", "came", "via"),
        ),
        "people",
    ),
    **dict.fromkeys(("partner", "worth"), "places"),
    **dict.fromkeys(("other", "value"), "pairs"),
}
"""What each array of a side holds one entry for."""
_LENGTH_OF = {"people": "dual", "places": "partner", "pairs": "value"}
_EMPTY = {"length": paths.FAR, "partner": -1}


class _Side:
    """The arrays of one side and the same as the loops read them; they grow in steps."""

    def __init__(self, places: Ints, identity: NDArray[np.uint64]) -> None:
        size = len(places)
        none = np.zeros(0, dtype=np.int64)
        self.size = size
        self.tail = 0
        self.has_lists = False
        self.arrays: dict[str, NDArray[Any]] = {
            "identity": identity,
            "begin": np.zeros(size, dtype=np.int64),
            "end": np.zeros(size, dtype=np.int64),
            "ranked": np.zeros(size, dtype=np.int64),
            "room": np.zeros(size, dtype=np.int64),
            "other": np.zeros(0, dtype=np.int32),
            "value": none,
            "dual": np.zeros(size, dtype=np.int64),
            "slots": np.concatenate([[0], np.cumsum(places)]).astype(np.int64),
            "partner": np.full(int(places.sum()), -1, dtype=np.int64),
            "worth": np.zeros(int(places.sum()), dtype=np.int64),
            "taken": np.zeros(size, dtype=np.int64),
            "offered": np.asarray(places, dtype=np.int64).copy(),
            "length": np.full(size, paths.FAR, dtype=np.int64),
            "came": np.zeros(size, dtype=np.int64),
            "via": np.zeros(size, dtype=np.int64),
        }
        self.show()

    def show(self) -> None:
        """Hand the arrays to the loops anew, after any of them was replaced."""
        self.half = paths.Half(*(cells(self.arrays[name]) for name in paths.Half._fields))

    def reserve(self, people: int, places: int, pairs: int) -> None:
        """Room for so many more people, places and pairs; where it is short there will be more."""
        needed = {
            "people": self.size + people,
            "places": int(self.arrays["slots"][self.size]) + places,
            "pairs": self.tail + pairs,
        }
        there = {name: len(self.arrays[one]) for name, one in _LENGTH_OF.items()}
        short = {name for name, count in needed.items() if count > there[name]}
        for name, kind in _GROWS.items():
            if kind in short:
                array = self.arrays[name]
                more = max(needed[kind] - there[kind], there[kind] // _EIGHTH + _SPARE)
                empty = np.full(more, _EMPTY.get(name, 0), array.dtype)
                self.arrays[name] = np.append(array, empty)
        if short:
            self.show()

    def add_person(self, identity: int, places: int) -> int:
        """Somebody new without pairs, none of whose places is offered yet; answers their number."""
        self.reserve(1, places, 0)
        number = self.size
        self.size += 1
        self.arrays["slots"][number + 1] = self.arrays["slots"][number] + places
        self.arrays["identity"][number] = identity
        for name in ("begin", "end", "ranked", "room"):
            self.arrays[name][number] = self.tail
        return number

    def of_people(self, name: str) -> NDArray[Any]:
        """One of the arrays that have an entry for every person."""
        return self.arrays[name][: self.size]

    @property
    def places(self) -> Ints:
        """(n,) how many places each has."""
        places: Ints = np.diff(self.arrays["slots"][: self.size + 1])
        return places

    @property
    def degrees(self) -> Ints:
        """(n,) how many pairs stand in each list."""
        degrees: Ints = self.of_people("end") - self.of_people("begin")
        return degrees

    @property
    def open(self) -> Ints:
        """(n,) how many places that are offered nobody holds."""
        left: Ints = self.of_people("offered") - self.of_people("taken")
        return left

    def list_pairs(
        self, begin: Ints, other: NDArray[np.int32], value: Ints, *, end: Ints | None = None
    ) -> None:
        """Take lists of pairs as compressed rows, the highest value first. ``end``: where each
        ends, if it has room behind it.
        """
        room = begin[1:].copy()
        end = room.copy() if end is None else end
        self.arrays.update(
            begin=begin[:-1].copy(),
            end=end,
            ranked=end.copy(),
            room=room,
            other=other,
            value=value,
        )
        self.tail = len(other)
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
        room: int = ROOM,
        *,
        grows: bool = False,
    ) -> None:
        """``grows``: people will come later, so lists get room from the beginning."""
        self.scale = scale
        self.room = room
        self.grows = grows
        self.mentees = _Side(mentee_places, mentee_identity)
        self.mentors = _Side(mentor_places, mentor_identity)
        value = values_of(pairs, mentee_identity, mentor_identity, scale)
        self.mentees.list_pairs(pairs.begin, pairs.other, value)

    def fill(self, report: Report = nobody_counts) -> bool:
        """Find the best pairs for all places; False where the bonus had to be raised too often.

        The side with fewer places searches, because its paths end soon at a free one. As long as
        one pair more is possible (Berge), the bonus is raised and the open places are tried again:
        so it is never larger than it must be, which keeps the paths short.
        """
        asked = times_listed(self.mentees.arrays["other"], self.mentors.size)
        wanted = np.minimum(self.mentees.places, self.mentees.degrees).sum()
        offered = np.minimum(self.mentors.places, asked).sum()
        rows, columns = self.mentees, self.mentors
        if offered < wanted:
            self.list_other_side()
            rows, columns = columns, rows
        asking = np.flatnonzero((rows.degrees > 0) & (rows.places > 0))
        queue = asking.copy()
        bids = _BIDS_PER_ROW * len(queue)
        aside = paths.bid(cells(queue), len(queue), bids, rows.half, columns.half)
        paths.settle(rows.half, columns.half)
        further = np.repeat(asking, rows.places[asking] - 1)
        self._insert(np.concatenate([queue[:aside], further]), rows, columns, report)
        return self._raise_until_full(rows, columns, report)

    def _raise_until_full(self, rows: _Side, columns: _Side, report: Report) -> bool:
        while paths.can_grow(rows.half, columns.half):
            self.room //= 4
            if not self.room:
                return False
            more = 3 * self.scale.bonus
            self.scale = replace(self.scale, bonus=self.scale.bonus + more)
            paths.raise_bonus(more << self.scale.shift, rows.half, columns.half)
            left = np.where(rows.degrees > 0, rows.open, 0)
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
        degrees = times_listed(mine["other"], self.mentors.size)
        rooms = degrees + (degrees // _EIGHTH + _SPARE_PAIRS if self.grows else 0)
        begin = np.zeros(self.mentors.size + 1, dtype=np.int64)
        np.cumsum(rooms, out=begin[1:])
        other = np.zeros(begin[-1], dtype=np.int32)
        value = np.zeros(begin[-1], dtype=np.int64)
        end = begin[:-1].copy()
        bounds = np.append(mine["begin"][: self.mentees.size], self.mentees.tail)
        paths.transpose(
            *(cells(one) for one in (bounds, mine["other"], mine["value"])),
            *(cells(one) for one in (end, other, value)),
        )
        sort_lists(begin[:-1], end, other, value)
        self.mentors.list_pairs(begin, other, value, end=end)
        if self.grows:
            for side in (self.mentees, self.mentors):
                side.reserve(1, 1, 1)

    def arrive(
        self, side: Side, others: Ints, scores: NDArray[np.int32], *, identity: int, places: int
    ) -> int:
        """Somebody comes: ``others`` (of the other side, by number) fit them with these scores.

        The pairs are the best again for everybody, by one shortest path for each place. Answers
        the number of who came.
        """
        mine, theirs = self._sides(side)
        self.list_other_side()
        self.scale.demand_fit(scores)
        number = mine.add_person(identity, places)
        own = np.full(len(others), identity, dtype=np.uint64)
        values = self.scale.values(scores, ties_of(own, theirs.of_people("identity")[others]))
        order = np.argsort(-values, kind="stable")
        others, values = others[order], values[order]
        mine.reserve(0, 0, len(others))
        begin = mine.tail
        mine.tail += len(others)
        mine.arrays["other"][begin : mine.tail] = others
        mine.arrays["value"][begin : mine.tail] = values
        for name in ("end", "ranked", "room"):
            mine.arrays[name][number] = mine.tail
        done = 0
        while done < len(others):
            done, theirs.tail = paths.add_to_all(
                number, cells(others), cells(values), done, theirs.half, theirs.tail
            )
            if done < len(others):
                theirs.reserve(0, 0, 2 * int(theirs.degrees[others[done]]) + 2)
        self._offer(mine, theirs, [number] * places)
        return number

    def depart(self, side: Side, number: int) -> list[int]:
        """Somebody leaves, and whoever they were paired with finds the best way on.

        Answers these, by number: the smallest repair begins with them.
        """
        mine, theirs = self._sides(side)
        self.list_other_side()
        slots = mine.arrays["slots"]
        left = mine.arrays["partner"][slots[number] : slots[number + 1]]
        alone: list[int] = left[left >= 0].tolist()
        for other in alone:
            paths.part(number, other, mine.half, theirs.half)
            theirs.arrays["offered"][other] -= 1
        mine.arrays["offered"][number] = 0
        mine.arrays["dual"][number] = GONE
        self._offer(theirs, mine, alone)
        return alone

    def resume(self, prices: Ints, rows: Ints, columns: Ints) -> None:
        """Go on from the pairs and mentors' prices of an earlier round, whatever has changed since.

        Pairs that are still as good as anything else at these prices stay; everybody else looks for
        a partner anew, one shortest path each. The outcome is the best for the people of today.
        """
        self.list_other_side()
        mentees, mentors = self.mentees, self.mentors
        mentors.of_people("dual")[:] = prices
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            value = paths.value_of(row, column, mentees.half)
            if value >= prices[column] and mentees.open[row] > 0 and mentors.open[column] > 0:
                paths.join(row, column, value, mentees.half, mentors.half)
        paths.keep_best_pairs(mentees.half, mentors.half)
        waiting = {}
        for side in (mentees, mentors):
            left = np.where(side.of_people("dual") > 0, side.open, 0)
            side.of_people("offered")[:] -= left
            waiting[id(side)] = np.repeat(np.arange(side.size), left).tolist()
        # Mentors who cost something have no room yet; they ask when all mentees have asked.
        self._offer(mentees, mentors, waiting[id(mentees)])
        self._offer(mentors, mentees, waiting[id(mentors)])
        self.make_complete()

    def make_complete(self) -> None:
        """Place who could be placed only at a price that was not looked for so far.

        Raises :class:`RoundTooLarge`.
        """
        if not self._raise_until_full(self.mentees, self.mentors, nobody_counts):
            raise RoundTooLarge

    def _sides(self, side: Side) -> tuple[_Side, _Side]:
        if side is Side.MENTEE:
            return self.mentees, self.mentors
        return self.mentors, self.mentees

    @staticmethod
    def _offer(rows: _Side, columns: _Side, queue: list[int]) -> None:
        """Offer one place more of each of the queue, and look for a partner for it."""
        one = np.zeros(1, dtype=np.int64)
        for row in queue:
            rows.arrays["offered"][row] += 1
            one[0] = row
            paths.insert(cells(one), 1, rows.half, columns.half)

    def bound(self) -> int:
        """What no set of pairs is worth more than, by the prices of now; equals :meth:`worth`
        where the pairs are the best.
        """
        mentees, prices = self.mentees, self.mentors.of_people("dual")
        offered: list[int] = self.mentors.of_people("offered").tolist()
        worth = exact(mentees_beyond(mentees, prices))
        held: int = sum(n * price for n, price in zip(offered, prices.tolist(), strict=True))
        return worth + held

    def worth(self) -> int:
        """What all pairs are worth together."""
        held = self.mentees.arrays["partner"] >= 0
        return exact(self.mentees.arrays["worth"][held])

    def pairs(self) -> tuple[Ints, Ints]:
        """The pairs as mentees and mentors, sorted."""
        holders = np.repeat(np.arange(len(self.mentees.places)), self.mentees.places)
        partners = self.mentees.arrays["partner"][: len(holders)]
        held = partners >= 0
        rows, columns = holders[held], partners[held]
        order = np.lexsort((columns, rows))
        return rows[order], columns[order]

    def worth_at(self, ranks: Ints) -> Ints:
        """(mentees,) what the pair at the rank of each list is worth, counted from 1; anything
        where the rank is 0.
        """
        values: Ints = self.mentees.arrays["value"]
        worth: Ints = values[np.maximum(self.mentees.of_people("begin") + ranks - 1, 0)]
        return worth

    def partners(self) -> tuple[Ints, Ints]:
        """Where each mentee's places stand, (mentees + 1,), and who has them, -1 for nobody."""
        slots: Ints = self.mentees.arrays["slots"][: self.mentees.size + 1]
        return slots, self.mentees.arrays["partner"][: slots[-1]]

    def prices(self) -> Ints:
        """(mentors,) what one place of each mentor costs; nothing where one is left."""
        dual = self.mentors.of_people("dual")
        return np.where(dual >= GONE, 0, dual)

    def profits(self) -> Ints:
        """(mentees,) what the least of each mentee's pairs is worth beyond the price, nothing where
        a place is left: whatever leaves no more would not better their pairs at these prices.
        """
        mentees = self.mentees
        _, partners = self.partners()
        held = partners >= 0
        holders = np.repeat(np.arange(mentees.size), mentees.places)[held]
        beyond = mentees.arrays["worth"][: len(held)][held] - self.prices()[partners[held]]
        least = np.full(mentees.size, HIGHEST, dtype=np.int64)
        np.minimum.at(least, holders, beyond)
        full = (mentees.open == 0) & (least < HIGHEST)
        return np.where(full, least, 0)


def mentees_beyond(mentees: _Side, prices: Ints) -> Ints:
    """What the best pairs of each mentee, as many as are offered, are worth beyond the prices."""
    begin, end = mentees.of_people("begin"), mentees.of_people("end")
    owners = np.repeat(np.arange(len(begin)), end - begin)
    at = np.repeat(begin - np.cumsum(end - begin) + (end - begin), end - begin) + np.arange(
        len(owners)
    )
    beyond = mentees.arrays["value"][at] - prices[mentees.arrays["other"][at]]
    pays = beyond > 0
    owners, beyond = owners[pays], beyond[pays]
    order = np.lexsort((-beyond, owners))
    owners, beyond = owners[order], beyond[order]
    rank = np.arange(len(owners)) - np.searchsorted(owners, owners)
    best: Ints = beyond[rank < mentees.arrays["offered"][owners]]
    return best


def times_listed(other: NDArray[np.int32], size: int) -> Ints:
    """(size,) how often each stands in the lists; some pairs at a time, for counting needs a copy
    with 64 bits each.
    """
    found = np.zeros(size, dtype=np.int64)
    for first in range(0, len(other), _COUNTED_AT_ONCE):
        found += np.bincount(other[first : first + _COUNTED_AT_ONCE], minlength=size)
    return found


def exact(values: Ints) -> int:
    """In two halves, which cannot overflow before 2**31 numbers are added."""
    return (int((values >> 32).sum()) << 32) + int((values & 0xFFFFFFFF).sum())


def values_of(
    pairs: Pairs,
    mentee_identity: NDArray[np.uint64],
    mentor_identity: NDArray[np.uint64],
    scale: Scale,
) -> Ints:
    """The values of all pairs, (pairs,) int64. Some mentees at a time: what is made on the way
    shall not need more memory than the pairs do.
    """
    size = len(pairs.begin) - 1
    value = np.empty(len(pairs.other), dtype=np.int64)

    def of_rows(first: int) -> None:
        last = min(size, first + _ROWS_AT_ONCE)
        if IS_COMPILED:
            with np.errstate(over="ignore"):  # where loops are interpreted, mixing bits overflows
                paths.value_rows(
                    first,
                    last,
                    *(pairs.begin, pairs.other, pairs.score),
                    *(mentee_identity, mentor_identity),
                    *(scale.bonus - scale.lowest, scale.shift, TIE_BITS - scale.tie_bits),
                    value,
                )
            return
        begin = pairs.begin[first : last + 1]
        some = slice(int(begin[0]), int(begin[-1]))
        owners = np.repeat(np.arange(first, last), np.diff(begin))
        ties = ties_of(mentee_identity[owners], mentor_identity[pairs.other[some]])
        value[some] = scale.values(pairs.score[some], ties)

    in_threads(of_rows, size)
    return value


def sort_lists(begin: Ints, end: Ints, other: NDArray[np.int32], value: Ints) -> None:
    """Put every list into order, the highest value first; lists are shared out among threads."""
    size = len(begin)
    if not IS_COMPILED:
        owner = np.repeat(np.arange(size), end - begin)
        at = np.arange(len(owner)) + np.repeat(
            begin - np.cumsum(end - begin) + end - begin, end - begin
        )
        order = at[np.lexsort((-value[at], owner))]
        other[at], value[at] = other[order], value[order]
        return

    def sort(first: int) -> None:
        paths.sort_rows(first, min(size, first + _ROWS_AT_ONCE), begin, end, other, value)

    in_threads(sort, size)


def in_threads(work: Callable[[int], None], size: int) -> None:
    """Do ``work`` for the first of every so many of ``size`` rows, shared out among threads."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for _ in threads.map(work, range(0, size, _ROWS_AT_ONCE)):
            pass
