"""A whole round: the best set of pairs for two sides, with its proof, reasons and left over people.

The door of the kernel. What other rooms need is imported from here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np

from patenwerk.matching.kernel.changes import Change, changes_between
from patenwerk.matching.kernel.codes import Changed, Limit, Part, Step, Why
from patenwerk.matching.kernel.extend import solve_again, solve_field
from patenwerk.matching.kernel.leftovers import LeftOver, explain_left_over
from patenwerk.matching.kernel.market import Ints, RoundTooLarge
from patenwerk.matching.kernel.neighbours import Locate
from patenwerk.matching.kernel.pairs import Favoured, field_of
from patenwerk.matching.kernel.pool import Pool, build_pool
from patenwerk.matching.kernel.progress import Progress, Report, RoundCancelled, nobody_watches
from patenwerk.matching.kernel.ranking import RankedPartner, Ranking, rank_partners, ranking_in
from patenwerk.matching.kernel.reasons import Reason, reasons_of
from patenwerk.matching.kernel.settings import Limits, SettingOutOfRange, Weights
from patenwerk.matching.kernel.sides import UnfitProfile
from patenwerk.matching.kernel.solver import Certificate, Earlier, Solution
from patenwerk.matching.kernel.verifier import verify
from patenwerk.people.enums import Side
from patenwerk.people.kernel.profile import Profile

__all__ = [
    "Change",
    "Changed",
    "EarlierRound",
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
    "changes_between",
    "match_pool",
    "match_round",
    "rank_partners",
    "ranking_in",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRound:
    """What is kept of a round: its pairs as (mentor, mentee) and its certificate."""

    pairs: Collection[tuple[str, str]]
    prices: Mapping[str, int]
    bonus: int
    shift: int


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
    ``prices`` (of mentors by id, those above 0), ``bonus`` and ``shift`` are the certificate: with
    them anybody can compute the bound again.
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
    prices: Mapping[str, int]
    bonus: int
    shift: int


def match_round(
    mentors: Sequence[Profile],
    mentees: Sequence[Profile],
    *,
    on: date,
    locate: Locate,
    weights: Weights | None = None,
    limits: Limits | None = None,
    earlier: EarlierRound | None = None,
    keep: int = 0,
    progress: Progress = nobody_watches,
) -> RoundResult:
    """The set of pairs that fills most places and, among those, has the highest sum of scores.

    All people are seen as of the day ``on``; ``locate`` gives (latitude, longitude) for a
    postcode or None. The order of the two sequences does not matter. ``progress`` may raise
    :class:`RoundCancelled`. With ``earlier`` the search goes on from there and finds the same by
    a few paths; each of its pairs counts ``keep`` points more, so that it stays unless a change
    gains more than that. Raises :class:`UnfitProfile` for people who cannot be matched (the
    same id twice on one side, say) and :class:`RoundTooLarge`.
    """
    pool = build_pool(
        mentors,
        mentees,
        on=on,
        locate=locate,
        weights=weights or Weights(),
        limits=limits or Limits(),
    )
    return match_pool(pool, earlier=earlier, keep=keep, progress=progress)


def match_pool(
    pool: Pool,
    *,
    earlier: EarlierRound | None = None,
    keep: int = 0,
    progress: Progress = nobody_watches,
) -> RoundResult:
    """The same for a pool built before."""
    before = None if earlier is None else _numbered(pool, earlier)
    favoured = Favoured(before.rows, before.columns, keep) if before and keep else None
    more = None if favoured is None else (favoured.rows, favoured.columns, favoured.points)
    found = _solution(pool, before, favoured, progress)
    certificate = found.certificate
    with _step(progress, Step.PROOF) as report:
        proof = verify(
            pool.mentee_crowd,
            pool.mentor_crowd,
            pool.vectors,
            pool.tables,
            rows=found.rows,
            columns=found.columns,
            prices=certificate.prices,
            bonus=certificate.bonus,
            shift=certificate.shift,
            favoured=more,
            report=report,
        )
    with _step(progress, Step.REASONS):
        return RoundResult(
            pairs=_pairs(pool, found),
            unmatched=(
                *_left_over(pool, Side.MENTEE, pool.mentee_crowd.places_open, found.rows),
                *_left_over(pool, Side.MENTOR, pool.mentor_crowd.places_open, found.columns),
            ),
            matched=proof.matched,
            total=proof.total,
            bound=proof.score_bound,
            count_bound=proof.count_bound,
            missing=proof.missing,
            gap=proof.gap,
            considered=proof.considered,
            prices={
                person.id: price
                for person, price in zip(pool.mentors, certificate.prices.tolist(), strict=True)
                if price
            },
            bonus=certificate.bonus,
            shift=certificate.shift,
        )


@contextmanager
def _step(progress: Progress, step: Step) -> Iterator[Report]:
    """Tell that a step begins, how far it is, and that it is done."""
    progress(step, 0, 1)
    yield partial(progress, step)
    progress(step, 1, 1)


def _numbered(pool: Pool, earlier: EarlierRound) -> Earlier:
    """An earlier round by the numbers of today; who has gone is left out."""
    rows = {person.id: row for row, person in enumerate(pool.mentees)}
    columns = {person.id: column for column, person in enumerate(pool.mentors)}
    pairs = sorted(
        (rows[mentee], columns[mentor])
        for mentor, mentee in earlier.pairs
        if mentee in rows and mentor in columns
    )
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    prices = np.array([earlier.prices.get(one.id, 0) for one in pool.mentors], dtype=np.int64)
    return Earlier(
        table[:, 0].copy(), table[:, 1].copy(), Certificate(prices, earlier.bonus, earlier.shift)
    )


def _solution(
    pool: Pool, earlier: Earlier | None, favoured: Favoured | None, progress: Progress
) -> Solution:
    mentees, mentors = pool.mentee_crowd, pool.mentor_crowd
    progress(Step.LIMITS, 0, 1)
    field = field_of(mentees, mentors, pool.vectors, pool.tables)
    looking, solving = partial(progress, Step.LIMITS), partial(progress, Step.PAIRS)
    if earlier is None:
        found = solve_field(field, looking=looking, solving=solving)
    else:
        found = solve_again(field, earlier=earlier, favoured=favoured, looking=looking)
    progress(Step.LIMITS, 1, 1)
    progress(Step.PAIRS, 1, 1)
    return found


def _pairs(pool: Pool, found: Solution) -> tuple[Pair, ...]:
    reasons = reasons_of(pool, found.rows, found.columns)
    pairs = [
        Pair(
            mentor=pool.mentors[column].id,
            mentee=pool.mentees[row].id,
            score=sum(reason.points for reason in why),
            reasons=why,
        )
        for row, column, why in zip(
            found.rows.tolist(), found.columns.tolist(), reasons, strict=True
        )
    ]
    return tuple(sorted(pairs, key=lambda pair: (-pair.score, pair.mentee, pair.mentor)))


def _left_over(pool: Pool, side: Side, open_places: Ints, placed: Ints) -> tuple[LeftOver, ...]:
    people = pool.people(side)
    alone = np.setdiff1d(np.flatnonzero(open_places > 0), placed).tolist()
    alone.sort(key=lambda at: (people[at].waiting_since, people[at].id))
    return tuple(explain_left_over(pool, side, at) for at in alone)
