"""What a person consented to, in which words, and until when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.organisations.models import SiteScoped
from patenwerk.people.enums import ConsentPurpose, GivenBy
from patenwerk.people.models.guardian import Guardian
from patenwerk.people.models.person import Person

_PROOF = Entry(_("proving a consent (Art. 7 (1) GDPR)"), Basis.LEGAL_DUTY, Erasure.DELETE_ROW, 1095)


class Consent(SiteScoped):
    """A person's consent to one purpose. Withdrawn ones stay: they prove what was allowed when.

    ``version`` names the text, see people.kernel.consents. ``guardians`` are those who said so,
    where guardians did. Who wrote it down stands in the audit record.
    """

    personal_data = PersonalData(
        subject="person",
        fields={
            "purpose": _PROOF,
            "version": _PROOF,
            "given_by": _PROOF,
            "guardians": _PROOF,
            "given_on": _PROOF,
            "withdrawn_on": _PROOF,
        },
    )

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(
        _("purpose"),
        max_length=20,
        choices=[
            (ConsentPurpose.OTHER_CARRIERS.value, _("be found by other carriers, too")),
            (ConsentPurpose.MOVE_SITE.value, _("move to another site")),
            (ConsentPurpose.TAKING_PART.value, _("take part in the programme")),
        ],
    )
    version = models.CharField(_("version of the text"), max_length=20)
    given_by = models.CharField(
        _("who consented"),
        max_length=8,
        choices=[
            (GivenBy.SELF.value, pgettext_lazy("consent", "the person")),
            (GivenBy.GUARDIAN.value, pgettext_lazy("consent", "a guardian")),
        ],
    )
    guardians = models.ManyToManyField(Guardian, blank=True, related_name="consents")
    given_on = models.DateField(_("given on"))
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=Q(withdrawn_on__isnull=True),
                name="consent_in_force_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                name="consent_withdrawn_after_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.purpose}"
