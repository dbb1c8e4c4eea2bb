"""The people of the demo: who they are, what they speak, when they are free."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from patenwerk.demo.kernel.dice import Dice
from patenwerk.demo.kernel.scene import CARRIERS, SiteScene
from patenwerk.demo.kernel.words import (
    BACKGROUNDS,
    DISLIKES,
    INTERESTS,
    NAME_BEGINS,
    NAME_ENDS,
    SAID_LANGUAGES,
    Background,
)
from patenwerk.people.enums import Gender, Side
from patenwerk.people.kernel.profile import free_time_bit
from patenwerk.places.kernel.distance import distance_km
from patenwerk.places.kernel.towns import default_locator, towns

SITES: tuple[SiteScene, ...] = tuple(site for carrier in CARRIERS for site in carrier.sites)
NEAR_KM = 14
"""So far from their site people live at most."""
FIRST_NUMBER = 1000
"""Beyond the numbers of the example lists, so that those can be tried in the demo."""


@dataclass(slots=True, kw_only=True)
class PersonPlan:
    """A person to be taken in.

    ``since`` is the day they asked, ``taken_on`` the day they are taken in. ``values`` are those
    of PersonValues. ``certificate`` is the date of a mentor's inspected record check,
    ``old_check`` says that it was inspected before the person came to this programme.
    """

    key: int
    site: int
    side: Side
    since: date
    taken_on: date
    values: dict[str, object]
    background: Background
    age: int
    certificate: date | None = None
    old_check: bool = False
    busy: list[tuple[date, date]] = field(default_factory=list)

    @property
    def capacity(self) -> int:
        return int(str(self.values["capacity"]))

    def has_place(self, begin: date, end: date) -> bool:
        """Whether one more partner fits in from ``begin`` to ``end``."""
        together = sum(first <= end and begin <= last for first, last in self.busy)
        return together < self.capacity


class Crowd:
    """Makes people, each with a key of its own."""

    def __init__(self, dice: Dice, today: date) -> None:
        self.dice = dice
        self.today = today
        self.people: list[PersonPlan] = []
        self._postcodes = [_postcodes_around(site) for site in SITES]
        self._numbers: dict[tuple[int, Side], int] = {}

    def join(self, site: int, side: Side, *, before: date, minor: bool | None = None) -> PersonPlan:
        """A new person of a site who is taken in before a day. ``minor`` says mentees' age."""
        dice = self.dice
        weights = [one.mentees if side is Side.MENTEE else one.mentors for one in BACKGROUNDS]
        background = dice.weighted(BACKGROUNDS, weights)
        since = dice.days_after(before, -150 if dice.happens(20) else -75, -18)
        gender = dice.weighted((Gender.FEMALE, Gender.MALE, Gender.DIVERSE), (52, 46, 2))
        age = self._age(side, minor=minor)
        person = PersonPlan(
            key=len(self.people),
            site=site,
            side=side,
            since=since,
            taken_on=min(dice.days_after(since, 0, 12), before - timedelta(days=3)),
            values={},
            background=background,
            age=age,
        )
        person.values = self._values(person, gender)
        self.people.append(person)
        return person

    def _age(self, side: Side, *, minor: bool | None) -> int:
        dice = self.dice
        if side is Side.MENTOR:
            return dice.weighted(
                (dice.whole(19, 29), dice.whole(30, 49), dice.whole(50, 66), dice.whole(67, 79)),
                (24, 26, 30, 20),
            )
        if minor is None:
            minor = dice.happens(42)
        if minor:
            return dice.whole(6, 16)
        return dice.weighted((dice.whole(19, 27), dice.whole(28, 58)), (58, 42))

    def _values(self, person: PersonPlan, gender: Gender) -> dict[str, object]:
        dice, background = self.dice, person.background
        names = {Gender.FEMALE: background.female, Gender.MALE: background.male}
        first = dice.one(names.get(gender) or background.female + background.male)
        last = dice.one(NAME_BEGINS) + dice.one(NAME_ENDS)
        number = self._numbers[person.site, person.side] = (
            self._numbers.get((person.site, person.side), FIRST_NUMBER) + 1
        )
        letter = "M" if person.side is Side.MENTOR else "K"
        birthday = self.today - timedelta(days=person.age * 365 + person.age // 4)
        grown = person.age >= 18
        said: dict[str, Any] = {
            "file_id": f"{letter}-{number}",
            "first_name": first,
            "last_name": last,
            "birth_date": dice.days_after(birthday, -330, -1),
            "gender": gender.value,
            "email": f"{letter.lower()}{person.key:04}@example.org"
            if grown and dice.happens(60)
            else "",
            "phone": f"0000 {dice.whole(100000, 999999)}" if dice.happens(70) else "",
            "postcode": dice.one(self._postcodes[person.site]),
            "furthest_km": dice.weighted((5, 8, 10, 15, 25), (12, 20, 32, 26, 10)),
            "languages": self._languages(person),
            "free_times": self._free_times(person),
            "fields": frozenset(self._fields(person)),
            "interests": dice.some(INTERESTS, 2, 5),
            "dislikes": dice.some(DISLIKES, 0, 2),
            "expected_months": dice.weighted((6, 9, 12, 18), (30, 18, 42, 10)),
            "capacity": dice.weighted((1, 2, 3), (72, 21, 7)) if letter == "M" else 1,
            "waiting_since": person.since,
        }
        # Nobody likes and dislikes the same.
        said["dislikes"] = tuple(w for w in said["dislikes"] if w not in said["interests"])
        return said

    def _languages(self, person: PersonPlan) -> dict[str, int]:
        dice = self.dice
        spoken = dict(person.background.languages[:1])
        further = person.background.languages[1:]
        spoken |= {code: level for code, level in further if dice.happens(55)}
        if "de" in spoken:
            learnt = dice.some(SAID_LANGUAGES, 0, 2) if person.side is Side.MENTOR else ()
            return {**dict(learnt), **spoken}
        young = person.age < 18
        levels, often = ((2, 3, 4, 5), (12, 45, 33, 10) if young else (22, 48, 24, 6))
        if person.side is Side.MENTOR:
            often = (0, 10, 40, 50)
        return {**spoken, "de": dice.weighted(levels, often)}

    def _free_times(self, person: PersonPlan) -> int:
        """Who is at school or works is free later in the day; nobody is free all week."""
        dice = self.dice
        retired = person.age > 66
        busy = not retired
        often = (5, 45, 50) if busy else (40, 45, 15)
        if person.age < 18:
            often = (2, 83, 15)
        cells = {
            (dice.weighted(range(7), (5, 5, 5, 5, 4, 3, 2)), dice.weighted((0, 1, 2), often))
            for _ in range(dice.whole(3, 7))
        }
        return sum(free_time_bit(day, part) for day, part in cells)

    def _fields(self, person: PersonPlan) -> tuple[str, ...]:
        dice = self.dice
        if person.age < 16 and person.side is Side.MENTEE:
            return dice.some(("schule", "freizeit", "sprache"), 1, 2)
        if person.age < 28:
            return dice.some(("ausbildung", "sprache", "alltag", "freizeit", "schule"), 1, 3)
        return dice.some(
            (
                "sprache",
                "alltag",
                "behoerden",
                "elternschaft",
                "gesundheit",
                "ausbildung",
                "freizeit",
            ),
            1,
            3,
        )


def _postcodes_around(site: SiteScene) -> tuple[str, ...]:
    """Postcodes of the site's own town, most of them, and of towns near by."""
    where = default_locator()(site.postcode)
    assert where is not None, site  # noqa: S101  the tests look at every site
    own: list[str] = [site.postcode] * 3
    near: list[str] = []
    for town in towns():
        close = distance_km(where, town.point) <= NEAR_KM
        first = town.postcodes[0][0]
        if site.town in {town.name, town.part_of} and close:
            own.append(first)
        elif close:
            near.append(first)
    return (*own * 2, *near[:6])
