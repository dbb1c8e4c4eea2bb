"""Writing down that somebody consented, and that it was taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.people.domain.person import locked_person
from patenwerk.people.enums import ConsentPurpose, GivenBy
from patenwerk.people.kernel.consents import AGE_OF_MAJORITY, OWN_INSIGHT_FROM, text_in_force
from patenwerk.people.kernel.validity import age_on
from patenwerk.people.models import Consent, Guardian, Person
from patenwerk.people.queries.guardian import names_of, of_age_since, with_custody
from patenwerk.people.queries.settings import rules_at


class CannotConsent(Refusal):
    """The consent was not recorded."""


class CannotWithdraw(Refusal):
    """There is no consent to withdraw."""


#: What is done when a consent is gone (suggestions and moves that rested on it are withdrawn).
WithdrawalFollower = Callable[[Person, ConsentPurpose, Actor, datetime], None]
_followers: list[WithdrawalFollower] = []


def add_withdrawal_follower(follower: WithdrawalFollower) -> None:
    """Tell a higher app of withdrawals, in their transaction. Adding twice adds once."""
    if follower not in _followers:
        _followers.append(follower)


@transaction.atomic
def give_consent(
    *,
    person: Person,
    purpose: ConsentPurpose,
    given_by: GivenBy,
    guardians: Collection[Guardian] = (),
    given_on: date,
    by: Actor,
    at: datetime,
) -> Consent:
    """Record that a person, or guardians for a child, consented to the text in force.

    ``guardians`` are those who said so: at least one of those entered with custody, and all of
    them where the site's rules say so. Raises :class:`CannotConsent` with every reason: archived,
    consented already, a day in the future, the wrong one to say so at the person's age, or a
    guardian who is not entered, has no custody or has not said so.
    """
    person = locked_person(person)
    reasons = [
        *_against(person, purpose, given_by, given_on, day_of(at)),
        *_against_guardians(person, given_by, guardians, given_on),
    ]
    if reasons:
        raise CannotConsent(reasons)
    consent = Consent.objects.create(
        programme_id=person.programme_id,
        carrier_id=person.carrier_id,
        site_id=person.site_id,
        person=person,
        purpose=purpose,
        version=text_in_force(purpose).version,
        given_by=given_by,
        given_on=given_on,
    )
    consent.guardians.set(guardians)
    record(
        by=by,
        at=at,
        action="people.give_consent",
        things=[person],
        details={
            "purpose": str(purpose),
            "given_by": str(given_by),
            "guardians": sorted(guardian.pk for guardian in guardians),
        },
    )
    return consent


@transaction.atomic
def withdraw_consent(
    *, person: Person, purpose: ConsentPurpose, by: Actor, at: datetime
) -> Consent:
    """Take a consent back from today on. Raises :class:`CannotWithdraw` where none is in force.

    Archived people may withdraw, too.
    """
    person = locked_person(person)
    consent = Consent.objects.filter(
        person=person, purpose=purpose, withdrawn_on__isnull=True
    ).first()
    if consent is None:
        raise CannotWithdraw(Reason("no_consent", _("There is no consent to take back.")))
    consent.withdrawn_on = day_of(at)
    consent.save(update_fields=["withdrawn_on"])
    for follower in _followers:
        follower(person, purpose, by, at)
    record(
        by=by,
        at=at,
        action="people.withdraw_consent",
        things=[person],
        details={"purpose": str(purpose)},
    )
    return consent


def _against(
    person: Person, purpose: ConsentPurpose, given_by: GivenBy, given_on: date, on: date
) -> Iterator[Reason]:
    if person.archived_at is not None:
        yield Reason("archived", _("This person is archived."))
    if Consent.objects.filter(person=person, purpose=purpose, withdrawn_on__isnull=True).exists():
        yield Reason("given", _("This consent is recorded already."))
    if given_on > on:
        yield Reason("given_later", _("The day lies in the future."), "given_on")
    if person.birth_date is None:
        return
    age = age_on(person.birth_date, given_on)
    if given_by is GivenBy.SELF and age < OWN_INSIGHT_FROM:
        yield Reason(
            "too_young",
            _("Below %(age)s years a guardian consents.") % {"age": OWN_INSIGHT_FROM},
            "given_by",
        )
    if given_by is GivenBy.GUARDIAN and age >= AGE_OF_MAJORITY:
        yield Reason("of_age", _("Adults consent themselves."), "given_by")


def _against_guardians(
    person: Person, given_by: GivenBy, chosen: Collection[Guardian], given_on: date
) -> Iterator[Reason]:
    if given_by is not GivenBy.GUARDIAN:
        if chosen:
            yield Reason(
                "person_said_so",
                _("Where the person consents, please tick no guardian."),
                "guardians",
            )
        return
    if of_age_since(person, given_on) is not None:
        return  # guardians are not asked any more
    deciding = list(with_custody(person))
    if not deciding:
        yield Reason(
            "no_guardian",
            _("Nobody with custody is entered for this person. Please enter a guardian first."),
            "given_by",
        )
        return
    if any(guardian not in deciding for guardian in chosen):
        yield Reason(
            "no_custody",
            _("Only those count who are entered for this person with custody."),
            "guardians",
        )
    if not chosen:
        yield Reason("nobody_said_so", _("Please tick which guardian said so."), "guardians")
        return
    missing = [guardian for guardian in deciding if guardian not in chosen]
    if missing and rules_at(person).all_guardians_consent:
        yield Reason(
            "guardian_missing",
            _(
                "Your organisation asks everybody who has custody. Still missing: %(names)s. "
                "Please record the consent when all have said yes."
            )
            % {"names": names_of(missing)},
            "guardians",
        )
