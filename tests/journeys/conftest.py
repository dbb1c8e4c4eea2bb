"""A running installation, people in front of it, and a worker that is always done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.test import Client

from patenwerk.core import clock
from patenwerk.organisations.models import Account
from tests.factories.jobs import do_open_jobs

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

#: A Monday; the example lists speak of people who wait in that year.
TODAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
RIGHT_TO_LEFT = (
    "addEventListener('DOMContentLoaded', () => { document.documentElement.dir = 'rtl' })"
)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    outcome: Any = yield
    report = outcome.get_result()
    if report.when == "call":
        item.stash[FAILED] = report.failed


FAILED = pytest.StashKey[bool]()


@pytest.fixture
def at_a_fixed_time() -> Iterator[None]:
    """The clock goes on from a known morning."""
    with time_machine.travel(TODAY, tick=True):
        yield


Visit = Callable[..., "Page"]


@pytest.fixture
def visit(
    new_page: Any,
    at_a_fixed_time: None,
    live_server: Any,
    settings: Any,
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> Iterator[Visit]:
    """Opens a page for somebody: ``visit(account=None, width=…, dark=…, javascript=…)``.

    Other hosts must not be asked for anything, no answer may be a server's error, and a test
    that fails leaves a picture of each page behind.
    """
    settings.PUBLIC_URL = live_server.url
    foreign: list[str] = []
    broken: list[str] = []
    pages: list[Page] = []

    def asked(sent: Any) -> None:
        if not sent.url.startswith((live_server.url, "data:", "blob:", "about:")):
            foreign.append(sent.url)

    def answered(answer: Any) -> None:
        if answer.status >= 500:
            broken.append(f"{answer.status} {answer.url}")

    def open_page(account: Account | None = None, *, rtl: bool = False, **options: Any) -> Page:
        page: Page = new_page(**options)
        page.on("request", asked)
        page.on("response", answered)
        if rtl:
            page.add_init_script(RIGHT_TO_LEFT)
        if account is not None:
            log_in(page.context, account, live_server.url)
        pages.append(page)
        return page

    yield open_page
    if request.node.stash.get(FAILED, False):
        for number, page in enumerate(pages):
            picture = tmp_path / f"page-{number}.png"
            page.screenshot(path=picture, full_page=True)
            print(f"{page.url}: {picture}")  # noqa: T201 - shown beside the failed test
    assert foreign == [], "asked another host"
    assert broken == [], "errors of the server"


def log_in(context: BrowserContext, account: Account, url: str) -> None:
    """Give the browser a session, for journeys that are not about logging in."""
    client = Client()
    client.force_login(account)
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


@pytest.fixture
def work() -> Callable[[], None]:
    """What the worker process does, here at once."""

    def do() -> None:
        for job in do_open_jobs(clock.now):
            assert job.state == "done", (job.name, job.state, job.problem)

    return do
