"""Inviting experts, their answers, and whether it took place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.gatherings.domain.contribution import (
    CannotInviteExpert,
    CannotSettle,
    Invitation,
    answer_invitation,
    invite_expert,
    note_held,
)
from patenwerk.gatherings.enums import AHEAD, ContributionState, State
from patenwerk.gatherings.models import Contribution, Expert, Gathering
from patenwerk.gatherings.queries.expert import contribution_of, contribution_token
from patenwerk.mail.models import OutboxMail
from tests.factories.gatherings import ExpertFactory, GatheringFactory
from tests.factories.organisations import ProgrammeFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SOON = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)
BY = Actor(user_id=7)
WORDS = Invitation(
    title="Leichte Sprache", words="Bitte <b>kurz</b>.", inviter="Jutta", link="https://x/{token}/"
)


@pytest.fixture
def gathering() -> Gathering:
    return GatheringFactory.create(title="Werkstatt", starts_at=SOON, place_name="Rathaus")


@pytest.fixture
def expert(gathering: Gathering) -> Expert:
    return ExpertFactory.create(programme=gathering.programme, name="Ada", language="en")


def invited(expert: Expert, gathering: Gathering) -> Contribution:
    return invite_expert(expert=expert, gathering=gathering, invitation=WORDS, by=BY, at=AT)


def test_an_invitation_carries_a_link(expert: Expert, gathering: Gathering) -> None:
    contribution = invited(expert, gathering)
    contribution.refresh_from_db()
    assert (contribution.expert, contribution.gathering, contribution.programme_id) == (
        *(expert, gathering, gathering.programme_id),
    )
    assert (contribution.title, contribution.state) == ("Leichte Sprache", "invited")
    assert contribution.held_on.isoformat() == "2026-12-02"
    mail = OutboxMail.objects.get()
    assert (mail.to, mail.kind, mail.language, mail.is_secret) == (
        *(expert.email, "contribution_invited", "en", True),
    )
    for word in ("Ada", "Leichte Sprache", "Jutta", "Werkstatt", "Rathaus", "Bitte <b>kurz</b>."):
        assert word in mail.body_text
    assert "Bitte &lt;b&gt;kurz" in mail.body_html
    token = mail.body_text.rpartition("https://x/")[2].strip().strip("/")
    assert contribution_of(token) == contribution
    assert AuditEntry.objects.get().action == "gatherings.invite_expert"


def refused(expert: Expert, gathering: Gathering) -> list[tuple[str, str | None]]:
    with pytest.raises(CannotInviteExpert) as refusal:
        invited(expert, gathering)
    return [(reason.code, reason.field) for reason in refusal.value.reasons]


def test_who_has_not_agreed_is_not_invited(expert: Expert, gathering: Gathering) -> None:
    asked = ExpertFactory.create(programme=gathering.programme, consented_on=None)
    assert refused(asked, gathering) == [("not_there", None)]
    gone = {"name": "", "email": "", "words": "", "withdrawn_on": AT.date()}
    Expert.objects.filter(pk=expert.pk).update(**gone)
    assert refused(expert, gathering) == [("not_there", None)]
    silent = ExpertFactory.create(programme=gathering.programme, email="")
    assert refused(silent, gathering) == [("address", None)]
    assert not OutboxMail.objects.exists()


@pytest.mark.parametrize("state", [state for state in State if state not in AHEAD])
def test_invitations_are_for_what_is_still_to_come(state: State) -> None:
    gathering = GatheringFactory.create(state=state)
    expert = ExpertFactory.create(programme=gathering.programme)
    assert refused(expert, gathering) == [("gathering", "gathering")]


def test_a_foreign_expert_is_not_invited(gathering: Gathering) -> None:
    foreign = ExpertFactory.create(programme=ProgrammeFactory.create())
    assert refused(foreign, gathering) == [("gathering", "gathering")]


def test_nobody_is_invited_twice_to_the_same(expert: Expert, gathering: Gathering) -> None:
    invited(expert, gathering)
    assert refused(expert, gathering) == [("invited", "title")]
    assert invited(ExpertFactory.create(programme=gathering.programme), gathering).pk


def test_an_answer_can_change_until_the_gathering(expert: Expert, gathering: Gathering) -> None:
    contribution = invited(expert, gathering)
    for accepts, state in ((True, "accepted"), (False, "declined"), (True, "accepted")):
        answer_invitation(contribution=contribution, accepts=accepts, by=BY, at=AT)
        contribution.refresh_from_db()
        assert contribution.state == state
    edge = SOON - timedelta(seconds=1)
    answer_invitation(contribution=contribution, accepts=False, by=BY, at=edge)
    with pytest.raises(CannotSettle):
        answer_invitation(contribution=contribution, accepts=True, by=BY, at=SOON)
    Gathering.objects.filter(pk=gathering.pk).update(
        state=State.CANCELLED, cancel_reason="Der Ort fällt aus."
    )
    with pytest.raises(CannotSettle) as refusal:
        answer_invitation(contribution=contribution, accepts=True, by=BY, at=AT)
    assert refusal.value.reasons[0].code == "over"


@pytest.mark.parametrize(
    ("took_place", "state"),
    [(True, ContributionState.HELD), (False, ContributionState.DECLINED)],
)
def test_afterwards_it_took_place_or_not(
    expert: Expert, gathering: Gathering, took_place: bool, state: ContributionState
) -> None:
    contribution = invited(expert, gathering)
    answer_invitation(contribution=contribution, accepts=True, by=BY, at=AT)
    early = SOON - timedelta(seconds=1)
    with pytest.raises(CannotSettle) as refusal:
        note_held(contribution=contribution, took_place=took_place, by=BY, at=early)
    assert refusal.value.reasons[0].code == "early"
    old = Contribution.objects.get()
    note_held(contribution=contribution, took_place=took_place, by=BY, at=SOON)
    contribution.refresh_from_db()
    assert contribution.state == state
    with pytest.raises(CannotSettle) as refusal:
        note_held(contribution=contribution, took_place=True, by=BY, at=SOON)
    assert refusal.value.reasons[0].code == "settled"
    # Neither by a page that was opened before.
    with pytest.raises(CannotSettle) as refusal:
        note_held(contribution=old, took_place=True, by=BY, at=SOON)
    assert refusal.value.reasons[0].code == "settled"


def test_what_was_held_elsewhere_has_no_answer(expert: Expert) -> None:
    earlier = Contribution.objects.create(
        programme=expert.programme,
        expert=expert,
        title="Früher",
        held_on=AT.date(),
        state=ContributionState.ACCEPTED,
    )
    with pytest.raises(CannotSettle):
        note_held(contribution=earlier, took_place=True, by=BY, at=AT)
    with pytest.raises(CannotSettle):
        answer_invitation(contribution=earlier, accepts=True, by=BY, at=AT)
    assert contribution_of(contribution_token(earlier)) is None


def test_what_was_held_is_not_declined_any_more(expert: Expert, gathering: Gathering) -> None:
    contribution = invited(expert, gathering)
    Contribution.objects.update(state=ContributionState.HELD)
    with pytest.raises(CannotSettle):
        answer_invitation(contribution=contribution, accepts=False, by=BY, at=AT)


def test_links_are_signed_for_one_purpose(expert: Expert, gathering: Gathering) -> None:
    contribution = invited(expert, gathering)
    token = contribution_token(contribution)
    assert contribution_of(token) == contribution
    assert contribution_of(token[1:]) is None
    gone = {"name": "", "email": "", "words": "", "withdrawn_on": AT.date()}
    Expert.objects.filter(pk=expert.pk).update(**gone)
    assert contribution_of(token) is None
