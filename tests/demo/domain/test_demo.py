"""The demo in a database: small here, whole in an installation."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from patenwerk.demo.domain.demo import CannotMakeDemo, make_demo
from patenwerk.demo.domain.groups import MENTEES
from patenwerk.demo.kernel.logins import LOGINS
from patenwerk.demo.management.commands.demo import password_of
from patenwerk.demo.queries.comparison import comparison
from patenwerk.gatherings.enums import CommitmentState, MinutesState, Seat
from patenwerk.gatherings.enums import State as GatheringState
from patenwerk.gatherings.models import (
    Commitment,
    Contact,
    Decision,
    FeedbackSheet,
    Gathering,
    Registration,
)
from patenwerk.mail.models import OutboxMail
from patenwerk.matching.models import ProgrammeRound, Round, Suggestion
from patenwerk.organisations.models import Account, Carrier, Phase, Programme, RoleGrant, Site
from patenwerk.people.enums import ConsentPurpose, MoveState
from patenwerk.people.kernel.validity import age_on
from patenwerk.people.models import Consent, Guardian, Move, Person, RecordCheck
from patenwerk.reporting.models import Release, YearlyFigure
from patenwerk.tandems.enums import EndReason, State
from patenwerk.tandems.models import Meeting, Tandem, TandemStep

ON = date(2026, 11, 23)
PEOPLE = 150

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[Programme]:
    """Made once for all tests here, and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make(ON)
        transaction.set_rollback(True)


def make(on: date) -> Programme:
    return make_demo(on=on, people=PEOPLE, password_of=password_of, watch=lambda *_: None)


def digest(programme: Programme) -> str:
    """Everything people would notice, without ids and technical keys."""
    of = {"programme": programme}
    rows: list[Any] = [
        sorted(Site.objects.filter(**of).values_list("name", "postcode", "carrier__name")),
        list(
            Person.objects.filter(**of)
            .order_by("site__name", "side", "file_id", "first_name", "last_name")
            .values_list("file_id", "first_name", "last_name", "languages", "waiting_since")
        ),
        list(
            Tandem.objects.filter(**of)
            .order_by("created_at")
            .values_list("state", "created_at", "ended_on", "end_reason", "meeting_count")
        ),
        list(
            Meeting.objects.filter(**of)
            .order_by("created_at", "held_on")
            .values_list("held_on", "minutes", "place", "topic")
        ),
        list(
            Move.objects.filter(**of)
            .order_by("proposed_at")
            .values_list("person__first_name", "site__name", "to_site__name", "state", "why")
        ),
    ]
    return hashlib.sha256(json.dumps(rows, default=str).encode()).hexdigest()


def test_it_is_labelled_and_has_everything(demo: Programme) -> None:
    assert demo.is_demo
    assert "Demo" in demo.name
    counts = [model.objects.filter(programme=demo).count() for model in (Carrier, Site, Person)]
    assert counts == [6, 24, PEOPLE + MENTEES + 1]
    assert Tandem.objects.filter(programme=demo).count() == 81
    group = Tandem.objects.get(programme=demo, places__gt=1)
    assert (group.state, group.meeting_count, group.participants.count()) == ("active", 3, 4)
    assert Phase.objects.filter(programme=demo).count() == 4


def test_something_is_in_every_state(demo: Programme) -> None:
    tandems = Tandem.objects.filter(programme=demo)
    assert set(tandems.values_list("state", flat=True)) == set(State)
    reasons = set(tandems.exclude(end_reason="").values_list("end_reason", flat=True))
    assert reasons == set(EndReason)
    assert tandems.filter(previous__isnull=False, episode=2).exists()
    steps = set(TandemStep.objects.filter(programme=demo).values_list("step", flat=True))
    assert {"propose", "agree", "start_trial", "activate", "pause", "end"} <= steps
    assert RecordCheck.objects.filter(programme=demo, certificate_date__lt=date(2022, 2, 1))


def test_a_round_waits_and_figures_are_published(demo: Programme) -> None:
    waits = Round.objects.get(programme=demo, programme_round__isnull=True)
    assert Suggestion.objects.filter(round=waits, state="open").exists()
    states = Release.objects.filter(programme=demo).order_by("as_of").values_list("state", "as_of")
    assert list(states) == [("published", date(2026, 9, 30)), ("draft", date(2026, 11, 22))]
    assert all(release.published for release in Release.objects.filter(programme=demo))
    years = set(YearlyFigure.objects.filter(programme=demo).values_list("year", flat=True))
    assert min(years) == 2016
    assert max(years) < 2024


def test_most_who_wait_have_consented_and_a_round_over_all_carriers_is_done(
    demo: Programme,
) -> None:
    consents = Consent.objects.filter(programme=demo)
    assert 0 < consents.count() < Person.objects.filter(programme=demo).count()
    said_by_guardians = 0
    for consent in consents.select_related("person").prefetch_related("guardians"):
        born = consent.person.birth_date
        is_child = born is not None and age_on(born, consent.given_on) < 16
        assert consent.given_by == ("guardian" if is_child else "self")
        guardians = list(consent.guardians.all())
        assert bool(guardians) is is_child
        assert all(one.person == consent.person and one.decides for one in guardians)
        said_by_guardians += is_child
    assert said_by_guardians
    over_all = ProgrammeRound.objects.get(programme=demo)
    assert (over_all.state, over_all.published["held_back"]) == ("ready", False)
    assert Suggestion.objects.filter(round__programme_round=over_all, state="open").exists()


def test_the_first_site_s_children_have_guardians_and_most_take_part_by_consent(
    demo: Programme,
) -> None:
    first = Site.objects.get(programme=demo, name="Leipzig-Lindenau")
    children = Person.objects.filter(
        site=first, side="mentee", archived_at__isnull=True, birth_date__gt=date(2008, 11, 22)
    )
    with_guardians = {one.person_id for one in Guardian.objects.filter(site=first)}
    assert with_guardians == set(children.values_list("pk", flat=True))
    take_part = Consent.objects.filter(site=first, purpose="taking_part")
    consented = set(take_part.values_list("person_id", flat=True))
    assert consented < with_guardians
    assert len(consented) > len(with_guardians) / 2
    assert not Consent.objects.filter(purpose="taking_part").exclude(site=first).exists()
    native = Guardian.objects.exclude(relation="youth_office").values_list("language", flat=True)
    assert len(set(native)) > 1


def test_one_has_moved_to_the_first_site_and_one_asks_to_come(demo: Programme) -> None:
    came, asks = Move.objects.filter(programme=demo).order_by("proposed_at")
    assert (came.state, asks.state) == (MoveState.ACCEPTED, MoveState.PROPOSED)
    first = Site.objects.get(programme=demo, name="Leipzig-Lindenau")
    assert came.to_site == asks.to_site == came.person.site == first
    assert asks.person.site == asks.site != came.site != first
    assert (came.person.postcode, came.person.file_id) == (first.postcode, "")
    assert came.decided_at is not None
    assert came.proposed_at < came.decided_at < asks.proposed_at
    for move in (came, asks):
        assert move.consent is not None
        assert (move.consent.purpose, move.consent.withdrawn_on) == (ConsentPurpose.MOVE_SITE, None)
        assert move.person.birth_date is not None
        assert age_on(move.person.birth_date, ON) >= 18


def test_every_login_works_and_nobody_else_has_a_password(demo: Programme) -> None:
    for colleague in LOGINS:
        password = password_of(colleague.email)
        account = authenticate(email=colleague.email, password=password)
        assert account is not None, colleague.email
        client = Client()
        client.force_login(account)
        assert client.get("/", follow=True).status_code == 200
    others = Account.objects.exclude(email__in=[one.email for one in LOGINS])
    assert others.count() == 24 + 6 + 1 + 1 - 5
    assert not any(account.has_usable_password() for account in others)
    roles = {grant.account.email: grant.role for grant in RoleGrant.objects.all()}
    assert [roles[one.email] for one in LOGINS] == [
        "coordinator",
        "coordinator",
        "carrier_manager",
        "programme_office",
        "network_office",
    ]
    sites = RoleGrant.objects.filter(account__email__in=[one.email for one in LOGINS[:2]])
    assert len(set(sites.values_list("carrier", flat=True))) == 1
    assert len(set(sites.values_list("site", flat=True))) == 2


def test_a_second_one_is_refused(demo: Programme) -> None:
    with pytest.raises(CannotMakeDemo) as refused:
        make(ON)
    assert [reason.code for reason in refused.value.reasons] == ["not_empty"]
    with pytest.raises(CommandError) as said:
        call_command("demo")
    assert len(str(said.value).splitlines()) == 1
    call_command("demo", "--if-empty")
    assert Programme.objects.count() == 1


def test_the_logins_are_shown_again(demo: Programme, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo", "--logins")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [one.email for one in LOGINS]
    assert [line.split()[1] for line in lines[1:]] == [password_of(one.email) for one in LOGINS]
    account = Account.objects.get(email=LOGINS[0].email)
    account.set_password("Eigenes-Passwort-1")
    account.save()
    call_command("demo", "--logins")
    assert LOGINS[0].email not in capsys.readouterr().out


def test_it_compares_itself(demo: Programme) -> None:
    lines = comparison(demo, ON)
    assert len(lines) == 7
    assert all(line.found > 0 for line in lines)


def test_the_same_day_gives_the_same(demo: Programme) -> None:
    first = digest(demo)
    with transaction.atomic():
        Programme.objects.filter(pk=demo.pk).update(slug="first")
        again = make_beside(ON)
        assert digest(again) == first
        transaction.set_rollback(True)


def make_beside(on: date) -> Programme:
    """Another demo beside the first one, which a command would refuse."""
    Account.objects.update(is_active=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("patenwerk.demo.domain.demo._against", lambda *_: [])
        patch.setattr(
            "patenwerk.demo.domain.organisations.create_account",
            lambda *, invited, at, **_: Account.objects.create(
                email=f"again-{invited.email}", created_at=at
            ),
        )
        return make(on)


@pytest.mark.parametrize(
    ("on", "people", "code"),
    [(date(2020, 1, 1), 150, "too_early"), (ON, 99, "people"), (ON, 10_001, "people")],
)
def test_what_it_cannot_be_made_for(on: date, people: int, code: str) -> None:
    with pytest.raises(CannotMakeDemo) as refused:
        make_demo(on=on, people=people, password_of=password_of, watch=lambda *_: None)
    codes = [reason.code for reason in refused.value.reasons]
    assert [one for one in codes if one != "not_empty"] == [code]


def test_the_circle_has_met(demo: Programme) -> None:
    gatherings = Gathering.objects.filter(programme=demo)
    states = set(gatherings.values_list("state", flat=True))
    assert states == set(GatheringState) - {GatheringState.ANNOUNCED, GatheringState.CLOSED}
    assert gatherings.filter(kind__code="congress", state="documented").count() == 2
    held = gatherings.filter(kind__code="network", ends_at__year=ON.year - 1)
    assert 3 <= held.count() <= 5
    assert all(one.minutes.state == MinutesState.LOCKED for one in held)
    assert Decision.objects.filter(gathering__in=gatherings).exists()
    promises = Commitment.objects.filter(gathering__in=gatherings)
    assert set(promises.values_list("state", flat=True)) == set(CommitmentState)
    seats = Registration.objects.filter(gathering__in=gatherings).values_list("state", flat=True)
    assert set(seats) == {Seat.SEATED, Seat.WAITING, Seat.OFFERED, Seat.DECLINED}
    assert FeedbackSheet.objects.filter(gathering__in=gatherings, is_shown=True).count() >= 5
    assert Contact.objects.filter(programme=demo).count() == 6


def test_nobody_is_mailed_about_the_past(demo: Programme) -> None:
    assert demo.is_demo
    assert not OutboxMail.objects.exists()
