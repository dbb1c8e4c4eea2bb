"""The loops that look at pairs: who fits a mentee, place by place, the nearest places first.

Compiled only; ``candidates`` finds the same pairs with whole arrays where nothing is compiled.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from patenwerk.matching.kernel.cards import AGE_BITS, LEVEL_BITS, LEVEL_MASK, MARKS
from patenwerk.matching.kernel.compiled import Cells, Number, compiled, inlined
from patenwerk.matching.kernel.crowd import UNSAID_MONTHS, Crowd
from patenwerk.matching.kernel.keys import TIME_BITS, WORD_BITS
from patenwerk.matching.kernel.neighbours import Neighbours
from patenwerk.matching.kernel.ordering import Ranking, count_up_to, rank_highest
from patenwerk.matching.kernel.scoring import FURTHEST_HM, Tables
from patenwerk.matching.kernel.ties import TIE_BITS, tie_of

ONE = np.uint64(1)
EACH_LEVEL = np.uint64(0x1111111111111111)
LEVEL_SPARE = np.uint64(0x8888888888888888)
"""The lowest, and the highest bit of all levels in a word; no level needs the highest."""


class Field(NamedTuple):
    """Everything the loops read. ``mentee_keys``, ``mentor_keys``, ``mentee_common`` and
    ``mentor_common`` as from ``keys``; ``cards``, ``mentee_levels``, ``youngest`` and ``oldest``
    (of mentees) as from ``cards``; ``starts`` (places + 1,) int64: which mentors live where,
    ``rows`` which mentees.
    """

    mentees: Crowd
    mentors: Crowd
    mentee_keys: Cells
    mentor_keys: Cells
    mentee_common: Cells
    mentor_common: Cells
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

    ``column`` int32, ``hm`` int32, ``common`` uint64 and ``points`` int64 (for the distance and for
    their waiting) say who they are; ``bits`` uint64 holds the bits of 64 of them side by side: of
    each block first the 64 of their keys, then the 64 of what they need in common, one word for
    one bit of all 64.

    The rest is written for one mentee after the other: ``fits`` and ``value`` int64, and ``order``
    for ranking them; ``bit`` int64 the numbers of the mentee's own bits; ``word``, ``shift`` (where
    in a card) and ``level`` of their languages, int64 with room for all.
    """

    column: Cells
    hm: Cells
    common: Cells
    points: Cells
    bits: Cells
    fits: Cells
    value: Cells
    order: Ranking
    bit: Cells
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


@compiled
def gather(place: int, field: Field, around: Around) -> int:
    """Who of the mentors comes to this place, the nearest first, into ``around``; how many.

    Everybody who lives at the place asks the same mentors, so what is read of them is put side by
    side once, and their bits are turned so that 64 of them are compared at a time.
    """
    mentors, tables, bits = field.mentors, field.tables, around.bits
    a_day: Number = np.int64(tables.waiting[0])
    count = 0
    for at in range(field.near.begin[place], field.near.begin[place + 1]):
        hm = field.near.hm[at]
        other = field.near.place[at]
        near: Number = np.int64(tables.distance[min(hm, FURTHEST_HM)])
        for column in range(field.starts[other], field.starts[other + 1]):
            if mentors.reach[column] >= hm:
                around.column[count] = column
                around.hm[count] = hm
                around.common[count] = field.mentor_common[column]
                around.points[count] = near + mentors.waiting[column] * a_day
                at_bits = 2 * count - count % WORD_BITS
                bits[at_bits] = field.mentor_keys[column]
                bits[at_bits + WORD_BITS] = field.mentor_common[column]
                count += 1
    blocks = (count + WORD_BITS - 1) // WORD_BITS
    for nobody in range(count, blocks * WORD_BITS):
        bits[2 * nobody - nobody % WORD_BITS + WORD_BITS] = np.uint64(0)
    for half in range(2 * blocks):
        turn(bits, half * WORD_BITS)
    return count


@compiled
def turn(bits: Cells, first: Number) -> None:
    """Turn a square of 64 words of 64 bits from ``first`` on: bit i of word k becomes bit k of
    word i. Ever smaller quarters change places (Warren, Hacker's Delight, 7-3).
    """
    width = WORD_BITS // 2
    mask = np.uint64(0x00000000FFFFFFFF)
    while width > 0:
        shift = np.uint64(width)
        for corner in range(first, first + WORD_BITS, 2 * width):
            for at in range(corner, corner + width):
                moved = ((bits[at] >> shift) ^ bits[at + width]) & mask
                bits[at] ^= moved << shift
                bits[at + width] ^= moved
        width //= 2
        mask ^= mask << np.uint64(width)


@compiled
def own_bits(number: Number, found: Number, around: Around) -> Number:
    """The numbers of all bits of a uint64 into ``around.bit`` from ``found`` on; answers where they
    end.
    """
    left = number
    while left:
        around.bit[found] = bits_in((left & (~left + ONE)) - ONE)
        left &= left - ONE
        found += 1
    return found


@compiled
def keep_numbers(row: Number, count: Number, field: Field, around: Around) -> Number:
    """Which of the first ``count`` mentors of ``around`` break no limit of a mentee who lives there
    that numbers can say: where they stand into ``around.fits``; answers how many.

    They share a cell of the week, they share a network (some that do not are left, where there are
    more networks than bits) or both meet others, and their keys have no bit in common.
    """
    bits, bit, fits = around.bits, around.bit, around.fits
    common = field.mentee_common[row]
    times = own_bits(common & TIME_BITS, 0, around)
    others = own_bits(common & ~TIME_BITS, times, around)
    unwished = own_bits(field.mentee_keys[row], others, around)
    found = 0
    for begin in range(0, count, WORD_BITS):
        keys = 2 * begin
        commons = keys + WORD_BITS
        some_time, some_network, bars = np.uint64(0), np.uint64(0), np.uint64(0)
        for at in range(times):
            some_time |= bits[commons + bit[at]]
        for at in range(times, others):
            some_network |= bits[commons + bit[at]]
        for at in range(others, unwished):
            bars |= bits[keys + bit[at]]
        left = some_time & some_network & ~bars
        if count - begin < WORD_BITS:
            left &= (ONE << np.uint64(count - begin)) - ONE
        while left:
            fits[found] = begin + bits_in((left & (~left + ONE)) - ONE)
            left &= left - ONE
            found += 1
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
def keep_rest(row: Number, count: Number, field: Field, around: Around) -> Number:
    """Of the first ``count`` of ``around.fits`` those who keep what numbers cannot say: a language
    both speak at the level required, exact ages, the very network, never again. They are moved to
    the front; answers how many.

    Without a branch, because nobody could guess how each of them goes.
    """
    mentees, cards = field.mentees, field.cards
    levels = field.mentee_levels
    words = levels.shape[1]
    marks_at = cards.shape[1] - MARKS
    # All levels of a word are compared at once: the highest bit of four, which no level has, is
    # left where the level is not lower than the one required.
    required = np.uint64(mentees.required[row]) * EACH_LEVEL
    spoken = ((np.uint64(levels[row, 0]) | LEVEL_SPARE) - required) & LEVEL_SPARE
    age, youngest, oldest = mentees.age[row], field.youngest[row], field.oldest[row]
    network, beyond = mentees.network[row], np.int64(mentees.beyond[row])
    first, last = mentees.never[row], mentees.never[row + 1]
    fits, columns = around.fits, around.column
    found = 0
    for at in range(count):
        one = counted(fits[at])
        column = counted(columns[one])
        both = ((np.uint64(cards[column, 0]) | LEVEL_SPARE) - required) & spoken
        for word in range(1, words):
            more = ((np.uint64(levels[row, word]) | LEVEL_SPARE) - required) & LEVEL_SPARE
            both |= ((np.uint64(cards[column, word]) | LEVEL_SPARE) - required) & more
        marks = cards[column, marks_at]
        theirs = cards[column, marks_at + 1]
        keeps = (
            (both != 0)
            & (((theirs & beyond) != 0) | ((theirs >> 1) == network))
            & (youngest <= np.int16(marks))
            & (np.int16(marks) <= oldest)
            & (np.int16(marks >> AGE_BITS) <= age)
            & (age <= np.int16(marks >> (2 * AGE_BITS)))
        )
        if first < last and is_listed(column, first, last, mentees.never_with):
            keeps = False
        fits[found] = one
        found += keeps
    return found


@compiled
def score(row: Number, count: Number, field: Field, around: Around) -> None:
    """What the pairs with the first ``count`` of ``around.fits`` score, and behind that their tie,
    into ``around.value``: as one number, so that comparing two ranks them.
    """
    mentees, cards, tables = field.mentees, field.cards, field.tables
    languages = spoken_by(row, field, around)
    own = mentees.identity[row]
    common = field.mentee_common[row] & TIME_BITS
    of_fields = tables.fields[counted(mentees.asked[row])]
    most_interests, most_dislikes = len(tables.interests) - 1, len(tables.dislikes) - 1
    most_apart = len(tables.expected_length) - 1
    months: Number = np.int64(mentees.months[row])
    some_months = months != UNSAID_MONTHS
    waiting: Number = np.int64(mentees.waiting[row]) * tables.waiting[0]
    fields_at = field.mentee_levels.shape[1]
    interests_at = fields_at + mentees.fields.shape[1]
    dislikes_at = interests_at + mentees.interests.shape[1]
    marks_at = cards.shape[1] - MARKS
    fields, interests = mentees.fields[row, 0], mentees.interests[row, 0]
    dislikes = mentees.dislikes[row, 0]
    fits, columns, value = around.fits, around.column, around.value
    word, shift, level = around.word, around.shift, around.level
    for at in range(count):
        one = counted(fits[at])
        column = counted(columns[one])
        best: Number = 0
        for known in range(languages):
            theirs = cards[column, counted(word[known])] >> shift[known]
            best = max(best, min(theirs & LEVEL_MASK, level[known]))
        points = around.points[one] + waiting + tables.languages[counted(best)]
        points += tables.free_time[counted(bits_in(common & around.common[one]))]
        shared = bits_in(fields & np.uint64(cards[column, fields_at]))
        shared += further_bits(row, column, mentees.fields, fields_at, cards)
        points += of_fields[counted(shared)]
        shared = bits_in(interests & np.uint64(cards[column, interests_at]))
        shared += further_bits(row, column, mentees.interests, interests_at, cards)
        points += tables.interests[counted(min(shared, most_interests))]
        shared = bits_in(dislikes & np.uint64(cards[column, dislikes_at]))
        shared += further_bits(row, column, mentees.dislikes, dislikes_at, cards)
        points += tables.dislikes[counted(min(shared, most_dislikes))]
        other_months = cards[column, marks_at] >> (3 * AGE_BITS)
        apart = min(abs(months - other_months), most_apart)
        both_said = some_months & (other_months != UNSAID_MONTHS)
        points += tables.expected_length[counted(apart)] * both_said
        value[at] = (points << TIE_BITS) + tie_of(own, cards[column, marks_at + 2])


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
def further_bits(row: Number, column: Number, words: Cells, first: Number, cards: Cells) -> Number:
    """How many bits of a mentee's ``words`` but the first stand in a card, too, whose own begin at
    ``first``.
    """
    shared: Number = 0
    for word in range(1, words.shape[1]):
        shared += bits_in(words[row, word] & np.uint64(cards[column, first + word]))
    return shared


@compiled
def scan(begin: int, end: int, field: Field, around: Around, most: int, one_in: int) -> Found:
    """Who fits the mentees of the places from ``begin`` to ``end``: of each the best ``most``, and
    one more for every ``one_in`` who fit.

    The best first, equal scores by tie.
    """
    first, last = field.rows[begin], field.rows[end]
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
            count = keep_rest(row, count, field, around)
            looked[0] += within
            looked[1] += count
            kept: Number = min(count, most + count // one_in)
            if kept == 0:
                continue
            if size + kept > len(others):
                others = grown(others, 2 * len(others) + kept)
                scores = grown(scores, 2 * len(scores) + kept)
            score(row, count, field, around)
            rank_highest(around.value, around.fits, count, kept, around.order)
            for at in range(kept):
                others[size + at] = around.column[around.order.carried[at]]
                scores[size + at] = around.order.value[at] >> TIE_BITS
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
            count = keep_rest(row, count, field, around)
            score(row, count, field, around)
            held: Number = 0
            profit = asking.profits[row]
            for at in range(count):
                one = around.fits[at]
                points = around.value[at] >> TIE_BITS
                tie = around.value[at] & ((1 << TIE_BITS) - 1)
                left = ((points + bonus) << shift) + (tie >> tie_shift)
                left -= prices[around.column[one]]
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
