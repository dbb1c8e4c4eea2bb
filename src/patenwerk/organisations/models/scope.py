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


class AnywhereScoped(ProgrammeScoped):
    """Belongs to a programme, one of its carriers or one of its sites; a site's row names its
    carrier, too. Levels below the one it belongs to stay empty.
    """

    carrier = models.ForeignKey(
        "organisations.Carrier",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    site = models.ForeignKey(
        "organisations.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def scope_ids(self) -> Mapping[Level, int]:
        found = {Level.PROGRAMME: self.programme_id}
        if self.carrier_id is not None:
            found[Level.CARRIER] = self.carrier_id
        if self.site_id is not None:
            found[Level.SITE] = self.site_id
        return found

    @property
    def organisation_name(self) -> str:
        """The narrowest organisation it names."""
        return str(self.site or self.carrier or self.programme)
