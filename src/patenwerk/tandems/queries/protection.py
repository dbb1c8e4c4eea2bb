"""Who may not meet minors now, and which minors nobody has consented for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from patenwerk.core.policy import Actor, visible
from patenwerk.organisations.models import Site
from patenwerk.people.enums import ConsentPurpose, Side
from patenwerk.people.models import Person, RecordCheck
from patenwerk.people.queries.consent import consented, in_force
from patenwerk.people.queries.record_check import (
    Standing,
    is_too_young_for_check,
    standing_of,
)
from patenwerk.people.queries.settings import rules_by_scope
from patenwerk.tandems.enums import MEETING_STATES, Acceptance, State
from patenwerk.tandems.models import Participant
from patenwerk.tandems.policy import MOVE_TANDEM

OF_AGE = 18
"""Years; § 7 (1) SGB VIII: a young person is not yet 18."""

MAY_MEET_MINORS = frozenset({Standing.VALID, Standing.EXPIRING})

RUNNING = MEETING_STATES | {State.PAUSED}
"""States in which the two have begun to meet."""


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

    Without a minor nobody needs one (§ 30a BZRG allows no blanket demand). A mentor below 14 cannot
    have one and is not asked: children are not answerable in criminal law (§ 19 StGB), and a
    certificate of conduct is issued from the age of 14 on (§ 30 (1) BZRG). Who has no known date of
    birth is asked. Two queries at most.
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
            and not is_too_young_for_check(mentor, day)
            and standing_of(checks.get(mentor.pk), rule, day).standing not in MAY_MEET_MINORS
        ]
        for day in days
    }


def minors_without_consent(people: Iterable[Person], on: date) -> list[Person]:
    """The minors among these people, of either side, who need a consent to take part and have none
    in force.

    Needed where the rules of the person's own site say so. Two queries at most.
    """
    minors = [person for person in people if is_minor(person, on)]
    rules = rules_by_scope(person.scope_ids for person in minors)
    asked = [person for person, rule in zip(minors, rules, strict=True) if rule.minors_need_consent]
    said_yes = consented([person.pk for person in asked], ConsentPurpose.TAKING_PART)
    return [person for person in asked if person.pk not in said_yes]


def running_without_consent(actor: Actor, on: date) -> list[Participant]:
    """The seats of running tandems whose people need a consent to take part and have none in force.

    Of the sites where the actor moves tandems; by name, with person and tandem. Who has been asked
    into a running group and has not said yes is not in it.
    Three queries, two where no site asks for consent.
    """
    sites = list(Site.objects.filter(visible(actor, MOVE_TANDEM, Site)))
    rules = rules_by_scope(site.scope_ids for site in sites)
    asking = [site for site, rule in zip(sites, rules, strict=True) if rule.minors_need_consent]
    if not asking:
        return []
    seats = (
        Participant.objects.filter(
            site__in=asking,
            left_on__isnull=True,
            acceptance=Acceptance.ACCEPTED,
            tandem__state__in=RUNNING,
        )
        .exclude(person__in=Person.objects.filter(in_force(ConsentPurpose.TAKING_PART)))
        .select_related("person", "tandem")
        .order_by("person__last_name", "person__first_name", "pk")
    )
    return [seat for seat in seats if is_minor(seat.person, on)]
