"""Sites: all reasons against a site are said at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.organisations.domain.site import CannotSaveSite, SiteValues, change_site, create_site
from patenwerk.organisations.models import Site
from tests.factories.organisations import CarrierFactory, NetworkFactory, SiteFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BY = Actor(user_id=9)
VALUES = SiteValues(
    name="Beerenfurt",
    postcode="01067",
    town="Dresden",
    land="SN",
    street="Am Fluss 1",
    phone="0351 1",
    email="s@example.org",
)


def refusals(call: Any, **arguments: Any) -> dict[str, str | None]:
    with pytest.raises(CannotSaveSite) as refused:
        call(by=BY, at=AT, **arguments)
    return {reason.code: reason.field for reason in refused.value.reasons}


def test_a_site_is_created_below_its_carrier() -> None:
    carrier = CarrierFactory.create()
    network = NetworkFactory.create(programme=carrier.programme)
    site = create_site(carrier=carrier, values=replace(VALUES, network=network), by=BY, at=AT)
    stored = Site.objects.values(
        "programme_id", "carrier_id", "network_id", "name", "postcode", "town", "land", "street"
    ).get()
    assert stored == {
        "programme_id": carrier.programme_id,
        "carrier_id": carrier.pk,
        "network_id": network.pk,
        "name": "Beerenfurt",
        "postcode": "01067",
        "town": "Dresden",
        "land": "SN",
        "street": "Am Fluss 1",
    }
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.site_id, entry.carrier_id) == (
        "organisations.create_site",
        site.pk,
        carrier.pk,
    )


@pytest.mark.parametrize("postcode", ["", "1067", "010670", "0106a", "01 67", "٠١٠٦٧", "01067\n"])
def test_a_postcode_has_five_digits(postcode: str) -> None:
    values = replace(VALUES, postcode=postcode)
    found = refusals(create_site, carrier=CarrierFactory.create(), values=values)
    assert found == {"postcode": "postcode"}
    assert not Site.objects.exists()


def test_all_reasons_at_once() -> None:
    taken = SiteFactory.create(name="Beerenfurt")
    values = replace(VALUES, postcode="x", network=NetworkFactory.create())
    assert refusals(create_site, carrier=taken.carrier, values=values) == {
        "name_taken": "name",
        "postcode": "postcode",
        "foreign_network": "network",
    }
    assert Site.objects.get() == taken
    assert not AuditEntry.objects.exists()


def test_two_carriers_may_have_sites_of_one_name() -> None:
    SiteFactory.create(name="Beerenfurt")
    create_site(carrier=CarrierFactory.create(), values=VALUES, by=BY, at=AT)
    assert Site.objects.filter(name="Beerenfurt").count() == 2


def test_changing_a_site() -> None:
    site = SiteFactory.create(name="Beerenfurt", phone="alt")
    sibling = SiteFactory.create(carrier=site.carrier, name="Oberlinden")
    change_site(site=site, values=VALUES, by=BY, at=AT)
    site.refresh_from_db()
    assert (site.name, site.phone, site.town) == ("Beerenfurt", "0351 1", "Dresden")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id) == ("organisations.change_site", site.pk)
    assert refusals(change_site, site=sibling, values=VALUES) == {"name_taken": "name"}
    foreign = replace(VALUES, network=NetworkFactory.create())
    assert refusals(change_site, site=site, values=foreign) == {"foreign_network": "network"}
    site.refresh_from_db()
    assert site.network is None
