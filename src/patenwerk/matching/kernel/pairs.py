"""All pairs that keep every limit, with their scores, as compressed rows: never a dense table."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel.cards import (
    LANGUAGES_A_WORD,
    ages_wished,
    cards_of,
    language_words,
    levels_of,
)
from patenwerk.matching.kernel.compiled import IS_COMPILED
from patenwerk.matching.kernel.criteria import common_levels, never_again
from patenwerk.matching.kernel.crowd import UNKNOWN_AGE, Crowd, size_of
from patenwerk.matching.kernel.keys import WORD_BITS, common_of, keys_of
from patenwerk.matching.kernel.neighbours import Vectors, neighbours_of
from patenwerk.matching.kernel.ordering import MOST_BINS, Ranking
from patenwerk.matching.kernel.progress import Report, nobody_counts
from patenwerk.matching.kernel.scan import Around, Field, Found, scan
from patenwerk.matching.kernel.scoring import Tables, part_points, total_score
from patenwerk.matching.kernel.ties import ties_of

EVERYBODY = 1 << 40

Portion = TypeVar("Portion")

_PLACES_AT_ONCE = 16
_SAMPLED = 32
_PAIRS_AT_ONCE = 1 << 20
_SPARE = 16
"""While pairs are collected there is room for one in so many more."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Who fits each of ``n`` rows, the highest score first, equal ones in a lasting order.

    ``begin`` (n + 1,) int64; ``other`` (pairs,) int32 and ``score`` (pairs,) int32. ``within``:
    how many pairs were near enough to look at; ``feasible``: how many fit, also where only the
    best were kept.
    """

    begin: NDArray[np.int64]
    other: NDArray[np.int32]
    score: NDArray[np.int32]
    within: int
    feasible: int


def field_of(mentees: Crowd, mentors: Crowd, vectors: Vectors, tables: Tables) -> Field:
    """Everything the search reads, put together once. Both crowds are sorted by place."""
    places, words = len(vectors), language_words(mentees, mentors)
    return Field(
        mentees,
        mentors,
        *keys_of(mentees, mentors),
        common_of(mentees),
        common_of(mentors),
        levels_of(mentees, words),
        *ages_wished(mentees),
        cards_of(mentors, words),
        starts_of(mentors, places),
        starts_of(mentees, places),
        neighbours_of(vectors, furthest_from(mentees, places), furthest_from(mentors, places)),
        tables,
    )


def furthest_from(crowd: Crowd, places: int) -> NDArray[np.int32]:
    """(places,) how far anybody goes from each place, -1 where nobody lives."""
    reach = np.full(places, -1, dtype=np.int32)
    np.maximum.at(reach, crowd.place, crowd.reach)
    return reach


def starts_of(crowd: Crowd, places: int) -> NDArray[np.int64]:
    """(places + 1,) the number of the first who lives in each place."""
    starts = np.zeros(places + 1, dtype=np.int64)
    np.cumsum(np.bincount(crowd.place, minlength=places), out=starts[1:])
    return starts


def find_pairs(
    field: Field,
    *,
    most: int = EVERYBODY,
    one_in: int = EVERYBODY,
    report: Report = nobody_counts,
) -> Pairs:
    """Every pair that breaks no limit; of each mentee the best ``most``, and one more for every
    ``one_in`` who fit.
    """
    find = _compiled if IS_COMPILED else _interpreted
    return _joined(find(field, most, one_in, report))


def listed_pairs(
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    scores: NDArray[np.int32],
    *,
    row_identity: NDArray[np.uint64],
    column_identity: NDArray[np.uint64],
) -> Pairs:
    """Pairs that were found elsewhere, (pairs,) each and in any order, as compressed rows."""
    ties = ties_of(row_identity[rows], column_identity[columns])
    order = np.lexsort((ties, scores, -rows))[::-1]
    begin = np.zeros(len(row_identity) + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, minlength=len(row_identity)), out=begin[1:])
    return Pairs(
        begin,
        columns[order].astype(np.int32),
        scores[order].astype(np.int32),
        within=len(rows),
        feasible=len(rows),
    )


@dataclass(frozen=True, slots=True)
class Favoured:
    """Pairs (``rows``, ``columns``) that count ``points`` more than their score says."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    points: int

    def among(
        self, rows: NDArray[np.int64], columns: NDArray[np.integer], width: int
    ) -> NDArray[np.bool_]:
        """Which of these pairs are favoured; ``width``: how many columns there are."""
        return np.isin(rows * width + columns, self.rows * width + self.columns)


def favouring(pairs: Pairs, favoured: Favoured, field: Field) -> Pairs:
    """The same pairs with what counts more, in their new order."""
    width = size_of(field.mentors)
    rows = np.repeat(np.arange(len(pairs.begin) - 1), np.diff(pairs.begin))
    score = pairs.score + favoured.points * favoured.among(rows, pairs.other, width)
    again = listed_pairs(
        rows,
        pairs.other.astype(np.int64),
        score.astype(np.int32),
        row_identity=field.mentees.identity,
        column_identity=field.mentors.identity,
    )
    return replace(again, within=pairs.within, feasible=pairs.feasible)


def expected_pairs(field: Field) -> int:
    """About how many pairs there are in all: those of every 32nd portion of places, times 32."""
    found = shared_out(
        field,
        lambda begin, end, around: scan(begin, end, field, around, 0, EVERYBODY).looked[1],
        nobody_counts,
        every=_SAMPLED,
    )
    return sum(int(count) for count in found) * _SAMPLED


def _joined(parts: Iterable[Found]) -> Pairs:
    """All parts one after the other. Each is let go as soon as it is copied, so that the pairs
    stand in memory once, not twice.
    """
    counts: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    looked = np.zeros(2, dtype=np.int64)
    other, score = (np.empty(0, dtype=np.int32) for _ in range(2))
    size = 0
    for part in parts:
        end = size + len(part.others)
        if end > len(other):
            # In place, where whatever is large is moved by its addresses alone.
            for array in (other, score):
                array.resize(end + end // _SPARE, refcheck=False)
        other[size:end], score[size:end] = part.others, part.scores
        counts.append(part.counts)
        looked += part.looked
        size = end
    for array in (other, score):
        array.resize(size, refcheck=False)
    begin = np.concatenate([[0], np.cumsum(np.concatenate(counts))])
    return Pairs(begin, other, score, within=int(looked[0]), feasible=int(looked[1]))


def mentors_around(field: Field) -> NDArray[np.int64]:
    """(places,) int64: how many mentors live within reach of each place."""
    lengths = np.diff(field.starts)[field.near.place]
    return np.diff(np.concatenate([[0], np.cumsum(lengths)])[field.near.begin])


def _compiled(field: Field, most: int, one_in: int, report: Report) -> Iterator[Found]:
    return shared_out(
        field, lambda begin, end, around: scan(begin, end, field, around, most, one_in), report
    )


def shared_out(
    field: Field, look: Callable[[int, int, Around], Portion], report: Report, *, every: int = 1
) -> Iterator[Portion]:
    """What ``look`` finds for all places, in their order. They are shared out among threads in
    small portions, because some hold many times more people than others. ``every``: only one
    portion of so many.
    """
    places = len(field.rows) - 1
    room = int(mentors_around(field).max(initial=0))
    languages = LANGUAGES_A_WORD * field.mentee_levels.shape[1]
    own = threading.local()

    def one(begin: int) -> Portion:
        if not hasattr(own, "around"):
            own.around = _room_for(room, languages)
        with np.errstate(over="ignore"):  # where loops are interpreted, mixing bits overflows
            return look(begin, min(places, begin + _PLACES_AT_ONCE), own.around)

    portions = range(0, places, _PLACES_AT_ONCE * every)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        try:
            for begin, found in zip(portions, threads.map(one, portions), strict=True):
                report(begin, places)
                yield found
        finally:
            threads.shutdown(cancel_futures=True)


def _room_for(mentors: int, languages: int) -> Around:
    def room(kind: type[np.generic], size: int = mentors) -> NDArray[Any]:
        return np.empty(size, dtype=kind)

    blocks = -(-mentors // WORD_BITS)
    return Around(
        column=room(np.int32),
        hm=room(np.int32),
        common=room(np.uint64),
        points=room(np.int64),
        bits=room(np.uint64, 2 * WORD_BITS * blocks),
        fits=room(np.int64),
        value=room(np.int64),
        order=Ranking(room(np.int64, MOST_BINS), room(np.int64), room(np.int64)),
        bit=room(np.int64, 2 * WORD_BITS),
        word=room(np.int64, languages + 1),
        shift=room(np.int64, languages + 1),
        level=room(np.int64, languages + 1),
    )


def _interpreted(field: Field, most: int, one_in: int, report: Report) -> Iterator[Found]:
    """The same with whole arrays: as many places at once as make about a million pairs."""
    pairs = np.cumsum(mentors_around(field) * np.diff(field.rows))
    places, begin = len(field.rows) - 1, 0
    while begin < places:
        before = int(pairs[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(pairs, before + _PAIRS_AT_ONCE)))
        report(begin, places)
        yield _scan_arrays(begin, min(end, places), field, most, one_in)
        begin = end


def spread(
    first: NDArray[np.integer], lengths: NDArray[np.integer]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each range the numbers from ``first`` on, one after the other, and whose they are."""
    owner = np.repeat(np.arange(len(lengths)), lengths)
    shift = np.asarray(first, dtype=np.int64) - (np.cumsum(lengths) - lengths)
    return owner, np.arange(len(owner)) + shift[owner]


def _scan_arrays(begin: int, end: int, field: Field, most: int, one_in: int) -> Found:
    mentees, mentors, near = field.mentees, field.mentors, field.near
    low, high = near.begin[begin], near.begin[end]
    place = np.repeat(np.arange(begin, end), np.diff(near.begin[begin : end + 1]))
    other, hm = near.place[low:high], near.hm[low:high]
    at, column = spread(field.starts[other], field.starts[other + 1] - field.starts[other])
    comes = mentors.reach[column] >= hm[at]
    at, column = at[comes], column[comes]
    # Sorted by place and distance, so how many are near enough for a mentee is one search.
    keyed = place[at] * np.int64(1 << 32) + hm[at]
    first_row, last_row = int(field.rows[begin]), int(field.rows[end])
    row = np.arange(first_row, last_row)
    home = mentees.place[row].astype(np.int64) * (1 << 32)
    first = np.searchsorted(keyed, home)
    within = np.searchsorted(keyed, home + mentees.reach[row], "right") - first
    owner, chosen = spread(first, within)
    rows, columns, apart = row[owner], column[chosen], hm[at[chosen]]
    fits = (field.mentee_keys[rows] & field.mentor_keys[columns]) == 0
    fits &= (mentees.free_times[rows] & mentors.free_times[columns]) != 0
    fits &= (mentees.network[rows] == mentors.network[columns]) | (
        mentees.beyond[rows] & mentors.beyond[columns]
    )
    rows, columns, apart = rows[fits], columns[fits], apart[fits]
    fits = keeps_rest(mentees, mentors, rows, columns)
    rows, columns, apart = rows[fits], columns[fits], apart[fits]
    levels = common_levels(mentees, mentors, rows, columns)
    points = part_points(
        mentees, mentors, rows, columns, hm=apart, levels=levels, tables=field.tables
    )
    scores = total_score(points)
    ties = ties_of(mentees.identity[rows], mentors.identity[columns])
    order = np.lexsort((ties, scores, -rows))[::-1]
    counts = np.bincount(rows - first_row, minlength=last_row - first_row)
    rank = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    kept = np.minimum(counts, most + counts // one_in)
    order = order[rank < np.repeat(kept, counts)]
    return Found(
        kept,
        columns[order].astype(np.int32),
        scores[order],
        np.array([within.sum(), len(rows)], dtype=np.int64),
    )


def keeps_rest(
    mentees: Crowd, mentors: Crowd, rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """What the numbers of two people cannot say: language, exact ages, never again."""
    required = mentees.required[rows]
    known, spoken = mentees.speaks[rows, required], mentors.speaks[columns, required]
    keeps: NDArray[np.bool_] = (known[..., 0] & spoken[..., 0]) != 0
    for word in range(1, known.shape[-1]):
        keeps |= (known[..., word] & spoken[..., word]) != 0
    keeps &= keeps_ages(mentees, mentors, rows, columns)
    return keeps & ~never_again(mentees, rows, columns, size_of(mentors))


def keeps_ages(
    mentees: Crowd, mentors: Crowd, rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether both are as old as the other wishes: the numbers know classes of ages only."""
    keeps: NDArray[np.bool_] = np.ones(np.broadcast_shapes(rows.shape, columns.shape), np.bool_)
    for wishing, wished, one, another in (
        (mentees, mentors, rows, columns),
        (mentors, mentees, columns, rows),
    ):
        ages = wished.age[another]
        inside = (wishing.youngest[one] <= ages) & (ages <= wishing.oldest[one])
        keeps &= ~wishing.wishes_age[one] | (inside & (ages != UNKNOWN_AGE))
    return keeps
