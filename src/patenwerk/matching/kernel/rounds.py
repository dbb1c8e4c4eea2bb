"""A whole round: the best set of pairs for two sides, with its proof, reasons and left over people.

The door of the kernel. What other rooms need is imported from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np

from patenwerk.matching.kernel.assignment import Assignment, RoundTooLarge, best_assignment
from patenwerk.matching.kernel.codes import Limit, Part, Step, Why
from patenwerk.matching.kernel.leftovers import LeftOver, explain_left_over
from patenwerk.matching.kernel.pool import Pool, build_pool
from patenwerk.matching.kernel.progress import Progress, RoundCancelled, nobody_watches
from patenwerk.matching.kernel.ranking import RankedPartner, Ranking, rank_partners, ranking_in
from patenwerk.matching.kernel.reasons import Reason, reasons_of
from patenwerk.matching.kernel.settings import Limits, SettingOutOfRange, Weights
from patenwerk.matching.kernel.sides import IntArray, Locate, UnfitProfile
from patenwerk.matching.kernel.verifier import Proof, verify
from patenwerk.people.enums import Side
from patenwerk.people.kernel.profile import Profile

__all__ = [
    "LeftOver",
    "Limit",
    "Limits",
    "Locate",
    "Pair",
    "Part",
    "Pool",
    "Progress",
    "RankedPartner",
    "Ranking",
    "Reason",
    "RoundCancelled",
    "RoundResult",
    "RoundTooLarge",
    "SettingOutOfRange",
    "Step",
    "UnfitProfile",
    "Weights",
    "Why",
    "build_pool",
    "match_pool",
    "match_round",
    "rank_partners",
    "ranking_in",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A mentor and a mentee proposed to each other, by their ids."""

    mentor: str
    mentee: str
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundResult:
    """The pairs of a round and how good they are.

    ``pairs`` the highest score first; ``unmatched`` everyone with an open place who is in no
    pair, mentees first, each side those who wait longest first. ``matched`` pairs score ``total``;
    no set of pairs is larger than ``count_bound``, none as large scores more than ``bound``.
    ``missing`` = ``count_bound`` - ``matched``; ``gap`` = (``bound`` - ``total``) / ``total``, 0
    without pairs. Both bounds come from the verifier. ``considered`` counts the feasible pairs.
    """

    pairs: tuple[Pair, ...]
    unmatched: tuple[LeftOver, ...]
    matched: int
    total: int
    bound: int
    count_bound: int
    missing: int
    gap: float
    considered: int


def match_round(
    mentors: Sequence[Profile],
    mentees: Sequence[Profile],
    *,
    on: date,
    locate: Locate,
    weights: Weights | None = None,
    limits: Limits | None = None,
    progress: Progress = nobody_watches,
) -> RoundResult:
    """The set of pairs that fills most places and, among those, has the highest sum of scores.

    All people are seen as of the day ``on``; ``locate`` gives (latitude, longitude) for a
    postcode or None. The order of the two sequences does not matter. ``progress`` may raise
    :class:`RoundCancelled`. Raises :class:`UnfitProfile` for people who cannot be matched (the
    same id twice on one side, say) and :class:`RoundTooLarge`.
    """
    pool = build_pool(
        mentors,
        mentees,
        on=on,
        locate=locate,
        weights=weights or Weights(),
        limits=limits or Limits(),
        progress=progress,
    )
    return match_pool(pool, progress=progress)


def match_pool(pool: Pool, *, progress: Progress = nobody_watches) -> RoundResult:
    """The same for a pool built before."""
    found = best_assignment(
        pool.score,
        pool.feasible,
        pool.mentees.open_places,
        pool.mentors.open_places,
        report=partial(progress, Step.PAIRS),
    )
    proof = _proof(pool, found)
    progress(Step.REASONS, 0, 1)
    result = RoundResult(
        pairs=_pairs(pool, found),
        unmatched=(
            *_left_over(pool, Side.MENTEE, pool.mentees.open_places, found.rows),
            *_left_over(pool, Side.MENTOR, pool.mentors.open_places, found.columns),
        ),
        matched=proof.matched,
        total=proof.total,
        bound=proof.score_bound,
        count_bound=proof.count_bound,
        missing=proof.count_bound - proof.matched,
        gap=(proof.score_bound - proof.total) / proof.total if proof.total else 0.0,
        considered=int(np.count_nonzero(pool.feasible)),
    )
    progress(Step.REASONS, 1, 1)
    return result


def _proof(pool: Pool, found: Assignment) -> Proof:
    return verify(
        score=pool.score,
        feasible=pool.feasible,
        row_places=pool.mentees.open_places,
        column_places=pool.mentors.open_places,
        rows=found.rows,
        columns=found.columns,
        row_prices=found.row_prices,
        column_prices=found.column_prices,
        pair_bonus=found.pair_bonus,
    )


def _pairs(pool: Pool, found: Assignment) -> tuple[Pair, ...]:
    pairs = [
        Pair(
            mentor=pool.mentors.people[column].id,
            mentee=pool.mentees.people[row].id,
            score=int(pool.score[row, column]),
            reasons=reasons_of(pool, row, column),
        )
        for row, column in zip(found.rows.tolist(), found.columns.tolist(), strict=True)
    ]
    return tuple(sorted(pairs, key=lambda pair: (-pair.score, pair.mentee, pair.mentor)))


def _left_over(
    pool: Pool, side: Side, open_places: IntArray, placed: IntArray
) -> tuple[LeftOver, ...]:
    people = pool.people(side)
    alone = np.setdiff1d(np.flatnonzero(open_places > 0), placed).tolist()
    alone.sort(key=lambda at: (people[at].waiting_since, people[at].id))
    return tuple(explain_left_over(pool, side, at) for at in alone)
