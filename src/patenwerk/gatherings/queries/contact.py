"""Whom to write to at a carrier, and the list of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from patenwerk.core.policy import Actor, may_in, visible
from patenwerk.core.sheets.words import fold
from patenwerk.gatherings.models import Contact
from patenwerk.gatherings.policy import EDIT_CONTACT, SEE_CONTACT
from patenwerk.organisations.enums import Language, Role
from patenwerk.organisations.models import Carrier, RoleGrant
from patenwerk.organisations.queries.holders import holders_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """One person a mail goes to, in their language. ``account_id`` where they can log in."""

    carrier_id: int
    name: str
    email: str
    language: str
    account_id: int | None


def contacts_of(carriers: Collection[int], on: date) -> dict[int, list[Addressee]]:
    """For every carrier's id whom to write to about the circle's work on a day: two queries.

    The contacts a carrier named; where it named none, the accounts that manage it on that day. A
    carrier with neither has an empty list. No address appears twice at one carrier.
    """
    found: dict[int, dict[str, Addressee]] = {pk: {} for pk in carriers}
    named = Contact.objects.filter(carrier__in=carriers).select_related("account")
    for contact in named.order_by("carrier_id", "name", "pk"):
        _add(found, _of_contact(contact))
    alone = [pk for pk, known in found.items() if not known]
    if alone:
        for grant in managing(on).filter(carrier__in=alone):
            _add(found, addressee_of(grant))
    return {pk: list(known.values()) for pk, known in found.items()}


def contacts(actor: Actor, text: str = "") -> QuerySet[Contact]:
    """The contacts the actor sees, with their carrier; narrowed by beginnings of words."""
    found = Contact.objects.filter(visible(actor, SEE_CONTACT, Contact)).select_related("carrier")
    words = fold(text).split()
    if words:
        fitting = [contact.pk for contact in found if _fits(contact, words)]
        found = found.filter(pk__in=fitting)
    return found.order_by("carrier__name", "name", "pk")


def carriers_without_contact(actor: Actor) -> QuerySet[Carrier]:
    """Carriers whose contacts the actor sees and that have named nobody."""
    none = ~Exists(Contact.objects.filter(carrier=OuterRef("pk")))
    return Carrier.objects.filter(
        none, visible(actor, SEE_CONTACT, Carrier), archived_at__isnull=True
    )


def contacts_panel(
    actor: Actor,
    ids: Sequence[int],
    on: date,  # noqa: ARG001 - every panel is asked for a day
) -> Mapping[int, Mapping[str, Any]]:
    """The contacts of carriers, for the carrier's page."""
    carriers = Carrier.objects.filter(visible(actor, SEE_CONTACT, Carrier), pk__in=ids)
    panels: dict[int, dict[str, Any]] = {
        carrier.pk: {
            "carrier_id": carrier.pk,
            "contacts": [],
            "may_edit": may_in(actor, EDIT_CONTACT, carrier),
        }
        for carrier in carriers
    }
    for contact in contacts(actor).filter(carrier__in=panels):
        panels[contact.carrier_id]["contacts"].append(contact)
    return panels


def _fits(contact: Contact, words: Sequence[str]) -> bool:
    said = f"{contact.carrier.name} {contact.name} {contact.email} {contact.task}"
    text = f" {fold(said)}"
    return all(f" {word}" in text for word in words)


def managing(on: date) -> QuerySet[RoleGrant]:
    """The grants of those who manage a carrier on a day, with their accounts."""
    return holders_of(Role.CARRIER_MANAGER, on)


def _of_contact(contact: Contact) -> Addressee:
    account = contact.account
    return Addressee(
        carrier_id=contact.carrier_id,
        name=contact.name,
        email=contact.email,
        language=account.language if account is not None else Language.GERMAN.value,
        account_id=contact.account_id,
    )


def addressee_of(grant: RoleGrant) -> Addressee:
    """The account that holds a grant, as somebody to write to."""
    account = grant.account
    return Addressee(
        carrier_id=grant.carrier_id or 0,
        name=account.full_name,
        email=account.email,
        language=account.language,
        account_id=account.pk,
    )


def _add(found: dict[int, dict[str, Addressee]], addressee: Addressee) -> None:
    found[addressee.carrier_id].setdefault(addressee.email.casefold(), addressee)
