"""Versions of the counting rule. A version is never edited: a change is the next version."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import NoPersonalData
from patenwerk.organisations.models import ProgrammeScoped, TandemKind


class CountingRule(ProgrammeScoped):
    """One version of a programme's rule, in force from a day until the next version's."""

    personal_data = NoPersonalData("a rule of the programme, the same for everybody")

    number = models.PositiveSmallIntegerField(_("version"))
    valid_from = models.DateField(_("valid from"))
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="rule_number_once"),
            models.UniqueConstraint(fields=["programme", "valid_from"], name="rule_day_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="rule_number_from_one"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class KindRule(ProgrammeScoped):
    """What one version asks of one kind of tandem."""

    personal_data = NoPersonalData("a rule of the programme, the same for everybody")

    rule = models.ForeignKey(CountingRule, on_delete=models.CASCADE, related_name="kinds")
    kind = models.ForeignKey(TandemKind, on_delete=models.PROTECT, related_name="+")
    meetings = models.PositiveSmallIntegerField(_("meetings in the first year"), default=1)
    continued_meetings = models.PositiveSmallIntegerField(
        _("meetings in each later year"), default=1
    )
    minutes = models.PositiveSmallIntegerField(_("shortest meeting in minutes"), default=0)
    days = models.PositiveSmallIntegerField(_("shortest length in days"), default=0)
    grace_days = models.PositiveSmallIntegerField(_("days of grace after the year"), default=0)
    continues = models.BooleanField(_("counts again in later years"), default=True)
    each_mentee = models.BooleanField(_("a group counts once for each mentee"), default=False)

    class Meta:
        ordering = ["kind__position", "kind_id"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "kind"], name="rule_kind_once"),
            models.CheckConstraint(
                condition=Q(meetings__gte=1, continued_meetings__gte=1),
                name="rule_asks_for_a_meeting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.meetings}"
