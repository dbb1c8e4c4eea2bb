"""The one door through which states move."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from patenwerk.core.lifecycle import CannotMove, Lifecycle, Step, StepRequest
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason
from patenwerk.tandems.models import Tandem, TandemStep
from tests.factories.tandems import tandem_of

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BY = Actor(user_id=77)
asked: list[StepRequest] = []


def too_early(request: StepRequest) -> Iterable[Reason]:
    asked.append(request)
    if request.facts.get("early"):
        yield Reason("early", "It is too early.")
        yield Reason("cold", "It is too cold.")


def too_late(request: StepRequest) -> Iterable[Reason]:
    return [Reason("late", "It is too late.")] if request.facts.get("late") else []


@pytest.fixture
def cycle() -> Lifecycle:
    asked.clear()
    return Lifecycle(
        name="tests.tandem",
        model=Tandem,
        event_model=TandemStep,
        event_scope=lambda tandem: {
            "tandem": tandem,
            "site_id": tandem.site_id,
            "carrier_id": tandem.carrier_id,
            "programme_id": tandem.programme_id,
        },
        steps=(
            Step("rest", "Rest", frozenset({"active"}), "paused", (too_early, too_late)),
            Step("wake", "Wake", frozenset({"paused", "trial"}), "active"),
        ),
    )


@pytest.fixture
def tandem(db: None) -> Tandem:
    return tandem_of()


def stored(tandem: Tandem) -> tuple[str, int]:
    return Tandem.objects.get(pk=tandem.pk).state, TandemStep.objects.count()


def test_a_step_writes_state_changes_and_one_event(cycle: Lifecycle, tandem: Tandem) -> None:
    event = cycle.move(
        tandem,
        "rest",
        by=BY,
        at=AT,
        reason="no_time",
        note="Back in May.",
        changes={"why": "Both play chess."},
    )
    assert TandemStep.objects.get() == event
    assert (event.step, event.from_state, event.to_state) == ("rest", "active", "paused")
    assert (event.by_id, event.at, event.reason, event.note) == (77, AT, "no_time", "Back in May.")
    assert (event.site_id, event.carrier_id) == (tandem.site_id, tandem.carrier_id)
    assert str(event) == "active → paused"
    row = Tandem.objects.get()
    assert (row.state, row.why) == ("paused", "Both play chess.")
    assert (tandem.state, tandem.why) == ("paused", "Both play chess.")


def test_only_what_the_step_changes_is_written(cycle: Lifecycle, tandem: Tandem) -> None:
    tandem.why = "An unsaved thought."
    cycle.move(tandem, "rest", by=BY, at=AT)
    assert tandem.why == ""
    assert Tandem.objects.get().why == ""


def test_all_reasons_are_collected_and_nothing_is_written(cycle: Lifecycle, tandem: Tandem) -> None:
    with pytest.raises(CannotMove) as refused:
        cycle.move(
            tandem,
            "rest",
            by=BY,
            at=AT,
            facts={"early": True, "late": True},
            changes={"why": "No."},
        )
    assert [reason.code for reason in refused.value.reasons] == ["early", "cold", "late"]
    assert stored(tandem) == ("active", 0)
    assert tandem.state == "active"


def test_a_guard_is_told_everything(cycle: Lifecycle, tandem: Tandem) -> None:
    assert cycle.refusals(tandem, "rest", by=BY, at=AT, facts={"because": 1}) == []
    assert cycle.refusals(tandem, "rest", by=BY, at=AT) == []
    first, second = asked
    assert first == StepRequest(tandem, cycle.step("rest"), BY, AT, {"because": 1})
    assert second.facts == {}


def test_a_wrong_state_is_the_only_reason_and_no_guard_is_asked(
    cycle: Lifecycle, tandem: Tandem
) -> None:
    tandem.state = "trial"
    reasons = cycle.refusals(tandem, "rest", by=BY, at=AT, facts={"early": True})
    assert [reason.code for reason in reasons] == ["wrong_state"]
    assert asked == []


def test_who_decided_on_an_old_page_is_told(cycle: Lifecycle, tandem: Tandem) -> None:
    stale = Tandem.objects.get()
    cycle.move(tandem, "rest", by=BY, at=AT)
    with pytest.raises(CannotMove) as refused:
        cycle.move(stale, "rest", by=Actor(user_id=78), at=AT)
    assert [reason.code for reason in refused.value.reasons] == ["wrong_state"]
    assert stale.state == "paused", "brought up to date, so that the page shows what is"
    assert TandemStep.objects.get().by_id == 77


@pytest.mark.postgres
def test_the_row_is_locked(cycle: Lifecycle, tandem: Tandem) -> None:
    with CaptureQueriesContext(connection) as queries:
        cycle.move(tandem, "rest", by=BY, at=AT)
    assert "FOR UPDATE OF" in queries[0]["sql"]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_moves(cycle: Lifecycle) -> None:
    tandem = tandem_of()
    with pytest.raises(RuntimeError):
        cycle.move(tandem, "rest", by=BY, at=AT)
    assert stored(tandem) == ("active", 0)
    with transaction.atomic():
        cycle.move(tandem, "rest", by=BY, at=AT)
    assert stored(tandem) == ("paused", 1)


def test_a_higher_app_refuses_too(cycle: Lifecycle, tandem: Tandem) -> None:
    def never(request: StepRequest) -> list[Reason]:
        return [Reason("never", "Never.")]

    cycle.add_guard("rest", never)
    cycle.add_guard("rest", never)
    found = cycle.refusals(tandem, "rest", by=BY, at=AT, facts={"late": True})
    assert [reason.code for reason in found] == ["late", "never"]
    with pytest.raises(CannotMove):
        cycle.move(tandem, "rest", by=BY, at=AT)
    tandem.state = "paused"
    assert cycle.refusals(tandem, "wake", by=BY, at=AT) == [], "of its own step only"


@pytest.mark.parametrize("ask", ["step", "add_guard", "refusals"])
def test_an_unknown_step_is_a_programming_error(cycle: Lifecycle, ask: str) -> None:
    calls: dict[str, Any] = {
        "step": lambda: cycle.step("fly"),
        "add_guard": lambda: cycle.add_guard("fly", too_late),
        "refusals": lambda: cycle.refusals(Tandem(), "fly", by=BY, at=AT),
    }
    with pytest.raises(LookupError, match=r"tests\.tandem has no step 'fly'"):
        calls[ask]()


@pytest.mark.parametrize(
    ("state", "names"), [("active", ["rest"]), ("paused", ["wake"]), ("ended", [])]
)
def test_offered_is_what_starts_here(cycle: Lifecycle, state: str, names: list[str]) -> None:
    assert [step.name for step in cycle.offered(Tandem(state=state))] == names


def test_the_diagram_is_made_from_the_table(cycle: Lifecycle) -> None:
    assert cycle.diagram() == (
        "stateDiagram-v2\n"
        "    active --> paused: rest\n"
        "    paused --> active: wake\n"
        "    trial --> active: wake\n"
    )


def test_the_state_may_have_another_name(tandem: Tandem) -> None:
    cycle = Lifecycle(
        name="tests.reason",
        model=Tandem,
        event_model=TandemStep,
        event_scope=lambda row: {"tandem": row, **scope_of(row)},
        steps=(Step("say", "Say", frozenset({""}), "said"),),
        state_field="why",
    )
    assert [step.name for step in cycle.offered(tandem)] == ["say"]
    cycle.move(tandem, "say", by=BY, at=AT)
    assert (Tandem.objects.get().why, Tandem.objects.get().state) == ("said", "active")


def scope_of(row: Tandem) -> dict[str, int]:
    return {f"{level.value}_id": number for level, number in row.scope_ids.items()}
