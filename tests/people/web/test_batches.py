"""Many people at once on the pages: from the list to the preview, to the deed and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.organisations.models import Account, Site
from patenwerk.people.domain.person import archive_person
from patenwerk.people.enums import BatchKind, BatchState, RowState
from patenwerk.people.models import Batch, Person
from tests.factories.organisations import (
    SiteFactory,
    SupportFieldFactory,
    actor,
    coordinator,
    manager,
    office,
)
from tests.factories.people import (
    BatchFactory,
    BatchRowFactory,
    MenteeFactory,
    MentorFactory,
    RecordCheckFactory,
)
from tests.factories.tandems import tandem_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


@pytest.fixture
def account(site: Site, client: Client) -> Account:
    found = coordinator(site, language="en", first_name="Kim", last_name="Kranich")
    client.force_login(found)
    return found


def page(name: str, *args: object) -> str:
    return reverse(f"people:{name}", args=args)


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def start(client: Client, kind: str, *people: Person) -> Batch:
    """Choose rows of the list."""
    sent = {"do": f"people.{kind}", "row": [str(person.pk) for person in people]}
    answer = client.post(f"{page('people')}?presence=here", sent)
    batch = Batch.objects.latest("pk")
    assert answer.headers["Location"] == page("batch", batch.pk)
    return batch


def do(client: Client, batch: Batch) -> Any:
    version = Batch.objects.get(pk=batch.pk).version
    return client.post(page("batch", batch.pk), {"version": str(version)}, follow=True)


# --- the list -------------------------------------------------------------------------------


def test_the_list_offers_it_to_whoever_may(client: Client, site: Site, account: Account) -> None:
    MenteeFactory.create(site=site)
    shown = client.get(page("people")).content.decode()
    for kind in BatchKind:
        assert f'value="people.{kind}"' in shown
    assert f'href="{page("batches")}"' in shown
    client.force_login(manager(site.carrier))
    shown = client.get(page("people")).content.decode()
    assert 'value="people.' not in shown
    assert page("batches") not in shown


def test_all_that_were_found_are_chosen(client: Client, site: Site, account: Account) -> None:
    found = MenteeFactory.create_batch(2, site=site)
    MentorFactory.create(site=site)
    MenteeFactory.create(site__carrier=site.carrier)
    client.post(f"{page('people')}?side=mentee", {"do": "people.archive", "all": "1"})
    assert {row.person for row in Batch.objects.get().rows.all()} == set(found)


def test_nobody_chosen_is_said_at_the_list(client: Client, site: Site, account: Account) -> None:
    answer = client.post(page("people"), {"do": "people.archive"}, follow=True)
    assert "Please choose for whom it is." in text(answer)
    assert not Batch.objects.exists()


# --- archiving ------------------------------------------------------------------------------


def test_archiving_from_the_preview_to_the_way_back(
    client: Client, site: Site, account: Account
) -> None:
    free = MentorFactory.create(site=site, first_name="Frieda", last_name="Frei")
    RecordCheckFactory.create(person=free)
    held = tandem_of(site=site).participants.get(side="mentor").person
    batch = start(client, "archive", free, held)
    said = text(client.get(page("batch", batch.pk)))
    assert "Archive 1 person?" in said
    assert "Will be archived 1 Left out 1" in said
    assert "1 record check is deleted with it." in said
    assert "There is an open tandem. Please end it first." in said
    assert Person.objects.get(pk=free.pk).archived_at is None
    said = text(do(client, batch))
    assert "1 person archived" in said
    assert "Kim Kranich" in said
    assert "1 record check was deleted with it." in said
    assert "There is an open tandem. Please end it first." in said
    assert set(Person.objects.exclude(archived_at=None)) == {free}
    back = page("take_batch_back", batch.pk)
    assert f'href="{back}"' in client.get(page("batch", batch.pk)).content.decode()
    asked = text(client.get(back))
    assert "1 person is as before then." in asked
    assert "Record checks that were deleted do not come back." in asked
    said = text(client.post(back, follow=True))
    assert "1 person is as before." in said
    assert "taken back" in said
    assert not Person.objects.exclude(archived_at=None).exists()
    assert back not in client.get(page("batch", batch.pk)).content.decode()


def test_in_german(client: Client, site: Site) -> None:
    client.force_login(coordinator(site))
    people = MenteeFactory.create_batch(2, site=site)
    batch = start(client, "archive", *people)
    said = text(client.get(page("batch", batch.pk)))
    assert "2 Personen archivieren?" in said
    assert "Wird archiviert 2" in said
    assert "2 Personen archiviert" in text(do(client, batch))
    assert "2 Personen sind dann wie vorher." in text(client.get(page("take_batch_back", batch.pk)))
    said = text(client.get(page("batches")))
    assert "Für mehrere auf einmal" in said
    assert "2 Personen archiviert" in said


def test_bringing_back(client: Client, site: Site, account: Account) -> None:
    person = MenteeFactory.create(site=site)
    archive_person(person=person, by=actor(account), at=NOW - timedelta(days=9))
    answer = client.post(
        f"{page('people')}?presence=archived", {"do": "people.restore", "all": "1"}, follow=True
    )
    assert "Bring 1 person back?" in text(answer)
    batch = Batch.objects.get()
    assert "1 person brought back" in text(do(client, batch))
    asked = text(client.get(page("take_batch_back", batch.pk)))
    assert "They are archived again, since the same day as before." in asked


def test_hundreds_stand_on_several_pages_and_are_done_from_each(
    client: Client, site: Site, account: Account
) -> None:
    for number in range(51):
        MenteeFactory.create(site=site, last_name=f"Birke{number:02d}")
    client.post(page("people"), {"do": "people.archive", "all": "1"})
    batch = Batch.objects.get()
    second = f"{page('batch', batch.pk)}?page=2"
    shown = text(client.get(second))
    assert "Archive 51 people?" in shown
    assert ("Birke50" in shown, "Birke49" in shown) == (True, False)
    assert "51 people archived" in text(client.post(second, {"version": "0"}, follow=True))
    assert Person.objects.exclude(archived_at=None).count() == 51


def test_nobody_to_archive_leaves_no_button(client: Client, site: Site, account: Account) -> None:
    held = tandem_of(site=site).participants.get(side="mentor").person
    batch = start(client, "archive", held)
    shown = client.get(page("batch", batch.pk))
    assert "Possible for nobody" in text(shown)
    assert "There is nobody for whom this can be done." in text(shown)
    assert 'name="version"' not in shown.content.decode()


# --- changing -------------------------------------------------------------------------------


def test_a_change_is_said_looked_at_and_done(client: Client, site: Site, account: Account) -> None:
    SupportFieldFactory.create(programme=site.programme, code="schule", name_en="School")
    SupportFieldFactory.create(code="fremd", name_en="Foreign")
    near = MentorFactory.create(site=site, furthest_km=5, first_name="Nele")
    far = MentorFactory.create(site=site, furthest_km=20, first_name="Fritz", capacity=2)
    mentee = MenteeFactory.create(site=site, furthest_km=5, first_name="Mo")
    batch = start(client, "change", near, far, mentee)
    plan = page("plan_batch", batch.pk)
    assert client.get(page("batch", batch.pk)).headers["Location"] == plan
    form = client.get(plan)
    assert "For 3 chosen people." in text(form)
    assert "School" in text(form)
    assert "Foreign" not in text(form)
    empty = client.post(plan, {})
    assert empty.status_code == 422
    assert "Please say what is to be different." in text(empty)
    wrong = client.post(plan, {"furthest_km": "301", "waiting_since": "2026-11-24"})
    assert list(wrong.context["form"].errors) == ["waiting_since", "furthest_km"]
    sent = {"furthest_km": "20", "capacity": "2", "waiting_since": "2026-10-01"}
    seen = text(client.post(plan, {**sent, "added_fields": ["schule"]}, follow=True))
    assert "Change 2 people?" in seen
    assert "Furthest distance in km: 5 → becomes 20" in seen
    assert "Waiting since: 09/01/2026 → becomes 10/01/2026" in seen
    assert "Fields of support: – → becomes School" in seen
    assert "Only of those who accompany it is said how many partners" in seen
    again = client.get(plan).context["form"]
    assert (again["furthest_km"].value(), again["added_fields"].value()) == (20, {"schule"})
    assert Person.objects.get(pk=near.pk).furthest_km == 5
    Person.objects.filter(pk=far.pk).update(waiting_since="2026-08-01")
    said = text(do(client, batch))
    assert "1 person changed" in said
    assert "Somebody has changed this in the meantime. It stays as it is now." in said
    now = set(Person.objects.values_list("first_name", "furthest_km", "capacity"))
    assert now == {("Nele", 20, 2), ("Fritz", 20, 2), ("Mo", 5, 1)}
    Person.objects.filter(pk=near.pk).update(capacity=4)
    asked = text(client.get(page("take_batch_back", batch.pk)))
    assert "Of whom something stays" in asked
    assert "This stays: Partners at a time." in asked
    client.post(page("take_batch_back", batch.pk))
    now = set(Person.objects.values_list("first_name", "furthest_km", "capacity"))
    assert now == {("Nele", 5, 4), ("Fritz", 20, 2), ("Mo", 5, 1)}


def test_only_what_fits_is_asked(client: Client, site: Site, account: Account) -> None:
    batch = start(client, "change", MenteeFactory.create(site=site))
    form = client.get(page("plan_batch", batch.pk)).context["form"]
    assert list(form.fields) == ["waiting_since", "furthest_km", "expected_months"]
    answer = client.post(page("plan_batch", batch.pk), {"expected_months": "9"}, follow=True)
    assert "Expected length in months: – → becomes 9" in text(answer)


def test_what_is_so_already_is_no_change(client: Client, site: Site, account: Account) -> None:
    batch = start(client, "change", MenteeFactory.create(site=site, furthest_km=20))
    answer = client.post(page("plan_batch", batch.pk), {"furthest_km": "20"}, follow=True)
    assert "Stays as it is 1" in text(answer)
    assert "There is nobody for whom this can be done." in text(answer)


def test_whoever_has_an_older_preview_in_view_looks_again(
    client: Client, site: Site, account: Account
) -> None:
    batch = start(client, "change", MenteeFactory.create(site=site, furthest_km=5))
    for km in ("20", "30"):
        client.post(page("plan_batch", batch.pk), {"furthest_km": km})
    for old in ("1", "", "x", "9" * 30):
        answer = client.post(page("batch", batch.pk), {"version": old}, follow=True)
        assert "Somebody has said anew what is to be different." in text(answer)
    assert Person.objects.get().furthest_km == 5
    do(client, batch)
    assert Person.objects.get().furthest_km == 30
    assert "Somebody has just done this." in text(do(client, batch))


def test_what_was_done_is_not_planned_again(client: Client, site: Site, account: Account) -> None:
    batch = start(client, "archive", MenteeFactory.create(site=site))
    plan, here = page("plan_batch", batch.pk), page("batch", batch.pk)
    assert client.get(plan).headers["Location"] == here
    assert client.post(plan, {"furthest_km": "20"}).status_code == 422
    assert client.get(page("take_batch_back", batch.pk)).headers["Location"] == here
    done = BatchFactory.create(site=site)
    assert client.get(page("plan_batch", done.pk)).headers["Location"] == page("batch", done.pk)


# --- afterwards -----------------------------------------------------------------------------


def test_nothing_to_take_back_says_why(client: Client, site: Site, account: Account) -> None:
    row = BatchRowFactory.create(batch__site=site, batch__done_at=NOW, person__furthest_km=9)
    back = page("take_batch_back", row.batch.pk)
    asked = client.get(back)
    assert "Nothing can be taken back. Below stands why." in text(asked)
    assert "undo-2" not in asked.content.decode().split("<main")[1].split("</form>")[0]
    refused = client.post(back)
    assert refused.status_code == 422
    assert "everybody was changed by somebody since" in text(refused)


def test_after_its_days_there_is_no_way_back(client: Client, site: Site, account: Account) -> None:
    row = BatchRowFactory.create(
        batch__site=site, batch__done_at=NOW - timedelta(days=30, seconds=1)
    )
    back = page("take_batch_back", row.batch.pk)
    assert back not in client.get(page("batch", row.batch.pk)).content.decode()
    assert client.get(back).headers["Location"] == page("batch", row.batch.pk)
    refused = client.post(back)
    assert "The time in which this could be taken back is over." in text(refused)


def test_the_list_shows_the_latest_of_one_s_own_sites(
    client: Client, site: Site, account: Account
) -> None:
    assert "Nothing was done for many at once lately" in text(client.get(page("batches")))
    row = BatchRowFactory.create(batch__site=site)
    foreign = BatchFactory.create()
    chosen = BatchFactory.create(site=site, state=BatchState.CHOSEN, done_at=None)
    shown = client.get(page("batches")).content.decode()
    assert page("batch", row.batch.pk) in shown
    assert page("batch", foreign.pk) not in shown
    assert page("batch", chosen.pk) not in shown


@pytest.mark.parametrize("name", ["batch", "plan_batch", "take_batch_back"])
def test_who_may_not_change_people_finds_no_page(client: Client, site: Site, name: str) -> None:
    batch = BatchRowFactory.create(batch__site=site).batch
    others = (manager(site.carrier), office(site.programme), coordinator(SiteFactory.create()))
    for other in others:
        client.force_login(other)
        assert client.get(page(name, batch.pk)).status_code == 404
        assert client.post(page(name, batch.pk)).status_code == 404
    assert Batch.objects.get().state == BatchState.DONE


def test_the_pages_cost_the_same(
    client: Client,
    site: Site,
    account: Account,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    batch = BatchFactory.create(site=site, done_at=NOW, kind=BatchKind.CHANGE)
    for count in (1, 2):
        rows = BatchRowFactory.create_batch(count, batch=batch)
        BatchRowFactory.create(batch=batch, state=RowState.LEFT_OUT, reasons=["merged"])
        assert {row.person.furthest_km for row in rows} == {15}
        with django_assert_num_queries(8):
            client.get(page("batch", batch.pk))
        with django_assert_num_queries(8):
            client.get(page("take_batch_back", batch.pk))
        BatchFactory.create_batch(count, site=site)
        with django_assert_num_queries(5):
            client.get(page("batches"))
