"""What the source may say where: HTTP and the clock only at the edge, core's own rooms."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "patenwerk"
BELOW_WEB = {
    *["receivers", "tasks", "domain", "queries", "policy", "models", "kernel", "events", "enums"]
}
BELOW_TASKS = BELOW_WEB - {"receivers", "tasks"}
HTTP = ("django.http", "django.shortcuts", "django.views", "django.urls", "django.contrib.messages")
CORE = {
    *[
        "apps",
        "batches",
        "clock",
        "disclosure",
        "inherited",
        "lifecycle",
        "links",
        "management",
        "models",
        "panels",
    ],
    *[
        "panels",
        "papers",
        "personal_data",
        "policy",
        "refusal",
        "registrations",
        "sheets",
        "templatetags",
        "web",
    ],
}
"""The rooms of core: a mechanism each."""


def modules(rooms: set[str]) -> Iterator[Path]:
    """Every module of these rooms, over all apps."""
    for path in sorted(SOURCE.glob("*/**/*.py")):
        room = path.relative_to(SOURCE).parts[1].removesuffix(".py")
        if room in rooms and path.relative_to(SOURCE).parts[0] not in {"core", "config", "cli"}:
            yield path


def imported(code: str) -> set[str]:
    """Full names of everything a module imports, also within functions."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def http_in(code: str) -> set[str]:
    """What a module imports of HTTP; naming an address (``reverse``) is not speaking HTTP."""
    return {
        name
        for name in imported(code)
        if any(name == part or name.startswith(f"{part}.") for part in HTTP)
        and name != "django.urls.reverse"
    }


def clocks_in(code: str) -> set[str]:
    """Where a module reads the clock."""
    found = {
        name
        for name in imported(code)
        if name in {"patenwerk.core.clock.now", "patenwerk.core.clock.today", "time.time"}
        or name.startswith("django.utils.timezone.now")
    }
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            word = f"{node.value.id}.{node.attr}"
            if word in {
                *["datetime.now", "datetime.utcnow", "date.today", "datetime.today"],
                *["timezone.now", "timezone.localdate", "clock.now", "clock.today", "time.time"],
            }:
                found.add(word)
    return found


def test_nothing_below_web_sees_http() -> None:
    faults = {str(p.relative_to(SOURCE)): http_in(p.read_text()) for p in modules(BELOW_WEB)}
    assert {place: names for place, names in faults.items() if names} == {}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("from django.http import Http404", {"django.http.Http404"}),
        ("def f():\n    from django.shortcuts import redirect", {"django.shortcuts.redirect"}),
        ("import django.views", {"django.views"}),
        ("from django import http", {"django.http"}),
        ("from django.urls import reverse", set()),
        ("from django.db import models", set()),
    ],
)
def test_http_is_seen(code: str, found: set[str]) -> None:
    assert http_in(code) == found


def test_nothing_below_tasks_reads_the_clock() -> None:
    faults = {str(p.relative_to(SOURCE)): clocks_in(p.read_text()) for p in modules(BELOW_TASKS)}
    assert {place: names for place, names in faults.items() if names} == {}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("from django.utils import timezone\ntimezone.now()", {"timezone.now"}),
        ("from datetime import date\ndate.today()", {"date.today"}),
        ("from patenwerk.core.clock import now", {"patenwerk.core.clock.now"}),
        ("from patenwerk.core.clock import day_of\nday_of(at)", set()),
    ],
)
def test_the_clock_is_seen(code: str, found: set[str]) -> None:
    assert clocks_in(code) == found


def test_core_has_no_stray_module() -> None:
    found = {path.stem for path in SOURCE.glob("core/*.py")}
    found |= {path.parent.name for path in SOURCE.glob("core/*/__init__.py")}
    assert found - {"__init__"} <= CORE


def test_every_app_says_what_it_is_for() -> None:
    lengths = {
        path.parent.name: len((path.parent / "README.md").read_text().splitlines())
        if (path.parent / "README.md").exists()
        else 0
        for path in SOURCE.glob("*/__init__.py")
    }
    assert {app: length for app, length in lengths.items() if not 1 <= length <= 30} == {}
