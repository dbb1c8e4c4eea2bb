"""Who sees a tandem of two sites."""

from __future__ import annotations

from datetime import date

import pytest

from patenwerk.core.policy import visible
from patenwerk.organisations.models import Account
from patenwerk.tandems.enums import Acceptance, State
from patenwerk.tandems.models import Participant, Tandem
from patenwerk.tandems.policy import LOG_MEETING, MOVE_TANDEM, SEE_TANDEM
from tests.factories.organisations import (
    CarrierFactory,
    SiteFactory,
    actor,
    coordinator,
    manager,
    office,
)
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import ParticipantFactory, tandem_of

pytestmark = pytest.mark.django_db


def seen(account: Account, permission: str = SEE_TANDEM) -> list[Tandem]:
    rows = Tandem.objects.filter(visible(actor(account), permission, Tandem))
    return list(rows.order_by("pk"))


def test_the_other_site_sees_a_tandem_once_both_have_said_yes() -> None:
    lead = SiteFactory.create()
    other = SiteFactory.create(carrier=CarrierFactory.create(programme=lead.programme))
    mentor, mentee = MentorFactory.create(site=lead), MenteeFactory.create(site=other)
    across = tandem_of(mentor, mentee)
    proposed = tandem_of(
        MentorFactory.create(site=lead),
        MenteeFactory.create(site=other),
        state=State.PROPOSED,
        meetings=(),
    )
    local = tandem_of(site=lead)
    assert seen(coordinator(lead)) == seen(manager(lead.carrier)) == [across, proposed, local]
    for account in (coordinator(other), manager(other.carrier)):
        assert seen(account) == [across]
        assert seen(account, MOVE_TANDEM) == seen(account, LOG_MEETING) == []
    assert seen(coordinator(SiteFactory.create(carrier=other.carrier))) == []
    assert seen(office(lead.programme)) == []


def test_one_yes_is_not_enough() -> None:
    lead, other = SiteFactory.create(), SiteFactory.create()
    tandem = tandem_of(
        MentorFactory.create(site=lead),
        MenteeFactory.create(site=other),
        state=State.PROPOSED,
        meetings=(),
    )
    Participant.objects.filter(tandem=tandem, site=other).update(
        acceptance=Acceptance.ACCEPTED, answered_on=date(2026, 10, 5)
    )
    assert seen(coordinator(other)) == []


@pytest.mark.parametrize("state", [State.TRIAL, State.ENDED])
def test_who_is_asked_later_sees_a_group_after_their_own_yes(state: State) -> None:
    lead, other, third = (SiteFactory.create() for _site in range(3))
    ended = {"ended_on": date(2026, 10, 20), "end_reason": "time_over"}
    tandem = tandem_of(
        MentorFactory.create(site=lead),
        MenteeFactory.create(site=other),
        state=state,
        places=3,
        **(ended if state is State.ENDED else {}),
    )
    asked = ParticipantFactory.create(
        tandem=tandem, person=MenteeFactory.create(site=third), joined_on=date(2026, 10, 12)
    )
    assert seen(coordinator(third)) == []
    assert seen(coordinator(other)) == [tandem]  # whoever is asked later changes nothing for them
    asked.acceptance, asked.answered_on = Acceptance.ACCEPTED, date(2026, 10, 13)
    asked.save()
    assert seen(coordinator(third)) == [tandem]


def test_who_is_asked_before_the_first_meeting_changes_nothing_for_the_others() -> None:
    lead, other = SiteFactory.create(), SiteFactory.create()
    people = MentorFactory.create(site=lead), MenteeFactory.create(site=other)
    tandem = tandem_of(*people, state=State.TRIAL, meetings=(), places=3)
    ParticipantFactory.create(tandem=tandem, person=MenteeFactory.create(site=lead))
    assert tandem.founded_on is None
    assert seen(coordinator(other)) == [tandem]


def test_what_ended_before_the_first_meeting_is_seen_where_all_had_said_yes() -> None:
    lead, other = SiteFactory.create(), SiteFactory.create()
    ended = {"ended_on": date(2026, 10, 20), "end_reason": "no_time"}
    people = MentorFactory.create(site=lead), MenteeFactory.create(site=other)
    tandem = tandem_of(*people, state=State.ENDED, meetings=(), **ended)
    assert seen(coordinator(other)) == [tandem]
    Participant.objects.filter(tandem=tandem, site=lead).update(
        acceptance=Acceptance.DECLINED, answered_on=date(2026, 10, 20)
    )
    assert seen(coordinator(other)) == []
