"""A site, and networks of sites that match together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import NoPersonalData
from patenwerk.core.policy import Level
from patenwerk.organisations.models.carrier import Carrier
from patenwerk.organisations.models.scope import CarrierScoped, ProgrammeScoped


class Network(ProgrammeScoped):
    """Sites that agreed to match together, also across carriers."""

    personal_data = NoPersonalData("an agreement between organisations")

    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="network_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Site(CarrierScoped):
    """A site (Standort): the place where coordinators work."""

    scope_columns: ClassVar[Mapping[Level, str]] = {
        Level.PROGRAMME: "programme_id",
        Level.CARRIER: "carrier_id",
        Level.SITE: "id",
    }
    personal_data = NoPersonalData("an organisation's public face")

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(_("name"), max_length=120)
    street = models.CharField(_("street"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=5)
    town = models.CharField(_("town"), max_length=80)
    land = models.CharField(_("Land"), max_length=2)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail of the site"), blank=True)
    network = models.ForeignKey(
        Network, on_delete=models.SET_NULL, null=True, blank=True, related_name="sites"
    )
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["carrier", "name"], name="site_name_once"),
            models.CheckConstraint(
                condition=models.Q(postcode__regex=r"^[0-9]{5}$"), name="site_postcode_five_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_ids(self) -> Mapping[Level, int]:
        return {
            Level.PROGRAMME: self.programme_id,
            Level.CARRIER: self.carrier_id,
            Level.SITE: self.pk,
        }
