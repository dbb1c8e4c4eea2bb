"""For one person: who fits, the best first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from patenwerk.matching.kernel.codes import Broken
from patenwerk.matching.kernel.leftovers import LeftOver, explain_left_over
from patenwerk.matching.kernel.neighbours import Locate
from patenwerk.matching.kernel.pool import Pool, build_pool, other_side
from patenwerk.matching.kernel.reasons import Reason, reasons_of
from patenwerk.matching.kernel.settings import Limits, Weights
from patenwerk.people.enums import Side
from patenwerk.people.kernel.profile import Profile

_ONLY_FULL = Broken.MENTOR_FULL | Broken.MENTEE_FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedPartner:
    """A partner who keeps all limits; ``busy`` where they have no open place at present."""

    id: str
    score: int
    busy: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Who fits one person, the highest score first, equal scores in lasting order.

    ``found`` counts all who fit, also beyond the length asked for; ``free`` those of them who are
    not busy. ``left_over`` says why there is nobody free, None where there is.
    """

    side: Side
    id: str
    partners: tuple[RankedPartner, ...]
    found: int
    free: int
    left_over: LeftOver | None


def rank_partners(
    person: Profile,
    partners: Sequence[Profile],
    *,
    on: date,
    locate: Locate,
    weights: Weights | None = None,
    limits: Limits | None = None,
    taken: Collection[str] = frozenset(),
    longest: int | None = None,
) -> Ranking:
    """Everyone of the other side who keeps all limits with ``person`` on the day ``on``.

    ``partners`` are of the other side. Those with ids in ``taken`` (somebody has just been
    suggested for their last place) are shown as busy. ``longest`` cuts the list. Raises
    :class:`~patenwerk.matching.kernel.sides.UnfitProfile`.
    """
    mentors, mentees = (partners, [person]) if person.side is Side.MENTEE else ([person], partners)
    pool = build_pool(
        mentors,
        mentees,
        on=on,
        locate=locate,
        weights=weights or Weights(),
        limits=limits or Limits(),
    )
    return ranking_in(pool, person.side, 0, taken=taken, longest=longest)


def ranking_in(
    pool: Pool,
    side: Side,
    index: int,
    *,
    taken: Collection[str] = frozenset(),
    longest: int | None = None,
) -> Ranking:
    """The same for the person at ``index`` of ``side`` in a pool built before."""
    people = pool.people(other_side(side))
    look = pool.look_from(side, index)
    broken = look.broken
    fitting = np.flatnonzero((broken & np.uint16(0xFFFF ^ _ONLY_FULL)) == 0)
    scores = look.score[fitting]
    best_first = fitting[np.argsort(-scores, kind="stable")].tolist()
    busy = {at for at in best_first if broken[at] or people[at].id in taken}
    free = len(best_first) - len(busy)
    shown = np.array(best_first[:longest], dtype=np.int64)
    own = np.full(len(shown), index)
    reasons = reasons_of(pool, *((own, shown) if side is Side.MENTEE else (shown, own)))
    return Ranking(
        side=side,
        id=pool.people(side)[index].id,
        partners=tuple(
            RankedPartner(
                id=people[at].id,
                score=int(look.score[at]),
                busy=at in busy,
                reasons=why,
            )
            for at, why in zip(shown.tolist(), reasons, strict=True)
        ),
        found=len(best_first),
        free=free,
        left_over=None if free else explain_left_over(pool, side, index),
    )
