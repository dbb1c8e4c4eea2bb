"""One person and everybody of the other side who fits them: at once, without a round.

Whole arrays, and only those near enough: so it takes well under a millisecond whether loops are
compiled or not, out of hundreds of thousands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel.cards import (
    LANGUAGES_A_WORD,
    LEVEL_BITS,
    LEVEL_MASK,
    Words,
    language_words,
    levels_of,
)
from patenwerk.matching.kernel.crowd import Crowd, size_of
from patenwerk.matching.kernel.keys import Cuts, Keys, asked_keys, asking_keys, cuts_for
from patenwerk.matching.kernel.neighbours import Neighbours, Vectors, neighbours_of
from patenwerk.matching.kernel.pairs import furthest_from, keeps_ages, spread, starts_of
from patenwerk.matching.kernel.scoring import Tables, part_points, total_score
from patenwerk.people.enums import Side

Ints = NDArray[np.int64]
Distances = NDArray[np.int32]
_FIRST = np.zeros(1, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Standing:
    """One side as it stands, ready to be asked: ``keys`` as from ``keys``, ``levels`` as from
    ``cards``; ``starts`` says who lives where, ``near`` which places anybody there comes to.
    """

    crowd: Crowd
    tables: Tables
    cuts: Cuts
    keys: Keys
    levels: Words
    starts: Ints
    near: Neighbours

    @classmethod
    def of(cls, crowd: Crowd, vectors: Vectors, tables: Tables) -> Standing:
        """``crowd`` is sorted by place."""
        cuts = cuts_for(crowd)
        come = furthest_from(crowd, len(vectors))
        go = np.full(len(vectors), come.max(initial=0), dtype=np.int32)
        return cls(
            _by_itself(crowd),
            tables,
            cuts,
            asked_keys(crowd, cuts),
            levels_of(crowd, language_words(crowd, crowd)),
            starts_of(crowd, len(vectors)),
            neighbours_of(vectors, go, come),
        )

    def fitting(
        self, person: Crowd, side: Side, apart: Ints | None = None
    ) -> tuple[Ints, NDArray[np.int32]]:
        """Who of the crowd fits ``person`` (one row, of ``side``): numbers and scores.

        ``apart``: the numbers of those who shall never be suggested to this person again.
        """
        near, hm = self._within_reach(person)
        if apart is not None:
            kept = np.flatnonzero(~np.isin(near, apart))
            near, hm = near[kept], hm[kept]
        crowd, person = self.crowd, _by_itself(person)
        mentees, mentors = (person, crowd) if side is Side.MENTEE else (crowd, person)
        rows, columns = (_FIRST, near) if side is Side.MENTEE else (near, _FIRST)
        levels = self._levels_with(person, near)
        keeps = keeps_ages(mentees, mentors, rows, columns)
        kept = np.flatnonzero(keeps & (levels >= mentees.required[rows]))
        near, hm, levels = near[kept], hm[kept], levels[kept]
        rows, columns = (_FIRST, near) if side is Side.MENTEE else (near, _FIRST)
        points = part_points(
            mentees, mentors, rows, columns, hm=hm, levels=levels, tables=self.tables
        )
        return near, total_score(points)

    def best(
        self, person: Crowd, side: Side, most: int, apart: Ints | None = None
    ) -> list[tuple[int, int]]:
        """The ``most`` who fit best, as (number, score), the best first."""
        numbers, scores = self.fitting(person, side, apart)
        if len(scores) > most:
            best = np.argpartition(-scores, most - 1)[:most]
            numbers, scores = numbers[best], scores[best]
        order = np.lexsort((numbers, -scores))
        return list(zip(numbers[order].tolist(), scores[order].tolist(), strict=True))

    def _levels_with(self, person: Crowd, near: Ints) -> NDArray[np.int64]:
        """How well ``person`` and each of these speak the language they share best, 0 where there
        is none.
        """
        best = np.zeros(len(near), dtype=np.int64)
        for word, shift, level in _languages(person):
            if word < self.levels.shape[1]:
                theirs = (self.levels[near, word] >> shift) & LEVEL_MASK
                np.maximum(best, np.minimum(theirs, level), out=best)
        return best

    def _within_reach(self, person: Crowd) -> tuple[Ints, Distances]:
        """Who breaks no limit that numbers can say, and how far away they are.

        What most fail comes first, so that the rest is asked of few.
        """
        crowd = self.crowd
        home = person.place[0]
        begin, end = self.near.begin[home : home + 2]
        end = begin + np.searchsorted(self.near.hm[begin:end], person.reach[0], "right")
        places, apart = self.near.place[begin:end], self.near.hm[begin:end]
        first = self.starts[places]
        owner, near = spread(first, self.starts[places + 1] - first)
        fits = np.flatnonzero((crowd.free_times[near] & person.free_times[0]) != 0)
        owner, near = owner[fits], near[fits]
        fits = np.flatnonzero((self.keys[near] & asking_keys(person, self.cuts)) == 0)
        near, hm = near[fits], apart[owner[fits]]
        comes = crowd.reach[near] >= hm
        comes &= (crowd.network[near] == person.network[0]) | (
            crowd.beyond[near] & person.beyond[0]
        )
        fits = np.flatnonzero(comes)
        return near[fits], hm[fits]


def _languages(person: Crowd) -> Iterator[tuple[int, int, int]]:
    """Where each of their languages stands in the levels, as word and shift, and their own level.

    One by one, because there are one to four of them.
    """
    spoken: list[list[int]] = person.speaks[0].tolist()
    at_level = [sum(bits << 64 * at for at, bits in enumerate(row)) for row in spoken]
    left = at_level[1]
    while left:
        bit = left & -left
        word, place = divmod(bit.bit_length() - 1, LANGUAGES_A_WORD)
        yield word, LEVEL_BITS * place, sum(bits & bit != 0 for bits in at_level[1:])
        left ^= bit


def _by_itself(crowd: Crowd) -> Crowd:
    """What is written down of others by numbers says nothing of somebody who comes from outside."""
    return crowd._replace(never=np.zeros_like(_FIRST), never_with=_FIRST[:0].astype(np.int32))


def one_of(crowd: Crowd, number: int) -> Crowd:
    """One person of a crowd as a crowd of their own."""
    never = crowd.never_with[crowd.never[number] : crowd.never[number + 1]]
    picked = {
        name: array[number : number + 1]
        for name, array in crowd._asdict().items()
        if name not in {"never", "never_with"}
    }
    return Crowd(
        **picked,
        never=np.array([0, len(never)], dtype=np.int64),
        never_with=never,
    )


def without(crowd: Crowd, numbers: Ints) -> Crowd:
    """Everybody of a crowd but these, in the same order. Nobody's »never again« may be left."""
    kept = np.ones(size_of(crowd), dtype=np.bool_)
    kept[numbers] = False
    picked = {
        name: array[kept]
        for name, array in crowd._asdict().items()
        if name not in {"never", "never_with"}
    }
    return Crowd(
        **picked,
        never=np.zeros(int(kept.sum()) + 1, dtype=np.int64),
        never_with=crowd.never_with[:0],
    )
