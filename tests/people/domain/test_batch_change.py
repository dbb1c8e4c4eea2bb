"""What can be said of many people at once, and how it is kept."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from patenwerk.people.domain.batch_change import Change, change_of, wishes_of
from patenwerk.people.domain.person_values import PersonValues

SOMEBODY = PersonValues(
    first_name="Ewa",
    postcode="04109",
    furthest_km=5,
    capacity=2,
    expected_months=6,
    waiting_since=date(2026, 9, 1),
    fields=frozenset({"alltag", "schule"}),
    note="Kommt zu Fuß.",
)
ALL = Change(
    waiting_since=date(2026, 10, 1),
    furthest_km=20,
    expected_months=12,
    capacity=3,
    added_fields=frozenset({"sprache", "arbeit"}),
    removed_fields=frozenset({"alltag"}),
)


def test_only_what_is_said_is_different() -> None:
    assert Change().applied(SOMEBODY) == SOMEBODY
    assert Change(furthest_km=20).applied(SOMEBODY) == replace(SOMEBODY, furthest_km=20)
    assert ALL.applied(SOMEBODY) == replace(
        SOMEBODY,
        waiting_since=date(2026, 10, 1),
        furthest_km=20,
        expected_months=12,
        capacity=3,
        fields=frozenset({"arbeit", "schule", "sprache"}),
    )


@pytest.mark.parametrize("name", [column.name for column in fields(Change)])
def test_a_change_is_kept_as_it_was_said(name: str) -> None:
    one = Change(**{name: getattr(ALL, name)})
    assert list(wishes_of(one)) == [name]
    assert change_of(wishes_of(one)) == one
    assert not one.is_empty


def test_what_is_kept_are_codes_and_days() -> None:
    assert wishes_of(ALL) == {
        "waiting_since": "2026-10-01",
        "furthest_km": 20,
        "expected_months": 12,
        "capacity": 3,
        "added_fields": ["arbeit", "sprache"],
        "removed_fields": ["alltag"],
    }
    assert wishes_of(Change()) == {}
    assert change_of({}) == Change()


def test_all_problems_come_together_each_with_its_field() -> None:
    wrong = replace(ALL, furthest_km=0, capacity=10, waiting_since=date(2027, 1, 1))
    found = wrong.problems(on=date(2026, 11, 23), known_fields={"sprache", "arbeit", "alltag"})
    assert [(reason.code, reason.field) for reason in found] == [
        ("waits_later", "waiting_since"),
        ("furthest_range", "furthest_km"),
        ("capacity_range", "capacity"),
    ]
