"""What every test has: a migrated database in no time, a browser, and no network.

``browser`` and ``page`` drive a real Chromium; without one such tests are skipped, loudly, and
fail where ``CI=true``. ``PATENWERK_TEST_DATABASE_URL`` lets the suite run on PostgreSQL.
"""

import functools
import gc
import os
import shutil
import subprocess
from collections.abc import Callable, Generator, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings

from patenwerk.core.management import catalogues
from tests import template_database

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}
TESTS = Path(__file__).parent
TEMPLATE = pytest.StashKey[subprocess.Popen[bytes]]()
#: Rooms in which something is decided: their tests cover every branch.
DECIDING = {"domain", "queries", "policy", "kernel", "disclosure"}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET_CHROMIUM = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]

# How long one example takes says something about the machine's other work, not about the code.
settings.register_profile("patenwerk", settings.get_profile("default"), deadline=None)
settings.register_profile("patenwerk-ci", settings.get_profile("ci"), deadline=None)
settings.load_profile("patenwerk-ci" if IN_CI else "patenwerk")


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    catalogues.compile_all()
    if config.getoption("numprocesses", None):
        config.stash[TEMPLATE] = template_database.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    if template := config.stash.get(TEMPLATE, None):
        template.wait()


def chromium() -> str | None:
    """Where Chromium lies on this machine."""
    named = os.environ.get("PATENWERK_CHROMIUM")
    found = [named] if named else [shutil.which(name) for name in CHROMIUM_NAMES]
    found += [f"/usr/bin/{name}" for name in CHROMIUM_NAMES]
    return next((path for path in found if path and Path(path).exists()), None)


@functools.cache
def no_browser() -> str:
    """Why no browser can be driven on this machine and what to install; empty where one can."""
    import playwright

    if chromium() is None:
        return "no Chromium found (Debian: apt install chromium)"
    node = Path(playwright.__file__).parent / "driver" / ("node.exe" if os.name == "nt" else "node")
    tried = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    if tried.returncode and "libatomic" in tried.stderr:
        return "what drives Chromium lacks a system library (Debian: apt install libatomic1)"
    if tried.returncode:
        return f"what drives Chromium does not start: {tried.stderr.strip()}"
    return ""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--with-database",
        action="store_true",
        help="only the tests that ask a database: the others say the same on the second one",
    )
    parser.addoption(
        "--rooms",
        choices=["deciding", "others"],
        help="only the tests of rooms in which something is decided, or only all others",
    )


def decides(path: Path) -> bool:
    """Whether a test stands in a room, or bears the name of one, in which something is decided."""
    inner = path.relative_to(TESTS)
    if inner.parts[0] == "demo":  # invents; which of its branches run depends on the people drawn
        return False
    return bool(DECIDING & {*inner.parts[:-1], inner.stem.removeprefix("test_")})


def keep_rooms(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests of the wanted rooms (``dev.py test --cover`` asks for one after the other).

    Branches are counted while those run whose rooms need all of them: counting makes everything
    slower by half, and a branch that only a page or a browser comes to has no test that says what
    it decides. Both are processes of their own, so that nothing remembered from one is missing in
    the other.
    """
    wanted = config.getoption("--rooms")
    if wanted is None:
        return
    kept = [item for item in items if decides(item.path) is (wanted == "deciding")]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def asks_a_database(item: pytest.Item) -> bool:
    """Whether a test may ask one: it is marked, a fixture of its own does, or its class."""
    if issubclass(getattr(item, "cls", None) or object, TransactionTestCase):
        return True
    fixtures = {"db", "transactional_db", "live_server", "django_db_setup"}
    marked = item.get_closest_marker("django_db") is not None
    return marked or bool(fixtures & set(getattr(item, "fixturenames", ())))


def keep_with_database(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what can say something else on another database."""
    if not config.getoption("--with-database"):
        return
    kept = [item for item in items if asks_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not asks_a_database(item)])
    items[:] = kept


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What the machine lacks is skipped, or fails where nothing may be skipped."""
    keep_rooms(config, items)
    keep_with_database(config, items)
    missing = {}
    if no_browser():
        missing["browser"] = no_browser()
    if not os.environ.get("PATENWERK_TEST_DATABASE_URL"):
        missing["postgres"] = "runs on PostgreSQL only (dev.py test --postgres)"
    for item in items:
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        fixtures = set(getattr(item, "fixturenames", ())) - set(parameters)
        if {"browser", "page"} & fixtures:  # a parameter may bear the same name
            item.add_marker("browser")
        for marker, reason in missing.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=f"{marker}: {reason}"))
    items.sort(key=lambda item: (item.get_closest_marker("browser") is None, not commits(item)))
    long = [item for item in items if item.get_closest_marker("browser") or commits(item)]
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    items[:] = in_shares(long, items[len(long) :], workers)


Test = TypeVar("Test")


def in_shares(long: list[Test], short: list[Test], workers: int) -> list[Test]:
    """The order in which each worker begins with long tests and ends with short ones.

    Each gets the next piece of the list (``--dist worksteal``) and, once it is through, takes from
    the end of another one's. Were all long ones in the first piece, the last of them would be left
    to one worker while the others have nothing to do.
    """
    rest = iter(short)
    left = len(long) + len(short)
    ordered: list[Test] = []
    for worker in range(workers):
        share = long[worker::workers]
        size = left // (workers - worker)  # as they are dealt out
        ordered += [*share, *islice(rest, max(0, size - len(share)))]
        left -= size
    return [*ordered, *rest]


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """All that is loaded by the end stays loaded: whoever looks for garbage need not go through it
    again and again, which took a seventh of all tests without a browser.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def commits(item: pytest.Item) -> bool:
    """Whether the test commits what it writes: such are few and long."""
    marker = item.get_closest_marker("django_db")
    return marker is not None and bool(marker.kwargs.get("transaction"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run without the browser is no run at all in CI."""
    if IN_CI and no_browser() and not hasattr(session.config, "workerinput"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    url = os.environ.get("PATENWERK_TEST_DATABASE_URL", "")
    database = "PostgreSQL" if url else "SQLite"
    seen = "none" if no_browser() else chromium()
    terminalreporter.write_line(f"database: {database}; browser: {seen}")
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    browser = sum("browser: " in reason for reason in skipped)
    postgres = sum("postgres: " in reason for reason in skipped)
    if browser or no_browser():
        terminalreporter.write_line(
            f"!!! {browser} BROWSER TESTS SKIPPED: {no_browser()}.",
            red=True,
            bold=True,
        )
    if not url:
        terminalreporter.write_line(
            f"!!! NOT RUN ON POSTGRESQL ({postgres} tests skipped): python3 dev.py test "
            "--postgres, or PATENWERK_TEST_DATABASE_URL.",
            yellow=True,
            bold=True,
        )


@pytest.fixture(autouse=True)
def no_language_left() -> Iterator[None]:
    """A page asked for in English leaves the thread in English: the next test begins anew."""
    yield
    translation.deactivate()


# --- database -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """A copy of the migrated template; every test that commits gets a fresh copy afterwards."""
    database = template_database.database()

    def restore(_: TransactionTestCase) -> None:
        database.restore()

    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        database.prepare()
        patch.setattr(TransactionTestCase, "_fixture_teardown", restore)
        with django_db_blocker.block():
            yield
        database.drop()


@pytest.fixture
def on_postgres() -> bool:
    return connection.vendor == "postgresql"


@pytest.fixture(scope="session")
def soak() -> bool:
    """Whether this is the long run: tests marked ``soak`` then do their full number of rounds."""
    return os.environ.get("PATENWERK_SOAK") == "1"


# --- browser --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One headless Chromium per process."""
    from playwright.sync_api import sync_playwright

    path = chromium()
    assert path is not None
    flags = [*QUIET_CHROMIUM, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=flags)
        yield found
        found.close()


NewPage = Callable[..., "Page"]


@pytest.fixture
def new_page(browser: "Browser", live_server: Any) -> Iterator[NewPage]:
    """Opens pages of the running application, each with its own cookies.

    ``new_page(width=360, height=740, dark=False, javascript=True, language="de-DE")``; a path
    given to ``goto`` is one of the live server. An error in a page's console fails the test,
    except the browser's own line about an answer that is refused on purpose.
    """
    contexts = []
    errors: list[str] = []

    def note(message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            errors.append(message.text)

    def make(
        *,
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
        javascript: bool = True,
        language: str = "de-DE",
    ) -> "Page":
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale=language,
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert errors == [], "errors in the browser's console"


@pytest.fixture
def page(new_page: NewPage) -> "Page":
    """A page of the running application at desktop width."""
    return new_page()
