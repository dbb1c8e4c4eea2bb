"""The three scope columns, as abstract models for every table that belongs to someone."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models

from patenwerk.core.policy import Level


class ProgrammeScoped(models.Model):
    """Belongs to a programme as a whole."""

    programme = models.ForeignKey(
        "organisations.Programme", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def scope_ids(self) -> Mapping[Level, int]:
        return {Level.PROGRAMME: self.programme_id}


class CarrierScoped(ProgrammeScoped):
    """Belongs to a carrier."""

    carrier = models.ForeignKey("organisations.Carrier", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def scope_ids(self) -> Mapping[Level, int]:
        return {Level.PROGRAMME: self.programme_id, Level.CARRIER: self.carrier_id}


class SiteScoped(CarrierScoped):
    """Belongs to a site."""

    site = models.ForeignKey("organisations.Site", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def scope_ids(self) -> Mapping[Level, int]:
        return {
            Level.PROGRAMME: self.programme_id,
            Level.CARRIER: self.carrier_id,
            Level.SITE: self.site_id,
        }
