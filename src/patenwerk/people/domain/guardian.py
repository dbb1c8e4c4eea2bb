"""Entering who has custody of a child, changing what is said about them, removing them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.batches import BATCH, batches
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.core.sheets.words import fold
from patenwerk.organisations.models import Site
from patenwerk.people.domain.person import locked_at, locked_person, merged_away
from patenwerk.people.domain.person_values import is_email, tidy, too_long
from patenwerk.people.enums import Relation
from patenwerk.people.kernel.languages import LANGUAGE_CODES
from patenwerk.people.models import Guardian, Person
from patenwerk.people.queries.guardian import guardians_of, named, of_age_since

_LENGTHS = {"first_name": 80, "last_name": 80, "phone": 40, "email": 254}


class CannotTakeGuardian(Refusal):
    """What is said about the guardian does not hold together, or nobody has custody any more."""


class CannotRemoveGuardian(Refusal):
    """The guardian is not there any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianValues:
    """Everything that can be said about a guardian; one of the two names has to be.

    ``decides`` says that the guardian has custody; ``language`` is an ISO code, or empty.
    """

    relation: str
    first_name: str = ""
    last_name: str = ""
    decides: bool = True
    phone: str = ""
    email: str = ""
    language: str = ""

    def tidied(self) -> GuardianValues:
        """The same with composed letters and single spaces."""
        return replace(
            self,
            first_name=tidy(self.first_name),
            last_name=tidy(self.last_name),
            phone=tidy(self.phone),
            email=tidy(self.email),
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What a list says of one guardian: of the one who is entered (None: somebody new)."""

    guardian_id: int | None
    values: GuardianValues


@transaction.atomic
def add_guardian(*, person: Person, values: GuardianValues, by: Actor, at: datetime) -> Guardian:
    """Enter a guardian of a child, after those who are there.

    Raises :class:`CannotTakeGuardian` with every reason: the person is of age or was merged into
    another, somebody of this name is there already, or the values do not fit. Where the date of
    birth is unknown, guardians can be entered.
    """
    person = locked_person(person)
    wanted = values.tidied()
    reasons = list(_against(person, wanted, None))
    if of_age_since(person, day_of(at)) is not None:
        reasons.insert(0, Reason("of_age", _("This person is of age: nobody decides for them.")))
    if reasons:
        raise CannotTakeGuardian(reasons)
    # Removed ones count, too: nobody takes the place of somebody who has consented.
    last = Guardian.objects.filter(person=person).aggregate(last=Max("position"))["last"]
    guardian = guardian_of(person, position=(last or 0) + 1)
    _write(guardian, wanted)
    guardian.save()
    record(
        by=by,
        at=at,
        action="people.add_guardian",
        things=[person],
        details={"guardian": guardian.pk},
    )
    return guardian


@transaction.atomic
def change_guardian(
    *, guardian: Guardian, values: GuardianValues, by: Actor, at: datetime
) -> frozenset[str]:
    """Say everything about a guardian anew; answers the names of the columns that changed.

    Where nothing differs nothing is written. Raises :class:`CannotTakeGuardian` with every reason.
    """
    person = _child_of(guardian)
    stored = guardians_of(person).filter(pk=guardian.pk).first()
    if stored is None:
        raise CannotTakeGuardian(_gone())
    wanted = values.tidied()
    reasons = list(_against(person, wanted, stored))
    if reasons:
        raise CannotTakeGuardian(reasons)
    before = values_of(stored)
    changed = frozenset(
        column.name
        for column in fields(GuardianValues)
        if getattr(before, column.name) != getattr(wanted, column.name)
    )
    if changed:
        _write(stored, wanted)
        stored.save(update_fields=sorted(changed))
        record(
            by=by,
            at=at,
            action="people.change_guardian",
            things=[person],
            details={"guardian": stored.pk, "fields": sorted(changed)},
        )
    return changed


@transaction.atomic
def remove_guardian(*, guardian: Guardian, by: Actor, at: datetime) -> None:
    """Take a guardian off a child's page.

    Who has consented keeps the name beside that consent, as its proof (Art. 7 (1) GDPR), and
    nothing else; of everybody else nothing stays. Consents go on until they are taken back. Raises
    :class:`CannotRemoveGuardian` where somebody was faster.
    """
    person = _child_of(guardian)
    stored = guardians_of(person).filter(pk=guardian.pk).first()
    if stored is None:
        raise CannotRemoveGuardian(_gone())
    details = {"guardian": stored.pk}
    if stored.consents.exists():
        stored.phone = stored.email = stored.language = ""
        stored.removed_on = day_of(at)
        stored.save(update_fields=["phone", "email", "language", "removed_on"])
    else:
        stored.delete()
    record(by=by, at=at, action="people.remove_guardian", things=[person], details=details)


@transaction.atomic
def take_guardians(
    *, site: Site, told: Mapping[int, Sequence[Told]], by: Actor, at: datetime
) -> int:
    """Take over guardians as a list names them, by ids of a site's people; answers how many.

    Those who are not named stay. Whoever was a minor once keeps the guardians a list names: they
    prove who consented then. All or none, one row in the record. Raises
    :class:`CannotTakeGuardian` with every reason; ``LookupError`` for somebody who is not of this
    site, and for a guardian of somebody else.
    """
    people = locked_at(site, told)
    entered: dict[int, list[Guardian]] = {pk: [] for pk in told}
    for part in batches(sorted(told)):
        for row in Guardian.objects.filter(person__in=part).order_by("pk"):
            entered[row.person_id].append(row)
    new, changed = [], []
    reasons: list[Reason] = []
    for pk, wanted in told.items():
        known = {row.pk: row for row in entered[pk]}
        last = max((row.position for row in entered[pk]), default=0)
        for each in wanted:
            reasons += wrong_values(each.values)
            if each.guardian_id is None:
                last += 1
                guardian = guardian_of(people[pk], position=last)
                new.append(guardian)
            else:
                guardian = known[each.guardian_id]
                changed.append(guardian)
            _write(guardian, each.values)
    if reasons:
        raise CannotTakeGuardian(reasons)
    Guardian.objects.bulk_create(new, batch_size=BATCH)
    columns = [column.name for column in fields(GuardianValues)]
    Guardian.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=columns,
        batch_size=BATCH,
    )
    if told:
        record(
            by=by,
            at=at,
            action="people.take_guardians",
            things=list(people.values()),
            scope=site,
            details={"new": len(new), "changed": len(changed)},
        )
    return len(new) + len(changed)


def guardian_of(person: Person, *, position: int, **said: Any) -> Guardian:
    """A guardian of a child, not saved yet."""
    return Guardian(
        programme_id=person.programme_id,
        carrier_id=person.carrier_id,
        site_id=person.site_id,
        person=person,
        position=position,
        **said,
    )


def values_of(guardian: Guardian) -> GuardianValues:
    """What is said about a stored guardian now."""
    return GuardianValues(
        **{column.name: getattr(guardian, column.name) for column in fields(GuardianValues)}
    )


def _child_of(guardian: Guardian) -> Person:
    """The child, locked, if it is still at the site where the guardian was looked at."""
    return locked_person(Person(pk=guardian.person_id, site_id=guardian.site_id))


def _write(guardian: Guardian, values: GuardianValues) -> None:
    for column in fields(GuardianValues):
        setattr(guardian, column.name, getattr(values, column.name))


def _gone() -> Reason:
    return Reason("gone", _("Somebody has just removed this guardian."))


def _against(person: Person, values: GuardianValues, own: Guardian | None) -> Iterator[Reason]:
    """Needs the person locked; ``own`` is the guardian that is changed."""
    if person.merged_into_id is not None:
        yield merged_away()
    name = fold(f"{values.first_name} {values.last_name}")
    others = [one for one in guardians_of(person) if own is None or one.pk != own.pk]
    if name and name in {named(one) for one in others}:
        yield Reason(
            "entered", _("Somebody of this name is entered for this person already."), "first_name"
        )
    yield from wrong_values(values)


def wrong_values(values: GuardianValues) -> Iterator[Reason]:
    """What does not fit in tidied values, whoever else is entered with the child."""
    if not values.first_name and not values.last_name:
        yield Reason("name_missing", _("Please say a first or a last name."), "first_name")
    for column, length in _LENGTHS.items():
        said = getattr(values, column)
        if len(said) > length:
            yield Reason("too_long", too_long(length), column)
        if "\0" in said:
            yield Reason("no_text", _("This holds a sign that is no text."), column)
    if values.email and not is_email(values.email):
        yield Reason(
            "email_form", _("This is no e-mail address, such as name@example.org."), "email"
        )
    if values.relation not in set(Relation):
        yield Reason("relation_unknown", _("This relation is not on the list."), "relation")
    if values.language and values.language not in LANGUAGE_CODES:
        yield Reason(
            "language_unknown",
            _("»%(language)s« is no language we know.") % {"language": values.language},
            "language",
        )
