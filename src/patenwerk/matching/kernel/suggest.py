"""One person and everybody of the other side who fits them: at once, without a round.

Whole arrays, and only those near enough: so it takes well under a millisecond whether loops are
compiled or not, out of hundreds of thousands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel.criteria import broken_limits, common_levels
from patenwerk.matching.kernel.crowd import Crowd, size_of
from patenwerk.matching.kernel.neighbours import EARTH_RADIUS_HM, Vectors, distances_hm
from patenwerk.matching.kernel.scoring import Tables, part_points, total_score
from patenwerk.people.enums import Side

Ints = NDArray[np.int64]
_NOBODY = np.zeros(1, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Standing:
    """One side as it stands, ready to be asked: ``starts`` says who lives where, ``inhabited`` in
    which places anybody does.
    """

    crowd: Crowd
    vectors: Vectors
    starts: Ints
    inhabited: Ints
    tables: Tables

    @classmethod
    def of(cls, crowd: Crowd, vectors: Vectors, tables: Tables) -> Standing:
        """``crowd`` is sorted by place."""
        lives = np.bincount(crowd.place, minlength=len(vectors))
        starts = np.concatenate([[0], np.cumsum(lives)])
        return cls(crowd, vectors, starts, np.flatnonzero(lives), tables)

    def fitting(
        self, person: Crowd, side: Side, apart: Ints | None = None
    ) -> tuple[Ints, NDArray[np.int32]]:
        """Who of the crowd fits ``person`` (one row, of ``side``): numbers and scores.

        ``apart``: the numbers of those who shall never be suggested to this person again.
        """
        near, hm = self._near(person)
        if apart is not None:
            far = ~np.isin(near, apart)
            near, hm = near[far], hm[far]
        # What is written down of others by numbers says nothing of this person.
        crowd, person = _by_itself(self.crowd), _by_itself(person)
        # What most fail comes first, so that the rest is asked of few.
        fits = (crowd.free_times[near] & person.free_times[0]) != 0
        near, hm = near[fits], hm[fits]
        fits = (crowd.reach[near] >= hm) & (crowd.places_open[near] > 0)
        if person.beyond[0]:
            fits &= (crowd.network[near] == person.network[0]) | crowd.beyond[near]
        else:
            fits &= crowd.network[near] == person.network[0]
        near, hm = near[fits], hm[fits]
        own = np.zeros(len(near), dtype=np.int64)
        mentees, mentors = (person, crowd) if side is Side.MENTEE else (crowd, person)
        rows, columns = (own, near) if side is Side.MENTEE else (near, own)
        levels = common_levels(mentees, mentors, rows, columns)
        kept = broken_limits(mentees, mentors, rows, columns, hm=hm, levels=levels) == 0
        rows, columns, near = rows[kept], columns[kept], near[kept]
        points = part_points(
            mentees,
            mentors,
            rows,
            columns,
            hm=hm[kept],
            levels=levels[kept],
            tables=self.tables,
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

    def _near(self, person: Crowd) -> tuple[Ints, NDArray[np.int32]]:
        """Everybody within the person's own reach, and how far away."""
        home = person.place[0]
        cosines = self.vectors[self.inhabited] @ self.vectors[home]
        close = np.cos((int(person.reach[0]) + 1) / EARTH_RADIUS_HM) - 1e-12
        # A place nobody knows is near to itself alone.
        places = self.inhabited[(cosines >= close) | (self.inhabited == home)]
        hm = distances_hm(self.vectors, np.full(len(places), home), places)
        inside = hm <= person.reach[0]
        places, hm = places[inside], hm[inside]
        lives = self.starts[places + 1] - self.starts[places]
        first = np.repeat(self.starts[places] - np.cumsum(lives) + lives, lives)
        return first + np.arange(len(first)), np.repeat(hm, lives)


def _by_itself(crowd: Crowd) -> Crowd:
    return crowd._replace(never=_NOBODY, never_with=_NOBODY[:0].astype(np.int32))


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
