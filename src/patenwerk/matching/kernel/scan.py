"""The loops that look at pairs: who fits a mentee, place by place, the nearest places first.

Compiled only; ``candidates`` finds the same pairs with whole arrays where nothing is compiled.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patenwerk.matching.kernel.cards import AGE_BITS, LEVEL_BITS
from patenwerk.matching.kernel.compiled import Cells, Number, compiled, inlined
from patenwerk.matching.kernel.crowd import UNSAID_MONTHS, Crowd
from patenwerk.matching.kernel.neighbours import Neighbours
from patenwerk.matching.kernel.ordering import count_up_to, highest_first
from patenwerk.matching.kernel.scoring import FURTHEST_HM, Tables

LEVEL_MASK = (1 << LEVEL_BITS) - 1
WORD_BITS = 64


class Field(NamedTuple):
    """Everything the loops read. ``mentee_keys``, ``mentor_keys`` as from ``keys``; ``cards``,
    ``mentee_levels``, ``youngest`` and ``oldest`` (of mentees) as from ``cards``; ``starts``
    (places + 1,) int64: which mentors live where, ``rows`` which mentees.
    """

    mentees: Crowd
    mentors: Crowd
    mentee_keys: Cells
    mentor_keys: Cells
    mentee_levels: Cells
    youngest: Cells
    oldest: Cells
    cards: Cells
    starts: Cells
    rows: Cells
    near: Neighbours
    tables: Tables


class Around(NamedTuple):
    """Room for the mentors around one place: as many cells as there can be of them.

    ``column`` int32, ``hm`` int32, ``key`` uint64, ``times`` uint32, ``network`` int32 (twice the
    network, and one more for who meets people of others); ``ok`` bool, ``fits`` int64 and
    ``value`` int64 are written for one mentee after the other, and so are for their languages
    ``word``, ``shift`` (where in a card) and ``level``, int64 with room for all.
    """

    column: Cells
    hm: Cells
    key: Cells
    times: Cells
    network: Cells
    ok: Cells
    fits: Cells
    value: Cells
    word: Cells
    shift: Cells
    level: Cells


class Found(NamedTuple):
    """What a scan answers: ``counts`` int64, how many pairs each mentee has; ``others`` and
    ``scores`` int32, one mentee after the other; ``looked`` int64: pairs within reach, pairs
    that fit.
    """

    counts: Cells
    others: Cells
    scores: Cells
    looked: Cells


@compiled
def grown(array: Cells, size: Number) -> Cells:
    """The same numbers with room for ``size``."""
    larger = np.empty(size, array.dtype)
    larger[: len(array)] = array
    return larger


@inlined
def bits_in(number: Number) -> Number:
    """How many bits are set in a uint64."""
    left: Number = np.uint64(number)
    left = left - ((left >> np.uint64(1)) & np.uint64(0x5555555555555555))
    left = (left & np.uint64(0x3333333333333333)) + (
        (left >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    left = (left + (left >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((left * np.uint64(0x0101010101010101)) >> np.uint64(56))


@inlined
def tie_of(one: Number, other: Number) -> Number:
    """32 bits that depend on the two identities alone; decides between equally good rounds."""
    mixed: Number = (np.uint64(one) ^ np.uint64(other)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    return np.int64(mixed >> np.uint64(32))


@compiled
def gather(place: int, field: Field, around: Around) -> int:
    """Who of the mentors comes to this place, the nearest first, into ``around``; how many.

    Everybody who lives at the place asks the same mentors, so their columns are put side by side
    once, in the order in which the loops below read them.
    """
    mentors = field.mentors
    count = 0
    for at in range(field.near.begin[place], field.near.begin[place + 1]):
        hm = field.near.hm[at]
        other = field.near.place[at]
        for column in range(field.starts[other], field.starts[other + 1]):
            if mentors.reach[column] >= hm:
                around.column[count] = column
                around.hm[count] = hm
                around.key[count] = field.mentor_keys[column]
                around.times[count] = mentors.free_times[column]
                around.network[count] = 2 * mentors.network[column] + mentors.beyond[column]
                count += 1
    return count


@compiled
def keep_numbers(row: Number, count: Number, field: Field, around: Around) -> Number:
    """Which of the first ``count`` mentors of ``around`` break no limit of a mentee who lives there
    that numbers can say: where they stand into ``around.fits``; answers how many.

    The first loop is one the compiler turns into vector instructions, so it tests what most fail;
    the rest comes after, for few.
    """
    mentees = field.mentees
    key = field.mentee_keys[row]
    times = mentees.free_times[row]
    network = mentees.network[row]
    beyond = np.int32(mentees.beyond[row])
    keys, their_times, networks = around.key, around.times, around.network
    ok = around.ok
    for at in range(count):
        ok[at] = (
            ((keys[at] & key) == 0)
            & ((their_times[at] & times) != 0)
            & (((networks[at] >> 1) == network) | ((networks[at] & beyond) != 0))
        )
    found = 0
    for at in range(count):
        around.fits[found] = at
        found += ok[at]
    return found


@compiled
def spoken_by(row: Number, field: Field, around: Around) -> Number:
    """Where the level of each language of a mentee stands in a card, and their own level, into
    ``around``; answers how many.
    """
    found = 0
    for word in range(field.mentee_levels.shape[1]):
        for shift in range(0, WORD_BITS, LEVEL_BITS):
            level = (field.mentee_levels[row, word] >> shift) & LEVEL_MASK
            around.word[found] = word
            around.shift[found] = shift
            around.level[found] = level
            found += level > 0
    return found


@compiled
def judge(row: Number, count: Number, field: Field, around: Around) -> Number:
    """Of the first ``count`` of ``around.fits`` those who keep what numbers cannot say: language,
    exact ages, never again. They are moved to the front, and the scores of these pairs stand in
    ``around.value``; answers how many.

    Both in one go, because the card of a mentor is at hand then.
    """
    mentees, cards, tables = field.mentees, field.cards, field.tables
    languages = spoken_by(row, field, around)
    required = mentees.required[row]
    age, youngest, oldest = mentees.age[row], field.youngest[row], field.oldest[row]
    first, last = mentees.never[row], mentees.never[row + 1]
    some_never = first < last
    times = mentees.free_times[row]
    asked = counted(mentees.asked[row])
    months: Number = np.int64(mentees.months[row])
    waiting: Number = np.int64(mentees.waiting[row])
    fields_at = field.mentee_levels.shape[1]
    interests_at = fields_at + mentees.fields.shape[1]
    dislikes_at = interests_at + mentees.interests.shape[1]
    marks_at = dislikes_at + mentees.dislikes.shape[1]
    found = 0
    for at in range(count):
        one = counted(around.fits[at])
        column = counted(around.column[one])
        best: Number = 0
        for known in range(languages):
            theirs = cards[column, around.word[known]] >> around.shift[known]
            best = max(best, min(theirs & LEVEL_MASK, around.level[known]))
        if best < required:
            continue
        marks = cards[column, marks_at]
        keeps = (
            (youngest <= np.int16(marks))
            & (np.int16(marks) <= oldest)
            & (np.int16(marks >> AGE_BITS) <= age)
            & (age <= np.int16(marks >> (2 * AGE_BITS)))
        )
        if not keeps:
            continue
        if some_never and is_listed(column, first, last, mentees.never_with):
            continue
        score: Number = np.int64(tables.distance[counted(min(around.hm[one], FURTHEST_HM))])
        score += tables.languages[counted(best)]
        score += tables.free_time[counted(bits_in(times & around.times[one]))]
        shared = common_bits(row, column, mentees.fields, fields_at, cards)
        score += tables.fields[asked, counted(shared)]
        shared = common_bits(row, column, mentees.interests, interests_at, cards)
        score += tables.interests[counted(min(shared, len(tables.interests) - 1))]
        shared = common_bits(row, column, mentees.dislikes, dislikes_at, cards)
        score += tables.dislikes[counted(min(shared, len(tables.dislikes) - 1))]
        other_months = marks >> (3 * AGE_BITS)
        if months != UNSAID_MONTHS and other_months != UNSAID_MONTHS:  # noqa: PLR1714  compiles
            apart = abs(months - other_months)
            apart = min(apart, len(tables.expected_length) - 1)
            score += tables.expected_length[counted(apart)]
        score += (waiting + cards[column, marks_at + 1]) * tables.waiting[0]
        around.value[found] = score
        around.fits[found] = one
        found += 1
    return found


@inlined
def counted(number: Number) -> Number:
    """A number that is never negative, as an index: spares the loop to ask whether it is."""
    return np.uint64(number)


@compiled
def is_listed(one: Number, first: Number, last: Number, others: Cells) -> Number:
    """Whether somebody stands in the list between ``first`` and ``last``."""
    for at in range(first, last):  # noqa: SIM110  a loop compiles, any() does not
        if others[at] == one:
            return True
    return False


@inlined
def common_bits(row: Number, column: Number, words: Cells, first: Number, cards: Cells) -> Number:
    """How many bits of a mentee's ``words`` stand in a card from the word ``first`` on, too."""
    shared: Number = 0
    for word in range(words.shape[1]):
        shared += bits_in(words[row, word] & np.uint64(cards[column, first + word]))
    return shared


@compiled
def scan(begin: int, end: int, field: Field, around: Around, most: int) -> Found:
    """Who fits the mentees of the places from ``begin`` to ``end``: of each the best ``most``.

    The best first, equal scores by tie.
    """
    first, last = field.rows[begin], field.rows[end]
    identity, identities = field.mentees.identity, field.mentors.identity
    counts = np.zeros(last - first, np.int64)
    others = np.empty(64, np.int32)
    scores = np.empty(64, np.int32)
    looked = np.zeros(2, np.int64)
    size: Number = 0
    for place in range(begin, end):
        if field.rows[place] == field.rows[place + 1]:
            continue
        reached = gather(place, field, around)
        for row in range(field.rows[place], field.rows[place + 1]):
            within = count_up_to(around.hm, reached, field.mentees.reach[row])
            count = keep_numbers(row, within, field, around)
            count = judge(row, count, field, around)
            looked[0] += within
            looked[1] += count
            kept: Number = min(count, most)
            if size + kept > len(others):
                others = grown(others, 2 * len(others) + kept)
                scores = grown(scores, 2 * len(scores) + kept)
            own = identity[row]
            for at in range(count):
                tie = tie_of(own, identities[around.column[around.fits[at]]])
                around.value[at] = (around.value[at] << 32) + tie
            highest_first(around.value, around.fits, 0, count, kept)
            for at in range(kept):
                others[size + at] = around.column[around.fits[at]]
                scores[size + at] = around.value[at] >> 32
            counts[row - first] = kept
            size += kept
    return Found(counts, others[:size].copy(), scores[:size].copy(), looked)


class Asking(NamedTuple):
    """What a scan asks for: pairs that are not made and are worth more than ``prices`` (mentors,)
    and ``profits`` (mentees,) together. ``limits`` (mentees,): only mentors who cost less are
    looked at, nobody where it is 0. Who a mentee has stands in ``partners`` between their
    ``slots`` (mentees + 1,). All int64.
    """

    prices: Cells
    profits: Cells
    limits: Cells
    slots: Cells
    partners: Cells


class Paying(NamedTuple):
    """What such a scan answers: ``counts`` int64, how many pairs of each mentee pay; ``others`` and
    ``scores`` int32; ``beyond`` int64 (2,): what the best of them, for each mentee as many as the
    partners needed, are worth more, in two halves of 32 bits that are summed apart.
    """

    counts: Cells
    others: Cells
    scores: Cells
    beyond: Cells


@compiled
def keep_cheaper(limit: Number, count: Number, prices: Cells, around: Around) -> Number:
    """Of the first ``count`` of ``around.fits`` those who cost less. Answers how many, moved to the
    front.
    """
    found = 0
    for at in range(count):
        one = around.fits[at]
        around.fits[found] = one
        found += prices[around.column[one]] < limit
    return found


@compiled
def keep_others(row: Number, count: Number, asking: Asking, around: Around) -> Number:
    """Of the first ``count`` of ``around.fits`` those whom a mentee does not have already. Answers
    how many, moved to the front.
    """
    found = 0
    for at in range(count):
        one = around.fits[at]
        keeps = True
        for slot in range(asking.slots[row], asking.slots[row + 1]):
            if asking.partners[slot] == around.column[one]:
                keeps = False
        around.fits[found] = one
        found += keeps
    return found


@inlined
def keep_best(value: Number, at: Number, held: Number, best: Cells, best_at: Cells) -> Number:
    """Put ``value`` into its rank among the ``held`` best, where there is room or it is better;
    answers how many are held now.
    """
    if held == len(best):
        if value <= best[held - 1]:
            return held
        held -= 1
    rank = held
    while rank > 0 and best[rank - 1] < value:
        best[rank] = best[rank - 1]
        best_at[rank] = best_at[rank - 1]
        rank -= 1
    best[rank] = value
    best_at[rank] = at
    return held + 1


@compiled
def scan_prices(  # noqa: C901  one loop over pairs reads better than its parts
    begin: int,
    end: int,
    field: Field,
    around: Around,
    most: int,
    asking: Asking,
    bonus: int,
    shift: int,
    tie_shift: int,
) -> Paying:
    """Which pairs of the mentees of the places from ``begin`` to ``end`` pay: of each mentee the
    best ``most``. A pair is worth (score + ``bonus``) << ``shift``, and its tie >> ``tie_shift``
    more.
    """
    first, last = field.rows[begin], field.rows[end]
    identity, identities = field.mentees.identity, field.mentors.identity
    prices = asking.prices
    counts = np.zeros(last - first, np.int64)
    others = np.empty(64, np.int32)
    scores = np.empty(64, np.int32)
    beyond = np.zeros(2, np.int64)
    best = np.zeros(most, np.int64)
    best_at = np.zeros(most, np.int64)
    size: Number = 0
    for place in range(begin, end):
        asked = 0
        for row in range(field.rows[place], field.rows[place + 1]):
            asked += asking.limits[row] > 0
        if asked == 0:
            continue
        reached = gather(place, field, around)
        for row in range(field.rows[place], field.rows[place + 1]):
            limit = asking.limits[row]
            if limit == 0:
                continue
            within = count_up_to(around.hm, reached, field.mentees.reach[row])
            count = keep_numbers(row, within, field, around)
            count = keep_cheaper(limit, count, prices, around)
            count = keep_others(row, count, asking, around)
            count = judge(row, count, field, around)
            held: Number = 0
            own, profit = identity[row], asking.profits[row]
            for at in range(count):
                one = around.fits[at]
                column = around.column[one]
                left = ((around.value[at] + bonus) << shift) - prices[column]
                if tie_shift < 32:
                    left += tie_of(own, identities[column]) >> tie_shift
                if left > profit:
                    held = keep_best(left, one, held, best, best_at)
            if size + most > len(others):
                others = grown(others, 2 * len(others) + most)
                scores = grown(scores, 2 * len(scores) + most)
            needs = min(field.mentees.places_open[row], most)
            for rank in range(held):
                if rank < needs:
                    more = best[rank] - profit
                    beyond[0] += more >> 32
                    beyond[1] += more & 0xFFFFFFFF
                column = around.column[best_at[rank]]
                others[size] = column
                scores[size] = ((best[rank] + prices[column]) >> shift) - bonus
                size += 1
            counts[row - first] = held
    return Paying(counts, others[:size].copy(), scores[:size].copy(), beyond)


class Lists(NamedTuple):
    """Pairs as compressed rows: ``begin`` int64, ``other`` and ``score`` int32, each list with the
    highest score first, equal ones by tie.
    """

    begin: Cells
    other: Cells
    score: Cells


@compiled
def merge_lists(
    listed: Lists, added: Lists, merged: Lists, identity: Cells, identities: Cells
) -> None:
    """Both lists of every row as one; ``merged`` has room for all. A pair that stands in both
    stands once; ``begin`` says how much of the room is used.
    """
    size = 0
    for row in range(len(listed.begin) - 1):
        at, end = listed.begin[row], listed.begin[row + 1]
        new, last = added.begin[row], added.begin[row + 1]
        merged.begin[row] = size
        own = identity[row]
        while at < end or new < last:
            is_new = at == end
            if at < end and new < last:
                ahead: Number = np.int64(added.score[new]) - np.int64(listed.score[at])
                if ahead == 0:
                    ahead = tie_of(own, identities[added.other[new]])
                    ahead -= tie_of(own, identities[listed.other[at]])
                is_new = ahead > 0
            source, place = (added, new) if is_new else (listed, at)
            if size == merged.begin[row] or merged.other[size - 1] != source.other[place]:
                merged.other[size] = source.other[place]
                merged.score[size] = source.score[place]
                size += 1
            if is_new:
                new += 1
            else:
                at += 1
    merged.begin[len(listed.begin) - 1] = size
