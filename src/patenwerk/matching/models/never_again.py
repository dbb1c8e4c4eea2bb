"""Two people who shall not be suggested to each other."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.matching.enums import NeverReason
from patenwerk.organisations.models import SiteScoped
from patenwerk.people.models import Person

_APART = Entry(_("keeping two people apart"), Basis.LEGITIMATE_INTEREST, Erasure.DELETE_ROW)

NEVER_REASONS = [
    (NeverReason.WISH.value, _("one of the two wishes so")),
    (NeverReason.ENDED_BADLY.value, _("their tandem ended badly")),
    (NeverReason.KNOW_EACH_OTHER.value, _("they know each other privately")),
    (NeverReason.OTHER.value, _("another reason")),
]


class NeverAgain(SiteScoped):
    """A mentor and a mentee who are never brought together. Belongs to the mentee's site."""

    personal_data = PersonalData(
        subject=("mentee", "mentor"),
        fields={"reason": _APART, "set_at": _APART, "set_by_id": _APART},
    )

    mentor = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    mentee = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=20, choices=NEVER_REASONS)
    set_at = models.DateTimeField()
    set_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-set_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["mentor", "mentee"], name="never_again_once")
        ]

    def __str__(self) -> str:
        return f"{self.mentee} | {self.mentor}"
