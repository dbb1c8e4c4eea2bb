"""By hand, beyond the own network: limited cards of those who consented, and a proposal to one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.organisations.models import Account, Site
from patenwerk.people.models import Consent, Person
from patenwerk.tandems.enums import Acceptance, State
from patenwerk.tandems.models import Tandem
from tests.factories.matching import SuggestionFactory, decision
from tests.factories.organisations import (
    CREATED,
    NetworkFactory,
    SiteFactory,
    SupportFieldFactory,
    coordinator,
    manager,
    office,
)
from tests.factories.people import (
    ConsentFactory,
    MenteeFactory,
    MentorFactory,
    RecordCheckFactory,
    site_beside,
)
from tests.factories.tandems import tandem_of

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23 10:00", tick=False)]


def page(name: str, *args: object) -> str:
    return reverse(f"matching:{name}", args=args)


@pytest.fixture
def site() -> Site:
    return SiteFactory.create(name="Brücke Leipzig")


@pytest.fixture
def mentee(site: Site) -> Person:
    found = MenteeFactory.create(
        site=site,
        first_name="Samira",
        languages={"ar": 7, "de": 4},
        postcode="04177",
        furthest_km=100,
    )
    ConsentFactory.create(person=found)
    return found


@pytest.fixture
def there(site: Site) -> Site:
    return site_beside(site, name="Hafen Halle")


@pytest.fixture
def decider(client: Client, mentee: Person) -> Account:
    account = coordinator(mentee.site)
    client.force_login(account)
    return account


def mentor_at(there: Site, *, consented: bool = True, **said: Any) -> Person:
    found = MentorFactory.create(
        **{
            "site": there,
            "first_name": "Henrike",
            "last_name": "Apfelbaum",
            "postcode": "04178",
            "phone": "0341 998877",
            "email": "henrike@example.org",
            "note": "Lieblingstee",
            "furthest_km": 100,
            **said,
        }
    )
    if consented:
        ConsentFactory.create(person=found)
    return found


def shown(client: Client, mentee: Person, **search: str) -> list[int]:
    answer = client.get(page("elsewhere", mentee.pk), search)
    assert answer.status_code == 200
    return [offer.card.pk for offer in (*answer.context["first"], *answer.context["others"])]


def said(mentor: Person, mentee: Person, why: str = "Beide lesen gern.") -> dict[str, object]:
    values = decision(mentee.site)
    return {
        "kind": values.kind.pk,
        "focus": values.focus.pk,
        "field": values.field.pk,
        "why": why,
        "partner": mentor.pk,
    }


def test_exactly_those_of_other_sites_who_consented_and_fit_are_shown(
    client: Client, decider: Account, mentee: Person, there: Site
) -> None:
    fits = mentor_at(there)
    of_a_third = mentor_at(site_beside(mentee.site))
    mentor_at(there, consented=False)
    withdrawn = mentor_at(there)
    Consent.objects.filter(person=withdrawn).update(withdrawn_on=date(2026, 11, 20))
    mentor_at(there, archived_at=CREATED)
    mentor_at(site_beside(mentee.site, archived_at=CREATED))
    mentor_at(mentee.site)
    mentor_at(there, languages={"uk": 7})
    mentor_at(SiteFactory.create())
    ConsentFactory.create(person=MenteeFactory.create(site=there))
    network = NetworkFactory.create(programme=mentee.programme)
    beside = SiteFactory.create(carrier=mentee.carrier, network=network)
    Site.objects.filter(pk=mentee.site_id).update(network=network)
    mentor_at(beside, consented=False)
    of_the_network = mentor_at(beside)
    assert set(shown(client, mentee)) == {fits.pk, of_a_third.pk, of_the_network.pk}


def test_a_card_says_no_more_than_on_other_pages(
    client: Client, decider: Account, mentee: Person, there: Site
) -> None:
    mentor = mentor_at(there)
    text = client.get(page("elsewhere", mentee.pk)).content.decode()
    assert "Henrike, PLZ 04…" in text
    for secret in ("Apfelbaum", "04178", "0341 998877", "henrike@example.org", "Lieblingstee"):
        assert secret not in text
    assert reverse("people:person", args=[mentor.pk]) not in text
    assert "Hafen Halle" not in text


def test_a_search_looks_at_the_cards(
    client: Client, decider: Account, mentee: Person, there: Site
) -> None:
    school = SupportFieldFactory.create(programme=mentee.programme, code="school")
    other = SupportFieldFactory.create(programme=mentee.programme, code="work")
    mentee.fields.add(school)
    arabic = mentor_at(there, languages={"ar": 5, "de": 7}, postcode="04999")
    helping = mentor_at(there, languages={"de": 7}, postcode="06108")
    helping.fields.add(school)
    # Speaks it too little to be named as a reason, and offers what nobody has asked for.
    little = mentor_at(there, languages={"ar": 1, "de": 7}, postcode="06108")
    little.fields.add(other)
    assert set(shown(client, mentee)) == {arabic.pk, helping.pk, little.pk}
    assert shown(client, mentee, language="ar") == [arabic.pk]
    assert shown(client, mentee, region="04") == [arabic.pk]
    assert set(shown(client, mentee, region="0")) == {arabic.pk, helping.pk, little.pk}
    assert shown(client, mentee, field="school") == [helping.pk]
    assert shown(client, mentee, field="school", language="ar") == []
    assert (
        "Hier wurde niemand gefunden"
        in client.get(page("elsewhere", mentee.pk), {"region": "99"}).content.decode()
    )


@pytest.mark.parametrize(
    "search", [{"region": "04178"}, {"region": "ab"}, {"language": "uk"}, {"field": "work"}]
)
def test_what_no_card_says_is_not_searched_for(
    client: Client, decider: Account, mentee: Person, there: Site, search: dict[str, str]
) -> None:
    SupportFieldFactory.create(programme=mentee.programme, code="work")
    mentor_at(there)
    answer = client.get(page("elsewhere", mentee.pk), search)
    assert list(answer.context["search_form"].errors) == list(search)
    assert 'class="error"' in answer.content.decode()


def test_nobody_is_shown_while_the_mentee_has_not_consented(
    client: Client, decider: Account, mentee: Person, there: Site
) -> None:
    mentor = mentor_at(there)
    Consent.objects.filter(person=mentee).delete()
    assert shown(client, mentee) == []
    text = client.get(page("elsewhere", mentee.pk)).content.decode()
    assert "hat nicht eingewilligt" in text
    assert "Henrike" not in text
    refused = client.post(page("decide_elsewhere", mentee.pk), said(mentor, mentee))
    assert refused.status_code == 422
    assert not Tandem.objects.exists()


def test_proposed_across_sites_each_site_asks_its_own_people(
    client: Client, decider: Account, mentee: Person, there: Site
) -> None:
    mentor = mentor_at(there)
    RecordCheckFactory.create(person=mentor)
    answer = client.post(
        page("decide_elsewhere", mentee.pk) + "?region=04", said(mentor, mentee), follow=True
    )
    tandem = Tandem.objects.get()
    assert (tandem.site, tandem.state, tandem.why) == (
        mentee.site,
        State.PROPOSED,
        "Beide lesen gern.",
    )
    told = answer.content.decode()
    assert "Jetzt werden beide gefragt" in told
    assert "Apfelbaum" not in told
    seat = tandem.participants.get(person=mentor)
    assert (seat.site, seat.acceptance) == (there, Acceptance.OPEN)
    own = reverse("tandems:answer", args=[seat.pk])
    assert client.post(own, {"acceptance": "accepted"}).status_code == 404
    client.force_login(coordinator(there))
    asked = client.get(page("home")).content.decode()
    assert page("answer", seat.pk) in asked
    assert mentee.last_name not in asked
    client.post(page("answer", seat.pk), {"acceptance": "accepted"})
    seat.refresh_from_db()
    assert seat.acceptance == Acceptance.ACCEPTED


def test_a_reason_is_needed_and_nothing_is_lost(
    client: Client, decider: Account, mentee: Person, there: Site
) -> None:
    mentor = mentor_at(there)
    refused = client.post(
        page("decide_elsewhere", mentee.pk) + "?region=04", said(mentor, mentee, why=" ")
    )
    assert refused.status_code == 422
    text = refused.content.decode()
    assert f'value="{mentor.pk}" checked' in text
    assert f"{page('decide_elsewhere', mentee.pk)}?region=04" in text
    assert 'value="04"' in text
    assert not Tandem.objects.exists()
    back = client.get(page("decide_elsewhere", mentee.pk) + "?region=04")
    assert back.headers["Location"] == page("elsewhere", mentee.pk) + "?region=04"


@pytest.mark.parametrize("what", ["without consent", "not found", "own site", "nobody at all"])
def test_whoever_is_not_shown_cannot_be_proposed(
    client: Client, decider: Account, mentee: Person, there: Site, what: str
) -> None:
    mentor = {
        "without consent": lambda: mentor_at(there, consented=False),
        "not found": lambda: mentor_at(there, postcode="99084"),
        "own site": lambda: mentor_at(mentee.site),
        "nobody at all": lambda: Person(pk=10**9),
    }[what]()
    refused = client.post(page("decide_elsewhere", mentee.pk) + "?region=04", said(mentor, mentee))
    assert refused.status_code == 422
    assert "Bitte wählen Sie aus den gezeigten." in refused.content.decode()
    assert not Tandem.objects.exists()


def test_who_is_spoken_for_at_home_is_not_asked_from_elsewhere(
    client: Client, decider: Account, mentee: Person, there: Site
) -> None:
    suggested, taken = mentor_at(there, capacity=1), mentor_at(there, capacity=1)
    SuggestionFactory.create(mentor=suggested, mentee__site=there)
    tandem_of(taken)
    answer = client.get(page("elsewhere", mentee.pk))
    offers = answer.context["first"] + answer.context["others"]
    assert {(one.card.pk, one.is_busy, one.may_choose) for one in offers} == {
        (suggested.pk, True, False),
        (taken.pk, True, False),
    }
    refused = client.post(page("decide_elsewhere", mentee.pk), said(suggested, mentee))
    assert refused.status_code == 422
    assert Tandem.objects.count() == 1


def test_only_for_own_mentees_and_only_who_decides(
    client: Client, decider: Account, mentee: Person, there: Site
) -> None:
    own_mentor = mentor_at(mentee.site)
    foreign = MenteeFactory.create(site=there)
    ConsentFactory.create(person=foreign)
    for pk in (own_mentor.pk, foreign.pk, 10**9):
        for name in ("elsewhere", "decide_elsewhere"):
            assert client.get(page(name, pk)).status_code == 404
            assert client.post(page("decide_elsewhere", pk), {}).status_code == 404
    client.force_login(manager(mentee.carrier))
    assert client.get(page("elsewhere", mentee.pk)).status_code == 403
    client.force_login(office(mentee.programme))
    assert client.get(page("elsewhere", mentee.pk)).status_code == 404


def test_the_form_by_hand_leads_there(
    client: Client, decider: Account, mentee: Person, there: Site
) -> None:
    silent = MenteeFactory.create(site=mentee.site)
    placed = MenteeFactory.create(site=mentee.site, capacity=1)
    ConsentFactory.create(person=placed)
    tandem_of(MentorFactory.create(site=mentee.site), placed)
    by_hand = client.get(reverse("tandems:propose", args=[mentee.site_id]))
    (panel,) = by_hand.context["panels"]
    assert panel.context["mentees"] == [mentee]
    chosen = client.get(page("look_elsewhere"), {"person": mentee.pk})
    assert chosen.headers["Location"] == page("elsewhere", mentee.pk)
    assert page("elsewhere", mentee.pk) in client.get(page("partners", mentee.pk)).content.decode()
    assert client.get(page("look_elsewhere")).headers["Location"] == page("home")
    assert client.get(page("look_elsewhere"), {"person": "x"}).status_code == 404
    for pk in ("9" * 30, str(mentor_at(there).pk)):
        answer = client.get(page("look_elsewhere"), {"person": pk}, follow=True)
        assert answer.status_code == 404
    assert shown(client, silent) == []
    Consent.objects.filter(person=mentee).delete()
    text = client.get(reverse("tandems:propose", args=[mentee.site_id])).content.decode()
    assert "hat das noch niemand" in text


@pytest.mark.parametrize("mentors", [1, 3])
def test_it_costs_the_same_for_one_and_three(
    client: Client,
    decider: Account,
    mentee: Person,
    there: Site,
    mentors: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    decision(mentee.site)
    for _one in range(mentors):
        mentor_at(there)
    client.get(page("elsewhere", mentee.pk))
    with django_assert_num_queries(36):
        assert len(shown(client, mentee)) == mentors
