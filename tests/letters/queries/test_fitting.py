"""Who gets a letter, and the reason where somebody does not."""

from __future__ import annotations

from datetime import date

import pytest

from patenwerk.letters.enums import FileKind, LetterKind
from patenwerk.letters.kernel.defaults import Wording
from patenwerk.letters.queries.fitting import (
    SENTENCES,
    asks_for_appointment,
    obstacle,
    person_obstacles,
    run_obstacles,
    tandem_obstacles,
)
from patenwerk.letters.queries.text import TextInForce
from patenwerk.people.enums import Side
from patenwerk.tandems.enums import EndReason, State
from tests.factories.letters import run_for
from tests.factories.organisations import CREATED
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import tandem_of

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)
PLAIN = TextInForce(Wording("Titel", "Text"), 0, is_default=True)
TIMED = TextInForce(Wording("Titel", "Kommen Sie: {Termin}"), 0, is_default=True)
TIMED_TITLE = TextInForce(Wording("Am {Termin}", "Text"), 0, is_default=True)


@pytest.mark.parametrize(
    ("kind", "fields", "found"),
    [
        (LetterKind.INVITATION, {}, []),
        (LetterKind.INVITATION, {"birth_date": None, "last_name": "", "side": Side.MENTEE}, []),
        (LetterKind.INVITATION, {"archived_at": CREATED}, ["archived"]),
        (LetterKind.RECORD_CHECK, {}, []),
        (LetterKind.RECORD_CHECK, {"archived_at": CREATED}, ["archived"]),
        (LetterKind.RECORD_CHECK, {"side": Side.MENTEE}, ["no_mentor"]),
        (
            LetterKind.RECORD_CHECK,
            {"last_name": "", "birth_date": None},
            ["last_name", "birth_date"],
        ),
        (LetterKind.RECORD_CHECK, {"birth_date": date(2012, 11, 24)}, ["too_young"]),
        (LetterKind.RECORD_CHECK, {"birth_date": date(2012, 11, 23)}, []),
        (LetterKind.INVITATION, {"birth_date": date(2012, 11, 24)}, []),
    ],
)
def test_what_speaks_against_a_letter_about_a_person(
    kind: LetterKind, fields: dict[str, object], found: list[str]
) -> None:
    person = MentorFactory.create(**fields)
    assert [reason.code for reason in person_obstacles(person, kind, ON)] == found
    run = run_for(person, kind=kind.value)
    first = obstacle(run.letters.get(), run, ON)
    assert (first.code if first else None) == (found[0] if found else None)


@pytest.mark.parametrize("state", State)
def test_an_agreement_is_for_those_who_agreed_and_go_on(state: State) -> None:
    over = {"ended_on": date(2026, 11, 1), "end_reason": EndReason.NO_TIME}
    tandem = tandem_of(state=state, **(over if state is State.ENDED else {}))
    expected = {State.PROPOSED: ["not_agreed"], State.ENDED: ["over"]}.get(state, [])
    found = tandem_obstacles(tandem, LetterKind.AGREEMENT)
    assert [reason.code for reason in found] == expected
    assert not list(tandem_obstacles(tandem, LetterKind.CERTIFICATE))
    run = run_for(tandem, kind=LetterKind.AGREEMENT.value)
    first = obstacle(run.letters.get(), run, ON)
    assert (first.code if first else None) == (expected[0] if expected else None)


def test_without_a_meeting_there_is_nothing_to_certify() -> None:
    tandem = tandem_of(meetings=())
    found = tandem_obstacles(tandem, LetterKind.CERTIFICATE)
    assert [reason.code for reason in found] == ["no_meeting"]


def test_an_e_mail_needs_an_address() -> None:
    without, reached, archived = (
        run_for(MenteeFactory.create(**said))
        for said in ({}, {"email": "a@b.de"}, {"archived_at": CREATED})
    )
    assert obstacle(without.letters.get(), without, ON) is None
    found = []
    for run in (without, reached, archived):
        run.file_kind = FileKind.MAIL.value
        found.append(obstacle(run.letters.get(), run, ON))
    assert [reason and reason.code for reason in found] == ["address", None, "archived"]


def test_every_reason_can_be_told_later() -> None:
    assert set(SENTENCES) == {
        *("not_agreed", "over", "no_meeting", "archived", "no_mentor", "last_name", "birth_date"),
        *("address", "too_young"),
    }


def test_what_all_letters_need() -> None:
    check = run_for(MentorFactory.create(), kind=LetterKind.RECORD_CHECK.value)
    assert [reason.code for reason in run_obstacles(check, PLAIN)] == ["street"]
    check.site.street = "Markt 1"
    assert not list(run_obstacles(check, PLAIN))
    invitation = run_for(MenteeFactory.create())
    assert not list(run_obstacles(invitation, PLAIN))
    for text in (TIMED, TIMED_TITLE):
        assert [(one.code, one.field) for one in run_obstacles(invitation, text)] == [
            ("appointment", "appointment")
        ]
        assert asks_for_appointment(text)
    reaching = TextInForce(Wording("Titel", "Melden Sie sich: {Kontakt}"), 0, is_default=True)
    assert not list(run_obstacles(invitation, reaching)), "on paper a line stands there"
    invitation.file_kind = FileKind.MAIL.value
    assert [reason.code for reason in run_obstacles(invitation, reaching)] == ["contact"]
    assert not list(run_obstacles(invitation, PLAIN))
    for column in ("phone", "email"):
        setattr(invitation.site, column, "x")
        assert not list(run_obstacles(invitation, reaching))
        setattr(invitation.site, column, "")
    invitation.appointment = "Montag"
    assert not list(run_obstacles(invitation, TIMED))
    assert not asks_for_appointment(PLAIN)
