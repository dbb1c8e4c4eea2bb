"""A carrier: the organisation that is funded and has sites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import NoPersonalData
from patenwerk.core.policy import Level
from patenwerk.organisations.models.programme import Programme
from patenwerk.organisations.models.scope import ProgrammeScoped


class Carrier(ProgrammeScoped):
    """A carrier (Träger) of one programme."""

    scope_columns: ClassVar[Mapping[Level, str]] = {
        Level.PROGRAMME: "programme_id",
        Level.CARRIER: "id",
    }
    personal_data = NoPersonalData("an organisation's public face")

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="carriers")
    name = models.CharField(_("name"), max_length=120)
    about = models.CharField(_("in one line"), max_length=200, blank=True)
    website = models.URLField(_("website"), blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="carrier_name_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_ids(self) -> Mapping[Level, int]:
        return {Level.PROGRAMME: self.programme_id, Level.CARRIER: self.pk}
