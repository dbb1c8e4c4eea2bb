"""Whom to write to at a carrier about the circle's work."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.organisations.models import Account, Carrier, CarrierScoped

_CONTACT = Entry(_("reaching a carrier about gatherings"), Basis.CONTRACT, Erasure.DELETE_ROW, 365)


class Contact(CarrierScoped):
    """One person a carrier names for the circle's work. Announcements and reminders go there."""

    personal_data = PersonalData(
        subject=("account", "email"),
        fields={
            "name": _CONTACT,
            "email": _CONTACT,
            "phone": _CONTACT,
            "task": _CONTACT,
            "created_at": _CONTACT,
        },
    )

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="contacts")
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    task = models.CharField(_("task"), max_length=120, blank=True)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["carrier__name", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["carrier", "email"], name="contact_once_per_address")
        ]

    def __str__(self) -> str:
        return self.name
