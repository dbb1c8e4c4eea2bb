"""The pages of figures for those who work with them."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.jobs.domain.run import run
from patenwerk.organisations.models import Programme, Site
from patenwerk.reporting.models import CountingRule, Release, ReportingSettings, YearlyFigure
from tests.factories.organisations import (
    FocusFactory,
    ProgrammeFactory,
    SiteFactory,
    TandemKindFactory,
    coordinator,
    manager,
    office,
)
from tests.factories.reporting import (
    AT,
    YearlyFigureFactory,
    drafted,
    published,
    release_at,
    rule_for,
    tandems_at,
)
from tests.factories.tandems import tandem_of

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23 10:00", tick=False)]

OFFICE_PAGES = ("set_rule", "set_minimum", "draft", "yearly_figures", "take_back")


def page(name: str, *args: object) -> str:
    return reverse(f"reporting:{name}", args=args)


def words(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def site() -> Site:
    return SiteFactory.create(name="Kranichhafen")


@pytest.fixture
def programme(site: Site) -> Programme:
    return site.programme


def rows_of(client: Client, **said: int) -> list[list[str]]:
    """The exported figures as (table, year, group, new, continued)."""
    asked: dict[str, str | int] = {"format": "csv", **said}
    answer = client.get(page("tables"), asked)
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))[1:]


# --- unhidden tables ------------------------------------------------------------------------


def test_each_sees_exactly_the_own_figures(client: Client, site: Site) -> None:
    sibling = SiteFactory.create(carrier=site.carrier, name="Oberlinden")
    colleague = SiteFactory.create(carrier__programme=site.programme, name="Fremdheim")
    for place, number in ((site, 2), (sibling, 3), (colleague, 4), (SiteFactory.create(), 5)):
        tandems_at(place, number, founded_on=date(2026, 5, 1))
    client.force_login(coordinator(site))
    assert ["Nach Jahren", "2026", "", "2", "0"] in rows_of(client)
    assert "Oberlinden" not in words(client.get(page("tables")))
    client.force_login(manager(site.carrier))
    rows = rows_of(client)
    assert ["Nach Jahren", "2026", "", "5", "0"] in rows
    assert [row[2:] for row in rows if row[0] == "Nach Standorten"] == [
        ["Kranichhafen", "2", "0"],
        ["Oberlinden", "3", "0"],
    ]
    assert ["Nach Jahren", "2026", "", "3", "0"] in rows_of(client, site=sibling.pk)
    assert "Fremdheim" not in words(client.get(page("tables")))
    client.force_login(office(site.programme))
    assert client.get(page("tables")).status_code == 404


def test_a_foreign_site_in_the_filter_is_no_filter(client: Client, site: Site) -> None:
    foreign = SiteFactory.create()
    tandems_at(foreign, 4, founded_on=date(2026, 5, 1))
    client.force_login(coordinator(site))
    missing, theirs = (
        client.get(page("tables"), {"site": pk}) for pk in (2_000_000_000, foreign.pk)
    )
    assert missing.context["form"].errors == theirs.context["form"].errors
    assert theirs.context["found"].here.total == 0
    tokens = r'site=[0-9]+|(?<=csrfmiddlewaretoken" value=")[^"]*'
    assert re.sub(tokens, "", words(missing)) == re.sub(tokens, "", words(theirs))


@pytest.mark.parametrize("year", ["1999", "3000", "x", ""])
def test_another_year_or_nonsense_is_answered(client: Client, site: Site, year: str) -> None:
    client.force_login(coordinator(site))
    assert client.get(page("tables"), {"year": year}).status_code == 200


@pytest.mark.time_machine("2026-12-31T23:30:00+00:00", tick=False)
def test_the_year_changes_with_the_clock_in_berlin(client: Client, site: Site) -> None:
    tandems_at(site, 1, founded_on=date(2026, 12, 31))
    tandems_at(site, 2, founded_on=date(2027, 1, 1))
    client.force_login(coordinator(site))
    found = client.get(page("tables")).context["found"]
    assert (found.year, found.here.founded, found.here.continued) == (2027, 2, 0)


@pytest.mark.parametrize(("who", "queries"), [("coordinator", 15), ("manager", 15)])
def test_figures_cost_the_same_with_one_tandem_and_three(
    client: Client,
    site: Site,
    who: str,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    kind = TandemKindFactory.create(programme=site.programme)
    rule_for(kind, meetings=2)
    client.force_login(coordinator(site) if who == "coordinator" else manager(site.carrier))
    for more in (1, 2):
        for _one in range(more):
            tandem_of(site=site, kind=kind, meetings=(date(2026, 5, 1),))
            tandem_of(site=site, kind=kind, meetings=(date(2026, 5, 1), date(2026, 6, 1)))
        with django_assert_num_queries(queries):
            answer = client.get(page("tables"))
        assert len(answer.context["missing"]) in {1, 3}


def test_many_missing_tandems_are_cut(client: Client, site: Site) -> None:
    kind = TandemKindFactory.create(programme=site.programme)
    rule_for(kind, meetings=2)
    for _one in range(14):
        tandem_of(site=site, kind=kind, meetings=(date(2026, 5, 1),))
    client.force_login(coordinator(site))
    context = client.get(page("tables")).context
    assert (len(context["missing"]), context["more_missing"]) == (12, 2)


def test_files_keep_the_filter(client: Client, site: Site) -> None:
    client.force_login(coordinator(site))
    answer = client.get(page("tables"), {"year": "2025"})
    assert "?year=2025&amp;format=xlsx" in words(answer)
    file = client.get(page("tables"), {"year": "2025", "format": "xlsx"})
    assert file.headers["Content-Disposition"] == 'attachment; filename="figures-2025.xlsx"'


def test_the_tandem_s_page_says_whether_it_counts(client: Client, site: Site) -> None:
    tandem = tandem_of(site=site, meetings=(date(2026, 5, 1),))
    client.force_login(coordinator(site))
    answer = client.get(reverse("tandems:tandem", args=[tandem.pk]))
    assert "zählt als neu" in words(answer)


# --- rules ----------------------------------------------------------------------------------


def test_everybody_who_works_here_reads_the_own_rules(client: Client, site: Site) -> None:
    kind = TandemKindFactory.create(programme=site.programme, name_de="Chancenpatenschaft")
    rule_for(kind, meetings=3, days=60, minutes=30, grace_days=14, continues=False)
    rule_for(TandemKindFactory.create(name_de="Fremde Art"))
    for member in (coordinator(site), manager(site.carrier), office(site.programme)):
        client.force_login(member)
        said = words(client.get(page("rules")))
        assert "Chancenpatenschaft" in said
        assert "60 Tage" in said
        assert "Fremde Art" not in said
    TandemKindFactory.create(programme=site.programme, name_de="Neue Art")
    assert "Neue Art" in words(client.get(page("rules")))


def test_the_office_sets_the_next_version(client: Client, programme: Programme) -> None:
    kind = TandemKindFactory.create(programme=programme)
    client.force_login(office(programme))
    said = {
        "valid_from": "2026-01-01",
        f"meetings_{kind.pk}": "3",
        f"continued_meetings_{kind.pk}": "1",
        f"minutes_{kind.pk}": "0",
        f"days_{kind.pk}": "90",
        f"grace_days_{kind.pk}": "0",
    }
    assert client.post(page("set_rule", programme.pk), said).status_code == 302
    row = CountingRule.objects.get().kinds.get()
    assert (row.meetings, row.days, row.continues) == (3, 90, False)
    form = client.get(page("set_rule", programme.pk)).context["form"]
    assert form[f"days_{kind.pk}"].value() == 90
    again = client.post(page("set_rule", programme.pk), said)
    assert again.status_code == 422
    assert list(again.context["form"].errors) == ["valid_from"]
    assert CountingRule.objects.count() == 1


def test_the_office_sets_the_smallest_number(client: Client, programme: Programme) -> None:
    client.force_login(office(programme))
    url = page("set_minimum", programme.pk)
    assert client.get(url).context["form"]["minimum_cell"].value() == 5
    assert client.post(url, {"minimum_cell": "2"}).status_code == 422
    assert client.post(url, {"minimum_cell": "7"}).status_code == 302
    assert ReportingSettings.objects.get().minimum_cell == 7


# --- releases -------------------------------------------------------------------------------


def test_nobody_but_the_office_comes_to_releases(client: Client, site: Site) -> None:
    release = release_at(site, "Notiz")
    for member in (coordinator(site), manager(site.carrier), office(ProgrammeFactory.create())):
        client.force_login(member)
        for name in ("prepared", "discard"):
            assert client.get(page(name, release.pk)).status_code == 404
            assert client.post(page(name, release.pk)).status_code == 404
        for name in OFFICE_PAGES:
            assert client.get(page(name, site.programme.pk)).status_code == 404
    client.force_login(coordinator(site))
    assert client.get(page("releases")).status_code == 404


def test_from_a_draft_to_the_public(client: Client, site: Site) -> None:
    programme = site.programme
    tandems_at(site, 12, founded_on=date(2025, 5, 1))
    client.force_login(office(programme))
    said = {"as_of": "2026-10-31", "settled_through": "2025", "notes": "Erste Zahlen"}
    answer = client.post(page("draft", programme.pk), said)
    release = Release.objects.get()
    assert answer.headers["Location"] == page("prepared", release.pk)
    waits = client.get(page("prepared", release.pk))
    assert "Die Tabellen werden berechnet." in words(waits)
    assert 'http-equiv="refresh"' in words(waits)
    part = client.get(page("prepared", release.pk), headers={"HX-Request": "true"})
    assert "HX-Refresh" not in part.headers
    assert "<html" not in words(part)
    assert client.post(page("prepared", release.pk)).status_code == 422
    run(job_id=release.job_id or 0, clock=lambda: AT)
    part = client.get(page("prepared", release.pk), headers={"HX-Request": "true"})
    assert part.headers["HX-Refresh"] == "true"
    preview = client.get(page("prepared", release.pk))
    assert preview.context["found"].grand_total == 12
    assert Client().get(page("release", release.pk)).status_code == 404
    assert client.post(page("prepared", release.pk)).status_code == 302
    assert "Erste Zahlen" in words(Client().get(page("release", release.pk)))
    late = client.post(page("discard", release.pk))
    assert late.status_code == 422
    assert "bleibt" in words(late)


def test_a_draft_is_thrown_away(client: Client, site: Site) -> None:
    draft = drafted(site.programme)
    client.force_login(office(site.programme))
    assert client.get(page("discard", draft.pk)).status_code == 200
    assert client.post(page("discard", draft.pk)).status_code == 302
    assert not Release.objects.exists()


def test_a_failed_draft_says_why(client: Client, site: Site) -> None:
    draft = drafted(site.programme)
    Release.objects.filter(pk=draft.pk).update(published=None, job_id=None)
    client.force_login(office(site.programme))
    assert "konnten nicht berechnet werden" in words(client.get(page("prepared", draft.pk)))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"as_of": "2026-12-31", "settled_through": "2025"}, "as_of"),
        ({"as_of": "2026-10-31", "settled_through": "2026"}, "settled_through"),
        ({"as_of": "gestern", "settled_through": "2025"}, "as_of"),
        ({"as_of": "2026-10-31", "settled_through": "viele"}, "settled_through"),
    ],
)
def test_a_draft_that_makes_no_sense_stays_in_the_form(
    client: Client, programme: Programme, said: dict[str, str], field: str
) -> None:
    client.force_login(office(programme))
    answer = client.post(page("draft", programme.pk), {**said, "notes": "Bleibt da"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Bleibt da" in words(answer)
    assert not Release.objects.exists()


def test_the_list_of_releases_costs_the_same_with_one_and_three(
    client: Client, site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(office(site.programme))
    foreign = release_at(SiteFactory.create(), "Fremd")
    release_at(site, "Notiz")
    with django_assert_num_queries(5):
        client.get(page("releases"))
    for _more in range(2):
        release_at(site, "Notiz")
    with django_assert_num_queries(5):
        answer = client.get(page("releases"))
    (shown,) = answer.context["programmes"]
    assert len(shown["releases"]) == 3
    assert f'href="{page("prepared", foreign.pk)}"' not in words(answer)


# --- yearly figures -------------------------------------------------------------------------

FILE = "Jahr;Träger;Merkmal;Wert;Anzahl\n2024;{carrier};gesamt;;60\n2024;{carrier};Land;NW;40\n"


def upload(content: str) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("zahlen.csv", content.encode())}


def test_a_file_is_looked_at_before_it_is_taken_over(client: Client, site: Site) -> None:
    client.force_login(office(site.programme))
    url = page("yearly_figures", site.programme.pk)
    preview = client.post(url, upload(FILE.format(carrier=site.carrier.name)))
    assert preview.status_code == 200
    assert "Nordrhein-Westfalen" in words(preview)
    assert not YearlyFigure.objects.exists()
    text = preview.context["form"].initial["text"]
    assert client.post(url, {"text": text}).status_code == 302
    assert list(YearlyFigure.objects.values_list("dimension", "code", "count")) == [
        ("land", "NW", 40),
        ("total", "", 60),
    ]
    again = client.post(url, upload(FILE.format(carrier=site.carrier.name)))
    assert again.context["replaced"] == [2024]
    assert client.post(page("take_back", site.programme.pk)).status_code == 302
    assert not YearlyFigure.objects.exists()
    assert client.post(page("take_back", site.programme.pk)).status_code == 422


@pytest.mark.parametrize("said", [{"text": "Unsinn"}, {"text": ""}, {"text": "x" * 400_001}])
def test_the_second_step_is_read_as_carefully_as_the_first(
    client: Client, programme: Programme, said: dict[str, str]
) -> None:
    client.force_login(office(programme))
    answer = client.post(page("yearly_figures", programme.pk), said)
    assert answer.status_code == 422
    assert answer.context["problems"]
    assert not YearlyFigure.objects.exists()


def test_a_file_that_is_refused_says_where(client: Client, programme: Programme) -> None:
    client.force_login(office(programme))
    url = page("yearly_figures", programme.pk)
    answer = client.post(url, upload(FILE.format(carrier="Niemand")))
    assert answer.status_code == 422
    assert "Zeile 2, Spalte »Träger«" in words(answer)
    assert client.post(url).status_code == 422
    large = client.post(url, upload("x" * 4_000_001))
    assert "größer als 4 MB" in words(large)


def test_carriers_of_another_programme_are_unknown_here(client: Client, site: Site) -> None:
    foreign = SiteFactory.create(carrier__name="Fremder Träger")
    FocusFactory.create(programme=foreign.programme)
    YearlyFigureFactory.create(programme=foreign.programme, count=987654)
    client.force_login(office(site.programme))
    url = page("yearly_figures", site.programme.pk)
    assert "987" not in words(client.get(url))
    theirs, missing = (
        client.post(url, upload(FILE.format(carrier=name)))
        for name in ("Fremder Träger", "Niemand")
    )
    assert theirs.context["form"].errors == missing.context["form"].errors


def test_the_navigation_leads_each_to_the_own_figures(client: Client, site: Site) -> None:
    published(site.programme)
    for member, url in (
        (coordinator(site), page("tables")),
        (manager(site.carrier), page("tables")),
        (office(site.programme), page("releases")),
    ):
        client.force_login(member)
        items = client.get(reverse("desk:day")).context["navigation"]
        assert [item["url"] for item in items if item["icon"] == "chart-column"] == [url]
