"""Writing down that somebody consented, and that it was taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.batches import BATCH, batches
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.core.sheets.words import fold
from patenwerk.organisations.models import Site
from patenwerk.people.domain.guardian import guardian_of
from patenwerk.people.domain.person import locked_at, locked_person
from patenwerk.people.enums import ConsentPurpose, GivenBy, Relation
from patenwerk.people.kernel.consents import AGE_OF_MAJORITY, OWN_INSIGHT_FROM, text_in_force
from patenwerk.people.kernel.validity import age_on
from patenwerk.people.models import Consent, Guardian, Person
from patenwerk.people.queries.guardian import named, names_of, of_age_since, with_custody
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentHistory:
    """A consent as a list tells it. ``guardians`` are first and last names of who gave it."""

    person_id: int
    purpose: ConsentPurpose
    version: str
    given_by: GivenBy
    given_on: date
    withdrawn_on: date | None = None
    guardians: tuple[tuple[str, str], ...] = ()


@transaction.atomic
def take_consents(
    *,
    site: Site,
    new: Sequence[ConsentHistory],
    withdrawn: Mapping[int, date],
    by: Actor,
    at: datetime,
) -> list[Consent]:
    """Take over consents as a list tells them, and that stored ones were taken back since when.

    What was consented to then stands as it is told there. Guardians are found by name among those
    entered for the person; who is not there any more stands with the name alone, as proof (Art. 7
    (1) GDPR). All or none, one row in the record. ``LookupError`` for people, or for consents in
    force, that are not of this site.
    """
    people = locked_at(site, [row.person_id for row in new])
    made = Consent.objects.bulk_create(
        (
            Consent(
                **_scope(site),
                person_id=row.person_id,
                purpose=row.purpose,
                version=row.version,
                given_by=row.given_by,
                given_on=row.given_on,
                withdrawn_on=row.withdrawn_on,
            )
            for row in new
        ),
        batch_size=BATCH,
    )
    _say_who(made, new, people)
    taken_back = _take_back(site, withdrawn, by=by, at=at)
    if made or taken_back:
        record(
            by=by,
            at=at,
            action="people.take_consents",
            things=[*people.values(), *(consent.person for consent in taken_back)],
            scope=site,
            details={"new": len(made), "changed": len(taken_back)},
        )
    return made


def _scope(site: Site) -> dict[str, int]:
    return {
        "programme_id": site.programme_id,
        "carrier_id": site.carrier_id,
        "site_id": site.pk,
    }


def _say_who(
    made: Sequence[Consent], told: Sequence[ConsentHistory], people: Mapping[int, Person]
) -> None:
    """Write which guardians gave consents; who is not entered with the child is, by name alone."""
    entered: dict[int, list[Guardian]] = defaultdict(list)
    ids = sorted({row.person_id for row in told if row.guardians})
    for part in batches(ids):
        # Those who are there now come first: of two with one name they are meant.
        rows = Guardian.objects.filter(person__in=part).order_by(
            F("removed_on").asc(nulls_first=True), "position", "pk"
        )
        for guardian in rows:
            entered[guardian.person_id].append(guardian)
    gave: list[tuple[Consent, Guardian]] = []
    gone: list[Guardian] = []
    for consent, row in zip(made, told, strict=True):
        for first, last in row.guardians:
            known = entered[row.person_id]
            name = fold(f"{first} {last}")
            found = [each for each in known if named(each) == name]
            if not found:
                added = guardian_of(
                    people[row.person_id],
                    position=max((each.position for each in known), default=0) + 1,
                    first_name=first,
                    last_name=last,
                    relation=Relation.OTHER.value,
                    removed_on=row.given_on,
                )
                known.append(added)
                gone.append(added)
                found = [added]
            gave.append((consent, found[0]))
    Guardian.objects.bulk_create(gone, batch_size=BATCH)
    through = Consent.guardians.through
    through.objects.bulk_create(
        (through(consent_id=consent.pk, guardian_id=guardian.pk) for consent, guardian in gave),
        batch_size=BATCH,
    )


def _take_back(
    site: Site, withdrawn: Mapping[int, date], *, by: Actor, at: datetime
) -> list[Consent]:
    found: list[Consent] = []
    for part in batches(sorted(withdrawn)):
        rows = Consent.objects.select_for_update(of=("self",)).filter(
            site=site, withdrawn_on__isnull=True, pk__in=part
        )
        found += rows.select_related("person").order_by("pk")
    missing = withdrawn.keys() - {consent.pk for consent in found}
    if missing:
        raise LookupError(f"Not in force at site {site.pk}: {sorted(missing)}")
    for consent in found:
        consent.withdrawn_on = withdrawn[consent.pk]
        consent.save(update_fields=["withdrawn_on"])
        for follower in _followers:
            follower(consent.person, ConsentPurpose(consent.purpose), by, at)
    return found


def _against(
    person: Person, purpose: ConsentPurpose, given_by: GivenBy, given_on: date, on: date
) -> Iterator[Reason]:
    if person.archived_at is not None:
        yield Reason("archived", _("This person is archived."))
    if Consent.objects.filter(person=person, purpose=purpose, withdrawn_on__isnull=True).exists():
        yield Reason("given", _("This consent is recorded already."))
    if given_on > on:
        yield Reason("given_later", _("The day lies in the future."), "given_on")
    yield from wrong_giver(person.birth_date, given_by, given_on)


def wrong_giver(born: date | None, given_by: GivenBy, given_on: date) -> Iterator[Reason]:
    """Who cannot say so at the person's age on the day; nothing where the age is not known."""
    if born is None:
        return
    age = age_on(born, given_on)
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
