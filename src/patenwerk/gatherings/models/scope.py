"""Whom the rows around gatherings belong to: their organisers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Case, F, When

from patenwerk.core.policy import Level
from patenwerk.organisations.models import ProgrammeScoped


class OrganiserScoped(ProgrammeScoped):
    """Belongs to the network office of its programme, or to the one carrier that it names.

    ``office`` is the programme's id where the network office organises and empty where a carrier
    does: a grant on the whole programme does not reach into a carrier's own gatherings.
    """

    scope_columns: ClassVar[Mapping[Level, str]] = {
        Level.PROGRAMME: "office",
        Level.CARRIER: "carrier_id",
    }

    carrier = models.ForeignKey(
        "organisations.Carrier", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    office = models.GeneratedField(
        expression=Case(When(carrier__isnull=True, then=F("programme_id"))),
        output_field=models.BigIntegerField(null=True),
        db_persist=True,
    )

    class Meta:
        abstract = True

    @property
    def scope_ids(self) -> Mapping[Level, int]:
        if self.carrier_id is not None:
            return {Level.CARRIER: self.carrier_id}
        return {Level.PROGRAMME: self.programme_id}

    @property
    def organiser_columns(self) -> dict[str, int | None]:
        """The columns that a row belonging to the same organisers repeats."""
        return {"programme_id": self.programme_id, "carrier_id": self.carrier_id}
