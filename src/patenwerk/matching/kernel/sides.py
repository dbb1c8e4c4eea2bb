"""What has to be known of single people before anything is calculated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from patenwerk.people.enums import Side
from patenwerk.people.kernel.profile import Profile


class UnfitProfile(ValueError):
    """A person as given cannot be matched. Carries ``side``, ``id`` and the ``problem`` as a code.

    Problems: ``duplicate_id``, ``wrong_side``, ``negative_places``, ``negative_distance``.
    """

    def __init__(self, *, side: Side, person_id: str, problem: str) -> None:
        super().__init__(f"{side} {person_id!r}: {problem}")
        self.side = side
        self.id = person_id
        self.problem = problem


def demand_fit(people: Sequence[Profile], side: Side) -> None:
    """Refuse what no calculation can be right for. Raises :class:`UnfitProfile`."""
    seen: set[str] = set()
    for person in people:
        problem = _problem_of(person, side, seen)
        if problem:
            raise UnfitProfile(side=side, person_id=person.id, problem=problem)
        seen.add(person.id)


def _problem_of(person: Profile, side: Side, seen: set[str]) -> str | None:
    if person.side is not side:
        return "wrong_side"
    if person.id in seen:
        return "duplicate_id"
    if person.open_places < 0:
        return "negative_places"
    if person.furthest_km < 0:
        return "negative_distance"
    return None


def age_on(birth_date: date, on: date) -> int:
    """Full years of life on a day; who is born on 29 February grows older on 1 March."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def waiting_days(since: date, on: date) -> int:
    """Whole days waited; 0 for who begins to wait later."""
    return max(0, (on - since).days)
