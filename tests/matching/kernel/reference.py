"""The rules of matching once more, pair by pair and slowly, for everyone to read and compare.

Shares nothing with the kernel but the settings, the scale in ``defaults`` and the names.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from itertools import combinations

from patenwerk.matching.kernel import defaults
from patenwerk.matching.kernel.codes import Limit, Part
from patenwerk.matching.kernel.settings import Limits, Weights
from patenwerk.people.enums import Gender
from patenwerk.people.kernel.profile import Profile

Places = Callable[[str], tuple[float, float] | None]


def distance_hm(one: Profile, other: Profile, places: Places) -> int | None:
    """Units of 100 m by the haversine formula."""
    if one.postcode == other.postcode:
        return 0
    here, there = places(one.postcode), places(other.postcode)
    if here is None or there is None:
        return None
    phi_1, phi_2 = math.radians(here[0]), math.radians(there[0])
    half_phi = (phi_2 - phi_1) / 2
    half_lambda = math.radians(there[1] - here[1]) / 2
    a = math.sin(half_phi) ** 2 + math.cos(phi_1) * math.cos(phi_2) * math.sin(half_lambda) ** 2
    return round(2 * 63_710 * math.asin(math.sqrt(a)))


def age(person: Profile, on: date) -> int | None:
    born = person.birth_date
    if born is None:
        return None
    years = on.year - born.year
    if (on.month, on.day) < (born.month, born.day):
        years -= 1
    return years


def gender_fits(wishing: Profile, other: Profile) -> bool:
    if not wishing.wished_genders:
        return True
    return other.gender is not Gender.UNSAID and other.gender in wishing.wished_genders


def age_fits(wishing: Profile, other: Profile, on: date) -> bool:
    if wishing.wished_age_from is None and wishing.wished_age_to is None:
        return True
    years = age(other, on)
    if years is None:
        return False
    if wishing.wished_age_from is not None and years < wishing.wished_age_from:
        return False
    return wishing.wished_age_to is None or years <= wishing.wished_age_to


def best_level(one: Profile, other: Profile) -> int:
    both = [min(level, other.languages.get(name, 0)) for name, level in one.languages.items()]
    return max(both, default=0)


def too_far(mentor: Profile, mentee: Profile, places: Places) -> set[Limit]:
    hm = distance_hm(mentor, mentee, places)
    if hm is None:
        return {Limit.PLACE_UNKNOWN}
    found: set[Limit] = set()
    if hm > mentee.furthest_km * 10:
        found.add(Limit.MENTEE_DISTANCE)
    if hm > mentor.furthest_km * 10:
        found.add(Limit.MENTOR_DISTANCE)
    return found


def lacks_record_check(mentor: Profile, mentee: Profile, on: date, limits: Limits) -> bool:
    years = age(mentee, on)
    minor = limits.unknown_age_is_minor if years is None else years < limits.age_of_majority
    mentors_years = age(mentor, on)
    if mentors_years is not None and mentors_years < 14:
        return False
    return minor and (mentor.record_check_until is None or mentor.record_check_until < on)


def too_little_language(mentor: Profile, mentee: Profile, limits: Limits) -> bool:
    required = limits.minimum_level if mentee.minimum_level is None else mentee.minimum_level
    return best_level(mentor, mentee) < required


def broken(
    mentor: Profile, mentee: Profile, on: date, places: Places, limits: Limits
) -> set[Limit]:
    """The hard limits this pair breaks."""
    never = mentor.id in mentee.never_with or mentee.id in mentor.never_with
    verdicts = {
        Limit.LANGUAGE: too_little_language(mentor, mentee, limits),
        Limit.FREE_TIME: not mentor.free_times & mentee.free_times,
        Limit.MENTEE_GENDER_WISH: not gender_fits(mentee, mentor),
        Limit.MENTOR_GENDER_WISH: not gender_fits(mentor, mentee),
        Limit.MENTEE_AGE_WISH: not age_fits(mentee, mentor, on),
        Limit.MENTOR_AGE_WISH: not age_fits(mentor, mentee, on),
        Limit.RECORD_CHECK: lacks_record_check(mentor, mentee, on, limits),
        Limit.MENTOR_FULL: mentor.open_places == 0,
        Limit.MENTEE_FULL: mentee.open_places == 0,
        Limit.NEVER_AGAIN: never,
        Limit.NETWORK: limits.same_network and mentor.network != mentee.network,
    }
    return too_far(mentor, mentee, places) | {limit for limit, broke in verdicts.items() if broke}


def shared_points(one: frozenset[str], other: frozenset[str]) -> int:
    table = defaults.SHARED_WORDS_POINTS
    return table[min(len(one & other), len(table) - 1)]


def points(mentor: Profile, mentee: Profile, on: date, places: Places) -> dict[Part, int]:
    """The points of each part before weighing."""
    hm = distance_hm(mentor, mentee, places)
    common_cells = (mentor.free_times & mentee.free_times).bit_count()
    if mentor.expected_months is None or mentee.expected_months is None:
        length = 0
    else:
        length = max(0, 1000 - 100 * abs(mentor.expected_months - mentee.expected_months))
    waited = sum(max(0, (on - person.waiting_since).days) for person in (mentor, mentee))
    asked = max(1, len(mentee.fields))
    return {
        Part.DISTANCE: 0 if hm is None else 1000 * 50 // (50 + hm),
        Part.LANGUAGES: 1000 * best_level(mentor, mentee) // 7,
        Part.FREE_TIME: 250 * min(common_cells, 4),
        Part.FIELDS: 1000 * len(mentor.fields & mentee.fields) // asked,
        Part.INTERESTS: shared_points(mentor.interests, mentee.interests),
        Part.DISLIKES: shared_points(mentor.dislikes, mentee.dislikes),
        Part.EXPECTED_LENGTH: length,
        Part.WAITING: 4 * waited,
    }


def score(mentor: Profile, mentee: Profile, on: date, places: Places, weights: Weights) -> int:
    return sum(
        getattr(weights, part) * value for part, value in points(mentor, mentee, on, places).items()
    )


def best_by_trying_all(
    score: Sequence[Sequence[int]],
    feasible: Sequence[Sequence[bool]],
    row_places: Sequence[int],
    column_places: Sequence[int],
) -> tuple[int, int]:
    """(pairs, sum of scores) of the best assignment, found by trying every one of them."""
    best: dict[tuple[int, ...], tuple[int, int]] = {tuple(column_places): (0, 0)}
    for row, places in enumerate(row_places):
        partners = [column for column, fits in enumerate(feasible[row]) if fits]
        following = dict(best)
        for room, (count, total) in best.items():
            for size in range(1, places + 1):
                for chosen in combinations(partners, size):
                    if any(room[column] == 0 for column in chosen):
                        continue
                    left = tuple(r - (c in chosen) for c, r in enumerate(room))
                    worth = (count + size, total + sum(score[row][c] for c in chosen))
                    if left not in following or following[left] < worth:
                        following[left] = worth
        best = following
    return max(best.values())
