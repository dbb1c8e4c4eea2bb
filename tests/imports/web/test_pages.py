"""Every page of a list, as people go through them and as others must not see them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.core.policy import Actor
from patenwerk.imports.domain.files import erase_overdue
from patenwerk.imports.domain.taking import start_taking
from patenwerk.imports.models import StoredFile, Upload
from patenwerk.jobs.models import Job
from patenwerk.organisations.models import Site
from patenwerk.people.models import Person
from tests.factories.imports import (
    AT,
    JONAS,
    LEA,
    a_book,
    a_list,
    book_of,
    take,
    upload_of,
)
from tests.factories.jobs import do_open_jobs
from tests.factories.organisations import (
    CarrierFactory,
    SiteFactory,
    actor,
    coordinator,
    manager,
    office,
)

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23 10:00", tick=False)]
ODD = {"Wer": "Lea Birke", "Ort": "04109", "Was sie kann": "Deutsch C1", "Nr.": "M-1"}
NOBODY = Actor(user_id=None)


def page(name: str, *args: object) -> str:
    return reverse(f"imports:{name}", args=args)


def file(data: bytes, name: str = "Herbst.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


@pytest.fixture
def by(client: Client, site: Site) -> Actor:
    account = coordinator(site)
    client.force_login(account)
    return actor(account)


def test_from_the_file_to_the_people(client: Client, site: Site, by: Actor) -> None:
    rows = [{**ODD, "geboren": "03/04/1990"}, {**ODD, "Nr.": "M-2", "Ort": "1", "geboren": None}]
    sent = {"kind": "mentor", "file": file(a_list(*rows))}
    answer = client.post(page("new", site.pk), sent)
    upload = Upload.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page("mapping", upload.pk))
    shown = client.get(answer["Location"]).content.decode()
    assert "Deutsch C1" in shown
    assert "nicht erkannt" in shown
    columns = ["name", "postcode", "languages", "file_id", "birth_date"]
    said = {f"column_{index}": column for index, column in enumerate(columns)}
    answer = client.post(page("mapping", upload.pk), said)
    assert answer["Location"] == page("dates", upload.pk)
    assert "3. April 1990" in client.get(answer["Location"]).content.decode()
    answer = client.post(page("dates", upload.pk), {"order": "day_first"})
    assert answer["Location"] == page("upload", upload.pk)
    shown = client.get(answer["Location"]).content.decode()
    assert "03.04.1990" in shown
    bad = client.get(answer["Location"], {"show": "bad"}).content.decode()
    assert "Postleitzahl" in bad
    answer = client.post(page("upload", upload.pk), {"do": "take"})
    running = client.get(answer["Location"])
    assert 'http-equiv="refresh"' in running.content.decode()
    part = client.get(page("progress", upload.pk), headers={"HX-Request": "true"})
    assert page("progress", upload.pk) in part.content.decode()
    do_open_jobs(lambda: AT)
    over = client.get(page("progress", upload.pk), headers={"HX-Request": "true"})
    assert over["HX-Redirect"] == page("upload", upload.pk)
    assert client.get(page("progress", upload.pk))["Location"] == page("upload", upload.pk)
    result = client.get(page("upload", upload.pk)).content.decode()
    assert f"{reverse('people:people')}?side=mentor&amp;site={site.pk}" in result
    assert client.get(page("bad_rows", upload.pk)).content[:2] == b"PK"
    assert Person.objects.get().full_name == "Lea Birke"
    listed = client.get(page("uploads")).content.decode()
    assert "Herbst.xlsx" in listed
    assert "übernommen" in listed


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"kind": "mentor"},
        {"kind": "tree", "file": b"Vorname;PLZ\nLea;04109"},
        {"kind": "mentor", "file": b""},
        {"kind": "mentor", "file": b"\x00\x01\x02"},
    ],
)
def test_what_is_wrong_with_a_file_stands_beside_it(
    client: Client, site: Site, by: Actor, sent: dict[str, Any]
) -> None:
    data = {**sent, **({"file": file(sent["file"])} if "file" in sent else {})}
    answer = client.post(page("new", site.pk), data)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not Upload.objects.exists()


def test_a_new_list_begins_with_the_kind_asked_for(client: Client, site: Site, by: Actor) -> None:
    form = client.get(page("new", site.pk), {"kind": "mentee"}).context["form"]
    assert form["kind"].initial == "mentee"
    site.archived_at = AT
    site.save()
    assert client.get(page("new", site.pk)).status_code == 404


def test_answers_that_do_not_fit_are_said(client: Client, site: Site, by: Actor) -> None:
    upload = upload_of(site, ODD)
    answer = client.post(page("mapping", upload.pk), {"column_0": "name"})
    assert answer.status_code == 422
    assert client.post(page("dates", upload.pk), {"order": "backwards"}).status_code == 422
    assert client.post(page("dates", upload.pk), {"order": "day_first"}).status_code == 422
    assert client.post(page("sheet", upload.pk), {"sheet": "x"}).status_code == 422
    assert client.get(page("sheet", upload.pk)).status_code == 200
    assert client.get(page("dates", upload.pk)).status_code == 200
    sheet = {"sheet": upload.sheets[0]}
    assert client.post(page("sheet", upload.pk), sheet)["Location"] == page("mapping", upload.pk)


def test_a_list_with_open_questions_leads_to_them(client: Client, site: Site, by: Actor) -> None:
    asked, dated = upload_of(site, ODD), upload_of(site, {**LEA, "Geburtsdatum": "03/04/1990"})
    for upload, name in ((asked, "mapping"), (dated, "dates")):
        assert client.get(page("upload", upload.pk))["Location"] == page(name, upload.pk)


def test_choices_stay_from_page_to_page(
    client: Client, site: Site, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("patenwerk.imports.web.uploads.ROWS_PER_PAGE", 2)
    people = [{**LEA, "Nr.": f"M-{n}", "Vorname": f"Lea{n}"} for n in range(5)]
    take(upload_of(site, *people), by)
    upload = upload_of(site, *({**row, "PLZ": "01067"} for row in people))
    here = page("upload", upload.pk)
    first = client.get(here)
    assert [row.number for row, _values in first.context["rows"]] == [2, 3]
    said = {"do": "page-2", "shown": ["2", "3"], "row": ["3"]}
    answer = client.post(here, said)
    assert answer["Location"] == f"{here}?show=changed&page=2"
    assert [row.number for row, _v in client.get(answer["Location"]).context["rows"]] == [4, 5]

    def chosen() -> set[int]:
        return set(upload.rows.filter(chosen=True).values_list("number", flat=True))

    assert chosen() == {3}
    client.post(here, {"do": "all"})
    assert chosen() == {2, 3, 4, 5, 6}
    client.post(here, {"do": "none"})
    assert chosen() == set()
    client.post(here, {"do": "choose", "shown": ["6", "-1", "x", "9" * 10], "row": ["6", "x"]})
    assert chosen() == {6}
    client.post(here, {})
    assert chosen() == {6}
    client.post(here, {"do": "take", "shown": ["2"], "row": ["2"]})
    do_open_jobs(lambda: AT)
    assert set(Person.objects.filter(postcode="01067").values_list("file_id", flat=True)) == {
        "M-0",
        "M-4",
    }


def test_nothing_to_take_is_said_not_done(client: Client, site: Site, by: Actor) -> None:
    upload = upload_of(site, {**LEA, "PLZ": "1"})
    answer = client.post(page("upload", upload.pk), {"do": "take"}, follow=True)
    assert "Es gibt nichts zu übernehmen" in answer.content.decode()
    assert not Job.objects.exists()
    assert client.get(page("upload", upload.pk), {"show": "new", "page": "x"}).status_code == 200


@pytest.mark.parametrize(
    ("problem", "words"), [("not_allowed", "Ihre Rolle"), ("crashed", "schiefging")]
)
def test_a_failed_job_is_told_and_can_be_tried_again(
    client: Client, site: Site, by: Actor, problem: str, words: str
) -> None:
    upload = upload_of(site, LEA)
    start_taking(upload=upload, by=by, at=AT)
    Job.objects.update(state="failed", problem=problem, lease_until=None, finished_at=AT)
    assert words in client.get(page("upload", upload.pk)).content.decode()
    client.post(page("upload", upload.pk), {"do": "take"})
    do_open_jobs(lambda: AT)
    assert Person.objects.count() == 1


def test_a_discarded_list_is_gone(client: Client, site: Site, by: Actor) -> None:
    upload = upload_of(site, LEA)
    assert client.get(page("discard", upload.pk)).status_code == 200
    assert client.post(page("discard", upload.pk))["Location"] == page("uploads")
    assert client.get(page("upload", upload.pk)).status_code == 404


def test_after_the_end_questions_lead_to_the_result(client: Client, site: Site, by: Actor) -> None:
    upload, late = upload_of(site, LEA), upload_of(site, JONAS)
    take(upload, by)
    for name in ("mapping", "dates", "sheet", "discard"):
        assert client.get(page(name, upload.pk))["Location"] == page("upload", upload.pk)
        assert client.post(page(name, upload.pk), {"order": "day_first"}).status_code == 422
    assert client.get(page("bad_rows", upload.pk)).status_code == 404
    erase_overdue(by=NOBODY, at=AT + timedelta(days=15))
    assert "14 Tagen" in client.get(page("upload", late.pk)).content.decode()


def test_earlier_lists_can_be_narrowed_and_kept_as_a_file(
    client: Client, site: Site, by: Actor
) -> None:
    upload_of(site, LEA, name="eins.xlsx")
    listed = client.get(page("uploads"), {"site": str(site.pk), "format": "csv"})
    assert "eins.xlsx" in listed.content.decode()
    foreign = SiteFactory.create()
    assert client.get(page("uploads"), {"site": str(foreign.pk)}).status_code == 200


def test_an_empty_list_invites(client: Client, by: Actor) -> None:
    assert "Noch keine Liste" in client.get(page("uploads")).content.decode()


# --- as often as it must, never more --------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_lists_costs_the_same(
    client: Client,
    site: Site,
    by: Actor,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for _each in range(count):
        upload_of(site, LEA, by=by)
    with django_assert_num_queries(6):
        client.get(page("uploads"))


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("show", ["new", "changed", "unchanged", "bad"])
def test_a_preview_costs_the_same(
    client: Client,
    site: Site,
    by: Actor,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
    show: str,
) -> None:
    new = [{**LEA, "Nr.": f"N-{n}", "Vorname": f"Neu{n}"} for n in range(count)]
    there = [{**LEA, "Nr.": f"M-{n}", "Vorname": f"Lea{n}"} for n in range(2 * count)]
    take(upload_of(site, *there), by)
    changed = [{**row, "PLZ": "01067"} if n % 2 else row for n, row in enumerate(there)]
    bad = [{**row, "Nr.": f"B{row['Nr.']}", "PLZ": "1"} for row in new]
    upload = upload_of(site, *new, *changed, *bad)
    assert set(upload.counts.values()) == {count}
    with django_assert_num_queries(7):
        client.get(page("upload", upload.pk), {"show": show})


@pytest.mark.parametrize("count", [1, 3])
def test_comparing_costs_the_same(
    site: Site, by: Actor, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    rows = [{**LEA, "Nr.": f"M-{n}", "Vorname": f"Lea{n}"} for n in range(count)]
    take(upload_of(site, *rows), by)
    data = a_list(*({**row, "PLZ": "01067"} for row in rows))
    from patenwerk.imports.domain.upload import receive_file

    with django_assert_num_queries(14):
        receive_file(site=site, kind="mentor", name="x", data=data, by=by, at=AT)


# --- isolation ------------------------------------------------------------------------------

ADDRESSES = ("upload", "mapping", "dates", "sheet", "progress", "bad_rows", "discard")


@pytest.fixture
def places(site: Site) -> dict[str, Site]:
    elsewhere = CarrierFactory.create(programme=site.programme)
    return {
        "sibling": SiteFactory.create(carrier=site.carrier),
        "colleague": SiteFactory.create(carrier=elsewhere),
        "abroad": SiteFactory.create(),
    }


def alike(answer: Any, pk: int) -> tuple[int, str, str]:
    """What somebody sees of an answer, without the id that was asked for and the form's token."""
    body = re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]*"', r"\1", answer.content.decode())
    address = rf"(?:(?<=/)|(?<=site=)){pk}(?=[/&?\"'])"
    return answer.status_code, str(answer.headers.get("Location")), re.sub(address, "…", body)


def test_foreign_lists_are_as_if_they_were_not_there(
    client: Client, by: Actor, places: dict[str, Site]
) -> None:
    uploads = {name: upload_of(place, ODD, name="Kanarie.xlsx") for name, place in places.items()}
    missing = 2_000_000_000
    for name in (*ADDRESSES, "new"):
        for ask in (client.get, client.post):
            nothing = alike(ask(page(name, missing)), missing)
            assert nothing[0] == 404
            for place, upload in uploads.items():
                pk = places[place].pk if name == "new" else upload.pk
                assert alike(ask(page(name, pk)), pk) == nothing, (name, place)
    assert Upload.objects.count() == 3
    listed = client.get(page("uploads"))
    assert "Kanarie" not in listed.content.decode()
    for kind in ("csv", "xlsx"):
        rows = client.get(page("uploads"), {"format": kind})
        assert b"Kanarie" not in rows.content


def test_a_foreign_site_in_the_filter_is_as_one_that_is_not_there(
    client: Client, by: Actor, places: dict[str, Site]
) -> None:
    missing = 2_000_000_000
    nothing = alike(client.get(page("uploads"), {"site": str(missing)}), missing)
    for place in places.values():
        upload_of(place, LEA)
        answer = client.get(page("uploads"), {"site": str(place.pk)})
        assert alike(answer, place.pk) == nothing


def test_ids_in_the_body_change_nothing_elsewhere(
    client: Client, site: Site, by: Actor, places: dict[str, Site]
) -> None:
    for place in places.values():
        take(upload_of(place, LEA), actor(coordinator(place)))
        upload_of(place, {**LEA, "PLZ": "01067"})
    before = list(Person.objects.order_by("pk").values())
    for place in places.values():
        sent = {"kind": "mentor", "file": file(a_list(LEA)), "site": str(place.pk)}
        client.post(page("new", site.pk), {**sent, "site_id": str(place.pk)})
    assert set(Upload.objects.exclude(site__in=places.values()).values_list("site", flat=True)) == {
        site.pk
    }
    own = Upload.objects.filter(site=site).first()
    assert own is not None
    foreign = Upload.objects.filter(state="compared").exclude(site=site)
    chosen = {"do": "take", "shown": ["2"], "row": ["2"], "upload": str(foreign[0].pk)}
    client.post(page("upload", own.pk), chosen)
    do_open_jobs(lambda: AT)
    untouched = list(Person.objects.exclude(site=site).order_by("pk").values())
    assert untouched == before
    assert not foreign.filter(rows__chosen=True).exists()


@pytest.mark.parametrize(
    "who",
    [lambda site: manager(site.carrier), lambda site: office(site.programme)],
    ids=["manager", "office"],
)
def test_managers_and_the_office_have_nothing_to_do_here(
    client: Client, site: Site, who: Callable[[Site], Any]
) -> None:
    upload = upload_of(site, ODD)
    client.force_login(who(site))
    for address in (
        page("uploads"),
        page("new", site.pk),
        *(page(n, upload.pk) for n in ADDRESSES),
    ):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code in {404, 405}
    assert page("uploads") not in client.get(reverse("desk:day")).content.decode()
    assert StoredFile.objects.count() == 1


def test_nobody_logged_in_comes_to_the_login(client: Client, site: Site) -> None:
    upload = upload_of(site, ODD)
    for pk in (upload.pk, 2_000_000_000):
        for name in ADDRESSES:
            assert client.get(page(name, pk)).status_code == 302


def test_a_file_that_says_nothing_new_offers_nothing_to_take(
    client: Client, site: Site, by: Actor
) -> None:
    take(upload_of(site, LEA, by=by), by)
    book = book_of(site, a_book(Mentoren=[LEA]), by)
    shown = client.get(page("book", book.pk)).content.decode()
    assert "Keine Zeile ist neu oder geändert" in shown
    assert 'value="take"' not in shown
    changed = book_of(site, a_book(Mentoren=[{**LEA, "PLZ": "04155"}]), by)
    assert 'value="take"' in client.get(page("book", changed.pk)).content.decode()
