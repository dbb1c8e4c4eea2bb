"""Versions of the counting rule, and the smallest published number."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from patenwerk.audit.models import AuditEntry
from patenwerk.organisations.models import TandemKind
from patenwerk.reporting.domain.rule import (
    MOST,
    CannotSetRule,
    KindValues,
    set_counting_rule,
    set_minimum_cell,
)
from patenwerk.reporting.models import CountingRule, KindRule, ReportingSettings
from patenwerk.reporting.queries.rule import kinds_without_rule, minimum_cell, rules_of
from tests.factories.organisations import ProgrammeFactory, TandemKindFactory
from tests.factories.reporting import AT, NOBODY, CountingRuleFactory, KindRuleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind() -> TandemKind:
    made: TandemKind = TandemKindFactory.create(code="chancen", name_de="Chancenpatenschaft")
    return made


def set_rule(kind: TandemKind, valid_from: date, **said: Any) -> CountingRule:
    kinds = said.pop("kinds", None) or {kind: KindValues(**said)}
    return set_counting_rule(
        programme=kind.programme,
        valid_from=valid_from,
        kinds=kinds,
        by=NOBODY,
        at=AT,
    )


def codes(refusal: Any) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def test_a_change_is_the_next_version_and_ends_the_one_before(kind: TandemKind) -> None:
    first = set_rule(kind, date(2020, 1, 1), meetings=2)
    second = set_rule(kind, date(2026, 7, 1), meetings=3, days=90)
    assert (first.number, second.number) == (1, 2)
    found = {
        (rule.version, rule.valid_from, rule.valid_to, rule.meetings, rule.days)
        for rule in rules_of({kind.programme_id})[kind.programme_id]
    }
    assert found == {
        ("0", date(2016, 1, 1), date(2019, 12, 31), 1, 0),
        ("1", date(2020, 1, 1), date(2026, 6, 30), 2, 0),
        ("2", date(2026, 7, 1), None, 3, 90),
    }
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "details")) == [
        ("reporting.set_rule", {"number": 1, "valid_from": "2020-01-01"}),
        ("reporting.set_rule", {"number": 2, "valid_from": "2026-07-01"}),
    ]


def test_without_a_version_the_minimum_holds(kind: TandemKind) -> None:
    (rule,) = rules_of({kind.programme_id})[kind.programme_id]
    assert (rule.version, rule.kind, rule.meetings, rule.valid_to) == ("0", str(kind.pk), 1, None)


def test_a_first_version_from_the_beginning_leaves_no_minimum(kind: TandemKind) -> None:
    set_rule(kind, date(2016, 1, 1))
    assert [rule.version for rule in rules_of({kind.programme_id})[kind.programme_id]] == ["1"]


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2019, 12, 31)])
def test_versions_follow_one_another(kind: TandemKind, day: date) -> None:
    set_rule(kind, date(2020, 1, 1))
    with pytest.raises(CannotSetRule) as refusal:
        set_rule(kind, day)
    assert codes(refusal) == ["valid_from"]
    assert refusal.value.reasons[0].field == "valid_from"
    assert CountingRule.objects.count() == KindRule.objects.count() == 1


def test_every_kind_in_use_is_said_and_no_foreign_one(kind: TandemKind) -> None:
    other = TandemKindFactory.create(programme=kind.programme, name_de="Impuls")
    TandemKindFactory.create(programme=kind.programme, is_active=False)
    foreign = TandemKindFactory.create()
    with pytest.raises(CannotSetRule) as refusal:
        set_rule(kind, date(2020, 1, 1), kinds={kind: KindValues(), foreign: KindValues()})
    assert codes(refusal) == ["foreign_kind", "kind_missing"]
    assert "Impuls" in str(refusal.value)
    set_rule(kind, date(2020, 1, 1), kinds={kind: KindValues(), other: KindValues()})


@pytest.mark.parametrize(
    "said",
    [
        {"meetings": 0},
        {"continued_meetings": 0},
        {"minutes": -1},
        {"days": -1},
        {"grace_days": -1},
        {"days": MOST + 1},
        {"meetings": MOST + 1},
    ],
)
def test_numbers_make_sense(kind: TandemKind, said: dict[str, int]) -> None:
    with pytest.raises(CannotSetRule) as refusal:
        set_rule(kind, date(2020, 1, 1), **said)
    assert codes(refusal) == ["numbers"]


def test_a_kind_made_later_is_pointed_out(kind: TandemKind) -> None:
    assert kinds_without_rule(kind.programme) == []
    set_rule(kind, date(2020, 1, 1))
    later = TandemKindFactory.create(programme=kind.programme)
    TandemKindFactory.create()
    assert kinds_without_rule(kind.programme) == [later]


def test_the_smallest_published_number_is_five_and_never_below_three() -> None:
    programme, other = ProgrammeFactory.create_batch(2)
    assert minimum_cell(programme) == 5
    set_minimum_cell(programme=programme, minimum=3, by=NOBODY, at=AT)
    set_minimum_cell(programme=programme, minimum=7, by=NOBODY, at=AT)
    assert (minimum_cell(programme), minimum_cell(other)) == (7, 5)
    for wrong in (2, MOST + 1):
        with pytest.raises(CannotSetRule) as refusal:
            set_minimum_cell(programme=programme, minimum=wrong, by=NOBODY, at=AT)
        assert codes(refusal) == ["minimum_cell"]
    assert minimum_cell(programme) == 7


def test_the_database_holds_the_promise_too() -> None:
    programme = ProgrammeFactory.create()
    for broken in (
        lambda: ReportingSettings.objects.create(programme=programme, minimum_cell=2),
        lambda: KindRuleFactory.create(meetings=0),
        lambda: CountingRuleFactory.create(number=0),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken()
