"""The full product of state and step, and every guard of a tandem's life cycle."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from patenwerk.core.lifecycle import CannotMove
from patenwerk.people.enums import ConsentPurpose
from patenwerk.people.models import Consent, PeopleSettings, Person
from patenwerk.tandems.domain.lifecycle import LIFECYCLE
from patenwerk.tandems.domain.tandem import end_tandem, take_step
from patenwerk.tandems.enums import EndReason, State
from patenwerk.tandems.models import Tandem
from tests.factories.organisations import SiteFactory, actor, coordinator
from tests.factories.people import (
    ConsentFactory,
    MenteeFactory,
    MentorFactory,
    RecordCheckFactory,
)
from tests.factories.tandems import tandem_of

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
TARGETS = {
    ("proposed", "agree"): "agreed",
    ("agreed", "start_trial"): "trial",
    ("trial", "activate"): "active",
    ("active", "pause"): "paused",
    ("paused", "resume"): "active",
    ("proposed", "end"): "ended",
    ("agreed", "end"): "ended",
    ("trial", "end"): "ended",
    ("active", "end"): "ended",
    ("paused", "end"): "ended",
}
STEPS = sorted({step for _state, step in TARGETS})


def a_tandem(state: State, **more: Any) -> Tandem:
    if state is State.ENDED:
        more |= {"ended_on": TODAY, "end_reason": EndReason.OTHER}
    return tandem_of(state=state, **more)


def codes(tandem: Tandem, step: str, **facts: object) -> list[str]:
    by = actor(coordinator(tandem.site))
    return [reason.code for reason in LIFECYCLE.refusals(tandem, step, by=by, at=AT, facts=facts)]


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("step", STEPS)
def test_every_state_and_step(state: State, step: str) -> None:
    tandem = a_tandem(state)
    tandem.participants.update(acceptance="accepted", answered_on=TODAY)
    by = actor(coordinator(tandem.site))
    facts: dict[str, Any] = {}
    changes: dict[str, Any] = {}
    if step == "end":
        facts = {"reason": EndReason.OTHER, "ended_on": TODAY}
        changes = {"ended_on": TODAY, "end_reason": EndReason.OTHER}
    expected = TARGETS.get((state, step))
    if expected is None:
        with pytest.raises(CannotMove) as refused:
            LIFECYCLE.move(tandem, step, by=by, at=AT, facts=facts, changes=changes)
        assert [reason.code for reason in refused.value.reasons] == ["wrong_state"]
        assert not tandem.steps_taken.exists()
        return
    LIFECYCLE.move(tandem, step, by=by, at=AT, facts=facts, changes=changes)
    tandem.refresh_from_db()
    row = tandem.steps_taken.get()
    assert (tandem.state, row.from_state, row.to_state, row.by_id, row.at) == (
        expected,
        state,
        expected,
        by.user_id,
        AT,
    )


@pytest.mark.django_db(transaction=True)
def test_a_step_needs_a_transaction() -> None:
    tandem = a_tandem(State.ACTIVE)
    with pytest.raises(RuntimeError):
        LIFECYCLE.move(tandem, "pause", by=actor(coordinator(tandem.site)), at=AT)
    with transaction.atomic():
        LIFECYCLE.move(tandem, "pause", by=actor(coordinator(tandem.site)), at=AT)
    tandem.refresh_from_db()
    assert tandem.state == State.PAUSED


def test_both_must_have_said_yes() -> None:
    tandem = a_tandem(State.PROPOSED)
    assert codes(tandem, "agree") == ["not_accepted"]
    tandem.participants.update(acceptance="accepted", answered_on=TODAY)
    assert codes(tandem, "agree") == []


def test_the_trial_ends_after_a_meeting() -> None:
    tandem = a_tandem(State.TRIAL, meetings=())
    assert codes(tandem, "activate") == ["no_meeting"]


@pytest.mark.parametrize(
    ("state", "step"),
    [(State.AGREED, "start_trial"), (State.TRIAL, "activate"), (State.PAUSED, "resume")],
)
def test_minors_are_met_with_a_valid_record_check_only(state: State, step: str) -> None:
    child = MenteeFactory.create(birth_date=date(2014, 3, 1))
    tandem = a_tandem(state, mentee=child)
    assert codes(tandem, step) == ["record_check"]
    mentor = tandem.participants.get(side="mentor").person
    check = RecordCheckFactory.create(person=mentor, certificate_date=date(2026, 9, 1))
    assert codes(tandem, step) == []
    check.conviction_found = True
    check.save()
    assert codes(tandem, step) == ["record_check"]
    check.conviction_found, check.certificate_date = False, date(2021, 11, 22)
    check.save()
    assert codes(tandem, step) == ["record_check"]


MEETING_STEPS = [(State.AGREED, "start_trial"), (State.TRIAL, "activate"), (State.PAUSED, "resume")]


def child_to_child(state: State) -> Tandem:
    """Two minors, so that only consents are missing: the mentor is too young for a record check."""
    site = SiteFactory.create()
    born = date(2013, 3, 1)
    mentor, mentee = (
        made.create(site=site, birth_date=born, first_name=name, last_name="")
        for made, name in ((MentorFactory, "Mara"), (MenteeFactory, "Kim"))
    )
    return a_tandem(state, mentor=mentor, mentee=mentee)


@pytest.mark.parametrize(("state", "step"), MEETING_STEPS)
def test_minors_of_both_sides_need_a_consent_where_the_rules_say_so(
    state: State, step: str
) -> None:
    tandem = child_to_child(state)
    assert codes(tandem, step) == []
    rules = PeopleSettings.objects.create(
        programme=tandem.programme, carrier=tandem.carrier, minors_need_consent=True
    )
    assert codes(tandem, step) == ["consent", "consent"]
    by = actor(coordinator(tandem.site))
    with translation.override("de"):
        said = {str(reason.sentence) for reason in LIFECYCLE.refusals(tandem, step, by=by, at=AT)}
    assert said == {
        f"Für {name} gilt keine Einwilligung in die Teilnahme. Bitte tragen Sie sie zuerst ein."
        for name in ("Mara", "Kim")
    }
    mentor, mentee = (tandem.participants.get(side=side).person for side in ("mentor", "mentee"))
    # To something else, or taken back: neither is a consent in force to take part.
    ConsentFactory.create(person=mentor)
    part = {"purpose": ConsentPurpose.TAKING_PART}
    ConsentFactory.create(person=mentor, **part, withdrawn_on=TODAY)
    ConsentFactory.create(person=mentee, **part)
    assert codes(tandem, step) == ["consent"]
    ConsentFactory.create(person=mentor, **part)
    assert codes(tandem, step) == []
    Consent.objects.all().delete()
    rules.minors_need_consent = False
    rules.save()
    assert codes(tandem, step) == []


def test_steps_without_meetings_need_no_consent() -> None:
    for state, step in ((State.PROPOSED, "agree"), (State.ACTIVE, "pause"), (State.ACTIVE, "end")):
        tandem = child_to_child(state)
        tandem.participants.update(acceptance="accepted", answered_on=TODAY)
        PeopleSettings.objects.create(programme=tandem.programme, minors_need_consent=True)
        facts = {"reason": EndReason.OTHER, "ended_on": TODAY}
        assert codes(tandem, step, **facts) == []


def test_grown_ups_and_who_has_left_are_not_asked_for_consent_and_unknown_age_is() -> None:
    tandem = child_to_child(State.AGREED)
    mentor, mentee = (tandem.participants.get(side=side) for side in ("mentor", "mentee"))
    PeopleSettings.objects.create(programme=tandem.programme, minors_need_consent=True)
    Person.objects.filter(pk=mentor.person_id).update(birth_date=date(2008, 11, 23))
    mentee.left_on = TODAY
    mentee.save()
    RecordCheckFactory.create(person=mentor.person, certificate_date=date(2026, 9, 1))
    assert codes(tandem, "start_trial") == []
    mentee.left_on = None
    mentee.save()
    Person.objects.filter(pk=mentee.person_id).update(birth_date=None)
    by = actor(coordinator(tandem.site))
    with translation.override("de"):
        (reason,) = LIFECYCLE.refusals(tandem, "start_trial", by=by, at=AT)
        sentence = str(reason.sentence)
    assert reason.code == "consent"
    assert "Bitte tragen Sie das Geburtsdatum nach" in sentence
    Person.objects.filter(pk=mentor.person_id).update(birth_date=date(2008, 11, 24))
    assert codes(tandem, "start_trial") == ["consent", "consent"]


def test_grown_ups_need_none_and_unknown_age_counts_as_minor() -> None:
    grown_up = a_tandem(State.AGREED, mentee=MenteeFactory.create(birth_date=date(2008, 11, 23)))
    unknown = a_tandem(State.AGREED, mentee=MenteeFactory.create(birth_date=None))
    assert codes(grown_up, "start_trial") == []
    assert codes(unknown, "start_trial") == ["record_check"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"reason": "goal_reached", "ended_on": TODAY}, []),
        ({"reason": "", "ended_on": TODAY}, ["no_reason"]),
        ({"reason": "declined", "ended_on": TODAY}, ["declined_too_late"]),
        ({"reason": "other", "ended_on": date(2026, 11, 24)}, ["end_in_future"]),
        ({"reason": "other", "ended_on": None}, ["end_in_future"]),
        ({"reason": "other", "ended_on": date(2026, 10, 9)}, ["end_before_meeting"]),
        ({}, ["no_reason", "end_in_future"]),
    ],
)
def test_an_end_is_said_properly(facts: dict[str, object], expected: list[str]) -> None:
    assert codes(a_tandem(State.ACTIVE), "end", **facts) == expected


def test_an_end_before_the_first_meeting() -> None:
    tandem = a_tandem(State.TRIAL, meetings=())
    assert codes(tandem, "end", reason="goal_reached", ended_on=TODAY) == ["reason_needs_meeting"]
    assert codes(tandem, "end", reason="no_time", ended_on=date(2026, 1, 4)) == ["end_before_start"]
    assert codes(tandem, "end", reason="no_time", ended_on=TODAY) == []


def test_an_end_frees_both_places_and_keeps_its_reason() -> None:
    tandem = a_tandem(State.ACTIVE)
    by = actor(coordinator(tandem.site))
    end_tandem(
        tandem=tandem, reason=EndReason.MOVED_AWAY, ended_on=TODAY, note="Kiel", by=by, at=AT
    )
    assert set(tandem.participants.values_list("left_on", flat=True)) == {TODAY}
    row = tandem.steps_taken.get()
    assert (row.reason, row.note) == ("moved_away", "Kiel")


def test_a_higher_app_refuses_a_lower_step() -> None:
    from patenwerk.core.refusal import Reason

    def never(request: object) -> list[Reason]:
        return [Reason("never", "Not today.")]

    tandem = a_tandem(State.ACTIVE)
    LIFECYCLE.add_guard("pause", never)
    LIFECYCLE.add_guard("pause", never)
    try:
        assert codes(tandem, "pause") == ["never"]
        with pytest.raises(CannotMove):
            take_step(tandem=tandem, step="pause", by=actor(coordinator(tandem.site)), at=AT)
    finally:
        LIFECYCLE._added["pause"].remove(never)


def test_an_unknown_step_is_an_error() -> None:
    with pytest.raises(LookupError):
        LIFECYCLE.step("fly")


def test_the_diagram_names_every_step() -> None:
    diagram = LIFECYCLE.diagram()
    for (state, step), target in TARGETS.items():
        assert f"{state} --> {target}: {step}" in diagram


def test_the_docs_show_this_diagram() -> None:
    page = Path(__file__).parents[3] / "docs" / "explanation" / "tandems.md"
    assert LIFECYCLE.diagram() in page.read_text()
