"""Feedback: who is asked, what is promised, and that it is given once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.disclosure.minimum import MINIMUM_CELL
from patenwerk.core.policy import Actor
from patenwerk.gatherings.domain.feedback import (
    LONGEST_ANSWER,
    MOST_QUESTIONS,
    Asked,
    CannotChangeFeedback,
    CannotGiveFeedback,
    ask_for_feedback,
    change_questionnaire,
    default_questionnaire,
    give_feedback,
)
from patenwerk.gatherings.enums import AnswerKind, Seat, State
from patenwerk.gatherings.models import (
    FeedbackAnswer,
    FeedbackQuestion,
    FeedbackSheet,
    Gathering,
    Registration,
)
from patenwerk.mail.models import OutboxMail
from tests.factories.gatherings import STARTS, GatheringFactory, RegistrationFactory
from tests.factories.organisations import AccountFactory, CarrierFactory

pytestmark = pytest.mark.django_db
BY = Actor(user_id=7)
AFTER = STARTS + timedelta(days=1)
LINK = "https://example.org/r/{token}/"
WORTH = Asked(kind=AnswerKind.SCALE, text="Hat es sich gelohnt?")
HOME = Asked(kind=AnswerKind.TEXT, text="Was nehmen Sie mit?")


@pytest.fixture
def gathering() -> Gathering:
    return GatheringFactory.create(state=State.HELD.value, title="Vernetzungstreffen")


def change(gathering: Gathering, **said: Any) -> None:
    values: dict[str, Any] = {"questions": [WORTH, HOME], "asks": True, "is_anonymous": True}
    change_questionnaire(gathering=gathering, **{**values, **said}, by=BY, at=AFTER)


def ask(gathering: Gathering, at: datetime = AFTER) -> int:
    return ask_for_feedback(gathering=gathering, link=LINK, by=BY, at=at)


def give(registration: Registration, at: datetime = AFTER, **said: Any) -> None:
    gathering = Gathering.objects.get(pk=registration.gathering_id)
    questions = {question.kind: question.pk for question in gathering.feedbackquestions.all()}
    answers = {questions[AnswerKind.SCALE]: 4, questions[AnswerKind.TEXT]: "Gute Gespräche."}
    give_feedback(
        registration=registration,
        at=at,
        **{"answers": answers, "is_anonymous": gathering.feedback_anonymous, **said},
    )


def codes(refused: pytest.ExceptionInfo[Any]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_four_numbers_and_two_answers_in_words_are_asked_by_default() -> None:
    kinds = [asked.kind for asked in default_questionnaire()]
    assert kinds == [AnswerKind.SCALE] * 4 + [AnswerKind.TEXT] * 2
    assert default_questionnaire()[4].text == "Was nehmen Sie mit?"


def test_the_organisers_set_questions_until_somebody_answered(gathering: Gathering) -> None:
    change(gathering)
    change(gathering, questions=[HOME, WORTH], asks=False, is_anonymous=False)
    found = gathering.feedbackquestions.all()
    assert [question.text for question in found] == [HOME.text, WORTH.text]
    assert {question.programme_id for question in found} == {gathering.programme_id}
    gathering.refresh_from_db()
    assert (gathering.asks_feedback, gathering.feedback_anonymous) == (False, False)
    entry = AuditEntry.objects.filter(action="gatherings.change_feedback").order_by("pk").last()
    assert entry is not None
    assert entry.details == {"questions": 2, "asks": False, "anonymous": False}


def test_a_questionnaire_is_refused_with_every_reason(gathering: Gathering) -> None:
    with pytest.raises(CannotChangeFeedback) as refused:
        change(gathering, questions=[])
    assert codes(refused) == ["no_question"]
    with pytest.raises(CannotChangeFeedback) as refused:
        change(gathering, questions=[HOME] * (MOST_QUESTIONS + 1))
    assert codes(refused) == ["too_many"]
    change(gathering)
    registration = RegistrationFactory.create(gathering=gathering)
    ask(gathering)
    with pytest.raises(CannotChangeFeedback) as refused:
        change(gathering, is_anonymous=False)
    assert codes(refused) == ["promised"]
    change(gathering, questions=[WORTH, HOME])
    give(registration)
    with pytest.raises(CannotChangeFeedback) as refused:
        change(gathering)
    assert codes(refused) == ["answered"]


def test_those_who_were_there_are_asked_at_an_address_of_their_own(gathering: Gathering) -> None:
    account = AccountFactory.create(email="konto@example.org")
    common = {"gathering": gathering, "email": ""}
    RegistrationFactory.create(gathering=gathering, email="da@example.org", attended=True)
    RegistrationFactory.create(gathering=gathering, email="sitz@example.org")
    RegistrationFactory.create(**common, account=account)
    RegistrationFactory.create(**common)
    RegistrationFactory.create(gathering=gathering, attended=False)
    RegistrationFactory.create(gathering=gathering, state=Seat.DECLINED.value)
    RegistrationFactory.create(
        gathering=gathering,
        state=Seat.DECLINED.value,
        attended=True,
        email="doch@example.org",
        language="en",
    )
    assert ask(gathering) == 4
    mails = OutboxMail.objects.order_by("pk")
    assert {mail.to for mail in mails} == {
        "da@example.org",
        "sitz@example.org",
        "konto@example.org",
        "doch@example.org",
    }
    german, english = mails.get(to="da@example.org"), mails.get(to="doch@example.org")
    assert "Vernetzungstreffen" in german.subject
    assert "anonym" in german.body_text
    assert "https://example.org/r/" in german.body_text
    assert "{token}" not in german.body_text
    assert german.is_secret
    assert "anonymous" in english.body_text
    gathering.refresh_from_db()
    assert gathering.feedback_asked_at == AFTER
    assert FeedbackQuestion.objects.filter(gathering=gathering).count() == 6


def test_a_mail_says_when_answers_carry_names(gathering: Gathering) -> None:
    change(gathering, is_anonymous=False)
    RegistrationFactory.create(gathering=gathering)
    ask(gathering)
    assert "mit Ihrem Namen" in OutboxMail.objects.get().body_text
    assert gathering.feedbackquestions.count() == 2


def test_nobody_is_asked_twice_too_early_too_late_or_against_the_organisers(
    gathering: Gathering,
) -> None:
    with pytest.raises(CannotChangeFeedback) as refused:
        ask(GatheringFactory.create(state=State.CLOSED.value))
    assert codes(refused) == ["not_over"]
    with pytest.raises(CannotChangeFeedback) as refused:
        ask(GatheringFactory.create(state=State.HELD.value), STARTS + timedelta(days=31))
    assert codes(refused) == ["too_late"]
    silent = GatheringFactory.create(state=State.HELD.value, asks_feedback=False)
    with pytest.raises(CannotChangeFeedback) as refused:
        ask(silent)
    assert codes(refused) == ["not_wanted"]
    assert ask(gathering, STARTS + timedelta(days=30)) == 0
    with pytest.raises(CannotChangeFeedback) as refused:
        ask(gathering)
    assert codes(refused) == ["asked"]


def test_an_anonymous_sheet_tells_nothing_of_who_filled_it(gathering: Gathering) -> None:
    people = RegistrationFactory.create_batch(3, gathering=gathering)
    change(gathering)
    ask(gathering)
    for place, person in enumerate(people):
        give(person, AFTER + timedelta(days=place))
    sheets = FeedbackSheet.objects.all()
    assert {(sheet.registration_id, sheet.given_on) for sheet in sheets} == {(None, STARTS.date())}
    assert {person.feedback_given_on for person in Registration.objects.all()} == {STARTS.date()}
    assert min(sheet.pk for sheet in sheets) > 1000
    assert min(answer.pk for answer in FeedbackAnswer.objects.all()) > 1000
    for entry in AuditEntry.objects.filter(action="gatherings.give_feedback"):
        assert (entry.object_type, entry.actor_id) == ("gatherings.gathering", None)
        assert entry.details == {}


def test_an_answer_with_a_name_is_its_participants(gathering: Gathering) -> None:
    person = RegistrationFactory.create(gathering=gathering)
    change(gathering, is_anonymous=False)
    ask(gathering)
    give(person, AFTER + timedelta(days=2))
    sheet = FeedbackSheet.objects.get()
    assert sheet.registration == person
    assert sheet.is_shown
    assert sheet.given_on == person.feedback_given_on == (AFTER + timedelta(days=2)).date()
    assert sorted((row.value, row.text) for row in sheet.answers.exclude(value=None)) == [(4, "")]
    assert sheet.answers.get(value=None).text == "Gute Gespräche."


def test_anonymous_sheets_are_shown_in_groups_that_are_large_enough(gathering: Gathering) -> None:
    people = RegistrationFactory.create_batch(2 * MINIMUM_CELL, gathering=gathering)
    change(gathering)
    ask(gathering)
    shown = []
    for person in people:
        give(person)
        shown.append(FeedbackSheet.objects.filter(is_shown=True).count())
    assert shown == [0] * 4 + [5] * 5 + [10]


def test_feedback_is_given_once_in_time_and_by_those_who_were_there(gathering: Gathering) -> None:
    person = RegistrationFactory.create(gathering=gathering)
    change(gathering)
    with pytest.raises(CannotGiveFeedback) as refused:
        give(person)
    assert codes(refused) == ["not_asked"]
    ask(gathering)
    with pytest.raises(CannotGiveFeedback) as refused:
        give(person, datetime(2026, 4, 12, 12, tzinfo=UTC))
    assert codes(refused) == ["too_late"]
    give(person, datetime(2026, 4, 11, 12, tzinfo=UTC))
    with pytest.raises(CannotGiveFeedback) as refused:
        give(Registration.objects.get(pk=person.pk))
    assert codes(refused) == ["given"]
    absent = RegistrationFactory.create(gathering=gathering, attended=False)
    with pytest.raises(CannotGiveFeedback) as refused:
        give(absent)
    assert codes(refused) == ["not_asked"]
    assert FeedbackSheet.objects.count() == 1


def test_what_does_not_fit_the_questions_is_refused(gathering: Gathering) -> None:
    person = RegistrationFactory.create(gathering=gathering, carrier=CarrierFactory.create())
    change(gathering)
    ask(gathering)
    scale, text = gathering.feedbackquestions.all()
    wrong: list[tuple[dict[str, Any], list[str]]] = [
        ({"answers": {}}, ["empty"]),
        ({"answers": {scale.pk: "", text.pk: ""}}, ["empty"]),
        ({"answers": {scale.pk: 6}}, ["answer"]),
        ({"answers": {scale.pk: 0, text.pk: 3}}, ["answer", "answer"]),
        ({"answers": {text.pk: "x" * (LONGEST_ANSWER + 1)}}, ["answer"]),
        ({"answers": {0: 3}}, ["changed"]),
        ({"is_anonymous": False}, ["changed"]),
    ]
    for said, expected in wrong:
        with pytest.raises(CannotGiveFeedback) as refused:
            give(person, **said)
        assert codes(refused) == expected
    assert not FeedbackSheet.objects.exists()
    give(person, answers={scale.pk: 5, text.pk: ""})
    assert FeedbackAnswer.objects.get().value == 5
