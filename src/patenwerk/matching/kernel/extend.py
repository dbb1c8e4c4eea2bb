"""Price and extend: exact for all pairs, though only the best of each mentee are listed.

From some size on not all pairs can be kept. So the best of each mentee are listed and solved;
then *all* pairs are looked at against the prices, those that would pay are added, and it is solved
again, until none pays. Then the prices prove the round for all pairs, listed or not.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from patenwerk.matching.kernel.compiled import IS_COMPILED
from patenwerk.matching.kernel.crowd import size_of
from patenwerk.matching.kernel.market import Ints, Market
from patenwerk.matching.kernel.pairs import (
    EVERYBODY,
    Favoured,
    Pairs,
    expected_pairs,
    favouring,
    find_pairs,
    listed_pairs,
    shared_out,
)
from patenwerk.matching.kernel.progress import Report, nobody_counts
from patenwerk.matching.kernel.scan import (
    Around,
    Asking,
    Field,
    Lists,
    Paying,
    merge_lists,
    scan_prices,
)
from patenwerk.matching.kernel.solver import (
    Certificate,
    Earlier,
    Solution,
    filled_market,
    nothing_found,
    resumed_market,
    solution_of,
)
from patenwerk.matching.kernel.ties import TIE_BITS

LISTED = 128_000_000
"""About as many pairs are listed at first (16 bytes each while they are solved), some
fewer where many have short lists."""
LEAST = 32
"""At least so many of each mentee."""
CLOSE = 1e-5
"""Where not all pairs can be listed, a round whose gap is proved to be no larger is good enough."""
ADDED = 8
"""So many paying pairs of a mentee are looked for at a time: more than partners anybody needs."""


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
    close: float = CLOSE,
) -> Solution:
    """The best round over every feasible pair of the field, whatever is listed at first: exact up
    to ``LISTED`` pairs in all; beyond, nobody is missing and the gap is at most ``close``.

    ``looking`` and ``solving`` are told how far the two steps are. Interpreted, everything is
    listed. Raises :class:`~patenwerk.matching.kernel.market.RoundTooLarge`.
    """
    mentees, mentors = field.mentees, field.mentors
    most = one_in = EVERYBODY
    expected = expected_pairs(field) if IS_COMPILED else 0
    if expected > listed:
        most, one_in = shares(listed, expected, size_of(mentees), least)
    pairs = find_pairs(field, most=most, one_in=one_in, report=looking)
    ranked = np.diff(pairs.begin)
    ranked[ranked < most] = 0
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
        more = _with_paying(field, pairs, market, ranked, close, looking)
        if more is None:
            return solution_of(market, mentors.places_open)
        del market
        pairs = more


def shares(listed: int, expected: int, mentees: int, least: int) -> tuple[int, int]:
    """How many are listed of each mentee, that it be about ``listed`` in all: the best so many, at
    least ``least``, and one more for every so many of the ``expected`` pairs.

    Whoever has much to choose from shares the best of it with many others, and gets one who is
    further down; so they have a longer list.
    """
    most = max(least, listed * 2 // 3 // mentees)
    return most, max(1, expected // max(1, listed // 3))


def _with_paying(
    field: Field, pairs: Pairs, market: Market, ranked: Ints, close: float, report: Report
) -> Pairs | None:
    """The listed pairs and those that would pay; None where none does, or all together so little
    that the round is ``close`` to the best.

    ``ranked`` (mentees,): so many of each were listed at first, 0 where that is all there are.
    """
    scale, profits = market.scale, market.profits()
    # Whatever was added since ranks behind these. So whoever is not listed pays only if they cost
    # less than the last of these is worth beyond the profit.
    last = np.where(ranked > 0, market.worth_at(ranked), 0)
    found = _against_prices(
        field,
        Asking(market.prices(), profits, np.maximum(0, last - profits), *market.partners()),
        scale.bonus - scale.lowest,
        scale.shift,
        TIE_BITS - scale.tie_bits,
        report,
    )
    if _is_close(market, _sum_of(found), close):
        return None
    return _merged(field, pairs, _ranked(field, found))


def _sum_of(found: list[Paying]) -> int:
    halves: list[int] = np.sum([part.beyond for part in found], axis=0).tolist()
    return (halves[0] << 32) + halves[1]


def _is_close(market: Market, beyond: int, close: float) -> bool:
    """Whether no round can have a pair more, nor be better than this one by more than ``close``
    of its score: ``beyond`` is what the bound by all pairs is larger than what it is worth.
    """
    scale = market.scale
    rows, _ = market.pairs()
    total = (market.worth() >> scale.shift) - (scale.bonus - scale.lowest) * len(rows)
    return beyond < scale.bonus << scale.shift and beyond >> scale.shift <= close * total


def _merged(field: Field, pairs: Pairs, added: Lists) -> Pairs:
    """The listed pairs with those added to them, as ranked lists; one that stands in both once."""
    room = len(pairs.other) + len(added.other)
    merged = Lists(
        np.zeros(len(pairs.begin), dtype=np.int64),
        np.empty(room, dtype=np.int32),
        np.empty(room, dtype=np.int32),
    )
    listed = Lists(pairs.begin, pairs.other, pairs.score)
    with np.errstate(over="ignore"):  # where loops are interpreted, mixing bits overflows
        merge_lists(listed, added, merged, field.mentees.identity, field.mentors.identity)
    size = int(merged.begin[-1])
    return replace(pairs, begin=merged.begin, other=merged.other[:size], score=merged.score[:size])


def _ranked(field: Field, found: list[Paying]) -> Lists:
    """What was found to pay, each list with the highest score first as the listed pairs are."""
    counts, other, score = (
        np.concatenate([getattr(part, name) for part in found])
        for name in ("counts", "others", "scores")
    )
    rows = np.repeat(np.arange(len(counts)), counts)
    ranked = listed_pairs(
        rows,
        other.astype(np.int64),
        score,
        row_identity=field.mentees.identity,
        column_identity=field.mentors.identity,
    )
    return Lists(ranked.begin, ranked.other, ranked.score)


def _against_prices(
    field: Field, asking: Asking, bonus: int, shift: int, tie_shift: int, report: Report
) -> list[Paying]:
    def look(begin: int, end: int, around: Around) -> Paying:
        found: Paying = scan_prices(
            begin, end, field, around, ADDED, asking, bonus, shift, tie_shift
        )
        return found

    return list(shared_out(field, look, report))


def score_bound(field: Field, certificate: Certificate, matched: int) -> int:
    """What no round of ``matched`` pairs scores more than, from the prices and *all* pairs.

    The verifier says the same without any code of the search; this is for wholes too large for it.
    Mentees may need up to ``ADDED`` mentors each.
    """
    none = np.zeros(size_of(field.mentees) + 1, dtype=np.int64)
    all_prices = np.full(len(none) - 1, np.iinfo(np.int64).max, dtype=np.int64)
    found = _against_prices(
        field,
        Asking(certificate.prices, none[1:], all_prices, none, none),
        certificate.bonus,
        certificate.shift,
        TIE_BITS,
        nobody_counts,
    )
    places, prices = field.mentors.places_open.tolist(), certificate.prices.tolist()
    worth = sum(n * price for n, price in zip(places, prices, strict=True)) + _sum_of(found)
    return int(worth >> certificate.shift) - certificate.bonus * matched
