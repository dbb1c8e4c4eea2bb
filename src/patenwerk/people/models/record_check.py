"""The record check (erweitertes Führungszeugnis): only what § 72a (5) SGB VIII lets us keep."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.organisations.models import SiteScoped
from patenwerk.people.models.person import Person

_CHECK = Entry(_("protecting minors (§ 72a SGB VIII)"), Basis.LEGAL_DUTY, Erasure.DELETE_ROW, 180)


class RecordCheck(SiteScoped):
    """That a certificate was inspected: the row itself, its date, whether an entry was found.

    Who inspected it and when stands in the audit record. There is no upload and no free text,
    because the law allows nothing else.
    """

    personal_data = PersonalData(
        subject="person",
        fields={"certificate_date": _CHECK, "conviction_found": _CHECK},
    )

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="record_check")
    certificate_date = models.DateField(_("date of the certificate"))
    conviction_found = models.BooleanField(_("a disqualifying conviction was found"))

    def __str__(self) -> str:
        return str(self.certificate_date)
