"""What may be told of a round over all carriers: counted, then protected together.

The page shows how many look for somebody and how many offer a place, in each Land, before and
after; how many pairs go from which Land to which; and which further mentors would help. All these
numbers hang together: who looked is placed or still looks, a pair is counted where its mentor
and where its mentee lives. So they are protected as one.

Every number takes part in exactly two sums. Numbers are therefore the edges of a network and sums
its nodes, and the audit of core.disclosure says exactly how far each hidden one could move. The
promise is that of a release: nobody who reads all that is shown, knows this rule, and knows one
carrier's own people can narrow a hidden number to an interval smaller than the minimum cell.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, log1p
from typing import Any, NamedTuple

from patenwerk.core.disclosure.network import Moves, Name, Network

NOWHERE = ""
"""The Land of people whose postcode lies in none for certain."""

SOUGHT, KEPT, PLACED, OFFERED, FREE = "sought", "kept", "placed", "offered", "free"
TOTALS = (SOUGHT, KEPT, PLACED, OFFERED, FREE)
"""Places looked for and still looked for, pairs, places offered and still free: each in each Land
and, with the pairs, altogether."""

TOTAL_PRICE = 3.0
"""So much more than a single number does hiding a sum cost."""


@dataclass(frozen=True, slots=True)
class Looking:
    """Somebody on one side with open places; ``land`` is where, ``carrier`` whose they are."""

    id: str
    land: str
    carrier: int
    places: int


@dataclass(frozen=True, slots=True)
class Need:
    """What would help one mentee who is left over: a further mentor in a postcode area who speaks
    one of these languages.
    """

    mentee: str
    area: str
    languages: tuple[str, ...]


class Help(NamedTuple):
    """Further mentors with a language who would help in a Land's postcode area."""

    land: str
    area: str
    language: str


@dataclass(slots=True)
class Count:
    """One number: its places, whose they are on either side, and each carrier's part of it."""

    tail: str
    head: str
    places: int = 0
    people: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))
    of: Counter[int] = field(default_factory=Counter)

    @property
    def persons(self) -> int:
        """How many different people it tells of, on the side where they are fewer."""
        return min(len(side) for side in self.people if side) if any(self.people) else 0

    def add(self, places: int, who: Iterable[tuple[int, Looking]]) -> None:
        """Count somebody, or a pair: (0 mentee or 1 mentor, the person) for each."""
        told = list(who)
        self.places += places
        for side, person in told:
            self.people[side].add(person.id)
        for carrier in {person.carrier for _side, person in told}:
            self.of[carrier] += places

    def is_sensitive(self, minimum: int) -> bool:
        """Few people, or few left when a carrier takes its own away."""
        if not self.places:
            return False
        rests = (self.places - part for part in self.of.values())
        return self.persons < minimum or any(0 < rest < minimum for rest in rests)


Key = tuple[str, ...]
Counts = dict[Key, Count]

_ENDS: Mapping[str, tuple[str, str]] = {
    SOUGHT: ("left", "sought"),
    KEPT: ("kept", "left"),
    PLACED: ("right", "left"),
    OFFERED: ("offered", "right"),
    FREE: ("right", "free"),
}


def _ends(key: Key) -> tuple[str, str]:
    """Between which two sums a number stands: what comes into a sum goes out of it."""
    if len(key) == 1:
        return _ENDS[key[0]]
    kind, land = key[:2]
    if kind == PLACED:
        return f"to {key[2]}", f"from {land}"
    return {
        SOUGHT: ("sought", f"to {land}"),
        KEPT: (f"to {land}", f"kept {land}"),
        OFFERED: (f"from {land}", "offered"),
        FREE: ("free", f"from {land}"),
    }.get(kind, (f"kept {land}", "kept"))


def counted(
    mentees: Sequence[Looking],
    mentors: Sequence[Looking],
    pairs: Iterable[tuple[str, str]],
    needs: Iterable[Need] = (),
    *,
    minimum: int,
) -> Counts:
    """Every number of a round, by its key; ``pairs`` are (mentor, mentee).

    Keys are each of :data:`TOTALS` alone and, but for the pairs, with a Land; ``(PLACED, from,
    to)``; ``("help", land, area, language)`` and ``("rest", land)``: who still looks and is in no
    group large enough to be told of.
    """
    numbers: Counts = {key: Count(*_ends(key)) for key in ((name,) for name in TOTALS)}

    def count(key: Key, places: int, *who: tuple[int, Looking]) -> None:
        numbers.setdefault(key, Count(*_ends(key))).add(places, who)

    by_id = [{one.id: one for one in side} for side in (mentees, mentors)]
    left = [Counter({one.id: one.places for one in side}) for side in (mentees, mentors)]
    for side, kind in ((0, SOUGHT), (1, OFFERED)):
        for one in by_id[side].values():
            count((kind,), one.places, (side, one))
            count((kind, one.land), one.places, (side, one))
    for mentor_id, mentee_id in pairs:
        mentee, mentor = by_id[0][mentee_id], by_id[1][mentor_id]
        count((PLACED,), 1, (0, mentee), (1, mentor))
        count((PLACED, mentor.land, mentee.land), 1, (0, mentee), (1, mentor))
        left[0][mentee_id] -= 1
        left[1][mentor_id] -= 1
    still, free = ([one for one in by_id[side].values() if left[side][one.id]] for side in (0, 1))
    for one in free:
        count((FREE,), left[1][one.id], (1, one))
        count((FREE, one.land), left[1][one.id], (1, one))
    groups = _groups(still, left[0], needs, minimum)
    for one in still:
        group = groups.get(one.id)
        count((KEPT,), left[0][one.id], (0, one))
        count((KEPT, one.land), left[0][one.id], (0, one))
        key = ("rest", one.land) if group is None else ("help", *group)
        count(key, left[0][one.id], (0, one))
    return numbers


def _groups(
    still: Sequence[Looking], places: Mapping[str, int], needs: Iterable[Need], minimum: int
) -> dict[str, Help]:
    """Each mentee's group, where it is large enough to be told of: no mentee is in two.

    The largest group is made first, of everybody whom it would help, then the next one of those
    who are left.
    """
    wanted = {need.mentee: need for need in needs}
    reach: dict[Help, list[Looking]] = defaultdict(list)
    for one in still:
        need = wanted.get(one.id)
        if need is not None:
            for language in need.languages:
                reach[Help(one.land, need.area, language)].append(one)
    found: dict[str, Help] = {}
    while reach:
        group, people = min(
            reach.items(),
            key=lambda item: (-len(item[1]), item[0]),
        )
        del reach[group]
        size = Count("", "")
        for one in people:
            size.add(places[one.id], [(0, one)])
        if size.is_sensitive(minimum):
            continue
        found |= {one.id: group for one in people}
        reach = {
            other: rest
            for other, members in reach.items()
            if (rest := [one for one in members if one.id not in found])
        }
    return found


class Unprotected(Exception):
    """No choice of hidden numbers keeps the promise: nothing may be told."""


def hidden(numbers: Counts, minimum: int) -> frozenset[Key]:
    """Which numbers are not told: the sensitive ones and the partners that protect them.

    Partners are looked for along the cheapest ring of sums through each number that the audit
    finds too narrow; at the end each is shown again that was not needed. Raises
    :class:`Unprotected`.
    """
    needed = {key for key, count in numbers.items() if count.is_sensitive(minimum)}
    chosen = set(needed)
    audit = _Audit(numbers, minimum)
    while (narrow := audit.narrow(chosen)) is not None:
        ring = _ring(numbers, chosen, narrow, minimum)
        if ring is None:
            raise Unprotected
        chosen |= ring
    for key in sorted(chosen - needed, key=lambda key: (-_price(key, numbers[key]), key)):
        if audit.narrow(chosen - {key}) is None:
            chosen.discard(key)
    return frozenset(chosen)


class _Audit:
    """Finds a hidden number that an outsider or a carrier could narrow too far."""

    def __init__(self, numbers: Counts, minimum: int) -> None:
        self.numbers, self.minimum = numbers, minimum
        self.readers = [None, *sorted({one for count in numbers.values() for one in count.of})]

    def narrow(self, chosen: Collection[Key]) -> Key | None:
        keys = sorted(chosen)
        proofs: dict[Name, Moves] = {}
        for reader in self.readers:
            for edge in self._network(keys, reader).narrow(self.minimum, proofs):
                return keys[edge]
        return None

    def _network(self, keys: Sequence[Key], reader: int | None) -> Network:
        nodes: dict[str, int] = {}

        def node(name: str) -> int:
            return nodes.setdefault(name, len(nodes))

        counts = [self.numbers[key] for key in keys]
        tails = [node(count.tail) for count in counts]
        heads = [node(count.head) for count in counts]
        return Network(
            nodes=len(nodes),
            tails=tails,
            heads=heads,
            slack=[_give(count, reader) for count in counts],
            names=[("/".join(key), 0) for key in keys],
        )


def _give(count: Count, reader: int | None) -> int:
    """How far a number may fall for a reader, who is taken to know that it is not zero."""
    known = 0 if reader is None else count.of[reader]
    return count.places - max(known, min(count.places, 1))


def _price(key: Key, count: Count) -> float:
    """What hiding a number costs. What nobody would see anyway is cheap."""
    if key[0] == "rest":
        return 0.1
    return (1 + 0.2 * log1p(count.places)) * (TOTAL_PRICE if len(key) == 1 else 1)


def _ring(numbers: Counts, chosen: set[Key], narrow: Key, minimum: int) -> set[Key] | None:
    """The numbers to hide so that a ring of sums lets the narrow one rise by the minimum.

    Along the ring a number rises with it or falls; one that cannot fall far enough is no help. A
    zero is never hidden for another: that nobody is there may be known.
    """
    ways: dict[str, list[tuple[str, Key, float]]] = defaultdict(list)
    for key, count in numbers.items():
        if key == narrow or (key not in chosen and not count.places):
            continue
        cost = 0.0 if key in chosen else _price(key, count)
        ways[count.tail].append((count.head, key, cost))
        if all(_give(count, reader) >= minimum for reader in (None, *count.of)):
            ways[count.head].append((count.tail, key, cost))
    start, end = numbers[narrow].head, numbers[narrow].tail
    best = {start: 0.0}
    came: dict[str, tuple[str, Key]] = {}
    queue = [(0.0, start)]
    while queue and queue[0][1] != end:
        cost, here = heapq.heappop(queue)
        for there, key, price in ways[here]:
            if cost + price < best.get(there, inf):
                best[there], came[there] = cost + price, (here, key)
                heapq.heappush(queue, (cost + price, there))
    if end not in came:
        return None
    ring = set(_walk(came, start, end)) - chosen
    # A ring of hidden numbers alone would have been found wide by the audit.
    return ring or None


def _walk(came: Mapping[str, tuple[str, Key]], start: str, end: str) -> Iterator[Key]:
    here = end
    while here != start:
        here, key = came[here]
        yield key


def published(numbers: Counts, minimum: int) -> dict[str, Any]:
    """What may be told, as plain values; None is hidden. ``held_back`` where nothing may.

    ``lands`` says for each Land where somebody is the five numbers there; ``flows`` are
    (from, to, number) where a pair is; ``helps`` is who would help, the most needed first.
    """
    try:
        closed = hidden(numbers, minimum)
    except Unprotected:
        return {"held_back": True}

    def told(*key: str) -> int | None:
        if key in closed:
            return None
        return numbers[key].places if key in numbers else 0

    lands = sorted({key[1] for key in numbers if len(key) == 2 and key[0] in TOTALS})
    flows = sorted(key for key in numbers if key[0] == PLACED and len(key) == 3)
    helps = [(key, count) for key, count in numbers.items() if key[0] == "help"]
    return {
        "held_back": False,
        "totals": {name: told(name) for name in TOTALS},
        "lands": {
            land: {name: told(name, land) for name in (SOUGHT, KEPT, OFFERED, FREE)}
            for land in lands
        },
        "flows": [[key[1], key[2], told(*key)] for key in flows],
        "helps": [
            {"land": key[1], "area": key[2], "language": key[3], "count": count.places}
            for key, count in sorted(helps, key=lambda pair: (-pair[1].places, pair[0]))
            if key not in closed
        ],
    }
