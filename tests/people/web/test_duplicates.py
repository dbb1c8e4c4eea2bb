"""One person, once, on the pages: while typing, side by side, and the way back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.organisations.models import Account, Site
from patenwerk.people.domain.duplicate import find_duplicates, merge_people, seen_of
from patenwerk.people.domain.fingerprint import write_fingerprints
from patenwerk.people.enums import PairState
from patenwerk.people.models import Merge, Person, PossibleDuplicate
from patenwerk.people.web.duplicates import ids_of
from tests.factories.organisations import CarrierFactory, SiteFactory, actor, coordinator, manager
from tests.factories.people import (
    ConsentFactory,
    MenteeFactory,
    MentorFactory,
    PossibleDuplicateFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BORN = date(2001, 5, 17)
NEW = {
    "first_name": "محمد",
    "last_name": "Hadad",
    "birth_date": "2001-05-17",
    "gender": "unsaid",
    "postcode": "10115",
    "furthest_km": "15",
    "capacity": "1",
}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


@pytest.fixture
def account(site: Site, client: Client) -> Account:
    found = coordinator(site, language="en")
    client.force_login(found)
    return found


def page(name: str, *args: object) -> str:
    return reverse(f"people:{name}", args=args)


def known(site: Site, **said: object) -> Person:
    usual = {"first_name": "Mohammed", "last_name": "Haddad", "birth_date": BORN}
    return MenteeFactory.create(site=site, **{**usual, **said})


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# --- while typing ---------------------------------------------------------------------------


def test_whoever_may_be_known_is_named_while_somebody_types(
    client: Client, site: Site, account: Account
) -> None:
    person = known(site, archived_at=NOW)
    MentorFactory.create(site=site, first_name="Mohammed", last_name="Haddad", birth_date=BORN)
    known(SiteFactory.create(carrier=site.carrier), first_name="Mohamad")
    url = page("mentees_like", site.pk)
    said = text(client.post(url, NEW))
    assert "Is it one of these?" in said
    assert "Mohammed Haddad" in said
    assert "archived" in said
    assert "the same date of birth" in said
    assert "Mohamad" not in said
    answer = client.post(url, {**NEW, "apart": str(person.pk)})
    assert f'value="{person.pk}" checked' in answer.content.decode()
    nobody = client.post(url, {**NEW, "first_name": "Layla", "birth_date": "17.5."})
    assert text(nobody) == ""
    assert client.get(url).status_code == 405


def test_mentors_are_compared_with_mentors(client: Client, site: Site, account: Account) -> None:
    known(site)
    assert text(client.post(page("mentors_like", site.pk), NEW)) == ""
    MentorFactory.create(site=site, first_name="Mohammed", last_name="Haddad", birth_date=BORN)
    assert "Mohammed Haddad" in text(client.post(page("mentors_like", site.pk), NEW))


def test_the_form_asks_for_it_without_naming_anybody_in_an_address(
    client: Client, site: Site, account: Account
) -> None:
    words = client.get(page("add_mentee", site.pk)).content.decode()
    assert f'hx-post="{page("mentees_like", site.pk)}"' in words
    person = known(site)
    assert "hx-post" not in client.get(page("change", person.pk)).content.decode()


def test_typing_costs_the_same(
    client: Client,
    site: Site,
    account: Account,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for count in (1, 2):
        for _again in range(count):
            known(site)
        with django_assert_num_queries(6):
            client.post(page("mentees_like", site.pk), NEW)


def test_without_scripts_the_form_says_so_and_takes_an_answer(
    client: Client, site: Site, account: Account
) -> None:
    person = known(site)
    url = page("add_mentee", site.pk)
    answer = client.post(url, NEW)
    assert answer.status_code == 422
    assert "This may be somebody who is there already." in text(answer)
    assert "Mohammed Haddad" in text(answer)
    assert f'name="apart" id="id_apart" value="{person.pk}"' in answer.content.decode()
    assert Person.objects.count() == 1
    done = client.post(url, {**NEW, "apart": str(person.pk)})
    assert done.status_code == 302
    pair = PossibleDuplicate.objects.get()
    assert (pair.first, pair.state) == (person, PairState.NOT_THE_SAME)


def test_somebody_who_came_in_the_meantime_is_shown_as_well(
    client: Client, site: Site, account: Account
) -> None:
    first = known(site)
    second = known(site)
    answer = client.post(page("add_mentee", site.pk), {**NEW, "apart": f"{first.pk},x"})
    assert answer.status_code == 422
    assert f'value="{first.pk},{second.pk}">' in answer.content.decode()


def test_what_is_no_number_says_nothing() -> None:
    assert ids_of("1,22,,x,-3, 4") == {1, 22}
    assert ids_of("²") == frozenset()


# --- the list and the two side by side ------------------------------------------------------


def test_the_list_leads_to_the_pairs_of_one_s_own_site(
    client: Client, site: Site, account: Account
) -> None:
    assert "Nobody is entered twice" in text(client.get(page("duplicates")))
    pair = PossibleDuplicateFactory.create(first__site=site, second__archived_at=NOW)
    foreign = PossibleDuplicateFactory.create()
    answer = client.get(page("duplicates"))
    assert page("duplicate", pair.pk) in answer.content.decode()
    assert page("duplicate", foreign.pk) not in answer.content.decode()
    assert "(archived)" in text(answer)
    assert site.name not in text(answer).split("Action")[1]


def test_with_several_sites_each_pair_says_where(client: Client, site: Site) -> None:
    other = SiteFactory.create(carrier=site.carrier, name="Beerenfurt")
    both = coordinator(site, language="en")
    both.grants.create(
        role="coordinator",
        programme=site.programme,
        carrier=site.carrier,
        site=other,
        valid_from=date(2026, 1, 1),
    )
    client.force_login(both)
    for place in (site, other):
        PossibleDuplicateFactory.create(first__site=place)
    assert "Beerenfurt" in text(client.get(page("duplicates")))


def test_the_list_and_the_day_cost_the_same(
    client: Client,
    site: Site,
    account: Account,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for count in (1, 2):
        PossibleDuplicateFactory.create_batch(count, first__site=site)
        with django_assert_num_queries(5):
            client.get(page("duplicates"))


def test_managers_read_people_and_decide_nothing_about_entries(client: Client, site: Site) -> None:
    pair = PossibleDuplicateFactory.create(first__site=site)
    client.force_login(manager(site.carrier))
    assert client.get(page("duplicates")).status_code == 404
    assert client.get(page("duplicate", pair.pk)).status_code == 404
    assert "duplicates" not in client.get(page("person", pair.first.pk)).context


def pair_of(first: Person, second: Person) -> PossibleDuplicate:
    return PossibleDuplicateFactory.create(first=first, second=second)


def sent(client: Client, pair: PossibleDuplicate, **said: str) -> Any:
    """The page's form sent back with what was changed in it."""
    form = client.get(page("duplicate", pair.pk)).context["form"]
    usual = {name: str(form[name].value()) for name in form.fields}
    return client.post(page("duplicate", pair.pk), {**usual, "decision": "merge", **said})


def test_both_entries_stand_side_by_side_with_what_speaks_for_one_person(
    client: Client, site: Site, account: Account
) -> None:
    first = known(site, phone="", waiting_since=date(2026, 9, 1), note="A")
    second = known(
        site,
        first_name="Muhammad",
        phone="0341 1",
        waiting_since=date(2026, 3, 1),
        languages={"ar": 7},
        wished_age_from=20,
    )
    answer = client.get(page("duplicate", pair_of(first, second).pk))
    said = text(answer)
    assert "For one person: the same date of birth" in said
    assert "the first names are two spellings of one" in said
    form = answer.context["form"]
    assert {field.value for field in form.asked} == {
        *("first_name", "phone", "languages", "wished_age", "waiting_since", "note"),
    }
    chosen = {name: form.fields[name].initial for name in form.fields}
    # What stays is right; who says nothing is not; whoever has waited longer has.
    assert (chosen["keep"], chosen["first_name"], chosen["note"]) == ("first", "first", "first")
    assert (chosen["phone"], chosen["wished_age"]) == ("second", "second")
    assert chosen["waiting_since"] == "second"
    assert "17/05/2001" in said or "05/17/2001" in said


def test_the_entry_that_is_here_is_the_one_to_stay(
    client: Client, site: Site, account: Account
) -> None:
    pair = pair_of(known(site, archived_at=NOW), known(site))
    assert client.get(page("duplicate", pair.pk)).context["form"].fields["keep"].initial == "second"


def test_two_entries_are_merged_as_chosen(client: Client, site: Site, account: Account) -> None:
    first = known(site, phone="0341 1", wished_age_from=20)
    second = known(site, first_name="Muhammad", phone="0341 2", wished_age_to=40)
    pair = pair_of(first, second)
    answer = sent(client, pair, keep="second", phone="first", first_name="second")
    assert answer.headers["Location"] == page("person", second.pk)
    second.refresh_from_db()
    first.refresh_from_db()
    assert (second.first_name, second.phone, first.merged_into) == ("Muhammad", "0341 1", second)
    assert (second.wished_age_from, second.wished_age_to) == (20, None)
    shown = client.get(page("person", second.pk))
    assert "The two entries of Muhammad Haddad are one now." in text(shown)
    assert "Merged with the entry Mohammed Haddad on" in text(shown)
    # The old address leads to the one person, and so does the pair's.
    assert client.get(page("person", first.pk)).headers["Location"] == page("person", second.pk)
    led = client.get(page("duplicate", pair.pk), follow=True)
    assert led.redirect_chain[-1][0] == page("person", second.pk)


def test_without_any_choice_what_stays_is_right(
    client: Client, site: Site, account: Account
) -> None:
    first, second = known(site, phone="0341 1"), known(site, phone="0341 2")
    seen = seen_of(first, second)
    answer = client.post(page("duplicate", pair_of(first, second).pk), {"seen": seen})
    assert answer.status_code == 302
    first.refresh_from_db()
    assert first.phone == "0341 1"
    assert Merge.objects.get().kept == first


def test_somebody_who_was_overtaken_reads_why(client: Client, site: Site, account: Account) -> None:
    first, second = known(site), known(site)
    pair = pair_of(first, second)
    answer = client.post(page("duplicate", pair.pk), {"seen": "old", "decision": "merge"})
    assert answer.status_code == 422
    assert "Somebody has just changed one of the two entries." in text(answer)


def test_what_speaks_against_a_merge_stands_there_before_the_button(
    client: Client, site: Site, account: Account
) -> None:
    first, second = known(site), known(site)
    ConsentFactory.create(person=first, given_on=date(2026, 3, 1))
    ConsentFactory.create(person=second, given_on=date(2026, 3, 1), withdrawn_on=date(2026, 9, 1))
    answer = client.get(page("duplicate", pair_of(first, second).pk))
    assert "a consent was taken back that holds in the other" in text(answer)
    assert "Make them one" not in text(answer)
    assert "These are two people" in text(answer)


def test_two_people_are_remembered_and_can_be_looked_at_again(
    client: Client, site: Site, account: Account
) -> None:
    pair = pair_of(known(site), known(site))
    done = sent(client, pair, decision="apart")
    assert done.headers["Location"] == page("duplicates")
    shown = client.get(page("duplicate", pair.pk))
    assert "It was noted that these are two people." in text(shown)
    assert "Make them one" not in text(shown)
    again = client.post(page("duplicate", pair.pk), {"decision": "again"})
    assert again.headers["Location"] == page("duplicate", pair.pk)
    assert "Make them one" in text(client.get(page("duplicate", pair.pk)))


def test_the_page_of_a_pair_costs_the_same(
    client: Client,
    site: Site,
    account: Account,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    pair = pair_of(known(site), known(site))
    for _more in (0, 3):
        known(site)
        with django_assert_num_queries(13):
            client.get(page("duplicate", pair.pk))


# --- a person's page and the way back -------------------------------------------------------


def test_a_person_s_page_names_pairs_and_merges_and_another_site_without_its_name(
    client: Client, site: Site, account: Account
) -> None:
    person = known(site)
    assert "Entered once?" not in text(client.get(page("person", person.pk)))
    known(site, first_name="Mohamad")
    there = SiteFactory.create(
        carrier=CarrierFactory.create(programme=site.programme), name="Beerenfurt"
    )
    known(there, first_name="محمد", note="Zaunkoenig")
    find_duplicates(site=site, by=actor(account), at=NOW)
    for place in (site, there):
        write_fingerprints(site=place)
    answer = client.get(page("person", person.pk))
    said = text(answer)
    assert "Perhaps the same person: Mohamad Haddad" in said
    assert "This person may be known at another site, too." in said
    for secret in ("Beerenfurt", "محمد", "Zaunkoenig"):
        assert secret not in answer.content.decode()


def test_two_entries_are_taken_apart_again(client: Client, site: Site, account: Account) -> None:
    keep, drop = known(site), known(site, first_name="Muhammad")
    merge = merge_people(
        keep=keep, drop=drop, taken=(), seen=seen_of(keep, drop), by=actor(account), at=NOW
    )
    url = page("undo_merge", merge.pk)
    assert page("person", keep.pk) in client.get(url).content.decode()
    done = client.post(url)
    assert done.headers["Location"] == page("person", drop.pk)
    assert client.get(page("person", drop.pk)).status_code == 200
    once_more = client.post(url)
    assert once_more.status_code == 422
    assert "Somebody has just taken the two apart." in text(once_more)
    assert "Somebody has just taken the two apart." in text(client.get(url))
