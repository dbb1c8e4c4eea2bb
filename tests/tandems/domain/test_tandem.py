"""Proposing, answering, beginning again, meeting."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.refusal import Reason
from patenwerk.organisations.models import Site
from patenwerk.people.models import Person
from patenwerk.tandems.domain import tandem as decisions
from patenwerk.tandems.domain.archive import NO_OPEN_TANDEM
from patenwerk.tandems.domain.meeting import (
    CannotLogMeeting,
    MeetingValues,
    log_meeting,
    remove_meeting,
)
from patenwerk.tandems.domain.tandem import (
    CannotAnswer,
    CannotPropose,
    TandemValues,
    add_pair_guard,
    end_tandem,
    propose_tandem,
    record_answer,
    restart_tandem,
)
from patenwerk.tandems.enums import Acceptance, EndReason, State
from patenwerk.tandems.models import Tandem
from patenwerk.tandems.queries.places import places_taken
from patenwerk.tandems.queries.tandem import activity_of
from tests.factories.organisations import (
    FocusFactory,
    SiteFactory,
    SupportFieldFactory,
    TandemKindFactory,
    actor,
    coordinator,
)
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import tandem_of

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


def values(site: Site, **more: Any) -> TandemValues:
    words = {"programme": site.programme}
    return TandemValues(
        **{
            "kind": TandemKindFactory.create(**words),
            "focus": FocusFactory.create(**words),
            "field": SupportFieldFactory.create(**words),
            "why": "Beide schwimmen gern.",
            **more,
        }
    )


def propose(site: Site, mentor: Person, mentee: Person, **more: Any) -> Tandem:
    return propose_tandem(
        site=site,
        mentors=[mentor],
        mentees=[mentee],
        values=values(site, **more),
        by=actor(coordinator(site)),
        at=AT,
    )


def refused(site: Site, mentor: Person, mentee: Person, **more: Any) -> list[str]:
    before = Tandem.objects.count()
    with pytest.raises(CannotPropose) as refusal:
        propose(site, mentor, mentee, **more)
    assert Tandem.objects.count() == before
    return [reason.code for reason in refusal.value.reasons]


def test_a_proposal_takes_a_place_of_both_and_is_recorded(site: Site) -> None:
    mentor, mentee = MentorFactory.create(site=site), MenteeFactory.create(site=site)
    tandem = propose(site, mentor, mentee)
    assert (tandem.state, tandem.carrier_id, tandem.episode) == ("proposed", site.carrier_id, 1)
    assert places_taken([mentor.pk, mentee.pk]) == {mentor.pk: 1, mentee.pk: 1}
    assert places_taken() == {mentor.pk: 1, mentee.pk: 1}
    assert tandem.steps_taken.get().step == "propose"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id, entry.site_id) == (
        "tandems.propose",
        tandem.pk,
        site.pk,
    )
    outside = MentorFactory.create(site=site)
    against = NO_OPEN_TANDEM.against([mentor.pk, mentee.pk, outside.pk])
    assert (NO_OPEN_TANDEM.reason.code, set(against)) == ("open_tandem", {mentor.pk, mentee.pk})


def test_a_full_person_is_refused_by_name(site: Site) -> None:
    mentor = MentorFactory.create(site=site, capacity=1)
    propose(site, mentor, MenteeFactory.create(site=site))
    assert refused(site, mentor, MenteeFactory.create(site=site)) == ["no_place"]


def test_a_second_place_takes_another_mentee_but_never_the_same(site: Site) -> None:
    mentor = MentorFactory.create(site=site, capacity=2)
    mentee = MenteeFactory.create(site=site, capacity=2)
    propose(site, mentor, mentee)
    assert refused(site, mentor, mentee) == ["together"]
    propose(site, mentor, MenteeFactory.create(site=site))


def test_wrong_people_are_refused_with_all_reasons(site: Site) -> None:
    stranger = MentorFactory.create(archived_at=AT)
    assert refused(site, stranger, MentorFactory.create(site=site)) == [
        "sides",
        "other_programme",
        "archived",
    ]
    assert refused(site, MenteeFactory.create(site=site), MenteeFactory.create(site=site)) == [
        "sides"
    ]


def test_wrong_words_are_refused_beside_their_fields(site: Site) -> None:
    mentor, mentee = MentorFactory.create(site=site), MenteeFactory.create(site=site)
    assert refused(site, mentor, mentee, kind=TandemKindFactory.create()) == ["kind_unknown"]
    retired = SupportFieldFactory.create(programme=site.programme, is_active=False)
    assert refused(site, mentor, mentee, field=retired) == ["field_unknown"]
    over = FocusFactory.create(programme=site.programme, ends_on=TODAY - timedelta(days=1))
    assert refused(site, mentor, mentee, focus=over) == ["focus_not_in_force"]
    not_yet = FocusFactory.create(programme=site.programme, starts_on=TODAY + timedelta(days=1))
    assert refused(site, mentor, mentee, focus=not_yet) == ["focus_not_in_force"]
    assert refused(site, mentor, mentee, expected_end_on=TODAY) == ["expected_end"]


def test_a_higher_app_may_refuse_a_pair(site: Site) -> None:
    def never(mentor: Person, mentee: Person) -> list[Reason]:
        return [Reason("never", "Not these two.")]

    add_pair_guard(never)
    add_pair_guard(never)
    try:
        mentor, mentee = MentorFactory.create(site=site), MenteeFactory.create(site=site)
        assert refused(site, mentor, mentee) == ["never"]
    finally:
        decisions._pair_guards.remove(never)


def answer(tandem: Tandem, side: str, acceptance: Acceptance) -> Tandem:
    return record_answer(
        participant=tandem.participants.get(side=side),
        acceptance=acceptance,
        by=actor(coordinator(tandem.site)),
        at=AT,
    )


def test_the_last_yes_agrees_and_a_no_ends(site: Site) -> None:
    first = tandem_of(state=State.PROPOSED, meetings=(), site=site)
    assert answer(first, "mentor", Acceptance.ACCEPTED).state == State.PROPOSED
    assert answer(first, "mentee", Acceptance.ACCEPTED).state == State.AGREED
    second = tandem_of(state=State.PROPOSED, meetings=(), site=site)
    ended = answer(second, "mentee", Acceptance.DECLINED)
    assert (ended.state, ended.end_reason, ended.ended_on) == ("ended", "declined", TODAY)
    assert places_taken([row.person_id for row in second.participants.all()]) == {}


def test_an_answer_needs_a_proposal_and_a_word(site: Site) -> None:
    running = tandem_of(state=State.ACTIVE, site=site)
    with pytest.raises(CannotAnswer):
        answer(running, "mentee", Acceptance.DECLINED)
    proposal = tandem_of(state=State.PROPOSED, meetings=(), site=site)
    with pytest.raises(CannotAnswer):
        answer(proposal, "mentee", Acceptance.OPEN)


def test_beginning_again_is_a_new_episode(site: Site) -> None:
    ended = tandem_of(state=State.ENDED, site=site, ended_on=TODAY, end_reason=EndReason.NO_TIME)
    by = actor(coordinator(site))
    again = restart_tandem(tandem=ended, values=values(site), by=by, at=AT)
    assert (again.previous_id, again.episode, again.state) == (ended.pk, 2, "proposed")
    with pytest.raises(CannotPropose) as refusal:
        restart_tandem(tandem=again, values=values(site), by=by, at=AT)
    assert refusal.value.args == ("not_ended",)
    end_tandem(tandem=again, reason=EndReason.NO_TIME, ended_on=TODAY, note="", by=by, at=AT)
    with pytest.raises(CannotPropose) as refusal:
        restart_tandem(tandem=ended, values=values(site), by=by, at=AT)
    assert refusal.value.args == ("continued",)


def log(tandem: Tandem, **more: Any) -> Any:
    key = more.pop("form_key", None)
    said = {"held_on": TODAY, "minutes": 60, "came": list(tandem.participants.all()), **more}
    return log_meeting(
        tandem=tandem,
        values=MeetingValues(**said),
        form_key=key,
        by=actor(coordinator(tandem.site)),
        at=AT,
    )


def test_the_first_meeting_founds_and_taking_it_back_unfounds(site: Site) -> None:
    tandem = tandem_of(state=State.TRIAL, meetings=(), site=site)
    meeting = log(tandem, held_on=date(2026, 11, 20))
    log(tandem)
    tandem.refresh_from_db()
    assert (tandem.founded_on, tandem.last_meeting_on, tandem.meeting_count) == (
        date(2026, 11, 20),
        TODAY,
        2,
    )
    assert meeting.came.count() == 2
    for row in tandem.meetings.all():
        remove_meeting(meeting=row, by=actor(coordinator(site)), at=AT)
    tandem.refresh_from_db()
    assert (tandem.founded_on, tandem.last_meeting_on, tandem.meeting_count) == (None, None, 0)


def test_one_form_logs_one_meeting(site: Site) -> None:
    tandem, key = tandem_of(state=State.ACTIVE, site=site, meetings=()), uuid.uuid4()
    assert log(tandem, form_key=key) == log(tandem, form_key=key)
    assert tandem.meetings.count() == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"held_on": date(2026, 11, 24)}, "future"),
        ({"held_on": date(2026, 1, 4)}, "before"),
        ({"minutes": 4}, "minutes"),
        ({"minutes": 1441}, "minutes"),
    ],
)
def test_a_meeting_is_plausible(site: Site, more: dict[str, Any], code: str) -> None:
    tandem = tandem_of(state=State.ACTIVE, site=site)
    with pytest.raises(CannotLogMeeting) as refusal:
        log(tandem, **more)
    assert [reason.code for reason in refusal.value.reasons] == [code]


def test_strangers_cannot_have_come(site: Site) -> None:
    tandem, other = tandem_of(site=site), tandem_of(site=site)
    with pytest.raises(CannotLogMeeting) as refusal:
        log(tandem, came=list(other.participants.all()))
    assert [reason.code for reason in refusal.value.reasons] == ["came"]


def test_meetings_with_minors_rest_without_a_check(site: Site) -> None:
    tandem = tandem_of(mentee=MenteeFactory.create(site=site, birth_date=date(2015, 1, 1)))
    with pytest.raises(CannotLogMeeting) as refusal:
        log(tandem)
    assert [reason.code for reason in refusal.value.reasons] == ["record_check"]


@pytest.mark.parametrize("state", [State.PROPOSED, State.AGREED, State.PAUSED])
def test_meetings_belong_to_running_tandems(site: Site, state: State) -> None:
    tandem = tandem_of(state=state, site=site)
    with pytest.raises(CannotLogMeeting):
        log(tandem)
    with pytest.raises(CannotLogMeeting):
        remove_meeting(meeting=tandem.meetings.get(), by=actor(coordinator(site)), at=AT)


def test_activity_tells_running_and_the_last_end(site: Site) -> None:
    running = tandem_of(site=site)
    ended = tandem_of(state=State.ENDED, site=site, ended_on=TODAY, end_reason=EndReason.OTHER)
    ids = [row.person_id for tandem in (running, ended) for row in tandem.participants.all()]
    told = activity_of(ids)
    assert sorted((each.running, each.ended_on) for each in told.values()) == sorted(
        [(True, None), (True, None), (False, TODAY), (False, TODAY)], key=str
    )
