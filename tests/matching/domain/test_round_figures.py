"""What is told of a round over all carriers, and that nobody computes more from it.

The attacker below shares nothing with the protection: it writes down, from the page's own rules,
which numbers add up to which, and lets a linear programme find how far each hidden one can move.
"""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from patenwerk.matching.domain import round_figures
from patenwerk.matching.domain.round_figures import (
    FREE,
    KEPT,
    OFFERED,
    PLACED,
    SOUGHT,
    TOTALS,
    Counts,
    Looking,
    Need,
    Unprotected,
    counted,
    hidden,
    published,
)

MINIMUM = 5


def crowd(side: str, land: str, carrier: int, people: int, places: int = 1) -> list[Looking]:
    return [
        Looking(f"{side}-{land}-{carrier}-{index}", land, carrier, places)
        for index in range(people)
    ]


def some_round(
    dice: Random, people: int = 160
) -> tuple[list[Looking], list[Looking], list[tuple[str, str]], list[Need]]:
    """Mentees and mentors in four Länder of three carriers, mostly paired at home."""
    lands, weights = ["BE", "BB", "SN", ""], [6, 2, 3, 1]

    def person(side: str, index: int) -> Looking:
        land = dice.choices(lands, weights)[0]
        return Looking(f"{side}{index}", land, dice.choice([1, 1, 2, 3]), dice.choice([1, 1, 1, 2]))

    mentees = [person("a", index) for index in range(people)]
    mentors = [person("b", index) for index in range(people * 2 // 3)]
    left = {one.id: one.places for one in (*mentees, *mentors)}
    pairs = []
    for mentee in mentees:
        for mentor in dice.sample(mentors, 8):
            near = mentor.land == mentee.land or dice.random() < 0.2
            if near and left[mentor.id] and left[mentee.id]:
                left[mentor.id] -= 1
                left[mentee.id] -= 1
                pairs.append((mentor.id, mentee.id))
                break
    needs = [
        Need(one.id, dice.choice(["04", "10"]), dice.choice([("ar",), ("ar", "uk"), ()]))
        for one in mentees
        if left[one.id] == one.places and dice.random() < 0.8
    ]
    return mentees, mentors, pairs, needs


class Attacker:
    """Reads what is published and knows one carrier's own people, or nobody's."""

    def __init__(self, numbers: Counts, closed: frozenset[Any], reader: int | None) -> None:
        self.keys = sorted(numbers)
        self.at = {key: place for place, key in enumerate(self.keys)}
        self.rows: list[np.ndarray] = []
        self.right: list[float] = []
        self.low = []
        for key in self.keys:
            true = numbers[key].places
            known = 0 if reader is None else numbers[key].of[reader]
            if key in closed:
                self.low.append(max(known, min(true, 1)))
            else:
                self.equal({key: 1}, true)
                self.low.append(known)
        self.sums()

    def equal(self, terms: dict[Any, float], right: float = 0) -> None:
        row = np.zeros(len(self.keys))
        for key, factor in terms.items():
            if key in self.at:
                row[self.at[key]] += factor
        self.rows.append(row)
        self.right.append(right)

    def sums(self) -> None:
        lands = sorted({key[1] for key in self.keys if len(key) == 2})
        flows = [key for key in self.keys if key[0] == PLACED and len(key) == 3]
        for land in lands:
            here = {key: -1.0 for key in flows if key[2] == land}
            self.equal({(SOUGHT, land): 1, (KEPT, land): -1, **here})
            here = {key: -1.0 for key in flows if key[1] == land}
            self.equal({(OFFERED, land): 1, (FREE, land): -1, **here})
            parts = [key for key in self.keys if key[0] in {"help", "rest"} and key[1] == land]
            self.equal({(KEPT, land): 1, **dict.fromkeys(parts, -1.0)})
        for name in (SOUGHT, KEPT, OFFERED, FREE):
            self.equal({(name,): 1, **{(name, land): -1.0 for land in lands}})
        self.equal({(PLACED,): 1, **dict.fromkeys(flows, -1.0)})
        self.equal({(SOUGHT,): 1, (KEPT,): -1, (PLACED,): -1})

    def width(self, key: Any) -> float:
        found = []
        for sign in (1, -1):
            cost = np.zeros(len(self.keys))
            cost[self.at[key]] = sign
            answer = linprog(
                cost,
                A_eq=np.array(self.rows),
                b_eq=np.array(self.right),
                bounds=[(low, 10_000) for low in self.low],
            )
            assert answer.success, answer.message
            found.append(answer.x[self.at[key]])
        return float(found[1] - found[0])


@pytest.mark.parametrize("seed", range(6))
def test_nobody_narrows_a_hidden_number_below_the_minimum(seed: int) -> None:
    numbers = counted(*some_round(Random(seed)), minimum=MINIMUM)
    closed = hidden(numbers, MINIMUM)
    assert closed
    assert {key for key, count in numbers.items() if count.is_sensitive(MINIMUM)} <= closed
    for reader in (None, 1, 2, 3):
        attacker = Attacker(numbers, closed, reader)
        for key in closed:
            assert attacker.width(key) >= MINIMUM - 1e-6, (reader, key)


def test_control_without_partners_the_same_attacker_computes_hidden_numbers() -> None:
    found = 0
    for seed in range(6):
        numbers = counted(*some_round(Random(seed)), minimum=MINIMUM)
        small = frozenset(key for key, one in numbers.items() if one.is_sensitive(MINIMUM))
        attacker = Attacker(numbers, small, None)
        found += any(attacker.width(key) < 1e-6 for key in small)
    assert found


def test_no_more_is_hidden_than_the_promise_needs() -> None:
    for seed in range(3):
        numbers = counted(*some_round(Random(seed)), minimum=MINIMUM)
        closed = hidden(numbers, MINIMUM)
        small = {key for key, one in numbers.items() if one.is_sensitive(MINIMUM)}
        for partner in closed - small:
            fewer = frozenset(closed - {partner})
            assert any(
                Attacker(numbers, fewer, reader).width(key) < MINIMUM - 1e-6
                for reader in (None, 1, 2, 3)
                for key in fewer
            ), partner


def test_every_number_is_counted_where_people_live() -> None:
    mentees = [*crowd("a", "BE", 1, 2), *crowd("a", "BB", 2, 1, places=2)]
    mentors = [*crowd("b", "BE", 1, 1, places=3), *crowd("b", "", 2, 1)]
    pairs = [("b-BE-1-0", "a-BE-1-0"), ("b-BE-1-0", "a-BB-2-0")]
    numbers = counted(mentees, mentors, pairs, minimum=MINIMUM)
    assert {key: one.places for key, one in numbers.items()} == {
        (SOUGHT,): 4,
        (SOUGHT, "BE"): 2,
        (SOUGHT, "BB"): 2,
        (OFFERED,): 4,
        (OFFERED, "BE"): 3,
        (OFFERED, ""): 1,
        (PLACED,): 2,
        (PLACED, "BE", "BE"): 1,
        (PLACED, "BE", "BB"): 1,
        (KEPT,): 2,
        (KEPT, "BE"): 1,
        (KEPT, "BB"): 1,
        ("rest", "BE"): 1,
        ("rest", "BB"): 1,
        (FREE,): 2,
        (FREE, "BE"): 1,
        (FREE, ""): 1,
    }
    assert numbers[PLACED, "BE", "BB"].of == {1: 1, 2: 1}  # a pair is known to both carriers
    assert numbers[SOUGHT, "BB"].persons == 1  # two places, one person


def test_few_people_are_few_however_many_places_they_have() -> None:
    numbers = counted(crowd("a", "BE", 1, 4, places=3), [], [], minimum=MINIMUM)
    assert numbers[SOUGHT, "BE"].places == 12
    assert numbers[SOUGHT, "BE"].is_sensitive(MINIMUM)
    told = published(numbers, MINIMUM)
    assert told["lands"] == {"BE": {"sought": None, "kept": None, "offered": 0, "free": 0}}
    assert told["totals"] == {"sought": None, "kept": None, "placed": 0, "offered": 0, "free": 0}


def test_where_no_choice_keeps_the_promise_nothing_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = counted(*some_round(Random(0)), minimum=MINIMUM)
    monkeypatch.setattr(round_figures, "_ring", lambda *_told: None)
    with pytest.raises(Unprotected):
        hidden(numbers, MINIMUM)
    assert published(numbers, MINIMUM) == {"held_back": True}


def test_what_a_carrier_leaves_when_it_takes_its_own_away_is_small_too() -> None:
    mentees = [*crowd("a", "BE", 1, 20), *crowd("a", "BE", 2, 4)]
    numbers = counted(mentees, [], [], minimum=MINIMUM)
    assert numbers[SOUGHT, "BE"].is_sensitive(MINIMUM)
    mentees += crowd("a", "BE", 2, 6)[4:] + crowd("a", "BE", 3, 5)
    assert not counted(mentees, [], [], minimum=MINIMUM)[SOUGHT, "BE"].is_sensitive(MINIMUM)


def test_a_number_that_hangs_together_with_no_other_has_no_partner() -> None:
    alone = {(SOUGHT,): round_figures.Count("one sum", "another", 9)}
    assert round_figures._ring(alone, {(SOUGHT,)}, (SOUGHT,), MINIMUM) is None


def test_nobody_takes_part_and_zeros_are_told() -> None:
    assert published(counted([], [], [], minimum=MINIMUM), MINIMUM) == {
        "held_back": False,
        "totals": dict.fromkeys(TOTALS, 0),
        "lands": {},
        "flows": [],
        "helps": [],
    }


def big(land: str, people: int, side: str = "a") -> list[Looking]:
    """So many of three carriers that none of them learns anything by knowing its own."""
    return [one for carrier in (1, 2, 3) for one in crowd(side, land, carrier, people)]


def test_a_number_is_no_partner_of_its_own() -> None:
    """Four people are few, but their many places let the number fall far by itself."""
    few = [one for carrier in (1, 2, 3, 4) for one in crowd("b", "BE", carrier, 1, places=5)]
    numbers = counted([], [*big("BB", 8, "b"), *few], [], minimum=MINIMUM)
    closed = hidden(numbers, MINIMUM)
    assert {(OFFERED, "BE"), (FREE, "BE")} < closed
    for reader in (None, 1, 2, 3, 4):
        attacker = Attacker(numbers, closed, reader)
        assert all(attacker.width(key) >= MINIMUM - 1e-6 for key in closed)


def test_large_numbers_are_told_as_they_are() -> None:
    mentees, mentors = [*big("BE", 20), *big("SN", 10)], [*big("BE", 8, "b"), *big("BB", 8, "b")]
    pairs = [
        (f"b-{land}-{carrier}-{index}", f"a-BE-{carrier}-{index + shift}")
        for land, shift in (("BE", 0), ("BB", 8))
        for carrier, index in product((1, 2, 3), range(8))
    ]
    needs = [Need(one.id, "04", ("ar",)) for one in mentees if one.land == "SN"]
    told = published(counted(mentees, mentors, pairs, needs, minimum=MINIMUM), MINIMUM)
    assert told == {
        "held_back": False,
        "totals": {"sought": 90, "kept": 42, "placed": 48, "offered": 48, "free": 0},
        "lands": {
            "BB": {"sought": 0, "kept": 0, "offered": 24, "free": 0},
            "BE": {"sought": 60, "kept": 12, "offered": 24, "free": 0},
            "SN": {"sought": 30, "kept": 30, "offered": 0, "free": 0},
        },
        "flows": [["BB", "BE", 24], ["BE", "BE", 24]],
        "helps": [{"land": "SN", "area": "04", "language": "ar", "count": 30}],
    }


def test_nobody_is_in_two_groups_and_small_groups_are_not_told_of() -> None:
    mentees = big("SN", 12)
    spoken = [("ar", "uk")] * 15 + [("uk",)] * 13 + [("ti",)] * 4 + [()] * 4
    needs = [Need(one.id, "04", languages) for one, languages in zip(mentees, spoken, strict=True)]
    dice = Random(1)
    dice.shuffle(needs)
    numbers = counted(mentees, [], [], needs, minimum=MINIMUM)
    groups = {key[2:]: one.places for key, one in numbers.items() if key[0] == "help"}
    assert groups == {("04", "uk"): 28}
    assert numbers["rest", "SN"].places == 8


def test_a_group_too_small_for_one_carriers_eyes_is_not_told_of() -> None:
    mentees = [*crowd("a", "SN", 1, 9), *crowd("a", "SN", 2, 2), *big("SN", 30)]
    needs = [Need(one.id, "04", ("ar",)) for one in mentees[:11]]
    numbers = counted(mentees, [], [], needs, minimum=MINIMUM)
    assert not [key for key in numbers if key[0] == "help"]


def test_the_rest_beside_a_group_is_protected_although_nobody_shows_it() -> None:
    """»30 still look, 27 of them need Arabic« would tell of the other three."""
    mentees = big("SN", 10)
    needs = [Need(one.id, "04", ("ar",)) for one in mentees[:27]]
    numbers = counted(mentees, [], [], needs, minimum=MINIMUM)
    assert ("rest", "SN") in hidden(numbers, MINIMUM)
    told = published(numbers, MINIMUM)
    assert not (told["helps"] and told["lands"]["SN"]["kept"] is not None)


@pytest.mark.parametrize("seed", range(12))
def test_a_zero_is_never_hidden(seed: int) -> None:
    """That nobody is there may be known, and hiding it would hide nothing."""
    numbers = counted(*some_round(Random(seed), people=60), minimum=MINIMUM)
    closed = hidden(numbers, MINIMUM)
    assert closed
    assert all(numbers[key].places for key in closed)
