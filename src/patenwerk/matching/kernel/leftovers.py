"""Why somebody has no partner, and the least that would have to change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from patenwerk.matching.kernel.codes import Broken, Limit, Why, limits_of
from patenwerk.matching.kernel.criteria import BoolArray, BrokenArray
from patenwerk.matching.kernel.pool import Look, Pool, other_side
from patenwerk.people.enums import Side

_FULL = {Side.MENTOR: Broken.MENTOR_FULL, Side.MENTEE: Broken.MENTEE_FULL}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOver:
    """Somebody without a partner.

    ``why`` is ``all_taken`` where partners fit but for their places, given away before or in this
    round; ``feasible`` counts those who had a place before the round. Otherwise ``limits`` is a
    smallest set of limits: with exactly these relaxed for this person, ``opens`` partners become
    feasible, and without any one of them none does. ``partner`` is the best of these by score.
    ``excluded`` counts for each limit how many of the other side break it with this person
    (one partner may break several).
    """

    side: Side
    id: str
    why: Why
    feasible: int
    limits: tuple[Limit, ...]
    opens: int
    partner: str | None
    excluded: Mapping[Limit, int]


def explain_left_over(pool: Pool, side: Side, index: int) -> LeftOver:
    """Explain why the person at ``index`` of ``side`` has no partner in the pool.

    A pair's broken limits are a set; the person gets that partner as soon as all of them are
    relaxed. So the smallest broken set over all partners is the smallest set to relax, and it is
    minimal: a partner who needs only a part of it would have had a smaller one. Among sets of the
    same size one without ``never_again`` is told, then the one that opens most partners, then the
    one whose limits come first in :class:`Limit`.
    """
    partners = pool.people(other_side(side))
    person = pool.people(side)[index]
    if not partners:
        return LeftOver(
            side=side,
            id=person.id,
            why=Why.NOBODY_THERE,
            feasible=0,
            limits=(),
            opens=0,
            partner=None,
            excluded={},
        )
    look = pool.look_from(side, index)
    broken = look.broken
    chosen, opens = _set_to_relax(broken)
    best = _best(look, broken == chosen)
    full = _FULL[other_side(side)]
    return LeftOver(
        side=side,
        id=person.id,
        why=Why.ALL_TAKEN if chosen in (0, int(full)) else Why.NONE_FEASIBLE,
        feasible=int(np.count_nonzero(broken == 0)),
        limits=limits_of(chosen),
        opens=opens,
        partner=partners[best].id,
        excluded=_excluded(broken),
    )


def _set_to_relax(broken: BrokenArray) -> tuple[int, int]:
    """The set as bits and how many partners break exactly it."""
    sizes = np.bitwise_count(broken)
    sets, counts = np.unique(broken[sizes == sizes.min()], return_counts=True)
    ranked = sorted(
        (bool(one & Broken.NEVER_AGAIN), -count, one)
        for one, count in zip(sets.tolist(), counts.tolist(), strict=True)
    )
    _, minus_count, chosen = ranked[0]
    return chosen, -minus_count


def _best(look: Look, among: BoolArray) -> int:
    candidates = np.flatnonzero(among)
    return int(candidates[look.score[candidates].argmax()])


def _excluded(broken: BrokenArray) -> dict[Limit, int]:
    counts = {
        limit: int(np.count_nonzero(broken & np.uint16(1 << place)))
        for place, limit in enumerate(Limit)
    }
    return {limit: count for limit, count in counts.items() if count}
