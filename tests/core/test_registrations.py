"""What higher apps register is shown in order, to those who may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from patenwerk.core import registrations
from patenwerk.core.policy import Actor, Grant, Level
from patenwerk.core.registrations import (
    FilledPanel,
    NavigationItem,
    Panel,
    Registry,
    minimum_cell_of,
    panels_for,
    say_minimum_cell,
)

ON = date(2026, 11, 23)
COORDINATOR = Actor(user_id=1, grants=frozenset({Grant("tests.see", Level.SITE, 1)}))


def item(name: str, order: int, permission: str = "tests.see") -> NavigationItem:
    return NavigationItem(
        name=name, order=order, permission=permission, label=name, icon="sun", url_name="x:y"
    )


def test_entries_come_in_order_then_by_name_to_those_who_may() -> None:
    registry: Registry[NavigationItem] = Registry()
    late, second, first = item("c", 20), item("b", 10), item("a", 10)
    closed = item("d", 5, "tests.other")
    for entry in (late, second, closed, first):
        registry.add(entry)
    assert registry.allowed(COORDINATOR) == [first, second, late]
    assert registry.allowed(Actor(user_id=None)) == []
    assert registry.all() == [closed, first, second, late]


def test_a_name_is_taken_once() -> None:
    registry: Registry[NavigationItem] = Registry()
    entry = item("a", 10)
    registry.add(entry)
    registry.add(entry)
    assert registry.all() == [entry]
    with pytest.raises(ValueError, match="a is registered twice"):
        registry.add(replace(entry, order=11))
    assert registry.all() == [entry]


def panel(
    name: str, page: str, order: int, shown: set[int], permission: str = "tests.see"
) -> Panel:
    def query(actor: Actor, ids: Sequence[int], on: date) -> Mapping[int, Mapping[str, Any]]:
        return {pk: {"who": actor.user_id, "on": on} for pk in ids if pk in shown}

    return Panel(
        page=page,
        name=name,
        order=order,
        permission=permission,
        query=query,
        template=f"{name}.html",
    )


def test_panels_are_filled_for_many_rows_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    registry: Registry[Panel] = Registry()
    monkeypatch.setattr(registrations, "panels", registry)
    registry.add(panel("figures", "tandems:tandem", 20, {1, 2}))
    registry.add(panel("checks", "tandems:tandem", 10, {1}))
    registry.add(panel("elsewhere", "people:person", 5, {1, 2, 3}))
    registry.add(panel("secret", "tandems:tandem", 1, {1, 2, 3}, "tests.other"))
    context = {"who": 1, "on": ON}
    assert panels_for("tandems:tandem", COORDINATOR, [1, 2, 3], ON) == {
        1: [
            FilledPanel("checks", "checks.html", context),
            FilledPanel("figures", "figures.html", context),
        ],
        2: [FilledPanel("figures", "figures.html", context)],
        3: [],
    }


def test_a_panel_is_not_even_asked_for_those_who_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def query(*_arguments: object) -> Mapping[int, Mapping[str, Any]]:
        raise AssertionError("asked")

    registry: Registry[Panel] = Registry()
    monkeypatch.setattr(registrations, "panels", registry)
    registry.add(replace(panel("secret", "p", 1, set(), "tests.other"), query=query))
    registry.add(replace(panel("elsewhere", "q", 1, set()), query=query))
    assert panels_for("p", COORDINATOR, [7], ON) == {7: []}


def test_the_minimum_cell_is_said_by_one_app_and_else_the_houses_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def setting(programme: Any) -> int:
        return len(programme)

    monkeypatch.setattr(registrations, "_minimum_cell", [])
    assert minimum_cell_of("a programme") == 5
    say_minimum_cell(setting)
    say_minimum_cell(setting)
    assert minimum_cell_of("a programme") == 11
    with pytest.raises(ValueError, match="twice"):
        say_minimum_cell(lambda _programme: 3)
    assert minimum_cell_of("a programme") == 11
