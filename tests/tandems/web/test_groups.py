"""The pages of a group: proposed as one, joined, left, taken over, named."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.organisations.models import Site
from patenwerk.tandems.enums import Acceptance
from patenwerk.tandems.models import Participant, Tandem
from tests.factories.organisations import (
    FocusFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
    coordinator,
    manager,
)
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import ParticipantFactory, group_of

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23 10:00", tick=False)]


def page(name: str, *args: object) -> str:
    return reverse(f"tandems:{name}", args=args)


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


def test_a_whole_group_is_proposed_at_once(client: Client, site: Site) -> None:
    words = {"programme": site.programme}
    said = {
        "kind": TandemKindFactory.create(most_mentees=5, **words).pk,
        "focus": FocusFactory.create(**words).pk,
        "field": SupportFieldFactory.create(**words).pk,
        "why": "Vier Geschwister, eine Wohnung.",
        "mentee": MenteeFactory.create(site=site).pk,
        "mentor": MentorFactory.create(site=site).pk,
        "more_mentees": [MenteeFactory.create(site=site).pk, MenteeFactory.create(site=site).pk],
        "more_mentors": [MentorFactory.create(site=site).pk],
        "substitutes": [MentorFactory.create(site=site).pk],
        "name": "Familie Haddad",
        "places": "4",
    }
    client.force_login(coordinator(site))
    wrong = client.post(page("propose", site.pk), {**said, "places": "2"})
    assert "Platz für alle" in wrong.content.decode()
    assert "<details" in wrong.content.decode()
    assert wrong.context["form"].is_group()
    assert client.post(page("propose", site.pk), said).status_code == 302
    tandem = Tandem.objects.get()
    assert (tandem.name, tandem.places, tandem.participants.count()) == ("Familie Haddad", 4, 6)
    text = client.get(page("tandem", tandem.pk)).content.decode()
    assert "Alle fragen" in text
    assert text.count("Hat zugesagt") == 6


def test_from_joining_to_leaving(client: Client, site: Site) -> None:
    group, new = group_of(site, 2, places=3), MenteeFactory.create(site=site)
    client.force_login(coordinator(site))
    assert new.full_name in client.get(page("join", group.pk)).content.decode()
    client.post(page("join", group.pk), {"person": new.pk})
    joined = group.participants.get(person=new)
    text = client.get(page("tandem", group.pk)).content.decode()
    assert page("answer", joined.pk) in text
    client.post(page("answer", joined.pk), {"acceptance": "accepted"})
    joined.refresh_from_db()
    assert joined.acceptance == Acceptance.ACCEPTED
    full = client.post(page("join", group.pk), {"person": MenteeFactory.create(site=site).pk})
    assert "keinen freien Platz" in full.content.decode()
    client.post(page("group", group.pk), {"name": "Lesegruppe", "places": "5"})
    client.post(page("leave", joined.pk), {"left_on": "2026-11-23"})
    text = client.get(page("tandem", group.pk)).content.decode()
    assert f"{new.first_name} ist dazugekommen" in text
    assert f"{new.first_name} ist gegangen" in text
    assert "2 von 5 Plätzen" in text


def test_the_last_one_does_not_leave_and_who_stands_in_takes_over(
    client: Client, site: Site
) -> None:
    group = group_of(site)
    stands_in = ParticipantFactory.create(
        tandem=group,
        person=MentorFactory.create(site=site),
        is_substitute=True,
        acceptance="accepted",
        answered_on="2026-10-05",
    )
    first = group.participants.get(side="mentor", is_substitute=False)
    client.force_login(coordinator(site))
    refused = client.post(page("leave", first.pk), {"left_on": "2026-11-23"}).content.decode()
    assert "Sonst begleitet niemand" in refused
    client.post(page("step_in", stands_in.pk))
    assert client.post(page("leave", first.pk), {"left_on": "2026-11-23"}).status_code == 302
    stands_in.refresh_from_db()
    assert not stands_in.is_substitute


def test_only_the_own_site_speaks_for_its_people(client: Client, site: Site) -> None:
    group = group_of(site, 2, places=3)
    other = SiteFactory.create(carrier=site.carrier)
    theirs = ParticipantFactory.create(
        tandem=group,
        person=MenteeFactory.create(site=other),
        acceptance="accepted",
        answered_on="2026-10-05",
    )
    own = group.participants.filter(side="mentee", site=site).earliest("pk")
    client.force_login(coordinator(site))
    text = client.get(page("tandem", group.pk)).content.decode()
    assert page("leave", own.pk) in text
    assert page("leave", theirs.pk) not in text
    assert client.get(page("leave", theirs.pk)).status_code == 404
    client.force_login(coordinator(other))
    assert client.get(page("tandem", group.pk)).status_code == 200
    assert client.get(page("leave", theirs.pk)).status_code == 200
    assert client.get(page("leave", own.pk)).status_code == 404
    assert client.get(page("join", group.pk)).status_code == 403
    client.force_login(manager(site.carrier))
    assert client.get(page("leave", own.pk)).status_code == 403


def test_somebody_of_another_site_is_a_limited_card_until_they_say_yes(
    client: Client, site: Site
) -> None:
    group = group_of(site, 2, places=3)
    asked: Participant = ParticipantFactory.create(
        tandem=group,
        person=MenteeFactory.create(
            site=SiteFactory.create(carrier=site.carrier), last_name="Geheimname", postcode="04177"
        ),
    )
    client.force_login(coordinator(site))
    for address in (page("tandem", group.pk), page("list"), page("join", group.pk)):
        assert "Geheimname" not in client.get(address).content.decode()
    asked.acceptance, asked.answered_on = Acceptance.ACCEPTED, asked.joined_on
    asked.save()
    assert "Geheimname" in client.get(page("tandem", group.pk)).content.decode()


def test_the_list_costs_the_same_with_pairs_and_groups(
    client: Client, site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(coordinator(site))
    client.get(page("list"))
    for mentees in (1, 4):
        group_of(site, mentees, name=f"Gruppe {mentees}" if mentees > 1 else "")
        with django_assert_num_queries(8):
            text = client.get(page("list")).content.decode()
    assert "Gruppe 4 &amp; " in text
