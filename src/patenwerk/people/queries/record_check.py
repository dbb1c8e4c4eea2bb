"""Record checks: until when they hold, whose run out, which have to go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet

from patenwerk.core.policy import Actor, visible
from patenwerk.organisations.models import Site
from patenwerk.people.enums import Side
from patenwerk.people.kernel.defaults import RECORD_CHECK_FROM
from patenwerk.people.kernel.validity import age_on, latest_start, months_after, years_after
from patenwerk.people.models import Person, RecordCheck
from patenwerk.people.policy import RECORD_CHECK
from patenwerk.people.queries.activity import NONE, Activity, activities
from patenwerk.people.queries.settings import PeopleRules, rules_by_scope


class Standing(StrEnum):
    """How a mentor's record check stands on a day. ``BARRED``: a conviction was found."""

    MISSING = "missing"
    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    BARRED = "barred"


@dataclass(frozen=True, slots=True)
class CheckStanding:
    """How it stands, the last day on which the check counts (None: it never does), days to it."""

    standing: Standing
    until: date | None = None
    days_left: int = 0

    @property
    def days_over(self) -> int:
        """Days since it ran out."""
        return -self.days_left


@dataclass(frozen=True, slots=True)
class ExpiringCheck:
    """A mentor whose check has run out or soon will."""

    person: Person
    check: CheckStanding


def is_too_young_for_check(person: Person, on: date) -> bool:
    """Whether nobody of this age can have a record check (see people.kernel.defaults).

    Who has no known date of birth could have one.
    """
    return person.birth_date is not None and age_on(person.birth_date, on) < RECORD_CHECK_FROM


def valid_until(check: RecordCheck | None, rules: PeopleRules) -> date | None:
    """The last day on which the check lets the mentor meet minors; None with a conviction."""
    if check is None or check.conviction_found:
        return None
    return years_after(check.certificate_date, rules.record_check_years)


def standing_of(check: RecordCheck | None, rules: PeopleRules, on: date) -> CheckStanding:
    """How a mentor's check stands on a day."""
    if check is None:
        return CheckStanding(Standing.MISSING)
    until = valid_until(check, rules)
    if until is None:
        return CheckStanding(Standing.BARRED)
    left = (until - on).days
    if left < 0:
        return CheckStanding(Standing.EXPIRED, until, left)
    soon = left <= rules.warning_days
    return CheckStanding(Standing.EXPIRING if soon else Standing.VALID, until, left)


def ending(sites: Iterable[Site], on: date) -> Q:
    """Persons of these sites whose check has run out on a day or will within the days of warning.

    A filter on Person, made with one query.
    """
    known = list(sites)
    by_rules: dict[PeopleRules, list[int]] = defaultdict(list)
    for site, rules in zip(known, rules_by_scope(s.scope_ids for s in known), strict=True):
        by_rules[rules].append(site.pk)
    reach = Q(pk__in=())
    for rules, ids in by_rules.items():
        last = on + timedelta(days=rules.warning_days)
        reach |= Q(
            site_id__in=ids,
            record_check__certificate_date__lte=latest_start(last, rules.record_check_years),
        )
    return reach & Q(record_check__conviction_found=False)


def record_checks_expiring(actor: Actor, on: date) -> list[ExpiringCheck]:
    """Mentors whose check the actor may see and that has run out or soon will, earliest first.

    Archived people are left out. Four queries.
    """
    reach = visible(actor, RECORD_CHECK, Person)
    sites = Site.objects.filter(visible(actor, RECORD_CHECK, Site))
    people = list(
        Person.objects.filter(
            reach, ending(sites, on), side=Side.MENTOR, archived_at__isnull=True
        ).select_related("record_check")
    )
    found = [
        ExpiringCheck(person, standing_of(person.record_check, rules, on))
        for person, rules in zip(people, rules_by_scope(p.scope_ids for p in people), strict=True)
    ]
    return sorted(found, key=lambda each: (each.check.days_left, each.person.pk))


def is_to_be_removed(check: RecordCheck, activity: Activity, rules: PeopleRules, on: date) -> bool:
    """Whether the law wants the check gone (§ 72a (5) SGB VIII). Needs ``check.person``.

    An end before the certificate's date says nothing about it: the check was made for a new
    activity. Without any activity it stays while one is still to come, and goes at once when the
    person was archived; else it goes ``months_kept`` after the last activity ended.
    """
    if activity.running:
        return False
    ended_on = activity.ended_on
    if ended_on is None or ended_on < check.certificate_date:
        return check.person.archived_at is not None
    return months_after(ended_on, rules.months_kept) <= on


def idle_checks(ids: Sequence[int]) -> QuerySet[RecordCheck]:
    """The record checks of those of these people who never did anything, as far as it is known:
    they go when the person is archived.
    """
    idle = [pk for pk, activity in activities(ids).items() if activity == NONE]
    return RecordCheck.objects.filter(person__in=idle)


def record_checks_to_remove(on: date) -> list[RecordCheck]:
    """Every stored check that has to be deleted on a day, with its person.

    Runs over all organisations: it serves the daily clearing, nobody looks at it.
    """
    checks = list(RecordCheck.objects.select_related("person").order_by("pk"))
    active = activities([check.person_id for check in checks])
    rules = rules_by_scope(check.scope_ids for check in checks)
    return [
        check
        for check, rule in zip(checks, rules, strict=True)
        if is_to_be_removed(check, active[check.person_id], rule, on)
    ]
