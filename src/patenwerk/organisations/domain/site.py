"""Sites: created and described by their carrier's management."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.organisations.models import Carrier, Network, Site


class CannotSaveSite(Refusal):
    """The site was not saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteValues:
    """What is said about a site. ``land`` is the code of one of the 16 Länder."""

    name: str
    postcode: str
    town: str
    land: str
    street: str = ""
    phone: str = ""
    email: str = ""
    network: Network | None = None


def create_site(*, carrier: Carrier, values: SiteValues, by: Actor, at: datetime) -> Site:
    """Create a site of a carrier. Raises :class:`CannotSaveSite` with all reasons."""
    _refuse(carrier, values, except_id=0)
    site = Site.objects.create(
        carrier=carrier, programme_id=carrier.programme_id, created_at=at, **_columns(values)
    )
    record(by=by, at=at, action="organisations.create_site", things=[site])
    return site


def change_site(*, site: Site, values: SiteValues, by: Actor, at: datetime) -> None:
    """Change what is said about a site. Raises :class:`CannotSaveSite` with all reasons."""
    _refuse(site.carrier, values, except_id=site.pk)
    columns = _columns(values)
    for name, value in columns.items():
        setattr(site, name, value)
    site.save(update_fields=sorted(columns))
    record(by=by, at=at, action="organisations.change_site", things=[site])


def _columns(values: SiteValues) -> dict[str, object]:
    # asdict would copy the network row field by field; only its own values are wanted.
    columns = {key: value for key, value in asdict(values).items() if key != "network"}
    return {**columns, "network": values.network}


def _refuse(carrier: Carrier, values: SiteValues, *, except_id: int) -> None:
    reasons = []
    if Site.objects.filter(carrier=carrier, name=values.name).exclude(pk=except_id).exists():
        sentence = _("Your carrier has a site of this name already. Please choose another name.")
        reasons.append(Reason("name_taken", sentence, "name"))
    if not (len(values.postcode) == 5 and values.postcode.isascii() and values.postcode.isdigit()):
        reasons.append(Reason("postcode", _("A postcode has five digits, as 10115."), "postcode"))
    if values.network is not None and values.network.programme_id != carrier.programme_id:
        reasons.append(
            Reason("foreign_network", _("Please choose one of the networks shown."), "network")
        )
    if reasons:
        raise CannotSaveSite(reasons)
