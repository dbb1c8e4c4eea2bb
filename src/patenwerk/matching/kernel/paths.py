"""The loops of the solver: bids, and shortest augmenting paths on reduced costs.

Rows search, columns are searched; each has places, and no pair is made twice. All numbers are
64-bit integers. Held after every insertion, and what makes the pairs the best for the places
inserted so far (complementary slackness; Kuhn, Munkres, Edmonds and Karp, Jonker and Volgenant):

* profit + price >= value for every pair not taken, <= value for every pair taken;
* price 0 for every column with room;
* profit 0 for every row that has fewer partners than places inserted.

Called with the two sides exchanged, the same loops insert a place of a column.
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np

from patenwerk.matching.kernel.compiled import Cells, Number, compiled
from patenwerk.matching.kernel.ordering import highest_first
from patenwerk.matching.kernel.ties import tie_of

FAR = 1 << 62
"""Further than every path: values, prices and lengths stay below 1 << 60."""


class Half(NamedTuple):
    """One side of the market, as cells.

    ``begin``, ``end`` (n,): where this side's pairs stand in ``other`` (int32: who, all else
    int64) and ``value``; ``ranked`` (n,): up to where they stand by value, the highest first, for
    what comes later is ranked when it is asked for; ``room`` (n,): up to where they may grow;
    ``dual`` (n,): its profit or price, for one place; ``slots`` (n + 1,):
    where its places stand in ``partner`` (-1 free) and ``worth`` (the value of that pair);
    ``taken`` (n,): how many of them are, always the first ones; ``offered`` (n,): how many may be
    so far, the others wait until somebody looks for a partner for them; ``length`` (n,), ``came``
    (n,) and ``via`` (n,) belong to the search: how far away, reached from whom, by a pair
    of which value. ``length`` holds ``FAR`` between searches.
    """

    begin: Cells
    end: Cells
    ranked: Cells
    room: Cells
    other: Cells
    value: Cells
    dual: Cells
    slots: Cells
    partner: Cells
    worth: Cells
    taken: Cells
    offered: Cells
    length: Cells
    came: Cells
    via: Cells


@compiled
def is_paired(row: int, column: int, rows: Half) -> bool:
    """Whether the two are a pair."""
    first = rows.slots[row]
    for slot in range(first, first + rows.taken[row]):  # noqa: SIM110  a loop compiles, any() does not
        if rows.partner[slot] == column:
            return True
    return False


@compiled
def join(row: int, column: int, value: int, rows: Half, columns: Half) -> None:
    """Make a pair. Both have a free place."""
    slot = rows.slots[row] + rows.taken[row]
    rows.partner[slot] = column
    rows.worth[slot] = value
    rows.taken[row] += 1
    slot = columns.slots[column] + columns.taken[column]
    columns.partner[slot] = row
    columns.worth[slot] = value
    columns.taken[column] += 1


@compiled
def leave(one: int, partner: int, half: Half) -> None:
    """Take ``partner`` out of the places of ``one``; the last one moves up."""
    first = half.slots[one]
    last = first + half.taken[one] - 1
    for slot in range(first, last):
        if half.partner[slot] == partner:
            half.partner[slot] = half.partner[last]
            half.worth[slot] = half.worth[last]
            break
    half.partner[last] = -1
    half.taken[one] -= 1


@compiled
def part(row: int, column: int, rows: Half, columns: Half) -> None:
    """Dissolve a pair."""
    leave(row, column, rows)
    leave(column, row, columns)


@compiled
def rank_rest(one: int, half: Half) -> None:
    """Put what has come to a list since it was last asked for at its rank."""
    for new in range(half.ranked[one], half.end[one]):
        other = half.other[new]
        value = half.value[new]
        at = new
        while at > half.begin[one] and half.value[at - 1] < value:
            half.other[at] = half.other[at - 1]
            half.value[at] = half.value[at - 1]
            at -= 1
        half.other[at] = other
        half.value[at] = value
    half.ranked[one] = half.end[one]


@compiled
def best_two(row: int, rows: Half, columns: Half) -> tuple[int, int, int, int]:
    """The best pair not taken (its column, -1 for none, and its value), what it leaves the row
    beyond the price, and what the second best leaves; both at least 0.

    Pairs stand by value and prices are never negative, so the search ends early.
    """
    if rows.ranked[row] < rows.end[row]:
        rank_rest(row, rows)
    column = -1
    value = 0
    best = 0
    second = 0
    for at in range(rows.begin[row], rows.end[row]):
        if rows.value[at] <= second:
            break
        left = rows.value[at] - columns.dual[rows.other[at]]
        if left > second and not is_paired(row, rows.other[at], rows):
            if left > best:
                second = best
                best = left
                column = rows.other[at]
                value = rows.value[at]
            else:
                second = left
    return column, value, best, second


@compiled
def bid(queue: Cells, waiting: int, bids: int, rows: Half, columns: Half) -> int:
    """A head start: rows bid in turn until each has a partner or does better without.

    ``queue`` holds ``waiting`` different rows; it is a ring. Each bids for one place only: who
    lost one place while holding another would hold what is worse. A bid raises the
    price to where the second best is as good, never further, so all the promises above hold
    exactly. A bid that could not raise a price is put aside, as is everything after ``bids`` bids:
    the rows put aside are the first entries of ``queue`` afterwards. Answers how many.
    """
    size = len(queue)
    head = 0
    aside = [0]  # an empty list of whole numbers, as the compiler wants it
    aside.pop()
    while waiting > 0:
        row = queue[head]
        head = 0 if head + 1 == size else head + 1
        waiting -= 1
        column, value, best, second = best_two(row, rows, columns)
        if column < 0:
            continue
        first = columns.slots[column]
        places = columns.slots[column + 1] - first
        if columns.taken[column] == places:
            if best == second or bids == 0:
                aside.append(row)
                continue
            # Who has offered least makes room. Until bidding is over a column's ``worth`` holds
            # what was offered.
            least = first
            for slot in range(first + 1, first + places):
                if columns.worth[slot] < columns.worth[least]:
                    least = slot
            beaten = columns.partner[least]
            leave(beaten, column, rows)
            tail = head + waiting
            queue[tail - size if tail >= size else tail] = beaten
            waiting += 1
            last = first + places - 1
            columns.partner[least] = columns.partner[last]
            columns.worth[least] = columns.worth[last]
            columns.taken[column] -= 1
        bids = max(0, bids - 1)
        slot = rows.slots[row] + rows.taken[row]
        rows.partner[slot] = column
        rows.worth[slot] = value
        rows.taken[row] += 1
        slot = first + columns.taken[column]
        columns.partner[slot] = row
        columns.worth[slot] = columns.dual[column] + best - second
        columns.taken[column] += 1
        if columns.taken[column] == places:
            lowest = columns.worth[first]
            for slot in range(first + 1, first + places):
                lowest = min(lowest, columns.worth[slot])
            columns.dual[column] = lowest
    for at, row in enumerate(aside):
        queue[at] = row
    return len(aside)


@compiled
def settle(rows: Half, columns: Half) -> None:
    """After bidding: offers become values again, and each row's profit is what it could still get
    elsewhere.
    """
    for row in range(len(rows.begin)):
        _, _, best, _ = best_two(row, rows, columns)
        rows.dual[row] = best
        for slot in range(rows.slots[row], rows.slots[row] + rows.taken[row]):
            column = rows.partner[slot]
            for held in range(columns.slots[column], columns.slots[column + 1]):
                if columns.partner[held] == row:
                    columns.worth[held] = rows.worth[slot]


@compiled
def look_from(
    row: int,
    so_far: int,
    shortest: int,
    heap: list[tuple[int, int]],
    seen: list[int],
    rows: Half,
    columns: Half,
) -> tuple[int, int]:
    """Lengths of the paths over a row that is ``so_far`` away to all columns nearer than
    ``shortest``. Full ones go on the ``heap``; answers the new shortest and the column with room
    in which it ends, -1 where there is none.
    """
    if rows.ranked[row] < rows.end[row]:
        rank_rest(row, rows)
    end = -1
    base = so_far + rows.dual[row]
    for at in range(rows.begin[row], rows.end[row]):
        # By value: what follows is no nearer.
        if base - rows.value[at] >= shortest:
            break
        column = rows.other[at] + 0  # an int64 where compiled
        length = base - rows.value[at] + columns.dual[column]
        if length >= shortest or length >= columns.length[column]:
            continue
        if is_paired(row, column, rows):
            continue
        if columns.length[column] == FAR:
            seen.append(column)
        columns.length[column] = length
        columns.came[column] = row
        columns.via[column] = rows.value[at]
        if columns.taken[column] < columns.offered[column]:
            shortest = length
            end = column
        else:
            heapq.heappush(heap, (length, column))
    return shortest, end


@compiled
def look_back(
    column: int,
    shortest: int,
    heap: list[tuple[int, int]],
    seen: list[int],
    rows: Half,
    columns: Half,
) -> tuple[int, int]:
    """Lengths of the paths over a full column back to the rows that hold its places. They go on
    the ``heap`` as -1 - row; answers the new shortest and the row that best goes without, -1.
    """
    end = -1
    base = columns.length[column] - columns.dual[column]
    for slot in range(columns.slots[column], columns.slots[column] + columns.taken[column]):
        row = columns.partner[slot]
        length = base + columns.worth[slot] - rows.dual[row]
        if length < shortest and length < rows.length[row]:
            if rows.length[row] == FAR:
                seen.append(row)
            rows.length[row] = length
            rows.came[row] = column
            if length + rows.dual[row] < shortest:
                shortest = length + rows.dual[row]
                end = row
            heapq.heappush(heap, (length, -1 - row))
    return shortest, end


@compiled
def shortest_path(
    root: int, seen_rows: list[int], seen_columns: list[int], rows: Half, columns: Half
) -> tuple[int, int, int]:
    """From ``root`` to a column with room, or to the row that best goes without (Dijkstra).

    Answers the length, the column (-1: none) and the row; ``length``, ``came`` and ``via`` hold
    the way, ``seen_rows`` and ``seen_columns`` who was reached.
    """
    shortest = rows.dual[root]
    end_column = -1
    end_row = root
    rows.length[root] = 0
    seen_rows.append(root)
    heap = [(shortest, root)]
    heap.pop()
    shortest, column = look_from(root, 0, shortest, heap, seen_columns, rows, columns)
    if column >= 0:
        end_column = column
    while heap:
        so_far, at = heapq.heappop(heap)
        if so_far >= shortest:
            break
        if at >= 0:
            if columns.length[at] == so_far:
                shortest, row = look_back(at, shortest, heap, seen_rows, rows, columns)
                if row >= 0:
                    end_column = -1
                    end_row = row
        elif rows.length[-1 - at] == so_far:
            shortest, column = look_from(
                -1 - at, so_far, shortest, heap, seen_columns, rows, columns
            )
            if column >= 0:
                end_column = column
    return shortest, end_column, end_row


@compiled
def rewire(root: int, column: int, rows: Half, columns: Half) -> None:
    """Pair along the way that ends in ``column``, back to ``root``."""
    while True:
        row = columns.came[column]
        before = rows.came[row]
        if row != root:
            part(row, before, rows, columns)
        join(row, column, columns.via[column], rows, columns)
        if row == root:
            return
        column = before


@compiled
def insert(queue: Cells, waiting: int, rows: Half, columns: Half) -> None:
    """Give every row of ``queue`` one partner more where that raises the sum of values.

    ``queue`` has one entry for every place. Each follows a shortest augmenting path; what was
    reached on the way is repriced, so that all promises hold again.
    """
    for turn in range(waiting):
        root = queue[turn]
        if rows.taken[root] == 0:
            _, _, best, _ = best_two(root, rows, columns)
            rows.dual[root] = best
        if rows.dual[root] <= 0:
            continue
        # Empty lists of whole numbers, as the compiler wants them.
        seen_rows = [0]
        seen_rows.pop()
        seen_columns = [0]
        seen_columns.pop()
        shortest, column, row = shortest_path(root, seen_rows, seen_columns, rows, columns)
        for one in seen_columns:
            columns.dual[one] += max(0, shortest - columns.length[one])
            columns.length[one] = FAR
        for one in seen_rows:
            rows.dual[one] -= max(0, shortest - rows.length[one])
            rows.length[one] = FAR
        if column < 0 and row != root:
            column = rows.came[row]
            part(row, column, rows, columns)
        if column >= 0:
            rewire(root, column, rows, columns)


@compiled
def value_of(row: int, column: int, rows: Half) -> int:
    """What a pair is worth; -1 where the two do not fit."""
    for at in range(rows.begin[row], rows.end[row]):
        if rows.other[at] == column:
            return int(rows.value[at])
    return -1


@compiled
def keep_best_pairs(rows: Half, columns: Half) -> None:
    """At the columns' prices of now: each row's profit is the best it could get elsewhere, and it
    leaves partners who are worth less than that.
    """
    for row in range(len(rows.begin)):
        _, _, best, _ = best_two(row, rows, columns)
        rows.dual[row] = best
        slot = rows.slots[row] + rows.taken[row] - 1
        while slot >= rows.slots[row]:
            column = rows.partner[slot]
            if rows.worth[slot] - columns.dual[column] < best:
                part(row, column, rows, columns)
            slot -= 1


@compiled
def raise_bonus(by: int, rows: Half, columns: Half) -> None:
    """Make every pair worth more by the same amount. All promises hold again afterwards for the
    places that have a partner; those without are to be inserted anew.
    """
    for at in range(len(rows.value)):
        rows.value[at] += by
    for at in range(len(columns.value)):
        columns.value[at] += by
    for slot in range(len(rows.worth)):
        rows.worth[slot] += by
    for slot in range(len(columns.worth)):
        columns.worth[slot] += by
    for row in range(len(rows.begin)):
        if rows.taken[row] == rows.offered[row]:
            rows.dual[row] += by
        else:
            _, _, best, _ = best_two(row, rows, columns)
            rows.dual[row] = best


@compiled
def can_grow(rows: Half, columns: Half) -> bool:
    """Whether one pair more is possible: whether an alternating path leads from a row with an
    open place to a column with room (Berge). ``came`` of the rows is written over.
    """
    reached = [0]
    reached.pop()
    for row in range(len(rows.begin)):
        rows.came[row] = -1
        if rows.taken[row] < rows.offered[row]:
            rows.came[row] = 0
            reached.append(row)
    for column in range(len(columns.begin)):
        columns.came[column] = -1
    while reached:
        row = reached.pop()
        for at in range(rows.begin[row], rows.end[row]):
            column = rows.other[at]
            if columns.came[column] == 0 or is_paired(row, column, rows):
                continue
            columns.came[column] = 0
            if columns.taken[column] < columns.offered[column]:
                return True
            first = columns.slots[column]
            for slot in range(first, first + columns.taken[column]):
                holder = columns.partner[slot]
                if rows.came[holder] < 0:
                    rows.came[holder] = 0
                    reached.append(holder)
    return False


@compiled
def add_pair(one: int, other: int, value: int, half: Half, tail: int) -> int:
    """Put a pair behind the list of ``one``. A list without room moves to ``tail``, where it gets
    twice as much; answers the new tail, or -1 where there is no such room.
    """
    if half.end[one] == half.room[one]:
        begin = half.begin[one]
        size = half.end[one] - begin
        if tail + 2 * size + 2 > len(half.value):
            return -1
        for at in range(size):
            half.other[tail + at] = half.other[begin + at]
            half.value[tail + at] = half.value[begin + at]
        half.begin[one] = tail
        half.end[one] = tail + size
        half.ranked[one] += tail - begin
        tail += 2 * size + 2
        half.room[one] = tail
    half.other[half.end[one]] = other
    half.value[half.end[one]] = value
    half.end[one] += 1
    return tail


@compiled
def add_to_all(
    one: int, others: Cells, values: Cells, done: int, half: Half, tail: int
) -> tuple[int, int]:
    """Put ``one`` behind the lists of all ``others`` from ``done`` on. Answers how far it came
    before there was no room any more, and the new tail.
    """
    fetch_ends(others, done, half)
    while done < len(others):
        moved = add_pair(others[done], one, values[done], half, tail)
        if moved < 0:
            break
        tail = moved
        done += 1
    return done, tail


@compiled
def fetch_ends(others: Cells, first: int, half: Half) -> None:
    """Read where the lists of ``others`` from ``first`` on end (there is one at least), for nothing
    but that the processor has it at hand.

    They are all over memory, and in so short a loop it waits for many of them at once; putting
    somebody behind each of them, it would wait for one after the other. ``via`` of the first is
    written, so that the loop is not left out as useless.
    """
    seen: Number = 0
    for at in range(first, len(others)):
        end = half.end[others[at]]
        if end < half.room[others[at]]:
            seen ^= half.value[end] ^ half.other[end]
    half.via[others[first]] = seen


@compiled
def transpose(
    begin: Cells, other: Cells, value: Cells, to: Cells, others: Cells, values: Cells
) -> None:
    """The same pairs from the other side. ``to`` (m + 1,): where each column's pairs shall stand;
    moved on to where they end. The values of each column are not in order afterwards.
    """
    for row in range(len(begin) - 1):
        for at in range(begin[row], begin[row + 1]):
            place = to[other[at]]
            others[place] = row
            values[place] = value[at]
            to[other[at]] += 1


@compiled
def value_rows(
    first: int,
    last: int,
    begin: Cells,
    other: Cells,
    score: Cells,
    identity: Cells,
    identities: Cells,
    bonus: int,
    shift: int,
    tie_shift: int,
    value: Cells,
) -> None:
    """The values of each row's pairs: ``(score + bonus) << shift``, and the tie's highest bits."""
    for row in range(first, last):
        own = identity[row]
        for at in range(begin[row], begin[row + 1]):
            worth: Number = np.int64(score[at]) + bonus
            tie = tie_of(own, identities[other[at]])
            value[at] = (worth << shift) + (tie >> tie_shift)


@compiled
def sort_rows(first: int, last: int, begin: Cells, end: Cells, other: Cells, value: Cells) -> None:
    """Put each row's pairs into order, the highest value first."""
    for row in range(first, last):
        highest_first(value, other, begin[row], end[row])
