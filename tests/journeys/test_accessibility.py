"""axe finds nothing on any page a role comes to: light and dark, 360 and 1280 px.

The pages are all named addresses of the installation, each with a record of one's own or a real
signed link, so a new page is looked at without being named here, and one that nobody comes to
fails. Nothing sticks out sideways, from left or from right.

Who looks: of all roles that come to a page the one that can do most there, and every further one
whose page holds a kind of element (name, classes, what it says to a screen reader) that no page
looked at before in the same part has. The start and the day are looked at by everybody. What nobody
looks at is made of the same kinds of elements as what was looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse, reverse_lazy

from tests.isolation.makers import MAKERS
from tests.isolation.routes import Route, routes
from tests.isolation.world import Place, World, build
from tests.journeys.hands import WIDTHS, bring_axe, look_at, problems, sticks_out
from tests.journeys.links import real_addresses

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]

ROLES = ("nobody", "coordinator", "manager", "office", "network")
#: Different in kind for every role, whatever they are made of.
FOR_EACH = {"desk:start", "desk:day"}
#: What answers with a page of its own that there is nothing to have.
SAYS_NO = {"gatherings:certificate", "gatherings:certificates"}
#: Links that are good no more say so.
GONE = {"/einladung/ein-alter-link/"}
#: A page, a file or a part of a page; an address that only takes posts leads on or refuses.
EXISTS = {200, 302, 405}
#: Public addresses that only lead on when nothing went before them, and who looks at the page.
ON_THE_WAY = {
    "account_confirm_login_code": "tests/journeys/test_login.py, with the mailed code",
    "account_set_password": "no page of its own: every account here has a password to change",
    "set_language": "no page of its own: it only takes posts",
}
RESET = reverse_lazy("account_reset_password")
#: How many tests share the pages, so that they can run side by side.
PARTS = 10

#: What most of the work happens on.
MAIN = {
    "nobody": {"desk:start", "account_login", "core:gallery"},
    "coordinator": {
        *["desk:day", "imports:uploads", "people:people", "people:person", "matching:home"],
        *["matching:partners", "tandems:list", "tandems:tandem", "reporting:tables"],
    },
}
CONTROL = re.compile(r"<(?:a|button|select|textarea|input(?! type=.hidden))\b")
ELEMENT = re.compile(r"<([a-z][a-z0-9-]*)([^>]*)>")
KIND = re.compile(r"""\b(class|type|role)="([^"]*)"|\b(aria-[a-z]+|hidden|open|required)\b""")


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as one role gets it."""

    role: str
    url: str
    html: str

    @property
    def controls(self) -> int:
        """How much there is to do on it."""
        return len(CONTROL.findall(self.html.partition("<main")[2].partition("</main>")[0]))

    @property
    def kinds(self) -> set[str]:
        """The kinds of elements it is made of: names, classes and what they say to a reader."""
        found = set()
        for name, said in ELEMENT.findall(self.html):
            parts = sorted({" ".join(filter(None, part)) for part in KIND.findall(said)})
            found.add(" ".join([name, *parts]))
        return found


def addresses(route: Route, world: World, real: dict[str, list[str]]) -> list[str]:
    """All addresses of a route, with a record of one's own; none for a route without a record."""
    if route.name in real:
        return real[route.name]
    if route.model is not None:
        # That every model has a record is the sweep's own test.
        record = world.records[Place.OWN].by_model.get(route.model)
        return [] if record is None else [reverse(route.name, args=[record.pk])]
    # A public route that takes a value fails here: it has to be among the public addresses.
    return [reverse(route.name)]


class Readers:
    """One client for each role."""

    def __init__(self, world: World) -> None:
        self._clients = {role: Client() for role in ROLES}
        for role, account in world.accounts.items():
            self._clients[role].force_login(account)

    def answers(self, route: Route, url: str) -> dict[str, tuple[int, str]]:
        """Status and words of an address for every role; of a file no words.

        A public page is one for nobody in particular: others are asked where nobody gets none.
        """
        found = {role: self._answer(role, url) for role in ROLES[:1]}
        if not (route.is_public and found["nobody"][0] in {200, 410}) or route.name in FOR_EACH:
            found |= {role: self._answer(role, url) for role in ROLES[1:]}
        return found

    def _answer(self, role: str, url: str) -> tuple[int, str]:
        # A link for a new password leads on to the form, at an address without the secret.
        answer: Any = self._clients[role].get(url, follow=url.startswith(str(RESET)))
        words = "" if answer.streaming else answer.content.decode("utf-8", "replace")
        answer.close()
        return answer.status_code, words


def pages_of(route: Route, url: str, answers: dict[str, tuple[int, str]]) -> list[Shown]:
    """Whole pages; a part of a page is looked at where it stands."""
    expected = {200, 404} if route.name in SAYS_NO else {200, 410}
    return [
        Shown(role, url, words)
        for role, (status, words) in answers.items()
        if "</html>" in words and status in expected
    ]


def enough(pages: list[Shown], known: set[str]) -> list[Shown]:
    """The page of one address with most to do, and those of further roles that hold a kind of
    element that is not ``known``: no page looked at before has it. Adds what these hold.
    """
    chosen: list[Shown] = []
    for page in sorted(pages, key=lambda page: -page.controls):
        if not chosen or not page.kinds <= known:
            known |= page.kinds
            chosen.append(page)
    return chosen


def test_every_public_route_has_an_address_that_answers() -> None:
    """None is forgotten: one that takes a value needs a real one in ``links.py``."""
    world = build(MAKERS)
    real = real_addresses(world)
    readers = Readers(world)
    for route in routes():
        if not route.is_public:
            continue
        urls = addresses(route, world, real)
        assert urls, route.name
        for url in urls:
            statuses = {status for status, _ in readers.answers(route, url).values()}
            expected = 410 if url in GONE else 200
            assert (expected in statuses) is (route.name not in ON_THE_WAY), (url, statuses)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_accessible(part: int, visit: Any) -> None:
    world = build(MAKERS)
    real = real_addresses(world)
    readers = Readers(world)
    desks: dict[str, Page] = {}
    known: set[str] = set()
    found = []
    for route in routes()[part::PARTS]:
        statuses: set[int] = set()
        for url in addresses(route, world, real):
            answers = readers.answers(route, url)
            statuses |= {status for role, (status, _) in answers.items() if role != "nobody"}
            pages = pages_of(route, url, answers)
            for shown in pages if route.name in FOR_EACH else enough(pages, known):
                statuses.add(200)
                if shown.role not in desks:
                    desks[shown.role] = visit(world.accounts.get(shown.role))
                    bring_axe(desks[shown.role])
                found += look_and_send(desks[shown.role], shown)
        assert route.is_public or statuses & EXISTS, f"nobody comes to {route.name}: {statuses}"
    assert not found, "\n".join(found)


def look_and_send(page: Page, shown: Shown) -> list[str]:
    """Look at a page, and at what it says where its form is sent empty."""
    page.goto(shown.url)
    where = f"{shown.url} ({shown.role})"
    found = look_at(page, where)
    if _sends_empty(page):
        found += look_at(page, f"{where}, sent empty,", sent=True)
    return found


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
        (url,) = addresses(route, world, {})
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
