"""Every page of organisations: who sees it, what it shows, what it costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.organisations.enums import Role
from patenwerk.organisations.models import Account, Carrier, Invitation, RoleGrant, Site
from tests.factories.organisations import (
    CarrierFactory,
    FocusFactory,
    ProgrammeFactory,
    RoleGrantFactory,
    SiteFactory,
    SupportFieldFactory,
    coordinator,
    manager,
    network_office,
    office,
)

pytestmark = pytest.mark.django_db


def page(name: str, *args: object) -> str:
    return reverse(f"organisations:{name}", args=args)


def without_tokens(answer: Any) -> str:
    """The body, with the request's own one-time tokens and address taken out."""
    body = re.sub(r'(name="csrfmiddlewaretoken" value)="[^"]*"', r"\1", answer.content.decode())
    return body.replace(answer.wsgi_request.path, "")


@pytest.fixture
def site() -> Site:
    return SiteFactory.create(name="Beerenfurt", carrier__name="Brückenbogen e. V.")


def test_the_office_creates_a_carrier_and_invites_its_management(
    client: Client, site: Site
) -> None:
    client.force_login(office(site.programme))
    answer = client.post(page("create_carrier", site.programme_id), {"name": "Hafenlichter"})
    carrier = Carrier.objects.get(name="Hafenlichter")
    assert answer.headers["Location"] == page("carrier", carrier.pk)
    assert carrier.programme_id == site.programme_id

    client.post(
        page("invite_manager", carrier.pk),
        {"first_name": "Ada", "last_name": "Kern", "email": "ada@example.org", "language": "de"},
    )
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.carrier_id, invitation.site_id) == (
        Role.CARRIER_MANAGER,
        carrier.pk,
        None,
    )


def test_the_office_invites_the_network_office(client: Client, site: Site) -> None:
    account = office(site.programme)
    client.force_login(account)
    url = page("invite_network", site.programme_id)
    assert url in client.get(page("programme", site.programme_id)).content.decode()
    assert "Netzwerkstelle, " in client.get(url).content.decode()
    ada = {"first_name": "Ada", "last_name": "Kern", "email": account.email, "language": "de"}
    answer = client.post(url, ada)
    assert answer.headers["Location"] == page("programme", site.programme_id)
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.programme_id, invitation.carrier_id) == (
        Role.NETWORK_OFFICE,
        site.programme_id,
        None,
    )


def test_the_network_office_invites_nobody(client: Client, site: Site) -> None:
    client.force_login(network_office(site.programme))
    for name in ("invite_office", "invite_network", "programme"):
        assert client.get(page(name, site.programme_id)).status_code == 404
    assert client.post(page("invite_manager", site.carrier_id)).status_code == 403
    assert client.get(page("change_carrier", site.carrier_id)).status_code == 403
    assert not Invitation.objects.exists()


def test_a_carrier_s_page_leaves_out_what_its_reader_may_not_see(
    client: Client, site: Site
) -> None:
    carrier = site.carrier
    carrier.website = "https://bogen.example.org/"
    carrier.save()
    coordinator(site, last_name="Quellgrund")
    url = page("carrier", carrier.pk)
    parts = ("Standorte", "Wer hier arbeitet", "Beerenfurt", "Quellgrund", "Standort anlegen")
    for account, seen in ((manager(carrier), True), (network_office(site.programme), False)):
        client.force_login(account)
        shown = client.get(url).content.decode().partition('id="content"')[2]
        assert carrier.website in shown
        assert {part: part in shown for part in parts} == dict.fromkeys(parts, seen)


def test_who_holds_two_roles_sees_the_whole_of_its_own_carrier_only(
    client: Client, site: Site
) -> None:
    colleague = SiteFactory.create(carrier__programme=site.programme, name="Kollegen")
    account = manager(site.carrier)
    network_office_too = {"account": account, "role": Role.NETWORK_OFFICE}
    RoleGrantFactory.create(programme=site.programme, **network_office_too)
    client.force_login(account)
    own = client.get(page("carrier", site.carrier_id)).content.decode()
    other = client.get(page("carrier", colleague.carrier_id)).content.decode()
    assert ("Beerenfurt" in own, "Wer hier arbeitet" in own) == (True, True)
    assert ("Kollegen" in other, "Wer hier arbeitet" in other) == (False, False)


def test_a_coordinator_is_not_told_that_nobody_works_here(client: Client, site: Site) -> None:
    for account, seen in ((coordinator(site), False), (manager(site.carrier), True)):
        client.force_login(account)
        shown = client.get(page("site", site.pk)).content.decode()
        assert ("Wer hier arbeitet" in shown) == seen


def test_a_manager_creates_a_site_and_invites_its_coordination(client: Client, site: Site) -> None:
    client.force_login(manager(site.carrier))
    client.post(
        page("create_site", site.carrier_id),
        {"name": "Oberlinden", "postcode": "01067", "town": "Dresden", "land": "SN"},
    )
    created = Site.objects.get(name="Oberlinden")
    assert (created.carrier_id, created.programme_id, created.postcode) == (
        site.carrier_id,
        site.programme_id,
        "01067",
    )
    assert client.get(page("invite_coordinator", created.pk)).status_code == 200


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (lambda site: office(site.programme), {"carriers": 200, "sites": 200}),
        (lambda site: network_office(site.programme), {"carriers": 200, "sites": 404}),
        (lambda site: manager(site.carrier), {"carriers": 200, "sites": 200}),
        (lambda site: coordinator(site), {"carriers": 404, "sites": 200}),
    ],
)
def test_lists_by_role(
    client: Client,
    site: Site,
    who: Callable[[Site], Account],
    expected: dict[str, int],
) -> None:
    client.force_login(who(site))
    assert {name: client.get(page(name)).status_code for name in expected} == expected


def test_lists_show_exactly_the_own_programme(client: Client, site: Site) -> None:
    sibling = SiteFactory.create(carrier=site.carrier, name="Geschwister")
    colleague = SiteFactory.create(carrier__programme=site.programme, name="Kollegen")
    SiteFactory.create(name="Fremd", carrier__name="Fremder Träger")

    client.force_login(manager(site.carrier))
    assert set(client.get(page("sites")).context["sites"]) == {site, sibling}
    assert set(client.get(page("carriers")).context["carriers"]) == {site.carrier}

    client.force_login(office(site.programme))
    assert set(client.get(page("sites")).context["sites"]) == {site, sibling, colleague}
    assert set(client.get(page("carriers")).context["carriers"]) == {
        site.carrier,
        colleague.carrier,
    }

    client.force_login(network_office(site.programme))
    assert set(client.get(page("carriers")).context["carriers"]) == {
        site.carrier,
        colleague.carrier,
    }

    client.force_login(coordinator(site))
    assert set(client.get(page("sites")).context["sites"]) == {site}


def test_lists_cost_the_same_with_one_row_and_three(
    client: Client, site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    account = office(site.programme)
    client.force_login(account)
    for _more in range(2):
        for name, queries in (("carriers", 5), ("sites", 4)):
            with django_assert_num_queries(queries):
                client.get(page(name))
        SiteFactory.create_batch(2, carrier__programme=site.programme)


def test_a_foreign_carrier_answers_like_a_missing_one(client: Client, site: Site) -> None:
    foreign = CarrierFactory.create()
    client.force_login(manager(site.carrier))
    answers = [client.get(page("carrier", pk)) for pk in (foreign.pk, 10**9)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert without_tokens(answers[0]) == without_tokens(answers[1])


def test_the_office_reads_a_site_but_does_not_change_it(client: Client, site: Site) -> None:
    client.force_login(office(site.programme))
    assert client.get(page("site", site.pk)).status_code == 200
    assert client.get(page("change_site", site.pk)).status_code == 403


def test_a_taken_name_is_said_beside_the_field_and_nothing_is_lost(
    client: Client, site: Site
) -> None:
    client.force_login(office(site.programme))
    answer = client.post(
        page("create_carrier", site.programme_id),
        {"name": site.carrier.name, "about": "Wir fangen gerade an."},
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["name"]
    assert "Wir fangen gerade an." in answer.content.decode()
    assert Carrier.objects.count() == 1


def test_vocabularies_are_kept_by_the_office(client: Client, site: Site) -> None:
    programme = site.programme
    client.force_login(office(programme))
    client.post(
        page("add_support_field", programme.pk),
        {"code": "schule", "name_de": "Schule", "name_en": "School", "position": 1},
    )
    client.post(
        page("add_focus", programme.pk),
        {
            "code": "chancen",
            "name_de": "Chancen",
            "name_en": "Chances",
            "position": 1,
            "starts_on": "2018-01-01",
        },
    )
    shown = client.get(page("programme", programme.pk)).content.decode()
    assert "School" in shown
    assert "Chances" in shown


def test_words_of_other_programmes_do_not_exist(client: Client) -> None:
    programme = ProgrammeFactory.create()
    own, foreign = SupportFieldFactory.create(programme=programme), FocusFactory.create()
    client.force_login(office(programme))
    assert client.get(page("support_field", own.pk)).status_code == 200
    assert client.get(page("focus", foreign.pk)).status_code == 404


def test_ending_a_role(client: Client, site: Site) -> None:
    colleague = coordinator(site)
    client.force_login(manager(site.carrier))
    grant = RoleGrant.objects.get(account=colleague)
    client.post(page("end_grant", grant.pk))
    client.force_login(colleague)
    assert client.get(page("site", site.pk)).status_code == 404


def test_the_login_by_mailed_code(
    client: Client, site: Site, django_capture_on_commit_callbacks: object
) -> None:
    from patenwerk.mail.models import OutboxMail

    account = coordinator(site)
    client.post(reverse("account_request_login_code"), {"email": account.email})
    text = OutboxMail.objects.get().body_text
    code = next(word for word in text.split() if word.isupper() and len(word) >= 6)
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert client.get(page("site", site.pk)).status_code == 200
    assert mail.outbox == []


def test_the_login_by_password(client: Client, site: Site) -> None:
    account = coordinator(site, password="Sommerregen-2026")
    answer = client.post(
        reverse("account_login"), {"login": account.email, "password": "Sommerregen-2026"}
    )
    assert answer.status_code == 302
    assert client.get(page("site", site.pk)).status_code == 200


def test_own_account_and_appearance(client: Client, site: Site) -> None:
    account = coordinator(site)
    client.force_login(account)
    client.post(
        page("account"),
        {"first_name": "Juna", "last_name": "Feld", "language": "en", "theme": "dark"},
    )
    client.post(page("theme"), {"theme": "light", "next": "//elsewhere.example"})
    account.refresh_from_db()
    assert (account.full_name, account.language, account.theme) == ("Juna Feld", "en", "light")
