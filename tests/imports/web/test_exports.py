"""Taking everything out: who may, in which form, and what the pages offer."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.audit.models import AuditEntry
from patenwerk.core.sheets.reading import read_sheets
from patenwerk.imports.queries.upload import export_panel
from patenwerk.organisations.models import Site
from tests.factories.imports import AT
from tests.factories.organisations import SiteFactory, actor, coordinator, manager, office
from tests.factories.people import MentorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    site: Site = SiteFactory.create(name="Nord")
    MentorFactory.create(site=site, first_name="Lea", last_name="Birke")
    MentorFactory.create(site=SiteFactory.create(carrier=site.carrier), first_name="Fremd")
    return site


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_coordinator_takes_the_own_site_out(client: Client, site: Site) -> None:
    client.force_login(coordinator(site))
    page = reverse("imports:export_site", args=[site.pk])
    assert "?form=xlsx" in client.get(page).content.decode()
    assert page in client.get(reverse("imports:uploads")).content.decode()
    answer = client.get(page, {"form": "xlsx"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Nord.xlsx"'
    assert answer.headers["Cache-Control"] == "no-store"
    text = str(read_sheets(body(answer)))
    assert "Birke" in text
    assert "Fremd" not in text
    assert json.loads(body(client.get(page, {"form": "json"})))["site"] == "Nord"
    assert zipfile.is_zipfile(io.BytesIO(body(client.get(page, {"form": "csv"}))))
    assert client.get(page, {"form": "pdf"}).status_code == 404
    carrier = reverse("imports:export_carrier", args=[site.carrier_id])
    assert client.get(carrier).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_who_takes_something_out_is_recorded_before_it_goes(
    client: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = coordinator(site)
    client.force_login(account)
    page = reverse("imports:export_site", args=[site.pk])
    assert "Birke" in body(client.get(page, {"form": "json"})).decode()

    def breaks(*_said: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("patenwerk.imports.domain.export._write_workbook", breaks)
    with pytest.raises(OSError, match="full"):
        client.get(page, {"form": "xlsx"})
    entries = AuditEntry.objects.filter(action="imports.export", actor_id=account.pk)
    assert entries.count() == 2


def test_a_carrier_takes_all_its_sites_out(client: Client, site: Site) -> None:
    client.force_login(manager(site.carrier))
    page = client.get(reverse("organisations:carrier", args=[site.carrier_id])).content.decode()
    address = reverse("imports:export_carrier", args=[site.carrier_id])
    assert address in page
    with zipfile.ZipFile(io.BytesIO(body(client.get(address)))) as archive:
        assert len(archive.namelist()) == 2
    assert client.get(reverse("imports:export_site", args=[site.pk])).status_code == 200


def test_the_programme_office_takes_nothing_out(client: Client, site: Site) -> None:
    client.force_login(office(site.programme))
    for name, pk in (("export_site", site.pk), ("export_carrier", site.carrier_id)):
        assert client.get(reverse(f"imports:{name}", args=[pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_panel_names_the_sites_that_are_open(
    site: Site, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    carrier = site.carrier
    SiteFactory.create(carrier=carrier, archived_at=AT)
    for _number in range(count - 1):
        SiteFactory.create(carrier=carrier)
    by = actor(manager(carrier))
    with django_assert_num_queries(3):
        panel = export_panel(by, [carrier.pk, 999_999], AT.date())
    assert panel.keys() == {carrier.pk}
    assert len(panel[carrier.pk]["sites"]) == count + 1
