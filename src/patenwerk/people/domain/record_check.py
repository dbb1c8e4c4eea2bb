"""Recording that a certificate was inspected, and deleting that again when the law wants it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.jobs.domain.handlers import job_name
from patenwerk.organisations.models import Site
from patenwerk.people.domain.person import locked_person
from patenwerk.people.enums import Side
from patenwerk.people.kernel.validity import months_after
from patenwerk.people.models import Person, RecordCheck
from patenwerk.people.queries.record_check import record_checks_to_remove
from patenwerk.people.queries.settings import PeopleRules, rules_at

CLEAR_RECORD_CHECKS = job_name("people.clear_record_checks")


class CannotInspect(Refusal):
    """This certificate cannot be recorded."""


class CannotRemoveCheck(Refusal):
    """There is no record check to remove."""


@transaction.atomic
def inspect_record_check(
    *,
    person: Person,
    certificate_date: date,
    conviction_found: bool,
    by: Actor,
    at: datetime,
) -> RecordCheck:
    """Record that a mentor's certificate was inspected now; it takes the place of an earlier one.

    Kept are only the certificate's date and whether a disqualifying conviction was found
    (§ 72a (5) SGB VIII); who inspected it when stands in the audit record. Raises
    :class:`CannotInspect` with every reason: no mentor, archived, a date in the future or longer
    ago than the site's rules allow.
    """
    person = locked_person(person)
    refusals = _refusals(person, certificate_date, rules_at(person), day_of(at))
    if refusals:
        raise CannotInspect(refusals)
    check, _made = RecordCheck.objects.update_or_create(
        person=person,
        defaults={
            "programme_id": person.programme_id,
            "carrier_id": person.carrier_id,
            "site_id": person.site_id,
            "certificate_date": certificate_date,
            "conviction_found": conviction_found,
        },
    )
    record(by=by, at=at, action="people.inspect_record_check", things=[person])
    return check


@dataclass(frozen=True, slots=True)
class Inspected:
    """What may be kept of an inspection (§ 72a (5) SGB VIII)."""

    certificate_date: date
    conviction_found: bool = False


def is_news(stored: RecordCheck | None, said: Inspected) -> bool:
    """Whether a list says of a mentor's check what is not known yet.

    A later certificate does, and a conviction that was not known. What is known of one stays.
    """
    if stored is None:
        return True
    if stored.conviction_found:
        return False
    if said.conviction_found:
        return stored.certificate_date <= said.certificate_date
    return stored.certificate_date < said.certificate_date


@transaction.atomic
def take_record_checks(
    *,
    site: Site,
    checks: Mapping[int, Inspected],
    by: Actor,
    at: datetime,
    brought: Collection[int] = (),
) -> int:
    """Take over checks that were inspected before, by ids of a site's mentors; answers how many.

    For lists that were kept elsewhere: the certificate may be as old as it is, whether it still
    counts is reckoned from its date. What is stored stays where a conviction was found or its
    date is not older. Archived people are left out, but for those whom the list itself has just
    ``brought``: what they did until then comes with it, and the nightly clearing decides. One row
    in the record for all. Raises
    :class:`CannotInspect` for a date in the future, ``LookupError`` for an id that is no mentor
    of the site.
    """
    if any(said.certificate_date > day_of(at) for said in checks.values()):
        raise CannotInspect(_in_future())
    people = {
        person.pk: person
        for person in Person.objects.select_for_update(of=("self",)).filter(
            site=site, side=Side.MENTOR
        )
        if person.pk in checks
    }
    missing = checks.keys() - people.keys()
    if missing:
        raise LookupError(f"No mentor of site {site.pk}: {sorted(missing)}")
    stored = {check.person_id: check for check in RecordCheck.objects.filter(site=site)}
    taken = [
        RecordCheck(
            programme_id=site.programme_id,
            carrier_id=site.carrier_id,
            site_id=site.pk,
            person_id=pk,
            certificate_date=said.certificate_date,
            conviction_found=said.conviction_found,
        )
        for pk, said in checks.items()
        if (people[pk].archived_at is None or pk in brought) and is_news(stored.get(pk), said)
    ]
    RecordCheck.objects.bulk_create(
        taken,
        update_conflicts=True,
        unique_fields=["person_id"],
        update_fields=["certificate_date", "conviction_found"],
        batch_size=500,
    )
    if taken:
        things = [people[check.person_id] for check in taken]
        record(by=by, at=at, action="people.take_record_checks", things=things, scope=site)
    return len(taken)


@transaction.atomic
def remove_record_check(*, person: Person, by: Actor, at: datetime) -> None:
    """Delete what is kept of a record check. Raises :class:`CannotRemoveCheck` without one."""
    removed, _rows = RecordCheck.objects.filter(person=person).delete()
    if not removed:
        raise CannotRemoveCheck(Reason("no_check", _("There is no record check to delete.")))
    record(by=by, at=at, action="people.remove_record_check", things=[person])


@transaction.atomic
def clear_record_checks(*, by: Actor, at: datetime) -> int:
    """Delete every record check whose time is over (§ 72a (5) SGB VIII); answers how many.

    Doing it again does no harm.
    """
    due = record_checks_to_remove(day_of(at))
    if due:
        RecordCheck.objects.filter(pk__in=[check.pk for check in due]).delete()
        people = [check.person for check in due]
        record(by=by, at=at, action="people.clear_record_checks", things=people)
    return len(due)


def _refusals(person: Person, certificate_date: date, rules: PeopleRules, on: date) -> list[Reason]:
    found = []
    if person.side != Side.MENTOR:
        found.append(
            Reason("no_mentor", _("A record check is only for those who accompany somebody."))
        )
    if person.archived_at is not None:
        found.append(
            Reason(
                "archived",
                _("This person is archived. Without an activity nothing may be kept."),
            )
        )
    if certificate_date > on:
        found.append(_in_future())
    elif certificate_date < months_after(on, -rules.certificate_months):
        found.append(
            Reason(
                "certificate_old",
                ngettext(
                    "The certificate is older than %(count)s month. Please ask for a new one.",
                    "The certificate is older than %(count)s months. Please ask for a new one.",
                    rules.certificate_months,
                )
                % {"count": rules.certificate_months},
                "certificate_date",
            )
        )
    return found


def _in_future() -> Reason:
    return Reason(
        "certificate_later",
        _("The certificate's date lies in the future."),
        "certificate_date",
    )
