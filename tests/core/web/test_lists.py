"""Lists: page, paging and files show the same rows."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from patenwerk.core import clock, registrations
from patenwerk.core.policy import Actor, Grant, Level, visible
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.core.registrations import RowAction
from patenwerk.core.sheets.reading import read_sheet
from patenwerk.core.web import lists
from patenwerk.core.web.lists import ROWS_PER_PAGE, ListPage, SheetColumn, sheet_answer
from patenwerk.organisations.models import Account, Site
from tests.factories.organisations import CarrierFactory, SiteFactory

pytestmark = pytest.mark.django_db

SEE = "tests.see"


class TownForm(forms.Form):
    town = forms.CharField(required=False, max_length=20)


class Sites(ListPage):
    see = do = SEE
    filter_form = TownForm
    sheet_name = "standorte"
    sheet_columns = (
        SheetColumn("Name", lambda site: site.name),
        SheetColumn("PLZ", lambda site: site.postcode),
    )
    shown: dict[str, Any]

    def page(self, context: Any, *, status: int = 200) -> HttpResponse:
        self.shown = context
        return HttpResponse(status=status)

    def listed(self, said: dict[str, Any]) -> QuerySet[Site]:
        rows = Site.objects.filter(visible(self.actor, SEE, Site))
        return rows.filter(town=said["town"]) if said.get("town") else rows


class Titled(Sites):
    def context(self, page: Any) -> dict[str, Any]:
        return {"title": f"{len(page)} Standorte"}


def asked(path: str, *grants: Grant) -> HttpRequest:
    request: Any = RequestFactory().get(path)
    request.user = Account(pk=5)
    request.actor = Actor(user_id=5, grants=frozenset(grants))
    return request  # type: ignore[no-any-return]


def opened(path: str, *grants: Grant, view: type[Sites] = Sites) -> tuple[Sites, Any]:
    request = asked(path, *grants)
    page = view()
    page.setup(request)
    return page, page.dispatch(request)


@pytest.fixture
def see() -> Grant:
    carrier = CarrierFactory.create()
    SiteFactory.create(carrier=carrier, name="A", town="Kiel", postcode="01067")
    SiteFactory.create(carrier=carrier, name="=B+1", town="Bremen")
    SiteFactory.create(name="Fremd", town="Kiel")
    return Grant(SEE, Level.CARRIER, carrier.pk)


def names(view: Sites) -> list[str]:
    return [site.name for site in view.shown["rows"]]


def test_filters_come_from_the_address(see: Grant) -> None:
    view, answer = opened("/standorte/", see)
    assert (answer.status_code, names(view)) == (200, ["=B+1", "A"])
    view, _answer = opened("/standorte/?town=Kiel", see)
    assert names(view) == ["A"]


def test_a_filter_that_is_not_understood_filters_nothing_and_says_so(see: Grant) -> None:
    view, answer = opened("/standorte/?town=" + "x" * 21, see)
    assert (answer.status_code, names(view)) == (200, ["=B+1", "A"])
    assert list(view.shown["form"].errors) == ["town"]


def test_without_the_permission_there_is_no_list_and_no_file() -> None:
    for path in ("/standorte/", "/standorte/?format=csv"):
        with pytest.raises(Http404):
            opened(path)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_holds_the_filtered_rows_of_the_same_policy(see: Grant, kind: str) -> None:
    _view, answer = opened(f"/standorte/?town=Kiel&format={kind}", see)
    table = read_sheet(answer.content)
    assert table.headers == ("Name", "PLZ")
    assert [row.cells for row in table.rows] == [("A", "01067")]
    name = f"standorte-{clock.today().isoformat()}.{kind}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_not_cut_into_pages_and_no_formula(see: Grant) -> None:
    SiteFactory.create_batch(ROWS_PER_PAGE + 1, carrier_id=see.organisation_id)
    _view, answer = opened("/standorte/?format=csv&page=2", see)
    text = answer.content.decode("utf-8-sig")
    assert len(text.splitlines()) == 1 + ROWS_PER_PAGE + 3
    assert "\n'=B+1;" in text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_a_list_as_json_names_its_columns(see: Grant) -> None:
    _view, answer = opened("/standorte/?town=Kiel&format=json", see)
    assert json.loads(answer.content) == [{"Name": "A", "PLZ": "01067"}]
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Disposition"].endswith('.json"')


def test_an_unknown_kind_of_file_is_the_page(see: Grant) -> None:
    view, answer = opened("/standorte/?format=exe", see)
    assert (answer.status_code, len(names(view))) == (200, 2)


@pytest.mark.parametrize(
    ("page", "shown", "number"),
    [("1", 50, 1), ("2", 3, 2), ("99", 3, 2), ("x", 50, 1)],
)
def test_pages_hold_fifty_and_any_number_finds_one(
    see: Grant, page: str, shown: int, number: int
) -> None:
    SiteFactory.create_batch(ROWS_PER_PAGE + 1, carrier_id=see.organisation_id)
    view, _answer = opened(f"/standorte/?page={page}", see)
    assert (len(view.shown["rows"]), view.shown["rows"].number) == (shown, number)


def test_the_way_to_the_file_keeps_the_filter_and_drops_the_page(see: Grant) -> None:
    view, _answer = opened("/standorte/?town=Kiel&page=2", see)
    links = {kind: parse_qs(urlsplit(url).query) for kind, url in view.shown["downloads"]}
    assert links == {
        "XLSX": {"town": ["Kiel"], "format": ["xlsx"]},
        "CSV": {"town": ["Kiel"], "format": ["csv"]},
        "JSON": {"town": ["Kiel"], "format": ["json"]},
    }


def test_a_list_says_more_if_it_likes(see: Grant) -> None:
    view, _answer = opened("/standorte/", see, view=Titled)
    assert view.shown["title"] == "2 Standorte"


class Live(Titled):
    fragment = "tests/_rows.html"


def test_htmx_gets_the_part_that_changes(see: Grant, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[str, Any]] = []

    def render(request: HttpRequest, template: str, context: Any) -> HttpResponse:
        drawn.append((template, context))
        return HttpResponse("rows")

    monkeypatch.setattr("patenwerk.core.web.lists.render", render)
    for view, htmx, parts in ((Live, False, 0), (Titled, True, 0), (Live, True, 1)):
        request: Any = asked("/standorte/?town=Kiel", see)
        request.htmx = htmx
        page = view()
        page.setup(request)
        page.dispatch(request)
        assert len(drawn) == parts
    template, context = drawn[0]
    assert (template, context["title"]) == ("tests/_rows.html", "1 Standorte")
    assert [site.name for site in context["rows"]] == ["A"]


class Chosen(Sites):
    list_name = "tests:sites"


def handed_on(path: str, said: dict[str, Any], *grants: Grant) -> Any:
    request: Any = RequestFactory().post(path, said)
    request.user, request._messages = Account(pk=5), Said()
    request.actor = Actor(user_id=5, grants=frozenset(grants))
    page = Chosen()
    page.setup(request)
    return page.dispatch(request), request._messages.said


class Said:
    """What the next page will say."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def add(self, _level: int, message: str, _tags: str) -> None:
        self.said.append(message)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """What the actions of lists are given."""
    found: list[list[int]] = []

    def start(actor: Actor, ids: Any, at: datetime) -> str:
        found.append(sorted(ids))
        if not ids:
            raise Refusal(Reason("nobody", "Nobody was chosen."))
        return "/weiter/"

    actions: registrations.Registry[RowAction] = registrations.Registry()
    for page, name, permission in (
        ("tests:sites", "tests.do", SEE),
        ("tests:sites", "tests.may_not", "tests.other"),
        ("tests:others", "tests.elsewhere", SEE),
    ):
        actions.add(RowAction(page, name, 1, permission, name, "check", start))
    monkeypatch.setattr(lists, "row_actions", actions)
    return found


def test_chosen_rows_are_handed_on_as_far_as_the_list_shows_them(
    see: Grant, started: list[list[int]]
) -> None:
    own = {site.name: site.pk for site in Site.objects.all()}
    said = {"do": "tests.do", "row": [own["A"], own["Fremd"], "x", "²", "9" * 19, "-1"]}
    answer, _said = handed_on("/standorte/", said, see)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/weiter/")
    assert started == [[own["A"]]]


def test_all_rows_are_those_the_filter_found(see: Grant, started: list[list[int]]) -> None:
    SiteFactory.create_batch(ROWS_PER_PAGE + 1, carrier_id=see.organisation_id, town="Ulm")
    handed_on("/standorte/?town=Ulm&page=2", {"do": "tests.do", "all": "1", "row": ["1"]}, see)
    assert started == [sorted(Site.objects.filter(town="Ulm").values_list("pk", flat=True))]


def test_what_is_refused_is_said_on_the_same_list(see: Grant, started: list[list[int]]) -> None:
    answer, said = handed_on("/standorte/?town=Kiel", {"do": "tests.do"}, see)
    assert answer.headers["Location"] == "/standorte/?town=Kiel"
    assert said == ["Nobody was chosen."]
    assert started == [[]]


@pytest.mark.parametrize("name", ["", "tests.may_not", "tests.elsewhere", "tests.unknown"])
def test_nothing_else_is_done_with_rows(see: Grant, started: list[list[int]], name: str) -> None:
    answer, _said = handed_on("/standorte/", {"do": name, "all": "1"}, see)
    assert answer.status_code == 405
    assert started == []


def test_a_file_without_a_list() -> None:
    answer = sheet_answer("csv", "leer", Sites.sheet_columns, [])
    assert answer.content.decode("utf-8-sig") == "Name;PLZ\r\n"
    with pytest.raises(KeyError):
        sheet_answer("exe", "leer", Sites.sheet_columns, [])
