"""Who may not meet minors now."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from patenwerk.people.enums import Side
from patenwerk.people.models import Person, RecordCheck
from patenwerk.people.queries.record_check import Standing, standing_of
from patenwerk.people.queries.settings import rules_by_scope

OF_AGE = 18
"""Years; § 7 (1) SGB VIII: a young person is not yet 18."""

MAY_MEET_MINORS = frozenset({Standing.VALID, Standing.EXPIRING})


def is_minor(person: Person, on: date) -> bool:
    """Whether the person is under 18 on a day. Who has no known birth date counts as a minor:
    protection goes first, and matching does the same.
    """
    born = person.birth_date
    if born is None:
        return True
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) < OF_AGE


def minors_without_valid_check(people: Iterable[Person], on: date) -> list[Person]:
    """The mentors among these people who lack a valid record check, if a minor is among them.

    Without a minor nobody needs one (§ 30a BZRG allows no blanket demand). Two queries at most.
    """
    return minors_without_valid_check_by_day(people, days=[on])[on]


def minors_without_valid_check_by_day(
    people: Iterable[Person], days: Collection[date]
) -> dict[date, list[Person]]:
    """The same for each of several days, with as many queries as for one."""
    everybody = list(people)
    mentees = [person for person in everybody if person.side == Side.MENTEE]
    with_minors = {day for day in days if any(is_minor(mentee, day) for mentee in mentees)}
    if not with_minors:
        return {day: [] for day in days}
    mentors = [person for person in everybody if person.side == Side.MENTOR]
    checks = {check.person_id: check for check in RecordCheck.objects.filter(person__in=mentors)}
    rules = rules_by_scope(mentor.scope_ids for mentor in mentors)
    return {
        day: [
            mentor
            for mentor, rule in zip(mentors, rules, strict=True)
            if day in with_minors
            and standing_of(checks.get(mentor.pk), rule, day).standing not in MAY_MEET_MINORS
        ]
        for day in days
    }
