"""Price and extend: exact for all pairs, though only the best of each mentee are listed.

From some size on not all pairs can be kept. So the best of each mentee are listed and solved;
then *all* pairs are looked at against the prices, those that would pay are added, and it is solved
again, until none pays. Then the prices prove the round for all pairs, listed or not.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from patenwerk.matching.kernel import paths
from patenwerk.matching.kernel.compiled import IS_COMPILED
from patenwerk.matching.kernel.crowd import size_of
from patenwerk.matching.kernel.market import TIE_BITS, Ints, Market, sort_lists
from patenwerk.matching.kernel.pairs import (
    EVERYBODY,
    Favoured,
    Pairs,
    expected_pairs,
    favouring,
    find_pairs,
    shared_out,
    ties_of,
)
from patenwerk.matching.kernel.progress import Report, nobody_counts
from patenwerk.matching.kernel.scan import Around, Field, Paying, scan_prices
from patenwerk.matching.kernel.solver import (
    Certificate,
    Earlier,
    Solution,
    filled_market,
    nothing_found,
    resumed_market,
    solution_of,
)

LISTED = 40_000_000
"""About as many pairs are listed at first (12 bytes each while they are solved)."""
LEAST = 64
"""At least so many of each mentee."""
ADDED = 8
"""So many paying pairs of a mentee are added at a time."""


def solve_again(
    field: Field,
    *,
    earlier: Earlier,
    favoured: Favoured | None = None,
    looking: Report = nobody_counts,
) -> Solution:
    """The same from an earlier round on: who stays is not looked for again.

    ``favoured``: pairs that stay unless others gain more by changing them. All pairs are listed.
    """
    mentees, mentors = field.mentees, field.mentors
    pairs = find_pairs(field, report=looking)
    if favoured is not None:
        pairs = favouring(pairs, favoured, field)
    market = resumed_market(
        pairs,
        mentees.places_open,
        mentors.places_open,
        mentee_identity=mentees.identity,
        mentor_identity=mentors.identity,
        earlier=earlier,
    )
    if market is None:
        return nothing_found(size_of(mentors))
    return solution_of(market, mentors.places_open)


def solve_field(
    field: Field,
    *,
    looking: Report = nobody_counts,
    solving: Report = nobody_counts,
    listed: int = LISTED,
    least: int = LEAST,
) -> Solution:
    """The best round over every feasible pair of the field; exact whatever is listed at first.

    ``looking`` and ``solving`` are told how far the two steps are. Interpreted, everything is
    listed. Raises :class:`~patenwerk.matching.kernel.market.RoundTooLarge`.
    """
    mentees, mentors = field.mentees, field.mentors
    most = EVERYBODY
    if IS_COMPILED and expected_pairs(field) > listed:
        most = max(least, listed // size_of(mentees))
    pairs = find_pairs(field, most=most, report=looking)
    while True:
        market = filled_market(
            pairs,
            mentees.places_open,
            mentors.places_open,
            mentee_identity=mentees.identity,
            mentor_identity=mentors.identity,
            report=solving,
        )
        if market is None:
            return nothing_found(size_of(mentors))
        if len(pairs.other) == pairs.feasible:
            return solution_of(market, mentors.places_open)
        more = _with_paying(field, pairs, market, looking)
        if more is None:
            return solution_of(market, mentors.places_open)
        del market
        pairs = more


def _with_paying(field: Field, pairs: Pairs, market: Market, report: Report) -> Pairs | None:
    """The listed pairs and those that would pay; None where none does."""
    scale = market.scale
    found = _against_prices(
        field,
        Certificate(market.prices(), scale.bonus - scale.lowest, scale.shift),
        market.profits(),
        TIE_BITS - scale.tie_bits,
        report,
    )
    counts = np.concatenate([part.counts for part in found])
    if not counts.any():
        return None
    begin = np.concatenate([[0], np.cumsum(counts)])
    other = np.concatenate([part.others for part in found])
    score = np.concatenate([part.scores for part in found])
    more = _merged(field, pairs, Pairs(begin, other, score, within=0, feasible=0))
    # Pairs that are taken pay as well, and are listed already.
    return more if len(more.other) > len(pairs.other) else None


def _merged(field: Field, pairs: Pairs, added: Pairs) -> Pairs:
    room = len(pairs.other) + len(added.other)
    merged = paths.Lists(
        np.zeros(len(pairs.begin), dtype=np.int64),
        np.empty(room, dtype=np.int32),
        np.empty(room, dtype=np.int64),
    )
    paths.merge_lists(_ranked(field, pairs), _ranked(field, added), merged)
    size = int(merged.begin[-1])
    return replace(
        pairs,
        begin=merged.begin,
        other=merged.other[:size].copy(),
        score=(merged.rank[:size] >> TIE_BITS).astype(np.int32),
    )


def _ranked(field: Field, pairs: Pairs) -> paths.Lists:
    """The pairs with what they are sorted by; each list is put into that order."""
    owners = np.repeat(np.arange(len(pairs.begin) - 1), np.diff(pairs.begin))
    ties = ties_of(field.mentees.identity[owners], field.mentors.identity[pairs.other])
    rank = (pairs.score.astype(np.int64) << TIE_BITS) + ties
    other = pairs.other.copy()
    sort_lists(pairs.begin, other, rank)
    return paths.Lists(pairs.begin, other, rank)


def _against_prices(
    field: Field, certificate: Certificate, profits: Ints, tie_shift: int, report: Report
) -> list[Paying]:
    def look(begin: int, end: int, around: Around) -> Paying:
        found: Paying = scan_prices(
            begin,
            end,
            field,
            around,
            ADDED,
            certificate.prices,
            profits,
            certificate.bonus,
            certificate.shift,
            tie_shift,
        )
        return found

    return list(shared_out(field, look, report))


def score_bound(field: Field, certificate: Certificate, matched: int) -> int:
    """What no round of ``matched`` pairs scores more than, from the prices and *all* pairs.

    The verifier says the same without any code of the search; this is for wholes too large for it.
    Mentees may need up to ``ADDED`` mentors each.
    """
    most = np.full(size_of(field.mentees), np.iinfo(np.int64).max, dtype=np.int64)
    found = _against_prices(field, certificate, most, TIE_BITS, nobody_counts)
    halves: list[int] = np.sum([part.beyond for part in found], axis=0).tolist()
    places = field.mentors.places_open.tolist()
    held: int = sum(n * price for n, price in zip(places, certificate.prices.tolist(), strict=True))
    return (
        (held + (halves[0] << 32) + halves[1]) >> certificate.shift
    ) - certificate.bonus * matched
