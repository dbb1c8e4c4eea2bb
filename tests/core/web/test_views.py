"""The base of every page: out of reach does not exist, a refusal loses nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.test import RequestFactory

from patenwerk.core.policy import Actor, Grant, Level
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.core.web.views import (
    FormHandling,
    FormPage,
    ObjectFormPage,
    ObjectView,
    PolicedView,
    PublicView,
    show_refusal,
)
from patenwerk.organisations.models import Account, Site
from tests.factories.organisations import SiteFactory

SEE, DO = "tests.see", "tests.do"


def asked(
    *grants: Grant, method: str = "get", data: dict[str, str] | None = None, known: bool = True
) -> HttpRequest:
    """A request as the middleware hands it over; without ``known`` nobody is logged in."""
    request = getattr(RequestFactory(), method)("/hier/", data or {})
    request.user = Account(pk=5, email="jutta@example.org") if known else AnonymousUser()
    request.actor = Actor(user_id=5, grants=frozenset(grants))
    request.session = {}
    request._messages = FallbackStorage(request)
    return request  # type: ignore[no-any-return]


def said(name: str, site: Site) -> Grant:
    return Grant(name, Level.SITE, site.pk)


class Answers:
    """A page without a template, so that only the base is looked at."""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return HttpResponse("here")

    post = get


class Page(Answers, PolicedView):
    see, do = SEE, DO


class SitePage(Answers, ObjectView):
    model = Site
    see, do = SEE, DO

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return HttpResponse(f"site {self.object.pk}")


class SeenSite(SitePage):
    see = do = SEE


def answer(view: type[PublicView], request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
    return view.as_view()(request, **kwargs)


# --- pages ----------------------------------------------------------------------------------


def test_a_page_knows_the_moment() -> None:
    with time_machine.travel(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), tick=False):
        view = PublicView()
        assert view.now == datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
        assert view.today.isoformat() == "2027-01-01"


def test_a_page_is_its_template_with_the_view_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def render(request: HttpRequest, template: str, context: Any, status: int) -> HttpResponse:
        seen.update(context, template=template)
        return HttpResponse(status=status)

    monkeypatch.setattr("patenwerk.core.web.views.render", render)
    view = PublicView()
    view.setup(asked())
    view.template = "tests/some.html"  # type: ignore[misc]
    assert view.page({"a": 1}).status_code == 200
    assert seen == {"a": 1, "view": view, "template": "tests/some.html"}
    assert view.page({}, status=410).status_code == 410


@pytest.mark.parametrize("attributes", [{}, {"see": SEE}, {"do": DO}, {"see": "", "do": DO}])
def test_a_page_without_both_permissions_cannot_be_defined(attributes: dict[str, str]) -> None:
    with pytest.raises(TypeError, match="Bare names no see and do permission"):
        type("Bare", (PolicedView,), attributes)
    with pytest.raises(TypeError):
        type("Bare", (ObjectView,), {"model": Site, **attributes})


def test_a_base_of_pages_may_leave_them_open_and_its_pages_not() -> None:
    class Base(PolicedView, abstract=True):
        pass

    with pytest.raises(TypeError):
        type("Heir", (Base,), {})
    assert type("Heir", (Base,), {"see": SEE, "do": SEE})


@pytest.mark.parametrize("view", [Page, SitePage])
@pytest.mark.parametrize("pk", [1, 10**9])
@pytest.mark.parametrize("method", ["get", "post", "head", "options", "delete"])
def test_nobody_logged_in_goes_to_the_login_whatever_the_id(
    view: type[PolicedView], pk: int, method: str
) -> None:
    sent = answer(view, asked(Grant(SEE, Level.SITE, 1), method=method, known=False), pk=pk)
    assert sent.status_code == 302
    assert sent.headers["Location"].endswith("?next=/hier/")


def test_a_page_without_a_row_opens_by_the_permission_anywhere() -> None:
    see, do = Grant(SEE, Level.SITE, 1), Grant(DO, Level.SITE, 2)
    assert answer(Page, asked(see, do)).status_code == 200
    with pytest.raises(Http404):
        answer(Page, asked())
    with pytest.raises(Http404):
        answer(Page, asked(do))
    with pytest.raises(PermissionDenied, match="Rolle"):
        answer(Page, asked(see))


def test_the_page_knows_who_asks() -> None:
    request = asked(Grant(SEE, Level.SITE, 1))
    view = Page()
    view.setup(request)
    assert (view.actor.user_id, view.account.email) == (5, "jutta@example.org")


# --- rows -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_row_seen_and_to_be_done() -> None:
    own, sibling = SiteFactory.create_batch(2)
    both = (said(SEE, own), said(DO, own))
    found = answer(SitePage, asked(*both), pk=own.pk)
    assert isinstance(found, HttpResponse)
    assert found.content.decode() == f"site {own.pk}"
    for missing in (sibling.pk, 10**9):
        with pytest.raises(Http404):
            answer(SitePage, asked(*both), pk=missing)


@pytest.mark.django_db
def test_seeing_is_not_doing_row_by_row() -> None:
    own, other = SiteFactory.create_batch(2)
    with pytest.raises(PermissionDenied):
        answer(SitePage, asked(said(SEE, own), said(DO, other)), pk=own.pk)
    with pytest.raises(Http404):
        answer(SitePage, asked(said(SEE, own), said(DO, other)), pk=other.pk)
    assert answer(SeenSite, asked(said(SEE, own)), pk=own.pk).status_code == 200
    with pytest.raises(Http404):
        answer(SeenSite, asked(said(DO, own)), pk=own.pk)


@pytest.mark.django_db
def test_a_page_may_narrow_its_rows() -> None:
    class NamedSites(SeenSite):
        def rows(self) -> Any:
            return Site.objects.filter(name="Beerenfurt")

    own = SiteFactory.create()
    with pytest.raises(Http404):
        answer(NamedSites, asked(said(SEE, own)), pk=own.pk)
    Site.objects.update(name="Beerenfurt")
    assert answer(NamedSites, asked(said(SEE, own)), pk=own.pk).status_code == 200


# --- forms ----------------------------------------------------------------------------------


class NameForm(forms.Form):
    name = forms.CharField(max_length=20)
    town = forms.CharField(required=False)


class Shown(FormHandling):
    """The page as what its template would be given."""

    def page(self, context: Any, *, status: int = 200) -> HttpResponse:  # type: ignore[override]
        self.shown = context
        return HttpResponse(status=status)


class Rename(Shown, ObjectFormPage):
    model = Site
    see = do = SEE
    form_class = NameForm

    def form_options(self) -> dict[str, Any]:
        return {"initial": {"name": self.object.name}}

    def context(self) -> dict[str, Any]:
        return {"back": "/zurueck/"}

    def perform(self, form: Any) -> str | HttpResponse:
        self.object.name = form.cleaned_data["name"]
        self.object.save()
        if self.object.name == "besetzt":
            raise Refusal([Reason("taken", "This name is taken.", "name"), Reason("x", "Also so.")])
        if self.object.name == "teil":
            return HttpResponse("a part of the page")
        self.said("Saved.")
        return "/danach/"


def opened(request: HttpRequest, site: Site) -> tuple[Rename, HttpResponseBase]:
    view = Rename()
    view.setup(request, pk=site.pk)
    return view, view.dispatch(request, pk=site.pk)


@pytest.mark.django_db
def test_a_form_is_shown_with_what_is_known() -> None:
    site = SiteFactory.create()
    view, shown = opened(asked(said(SEE, site)), site)
    assert shown.status_code == 200
    assert view.shown["back"] == "/zurueck/"
    form = view.shown["form"]
    assert (form.is_bound, form.initial) == (False, {"name": site.name})


@pytest.mark.django_db
def test_one_call_then_on_to_the_next_page() -> None:
    site = SiteFactory.create()
    request = asked(said(SEE, site), method="post", data={"name": "Oberlinden"})
    _view, done = opened(request, site)
    assert (done.status_code, done.headers["Location"]) == (302, "/danach/")
    assert Site.objects.get().name == "Oberlinden"
    assert [str(message) for message in get_messages(request)] == ["Saved."]


@pytest.mark.django_db
def test_a_call_may_answer_itself() -> None:
    site = SiteFactory.create()
    request = asked(said(SEE, site), method="post", data={"name": "teil"})
    _view, done = opened(request, site)
    assert isinstance(done, HttpResponse)
    assert (done.status_code, done.content) == (200, b"a part of the page")


@pytest.mark.django_db
def test_a_refusal_undoes_everything_and_stands_beside_its_field() -> None:
    site = SiteFactory.create()
    data = {"name": "besetzt", "town": "Kiel"}
    request = asked(said(SEE, site), method="post", data=data)
    view, refused = opened(request, site)
    assert refused.status_code == 422
    assert Site.objects.get().name == site.name != "besetzt"
    form = view.shown["form"]
    assert form.errors == {"name": ["This name is taken."], "__all__": ["Also so."]}
    assert form["town"].value() == "Kiel"
    assert view.shown["back"] == "/zurueck/"
    assert not list(get_messages(request))


@pytest.mark.django_db
def test_what_cannot_be_understood_never_reaches_the_call() -> None:
    site = SiteFactory.create()
    view, refused = opened(asked(said(SEE, site), method="post", data={"name": ""}), site)
    assert refused.status_code == 422
    assert list(view.shown["form"].errors) == ["name"]
    assert Site.objects.get().name == site.name


def test_a_field_the_form_does_not_have_is_said_on_top() -> None:
    form = NameForm({"name": "x"})
    show_refusal(form, Refusal(Reason("far", "Too far.", "postcode")))
    assert form.errors == {"__all__": ["Too far."]}


def test_a_page_without_a_call_is_no_page() -> None:
    class Forgetful(Shown, FormPage):
        see = do = SEE
        form_class = NameForm

    assert answer(Forgetful, asked(Grant(SEE, Level.SITE, 1))).status_code == 200
    view = Forgetful()
    view.setup(asked())
    assert (view.form_options(), view.context()) == ({}, {})
    with pytest.raises(NotImplementedError):
        view.perform(NameForm())
