"""axe finds nothing on any page a role comes to: light and dark, 360 and 1280 px.

The pages are all named addresses of the installation, each with a record of one's own, so a new
page is looked at without being named here. Nothing sticks out sideways, from left or from right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from patenwerk.core import clock
from patenwerk.organisations.models import Programme
from patenwerk.reporting.domain.release import publish_release
from patenwerk.reporting.models import Release
from tests.factories.reporting import NOBODY
from tests.isolation.makers import MAKERS
from tests.isolation.routes import Route, routes
from tests.isolation.world import Place, World, build
from tests.journeys.hands import problems, sticks_out

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]

WIDTHS = ((1280, 800), (360, 740))
LIGHTS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
#: Pages the login library shows only on the way through them; the journeys look at those.
ON_THE_WAY = {"account_logout", "account_reauthenticate", "account_confirm_login_code"}
#: How many tests share a role's pages, so that they can run side by side.
PARTS = {"nobody": 1, "coordinator": 4, "manager": 4, "office": 2, "network": 1}

#: What most of the work happens on.
MAIN = {
    "nobody": {"desk:start", "account_login", "core:gallery"},
    "coordinator": {
        *["desk:day", "imports:uploads", "people:people", "people:person", "matching:home"],
        *["matching:partners", "tandems:list", "tandems:tandem", "reporting:tables"],
    },
}


def addresses(role: str, world: World) -> list[str]:
    """All pages this role can open, with the records of its own place."""
    client = Client()
    if role != "nobody":
        client.force_login(world.accounts[role])
    found = []
    for route in routes():
        if route.name in ON_THE_WAY or route.is_public != (role == "nobody"):
            continue
        url = address(route, world)
        if url is None:
            continue
        answer = client.get(url)
        # Part of a page is looked at where it stands, in its page.
        is_page = b"</html>" in getattr(answer, "content", b"")
        if is_page and answer.status_code in {200, 410}:
            found.append(url)
        answer.close()
    return found


def address(route: Route, world: World) -> str | None:
    if route.name == "organisations:accept":
        return reverse(route.name, args=["ein-alter-link"])
    if route.name == "account_reset_password_from_key":
        return reverse(route.name, args=["x", "y"])
    own = world.records[Place.OWN].by_model
    if route.name == "desk:programme":
        return reverse(route.name, args=[own[Programme].slug])
    if route.name == "reporting:release":
        return reverse(route.name, args=[publish(own[Programme]).pk])
    if route.model is not None:
        # That every model has a record is the sweep's own test.
        record = own.get(route.model)
        return None if record is None else reverse(route.name, args=[record.pk])
    return None if route.converters else reverse(route.name)


def publish(programme: Programme) -> Release:
    """The programme's draft, for everybody."""
    draft = Release.objects.get(programme=programme)
    with transaction.atomic():
        return publish_release(release=draft, by=NOBODY, at=clock.now())


def look_at(page: Page, where: str, *, sent: bool = False) -> list[str]:
    """One page in all widths and both lights; sent empty it is the same page with a few sentences
    more, looked at wide in the light and narrow in the dark.
    """
    found = []
    for (width, height), own in zip(WIDTHS, LIGHTS, strict=True):
        page.set_viewport_size({"width": width, "height": height})
        for light in (own,) if sent else LIGHTS:
            page.emulate_media(color_scheme=light)
            found += [f"{where} {width} {light}: {line}" for line in problems(page)]
        for direction in ("rtl", "ltr"):
            page.evaluate("to => { document.documentElement.dir = to }", direction)
            found += [f"{where} {width} {direction}: {line}" for line in sticks_out(page)]
    return found


@pytest.mark.parametrize(
    ("role", "part"), [(role, part) for role, parts in PARTS.items() for part in range(parts)]
)
def test_every_page_is_accessible(role: str, part: int, visit: Any) -> None:
    world = build(MAKERS)
    page = visit(world.accounts.get(role))
    found = []
    urls = [*addresses(role, world), "/das-gibt-es-nicht/"]
    assert len(urls) > 5
    for url in urls[part :: PARTS[role]]:
        page.goto(url)
        found += look_at(page, url)
        if _sends_empty(page):
            found += look_at(page, f"{url}, sent empty,", sent=True)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("role", ["nobody", "coordinator"])
def test_the_main_pages_are_accessible_without_scripts(role: str, visit: Any) -> None:
    world = build(MAKERS)
    page = visit(world.accounts.get(role))
    # Scripts switched off would stop axe, too: so the page's own ones come empty.
    kept_back: list[str] = []

    def keep_back(route: Any) -> None:
        kept_back.append(route.request.url)
        route.fulfill(content_type="text/javascript", body="")

    page.route("**/*.js", keep_back)
    found = []
    mains = [route for route in routes() if route.name in MAIN[role]]
    assert len(mains) == len(MAIN[role])
    for route in mains:
        url = address(route, world)
        assert url is not None
        page.goto(url)
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            found += [f"{url} {width}: {line}" for line in [*problems(page), *sticks_out(page)]]
    assert not found, "\n".join(found)
    assert kept_back


def _sends_empty(page: Page) -> bool:
    """Send the page's first form without a word in it: its errors have to be accessible, too.

    Only where something is required: other forms would do what they are there for.
    """
    is_form = page.evaluate(
        """() => {
          const form = document.querySelector('main form[method=post]');
          if (!form || !form.querySelector('[required]')) return false;
          for (const field of form.elements) {
            if (['hidden', 'submit', 'button', 'fieldset'].includes(field.type)) continue;
            if (field.type === 'radio' || field.type === 'checkbox') field.checked = false;
            else field.value = '';
          }
          form.noValidate = true;
          return true;
        }"""
    )
    if is_form:
        with page.expect_navigation():
            page.evaluate("() => document.querySelector('main form[method=post]').submit()")
    return bool(is_form)
