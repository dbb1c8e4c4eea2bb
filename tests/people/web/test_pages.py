"""The pages about people: who sees them, what they say, what they cost."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from patenwerk.core import registrations
from patenwerk.core.registrations import Panel
from patenwerk.organisations.models import Account, Site
from patenwerk.people.domain.person import search_text
from patenwerk.people.models import Person, RecordCheck
from patenwerk.people.policy import SEE_PERSON
from tests.factories.organisations import (
    CarrierFactory,
    SiteFactory,
    SupportFieldFactory,
    coordinator,
    manager,
    office,
)
from tests.factories.people import MenteeFactory, MentorFactory, RecordCheckFactory

pytestmark = pytest.mark.django_db
ARCHIVED = datetime(2026, 11, 1, tzinfo=UTC)
Who = Callable[[Site], Account]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return SiteFactory.create(name="Beerenfurt")


def page(name: str, *args: object) -> str:
    return reverse(f"people:{name}", args=args)


def as_coordinator(site: Site) -> Account:
    return coordinator(site, language="en")


def as_manager(site: Site) -> Account:
    return manager(site.carrier, language="en")


def as_office(site: Site) -> Account:
    return office(site.programme, language="en")


def said(**changed: object) -> dict[str, object]:
    """What the form sends when only the needed fields are filled."""
    return {
        "first_name": "Ewa",
        "postcode": "04109",
        "gender": "unsaid",
        "furthest_km": "15",
        "capacity": "1",
        **changed,
    }


def names(answer: object) -> set[str]:
    lines = answer.context["lines"]  # type: ignore[attr-defined]
    return {line["person"].first_name for line in lines}


@pytest.fixture
def everywhere(site: Site) -> dict[str, Person]:
    """One person at every distance from the site, each with a canary for a name."""
    carrier = CarrierFactory.create(programme=site.programme)
    sites = {
        "Eigenvogel": site,
        "Nachbarvogel": SiteFactory.create(carrier=site.carrier),
        "Fernvogel": SiteFactory.create(carrier=carrier),
        "Fremdvogel": SiteFactory.create(),
    }
    return {
        name: MentorFactory.create(
            site=at, first_name=name, note=name, search_text=search_text(name, "vogel")
        )
        for name, at in sites.items()
    }


SEEN: list[tuple[Who, set[str]]] = [
    (as_coordinator, {"Eigenvogel"}),
    (as_manager, {"Eigenvogel", "Nachbarvogel"}),
]


@pytest.mark.parametrize(("who", "seen"), SEEN)
@pytest.mark.parametrize("kind", ["", "csv", "xlsx"])
def test_list_and_files_show_exactly_the_own_people(
    client: Client, site: Site, everywhere: dict[str, Person], who: Who, seen: set[str], kind: str
) -> None:
    client.force_login(who(site))
    answer = client.get(page("people"), {"text": "vogel", "format": kind})
    if kind == "xlsx":
        sheet = load_workbook(io.BytesIO(answer.content)).active
        assert sheet is not None
        body = "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    else:
        body = answer.content.decode()
    assert {canary for canary in everywhere if canary in body} == seen


@pytest.mark.parametrize("name", ["people", "choose_site"])
def test_the_office_has_no_people_at_all(client: Client, site: Site, name: str) -> None:
    client.force_login(as_office(site))
    assert client.get(page(name)).status_code == 404


PERSON_PAGES = ["person", "change", "archive", "restore", "inspect", "remove_check"]


@pytest.mark.parametrize("name", PERSON_PAGES)
def test_foreign_people_do_not_exist(
    client: Client, site: Site, everywhere: dict[str, Person], name: str
) -> None:
    allowed = {as_coordinator: {"Eigenvogel": 200}, as_manager: {}, as_office: {}}
    if name == "person":
        allowed[as_manager] = {"Eigenvogel": 200, "Nachbarvogel": 200}
    else:
        allowed[as_manager] = {"Eigenvogel": 403, "Nachbarvogel": 403}
    for who, expected in allowed.items():
        client.force_login(who(site))
        statuses = {
            key: client.get(page(name, person.pk)).status_code for key, person in everywhere.items()
        }
        assert statuses == dict.fromkeys(everywhere, 404) | expected
        assert client.get(page(name, 999_999)).status_code == 404
    client.logout()
    answer = client.get(page(name, everywhere["Eigenvogel"].pk))
    assert answer.headers["Location"].startswith("/konto/")


@pytest.mark.parametrize("name", ["change", "archive", "restore", "inspect", "remove_check"])
def test_nobody_else_writes(
    client: Client, site: Site, everywhere: dict[str, Person], name: str
) -> None:
    for person in everywhere.values():
        RecordCheckFactory.create(person=person)
    before = list(Person.objects.order_by("pk").values()), list(RecordCheck.objects.values())
    for who, key, status in (
        (as_coordinator, "Nachbarvogel", 404),
        (as_coordinator, "Fremdvogel", 404),
        (as_manager, "Eigenvogel", 403),
        (as_office, "Eigenvogel", 404),
    ):
        client.force_login(who(site))
        answer = client.post(page(name, everywhere[key].pk), said(certificate_date="2026-11-01"))
        assert answer.status_code == status
    after = list(Person.objects.order_by("pk").values()), list(RecordCheck.objects.values())
    assert after == before


@pytest.mark.parametrize("name", ["add_mentee", "add_mentor"])
def test_people_are_added_at_own_sites_only(
    client: Client, site: Site, everywhere: dict[str, Person], name: str
) -> None:
    sibling, foreign = everywhere["Nachbarvogel"].site_id, everywhere["Fremdvogel"].site_id
    for who, expected in (
        (as_coordinator, {site.pk: 302, sibling: 404, foreign: 404}),
        (as_manager, {site.pk: 403, sibling: 403, foreign: 404}),
        (as_office, {site.pk: 404, sibling: 404, foreign: 404}),
    ):
        client.force_login(who(site))
        answers = {pk: client.post(page(name, pk), said()).status_code for pk in expected}
        assert answers == expected
    added = Person.objects.get(first_name="Ewa")
    assert (added.site_id, added.side) == (site.pk, name.removeprefix("add_"))


def test_a_foreign_field_of_support_is_no_choice(client: Client, site: Site) -> None:
    own = SupportFieldFactory.create(programme=site.programme, code="schule")
    SupportFieldFactory.create(code="fremd", name_en="Canary")
    client.force_login(as_coordinator(site))
    for code in ("fremd", "gibt-es-nicht"):
        answer = client.post(page("add_mentee", site.pk), said(fields_of_support=[code]))
        assert answer.status_code == 422
        assert answer.context["form"].errors.as_data().keys() == {"fields_of_support"}
        assert "Canary" not in answer.content.decode()
    client.post(page("add_mentee", site.pk), said(fields_of_support=["schule"]))
    assert list(Person.objects.get().fields.all()) == [own]


def test_everything_can_be_said_and_changed(client: Client, site: Site) -> None:
    SupportFieldFactory.create(programme=site.programme, code="schule")
    client.force_login(as_coordinator(site))
    answer = client.post(
        page("add_mentee", site.pk),
        said(
            last_name="Weiß",
            birth_date="2010-05-24",
            gender="female",
            email="ewa@example.org",
            phone="0341 1",
            language_0="de",
            level_0="3",
            language_2="ar",
            level_2="7",
            minimum_level="4",
            free_times=["1", "4", "1048576"],
            fields_of_support=["schule"],
            interests="Schach, Rad fahren,, ",
            dislikes="Fußball",
            wished_genders=["female", "diverse"],
            wished_age_from="30",
            wished_age_to="60",
            expected_months="12",
            waiting_since="2026-10-01",
            file_id="M-7",
            note="Kommt zu Fuß.",
        ),
    )
    person = Person.objects.get()
    assert answer.headers["Location"] == page("person", person.pk)
    assert (person.birth_date, person.languages) == (date(2010, 5, 24), {"ar": 7, "de": 3})
    assert (person.free_times, person.minimum_level) == (1 | 4 | 1 << 20, 4)
    assert (person.interests, person.dislikes) == (["Schach", "Rad fahren"], ["Fußball"])
    shown = client.get(page("person", person.pk)).content.decode()
    for word in ("Weiß", "May 24, 2010", "Arabic", "first language", "Schach", "30 to 60 years"):
        assert word in shown

    form = client.get(page("change", person.pk)).context["form"]
    sent = {name: field.value() for name, field in ((f.name, f) for f in form)}
    sent = {name: value for name, value in sent.items() if value not in (None, "")}
    for day in ("birth_date", "waiting_since"):
        sent[day] = str(sent[day])
    before = Person.objects.values().get()
    answer = client.post(page("change", person.pk), sent, follow=True)
    assert "Nothing was different" in answer.content.decode()
    assert Person.objects.values().get() == before

    client.post(page("change", person.pk), {**sent, "first_name": "Eva"})
    assert Person.objects.values().get() == {
        **before,
        "first_name": "Eva",
        "search_text": before["search_text"].replace("ewa", "eva"),
    }


def test_a_row_for_a_language_is_added_without_scripts(client: Client, site: Site) -> None:
    client.force_login(as_coordinator(site))
    sent = said(first_name="", add_language="1", language_0="de", level_0="3", phone="12")
    for rows in (4, 5):
        answer = client.post(page("add_mentee", site.pk), sent)
        form = answer.context["form"]
        assert (answer.status_code, form.language_count) == (200, rows)
        assert not form.errors
        assert (form["language_0"].value(), form["phone"].value()) == ("de", "12")
        sent[f"language_{rows - 1}"] = ""
    sent |= {f"language_{n}": "" for n in range(60)}
    answer = client.post(page("add_mentee", site.pk), sent)
    assert answer.context["form"].language_count == 20
    assert not Person.objects.exists()


WRONG: list[tuple[dict[str, object], str, str]] = [
    ({"first_name": ""}, "first_name", "This field is required."),
    ({"postcode": "abc"}, "postcode", "A postcode has five digits, such as 04109."),
    ({"furthest_km": "301"}, "furthest_km", "The furthest distance is from 1 to 300 km."),
    ({"furthest_km": "x"}, "furthest_km", "Enter a whole number."),
    ({"birth_date": "2027-01-01"}, "birth_date", "The date of birth lies in the future."),
    ({"birth_date": "yesterday"}, "birth_date", "Enter a valid date."),
    ({"email": "ewa"}, "email", "This is no e-mail address, such as name@example.org."),
    (
        {"wished_age_from": "9", "wished_age_to": "8"},
        "wished_age_to",
        "The wished age ends before it begins. Please swap the two numbers.",
    ),
    ({"language_0": "de"}, "level_0", "Please say how well."),
    ({"level_1": "3"}, "language_1", "Please say which language."),
    (
        {"language_0": "de", "level_0": "3", "language_1": "de", "level_1": "4"},
        "language_1",
        "This language stands here twice.",
    ),
]


@pytest.mark.parametrize(("changed", "field", "sentence"), WRONG)
def test_each_mistake_has_one_clear_sentence_and_loses_nothing(
    client: Client, site: Site, changed: dict[str, object], field: str, sentence: str
) -> None:
    client.force_login(as_coordinator(site))
    answer = client.post(page("add_mentee", site.pk), said(note="stays", **changed))  # type: ignore[arg-type]
    assert answer.status_code == 422
    form = answer.context["form"]
    assert {name: list(errors) for name, errors in form.errors.items()} == {field: [sentence]}
    assert "stays" in answer.content.decode()
    assert not Person.objects.exists()


def test_tampered_values_make_no_server_error(client: Client, site: Site) -> None:
    client.force_login(as_coordinator(site))
    for changed in (
        {"free_times": ["3"]},
        {"free_times": ["x"]},
        {"language_0": "xx", "level_0": "3"},
        {"language_0": "de", "level_0": "99"},
        {"gender": "x"},
        {"wished_genders": ["unsaid"]},
        {"minimum_level": "9"},
        {"first_name": "a\0b"},
        {"note": "a" * 10_001},
        {"furthest_km": "9" * 400},
        {"birth_date": "0001-01-01"},
    ):
        answer = client.post(page("add_mentee", site.pk), said(**changed))  # type: ignore[arg-type]
        assert answer.status_code == 422
    assert not Person.objects.exists()


def test_one_site_needs_no_choice(client: Client, site: Site) -> None:
    account = as_coordinator(site)
    client.force_login(account)
    for side, name in (("mentor", "add_mentor"), ("mentee", "add_mentee"), ("x", "add_mentee")):
        answer = client.get(page("choose_site"), {"side": side})
        assert answer.headers["Location"] == page(name, site.pk)
    second = SiteFactory.create(carrier=site.carrier)
    SiteFactory.create(carrier=site.carrier)
    from tests.factories.organisations import RoleGrantFactory

    RoleGrantFactory.create(
        account=account,
        role="coordinator",
        programme=site.programme,
        carrier=site.carrier,
        site=second,
    )
    assert set(client.get(page("choose_site")).context["sites"]) == {site, second}


def test_archived_and_back(client: Client, site: Site) -> None:
    person = MentorFactory.create(site=site)
    client.force_login(as_coordinator(site))
    for name, archived in (("archive", True), ("restore", False)):
        assert client.get(page(name, person.pk)).status_code == 200
        answer = client.post(page(name, person.pk))
        assert answer.headers["Location"] == page("person", person.pk)
        person.refresh_from_db()
        assert (person.archived_at is not None) is archived
        again = client.post(page(name, person.pk))
        assert again.status_code == 422
        assert len(again.context["form"].non_field_errors()) == 1


def test_an_inspection_asks_exactly_what_may_be_kept(client: Client, site: Site) -> None:
    person = MentorFactory.create(site=site)
    client.force_login(as_coordinator(site))
    form = client.get(page("inspect", person.pk)).context["form"]
    assert set(form.fields) == {"certificate_date", "conviction_found"}
    assert not form.is_multipart()
    for sent, field in (
        ({"certificate_date": "2026-08-01", "conviction_found": "no"}, "certificate_date"),
        ({"certificate_date": "2026-11-01"}, "conviction_found"),
    ):
        answer = client.post(page("inspect", person.pk), sent)
        assert set(answer.context["form"].errors) == {field}
    client.post(
        page("inspect", person.pk), {"certificate_date": "2026-11-01", "conviction_found": "no"}
    )
    check = RecordCheck.objects.get()
    assert (check.certificate_date, check.conviction_found) == (date(2026, 11, 1), False)
    assert "valid until" in client.get(page("person", person.pk)).content.decode()
    client.post(page("remove_check", person.pk))
    assert not RecordCheck.objects.exists()


def test_only_who_may_see_record_checks_sees_them(client: Client, site: Site) -> None:
    check = RecordCheckFactory.create(person__site=site, certificate_date=date(2021, 11, 30))
    shown = {}
    for who in (as_coordinator, as_manager):
        client.force_login(who(site))
        for address in (page("people"), page("person", check.person_id), reverse("desk:day")):
            body = client.get(address).content.decode()
            shown[who, address] = "Record check" in body
    assert list(shown.values()) == [True, True, True, False, False, False]


@pytest.mark.parametrize("who", [as_coordinator, as_manager])
def test_files_hold_no_record_check_and_no_formula(client: Client, site: Site, who: Who) -> None:
    person = MentorFactory.create(
        site=site, first_name="=1+1", languages={"de": 7}, free_times=1, wished_age_from=20
    )
    RecordCheckFactory.create(person=person, certificate_date=date(2025, 7, 9))
    client.force_login(who(site))
    answer = client.get(page("people"), {"format": "csv"})
    assert answer.headers["Content-Disposition"] == ('attachment; filename="people-2026-11-23.csv"')
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 1
    assert rows[0]["First name"] == "'=1+1"
    assert rows[0]["Languages"] == "German first language"
    assert rows[0]["Wished age"] == "from 20 years"
    assert "2025" not in str(rows)
    assert "Record" not in str(rows)


def test_a_file_follows_the_filter(client: Client, site: Site) -> None:
    MentorFactory.create(site=site, first_name="Mia")
    MenteeFactory.create(site=site, first_name="Nino", archived_at=ARCHIVED)
    MenteeFactory.create(site=site, first_name="Ole")
    client.force_login(as_coordinator(site))
    for filters, expected in (
        ({}, {"Mia", "Ole"}),
        ({"side": "mentor"}, {"Mia"}),
        ({"presence": "archived"}, {"Nino"}),
        (
            {"side": "x", "presence": "x", "site": "x", "language": "xx", "page": "x"},
            {"Mia", "Ole"},
        ),
        ({"site": SiteFactory.create().pk}, {"Mia", "Ole"}),
    ):
        assert names(client.get(page("people"), filters)) == expected
        body = client.get(page("people"), {**filters, "format": "csv"}).content.decode()
        assert {name for name in ("Mia", "Nino", "Ole") if name in body} == expected


def test_a_fragment_is_the_rows_alone(client: Client, site: Site) -> None:
    MenteeFactory.create(site=site, first_name="Nino")
    client.force_login(as_coordinator(site))
    body = client.get(page("people"), headers={"HX-Request": "true"}).content.decode()
    assert "Nino" in body
    assert "<html" not in body


def test_an_empty_list_invites(client: Client, site: Site) -> None:
    client.force_login(as_coordinator(site))
    assert "Nobody here yet" in client.get(page("people")).content.decode()
    MenteeFactory.create(site=site)
    assert "Nobody found" in client.get(page("people"), {"text": "qq"}).content.decode()


LISTS: list[tuple[Who, str, int]] = [
    (as_coordinator, "", 9),
    (as_manager, "", 9),
    (as_coordinator, "csv", 7),
    (as_manager, "csv", 7),
]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("who", "kind", "queries"), LISTS)
def test_lists_cost_the_same_for_few_and_many(
    client: Client,
    site: Site,
    django_assert_num_queries: DjangoAssertNumQueries,
    who: Who,
    kind: str,
    queries: int,
    count: int,
) -> None:
    field = SupportFieldFactory.create(programme=site.programme)
    for _n in range(count):
        check = RecordCheckFactory.create(person__site=site)
        check.person.fields.add(field)
    client.force_login(who(site))
    with django_assert_num_queries(queries):
        client.get(page("people"), {"format": kind})


def test_higher_apps_fill_the_page_of_a_person(
    client: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = MenteeFactory.create(site=site)
    panels: registrations.Registry[Panel] = registrations.Registry()
    monkeypatch.setattr(registrations, "panels", panels)
    asked = []

    def query(actor: object, ids: object, on: date) -> dict[int, dict[str, str]]:
        asked.append((ids, on))
        return {person.pk: {}}

    panels.add(Panel("people:person", "one", 1, SEE_PERSON, query, "people/_unsaid.html"))
    panels.add(Panel("else", "two", 1, SEE_PERSON, query, "people/missing.html"))
    client.force_login(as_coordinator(site))
    answer = client.get(page("person", person.pk))
    assert [panel.name for panel in answer.context["panels"]] == ["one"]
    assert asked == [([person.pk], date(2026, 11, 23))]
