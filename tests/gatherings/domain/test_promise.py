"""Decisions and promises: written down, worded differently, settled, never lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from patenwerk.core.lifecycle import CannotMove, Lifecycle
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Refusal
from patenwerk.gatherings.domain.promise import (
    CannotRecord,
    CannotTell,
    CommitmentValues,
    change_commitment,
    change_decision,
    move_decision,
    record_commitment,
    record_decision,
    remove_commitment,
    remove_decision,
    settle_commitment,
    tell_progress,
)
from patenwerk.gatherings.domain.promise_steps import COMMITMENT_STEPS, DECISION_STEPS
from patenwerk.gatherings.enums import CommitmentKind, MinutesState
from patenwerk.gatherings.models import Commitment, Decision, Gathering, Minutes
from tests.factories.gatherings import (
    STARTS,
    CommitmentFactory,
    DecisionFactory,
    GatheringFactory,
    MinutesFactory,
    SectionFactory,
    SeriesFactory,
)
from tests.factories.organisations import AccountFactory, CarrierFactory, network_office

pytestmark = pytest.mark.django_db

BY = Actor(user_id=None)
AT = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)


def codes(refusal: pytest.ExceptionInfo[Refusal]) -> set[str]:
    return {reason.code for reason in refusal.value.reasons}


def sent(gathering: Gathering) -> Minutes:
    """Minutes that cannot be edited any more."""
    minutes: Minutes = MinutesFactory.create(
        gathering=gathering,
        state=MinutesState.SENT.value,
        sent_at=AT,
        objections_until=AT.date() + timedelta(days=14),
    )
    return minutes


def decided(gathering: Gathering, text: str = "Wir treffen uns vierteljährlich.") -> Decision:
    return record_decision(
        gathering=gathering, section=None, text=text, grounds="Mehr Nähe", by=BY, at=AT
    )


def promised(gathering: Gathering, **values: Any) -> Commitment:
    said = {"kind": CommitmentKind.TASK, "text": "Flyer drucken", **values}
    return record_commitment(
        gathering=gathering, section=None, values=CommitmentValues(**said), by=BY, at=AT
    )


def test_decisions_are_numbered_within_their_gathering() -> None:
    gathering = GatheringFactory.create()
    first, second = decided(gathering), decided(gathering)
    other = decided(GatheringFactory.create())
    assert [first.number, second.number, other.number] == [1, 2, 1]
    assert first.words == " wir treffen uns vierteljahrlich mehr nahe"


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (STARTS - timedelta(days=3), date(2026, 3, 12)),
        (STARTS + timedelta(days=1), date(2026, 3, 13)),
        (STARTS + timedelta(days=9), date(2026, 3, 14)),
    ],
)
def test_a_decision_is_of_the_gatherings_days(at: datetime, day: date) -> None:
    gathering = GatheringFactory.create(ends_at=STARTS + timedelta(days=2))
    decision = record_decision(
        gathering=gathering, section=None, text="Ja.", grounds="", by=BY, at=at
    )
    assert decision.decided_on == day


def test_a_decision_belongs_to_the_organisers() -> None:
    carrier = CarrierFactory.create()
    gathering = GatheringFactory.create(programme=carrier.programme, carrier=carrier)
    decision = decided(gathering)
    assert (decision.carrier_id, decision.programme_id) == (carrier.pk, carrier.programme_id)


def test_a_decision_needs_words_and_a_section_of_its_own_minutes() -> None:
    gathering = GatheringFactory.create()
    with pytest.raises(CannotRecord) as refusal:
        record_decision(
            gathering=gathering,
            section=SectionFactory.create(),
            text="  ",
            grounds="",
            by=BY,
            at=AT,
        )
    assert codes(refusal) == {"no_words", "other_minutes"}


def test_sent_minutes_are_not_changed_by_a_decision_or_promise() -> None:
    gathering = GatheringFactory.create()
    decision, commitment = decided(gathering), promised(gathering)
    sent(gathering)
    for attempt in (
        lambda: decided(gathering),
        lambda: change_decision(decision=decision, text="Nein.", grounds="", by=BY, at=AT),
        lambda: remove_decision(decision=decision, by=BY, at=AT),
        lambda: promised(gathering),
        lambda: remove_commitment(commitment=commitment, by=BY, at=AT),
    ):
        with pytest.raises(CannotRecord) as refusal:
            attempt()
        assert codes(refusal) == {"minutes_sent"}


def test_while_minutes_are_written_words_change_and_mistakes_go() -> None:
    section = SectionFactory.create()
    gathering = section.minutes.gathering
    decision = record_decision(
        gathering=gathering, section=section, text="Ja.", grounds="", by=BY, at=AT
    )
    change_decision(decision=decision, text=" Nein. ", grounds="Kosten", by=BY, at=AT)
    decision.refresh_from_db()
    assert (decision.text, decision.grounds, decision.words) == ("Nein.", "Kosten", " nein kosten")
    with pytest.raises(CannotRecord):
        change_decision(decision=decision, text="", grounds="", by=BY, at=AT)
    commitment = promised(gathering, decision=decision)
    remove_decision(decision=decision, by=BY, at=AT)
    commitment.refresh_from_db()
    assert commitment.decision is None
    remove_commitment(commitment=commitment, by=BY, at=AT)
    assert not Commitment.objects.exists()


def test_a_promise_repeats_series_and_organisers() -> None:
    series = SeriesFactory.create()
    gathering = GatheringFactory.create(programme=series.programme, series=series)
    carrier = CarrierFactory.create(programme=series.programme)
    partner = CarrierFactory.create(programme=series.programme)
    commitment = promised(
        gathering,
        kind=CommitmentKind.ACTIVITY,
        of_carrier=carrier,
        partners=[partner],
        owner="Nadja Müller",
        due_on=date(2026, 6, 1),
    )
    commitment.refresh_from_db()
    assert commitment.series == series
    assert list(commitment.partners.all()) == [partner]
    assert commitment.words == " flyer drucken nadja muller"


def test_a_promise_is_refused_with_every_reason() -> None:
    gathering = GatheringFactory.create()
    foreign = CarrierFactory.create()
    with pytest.raises(CannotRecord) as refusal:
        promised(
            gathering,
            text="",
            of_carrier=foreign,
            partners=[foreign],
            account=AccountFactory.create(),
            due_on=date(2026, 3, 11),
            decision=DecisionFactory.create(),
        )
    assert codes(refusal) == {
        "no_words",
        "other_programme",
        "twice",
        "task_with_partners",
        "other_account",
        "due_before",
        "other_decision",
    }
    with pytest.raises(CannotRecord) as refusal:
        promised(gathering, kind=CommitmentKind.ACTIVITY)
    assert codes(refusal) == {"alone"}


def test_an_open_promise_gets_another_owner_and_day_a_settled_one_does_not() -> None:
    gathering = GatheringFactory.create()
    account = network_office(gathering.programme)
    commitment = promised(gathering, due_on=date(2026, 4, 1))
    sent(gathering)
    later = CommitmentValues(
        kind=CommitmentKind.TASK, text="Karten", account=account, due_on=date(2026, 5, 1)
    )
    change_commitment(commitment=commitment, values=later, by=BY, at=AT)
    commitment.refresh_from_db()
    assert (commitment.due_on, commitment.account, commitment.words) == (
        date(2026, 5, 1),
        account,
        " karten",
    )
    settle_commitment(commitment=commitment, step="finish", note="", by=BY, at=AT)
    with pytest.raises(CannotRecord) as refusal:
        change_commitment(commitment=commitment, values=later, by=BY, at=AT)
    assert codes(refusal) == {"settled"}


def test_a_promise_is_done_and_taken_up_again() -> None:
    commitment = CommitmentFactory.create()
    settle_commitment(commitment=commitment, step="finish", note="500 Stück", by=BY, at=AT)
    commitment.refresh_from_db()
    assert (commitment.state, commitment.settled_on) == ("done", AT.date())
    settle_commitment(commitment=commitment, step="resume", note="", by=BY, at=AT)
    commitment.refresh_from_db()
    assert (commitment.state, commitment.settled_on) == ("open", None)
    steps = commitment.steps_taken.values_list("step", "note")
    assert list(steps) == [("finish", "500 Stück"), ("resume", "")]


def test_a_promise_is_dropped_with_words_only() -> None:
    commitment = CommitmentFactory.create()
    with pytest.raises(CannotMove) as refusal:
        settle_commitment(commitment=commitment, step="drop", note=" ", by=BY, at=AT)
    assert codes(refusal) == {"no_note"}
    settle_commitment(commitment=commitment, step="drop", note="Kein Geld", by=BY, at=AT)
    assert commitment.state == "dropped"


def test_progress_is_told_of_open_promises_with_words() -> None:
    commitment = CommitmentFactory.create()
    told = tell_progress(commitment=commitment, text=" Angebot eingeholt ", by=BY, at=AT)
    assert (told.text, told.programme_id) == ("Angebot eingeholt", commitment.programme_id)
    with pytest.raises(CannotTell) as refusal:
        tell_progress(commitment=commitment, text="", by=BY, at=AT)
    assert codes(refusal) == {"no_words"}
    settle_commitment(commitment=commitment, step="finish", note="", by=BY, at=AT)
    with pytest.raises(CannotTell) as refusal:
        tell_progress(commitment=commitment, text="Noch etwas", by=BY, at=AT)
    assert codes(refusal) == {"settled"}


def test_a_decision_is_replaced_by_a_later_one_and_put_in_force_again() -> None:
    earlier = decided(GatheringFactory.create())
    later = DecisionFactory.create(
        gathering__programme=earlier.programme, decided_on=date(2026, 6, 1)
    )
    move_decision(decision=earlier, step="replace", note="", replaced_by=later, by=BY, at=AT)
    earlier.refresh_from_db()
    assert (earlier.state, earlier.replaced_by) == ("replaced", later)
    with pytest.raises(CannotRecord) as refusal:
        remove_decision(decision=later, by=BY, at=AT)
    assert codes(refusal) == {"replaces"}
    move_decision(decision=earlier, step="restore", note="", by=BY, at=AT)
    earlier.refresh_from_db()
    assert (earlier.state, earlier.replaced_by) == ("in_force", None)


def test_only_a_later_decision_in_force_of_the_programme_takes_over() -> None:
    decision = decided(GatheringFactory.create())
    programme = decision.programme
    for successor in (
        None,
        decision,
        DecisionFactory.create(decided_on=date(2026, 6, 1)),
        DecisionFactory.create(gathering__programme=programme, decided_on=date(2026, 1, 1)),
        DecisionFactory.create(
            gathering__programme=programme, decided_on=date(2026, 6, 1), state="withdrawn"
        ),
    ):
        with pytest.raises(CannotMove) as refusal:
            move_decision(
                decision=decision, step="replace", note="", replaced_by=successor, by=BY, at=AT
            )
        assert codes(refusal) == {"no_successor"}


def test_a_decision_is_withdrawn_with_words_and_carried_out_without() -> None:
    decision = decided(GatheringFactory.create())
    with pytest.raises(CannotMove) as refusal:
        move_decision(decision=decision, step="withdraw", note="", by=BY, at=AT)
    assert codes(refusal) == {"no_note"}
    move_decision(decision=decision, step="withdraw", note="Überholt", by=BY, at=AT)
    move_decision(decision=decision, step="restore", note="", by=BY, at=AT)
    move_decision(decision=decision, step="carry_out", note="Erledigt", by=BY, at=AT)
    assert list(decision.steps_taken.values_list("to_state", "note")) == [
        ("withdrawn", "Überholt"),
        ("in_force", ""),
        ("carried_out", "Erledigt"),
    ]


@pytest.mark.parametrize("cycle", [DECISION_STEPS, COMMITMENT_STEPS], ids=lambda cycle: cycle.name)
def test_the_docs_show_the_tables(cycle: Lifecycle) -> None:
    page = Path(__file__).parents[3] / "docs" / "explanation" / "promises.md"
    assert cycle.diagram() in page.read_text(encoding="utf-8")
