"""Whom a carrier names for the circle's work: named, changed and removed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.gatherings.models import Contact
from patenwerk.organisations.models import Account, Carrier


class CannotSaveContact(Refusal):
    """The contact was not saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactValues:
    """What is said about a contact; ``task`` is what they do in the circle."""

    name: str
    email: str
    phone: str = ""
    task: str = ""


def add_contact(*, carrier: Carrier, values: ContactValues, by: Actor, at: datetime) -> Contact:
    """Name somebody for a carrier. Raises :class:`CannotSaveContact` for an address named already.

    Whoever has an account at this carrier is written to in the language of the account.
    """
    contact = Contact(programme_id=carrier.programme_id, carrier=carrier, created_at=at)
    _write(contact, values)
    contact.save()
    record(by=by, at=at, action="gatherings.add_contact", things=[contact])
    return contact


def change_contact(*, contact: Contact, values: ContactValues, by: Actor, at: datetime) -> None:
    """Say anew who a contact is. Raises :class:`CannotSaveContact` as :func:`add_contact` does."""
    _write(contact, values)
    contact.save(update_fields=[*asdict(values), "account"])
    record(by=by, at=at, action="gatherings.change_contact", things=[contact])


def remove_contact(*, contact: Contact, by: Actor, at: datetime) -> None:
    """Forget a contact. Without any the carrier's management is written to."""
    record(by=by, at=at, action="gatherings.remove_contact", things=[contact])
    contact.delete()


def _write(contact: Contact, values: ContactValues) -> None:
    email = values.email.lower()
    same = Contact.objects.filter(carrier_id=contact.carrier_id, email__iexact=email)
    if same.exclude(pk=contact.pk).exists():
        sentence = _("This address is named for the carrier already.")
        raise CannotSaveContact(Reason("named", sentence, "email"))
    contact.name, contact.email = values.name, email
    contact.phone, contact.task = values.phone, values.task
    own = Account.objects.filter(email__iexact=email, grants__carrier_id=contact.carrier_id)
    contact.account = own.first()
