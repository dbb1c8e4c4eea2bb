"""A carrier's archive with the lists of several sites."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.organisations.models import Account, CarrierScoped

_TRAIL = Entry(_("showing who read which list"), Basis.LEGITIMATE_INTEREST, Erasure.EMPTY)


class Bundle(CarrierScoped):
    """An archive that somebody uploaded: its files are the whole files (``Book``) of sites.

    The archive itself is not kept; each file of it lives and goes with its site's.
    """

    personal_data = PersonalData(
        subject="uploaded_by",
        fields={"file_name": _TRAIL, "uploaded_by": _TRAIL, "uploaded_at": _TRAIL},
    )

    file_name = models.CharField(max_length=200, blank=True)
    uploaded_by = models.ForeignKey(
        Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        indexes = [models.Index(fields=["carrier", "-uploaded_at"], name="bundle_of_carrier")]

    def __str__(self) -> str:
        return self.file_name
