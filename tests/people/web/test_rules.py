"""A carrier says what holds for record checks at its sites."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from patenwerk.people.models import PeopleSettings
from patenwerk.people.queries.settings import rules_at
from tests.factories.organisations import SiteFactory, coordinator, manager, office

pytestmark = pytest.mark.django_db

SAID = {
    "record_check_years": "3",
    "certificate_months": "",
    "months_kept": "6",
    "warning_days": "90",
    "all_guardians_consent": "yes",
    "minors_need_consent": "",
}


def test_the_manager_sets_them_and_the_sites_follow(client: Client) -> None:
    site = SiteFactory.create()
    client.force_login(manager(site.carrier, language="de"))
    carrier = reverse("organisations:carrier", args=[site.carrier_id])
    assert "5 Jahre" in client.get(carrier).content.decode()

    url = reverse("people:carrier_rules", args=[site.carrier_id])
    assert client.post(url, SAID).headers["Location"] == carrier

    rules = rules_at(site)
    assert (rules.record_check_years, rules.certificate_months, rules.warning_days) == (3, 3, 90)
    assert (rules.all_guardians_consent, rules.minors_need_consent) == (True, False)
    assert "3 Jahre" in client.get(carrier).content.decode()
    form = client.get(url).content.decode()
    assert 'value="90"' in form
    assert '<option value="yes" selected>alle mit Sorgerecht willigen ein</option>' in form
    assert "alle mit Sorgerecht" in client.get(carrier).content.decode()


def test_yes_and_no_are_told_from_silence(client: Client) -> None:
    site = SiteFactory.create()
    client.force_login(manager(site.carrier))
    url = reverse("people:carrier_rules", args=[site.carrier_id])
    for said, stored in (("yes", True), ("no", False), ("", None)):
        client.post(url, {**SAID, "minors_need_consent": said})
        own = PeopleSettings.objects.get()
        assert (own.minors_need_consent, own.all_guardians_consent) == (stored, True)
    answer = client.post(url, {**SAID, "minors_need_consent": "perhaps"})
    assert list(answer.context["form"].errors) == ["minors_need_consent"]


def test_what_the_law_does_not_allow_is_refused_beside_its_field(client: Client) -> None:
    site = SiteFactory.create()
    client.force_login(manager(site.carrier))
    url = reverse("people:carrier_rules", args=[site.carrier_id])
    answer = client.post(url, {**SAID, "months_kept": "7"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["months_kept"]
    assert not PeopleSettings.objects.exists()


def test_nobody_else_sets_or_sees_them(client: Client) -> None:
    site, foreign = SiteFactory.create(), SiteFactory.create()
    url = reverse("people:carrier_rules", args=[site.carrier_id])
    for account in (coordinator(site), office(site.programme), manager(foreign.carrier)):
        client.force_login(account)
        assert client.get(url).status_code == 404
        assert client.post(url, SAID).status_code == 404
    client.force_login(office(site.programme))
    page = client.get(reverse("organisations:carrier", args=[site.carrier_id]))
    assert url not in page.content.decode()
