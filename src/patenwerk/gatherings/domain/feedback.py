"""Feedback: the short questionnaire, asking for answers, and taking them, once from each."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.disclosure.minimum import MINIMUM_CELL
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.gatherings.enums import OVER, AnswerKind
from patenwerk.gatherings.models import (
    FeedbackAnswer,
    FeedbackQuestion,
    FeedbackSheet,
    Gathering,
    Registration,
)
from patenwerk.gatherings.queries.feedback import feedback_token, last_day
from patenwerk.gatherings.queries.presence import present, was_present
from patenwerk.jobs.domain.handlers import job_name
from patenwerk.mail.domain.send import queue_mail

ASK = job_name("gatherings.ask_for_feedback")

MOST_QUESTIONS = 10
LONGEST_ANSWER = 2000

QUESTIONNAIRE = (
    (AnswerKind.SCALE, gettext_noop("The gathering was worth my time.")),
    (AnswerKind.SCALE, gettext_noop("The topics help me in my work.")),
    (AnswerKind.SCALE, gettext_noop("There was enough time to talk to others.")),
    (AnswerKind.SCALE, gettext_noop("Place, technology and organisation were good.")),
    (AnswerKind.TEXT, gettext_noop("What do you take home?")),
    (AnswerKind.TEXT, gettext_noop("What should be different next time?")),
)
"""What is asked where the organisers say nothing else."""

_ID_BITS = 53
"""Ids drawn by lot stay whole numbers everywhere, also in a spreadsheet."""


class CannotChangeFeedback(Refusal):
    """The questionnaire stays as it is, or nobody was asked."""


class CannotGiveFeedback(Refusal):
    """The answers were not taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question and how it is answered."""

    kind: AnswerKind
    text: str


def default_questionnaire() -> list[Asked]:
    """The questions asked by default, in the installation's language."""
    with translation.override(settings.LANGUAGE_CODE):
        return [Asked(kind=kind, text=gettext(text)) for kind, text in QUESTIONNAIRE]


def change_questionnaire(
    *,
    gathering: Gathering,
    questions: Sequence[Asked],
    asks: bool,
    is_anonymous: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Set the questions, whether participants are asked, and whether answers carry names.

    Locks the gathering. Raises :class:`CannotChangeFeedback` after the first answer, for no
    question or more than ten, and for another promise about names once people were asked.
    """
    locked = _lock(gathering)
    reasons = list(_against_change(locked, questions, is_anonymous=is_anonymous))
    if reasons:
        raise CannotChangeFeedback(reasons)
    locked.asks_feedback, locked.feedback_anonymous = asks, is_anonymous
    locked.save(update_fields=["asks_feedback", "feedback_anonymous"])
    locked.feedbackquestions.all().delete()
    _write(locked, questions)
    record(
        by=by,
        at=at,
        action="gatherings.change_feedback",
        things=[locked],
        details={"questions": len(questions), "asks": asks, "anonymous": is_anonymous},
    )


def ask_for_feedback(*, gathering: Gathering, link: str, by: Actor, at: datetime) -> int:
    """Mail everybody who was there the link to the questionnaire; how many people.

    Makes the default questionnaire where there is none. ``link`` is the form's address with
    ``{token}`` in it. Whoever has no address of their own is not asked: their carrier would answer
    for them. Locks the gathering. Raises :class:`CannotChangeFeedback` before the gathering is
    over, where people were asked before, where the organisers do not ask, and after the time for
    answers.
    """
    locked = _lock(gathering)
    reasons = list(_against_asking(locked, at))
    if reasons:
        raise CannotChangeFeedback(reasons)
    if not locked.feedbackquestions.exists():
        _write(locked, default_questionnaire())
    locked.feedback_asked_at = at
    locked.save(update_fields=["feedback_asked_at"])
    told = 0
    there = locked.registrations.filter(present()).select_related("account").order_by("pk")
    for registration in there.filter(~Q(email="") | Q(account__isnull=False)):
        _tell(locked, registration, link, by, at)
        told += 1
    record(
        by=by, at=at, action="gatherings.ask_for_feedback", things=[locked], details={"told": told}
    )
    return told


def give_feedback(
    *,
    registration: Registration,
    answers: Mapping[int, int | str],
    is_anonymous: bool,
    at: datetime,
) -> None:
    """Take a filled questionnaire: ``answers`` are numbers from 1 to 5 or words, by question.

    ``is_anonymous`` is what the form promised. Anonymous answers are kept without whose they are,
    the registration only remembers that it was asked and answered; both is written at once.
    Locks the gathering. Raises :class:`CannotGiveFeedback`.
    """
    gathering = _lock(registration.gathering)
    current = gathering.registrations.get(pk=registration.pk)
    questions = {question.pk: question for question in gathering.feedbackquestions.all()}
    said = {pk: answer for pk, answer in answers.items() if answer != ""}
    reasons = [
        *_against_giving(gathering, current, at),
        *_against_answers(questions, said, is_anonymous=is_anonymous, gathering=gathering),
    ]
    if reasons:
        raise CannotGiveFeedback(reasons)
    if is_anonymous:
        # The day itself would tell whose sheet it is, where one answered that day.
        day = day_of(gathering.ends_at)
        sheet = FeedbackSheet(pk=_drawn(), registration=None, given_on=day)
    else:
        day = day_of(at)
        sheet = FeedbackSheet(registration=current, given_on=day, is_shown=True)
    sheet.gathering, sheet.programme_id = gathering, gathering.programme_id
    sheet.carrier_id = gathering.carrier_id
    sheet.save(force_insert=True)
    FeedbackAnswer.objects.bulk_create(
        [
            _answer(sheet, questions[pk], answer, is_anonymous=is_anonymous)
            for pk, answer in said.items()
        ]
    )
    current.feedback_given_on = day
    current.save(update_fields=["feedback_given_on"])
    registration.feedback_given_on = day
    if is_anonymous:
        _show_group(gathering)
    record(by=Actor(user_id=None), at=at, action="gatherings.give_feedback", things=[gathering])


def _lock(gathering: Gathering) -> Gathering:
    return Gathering.objects.select_for_update(of=("self",)).get(pk=gathering.pk)


def _write(gathering: Gathering, questions: Sequence[Asked]) -> None:
    FeedbackQuestion.objects.bulk_create(
        [
            FeedbackQuestion(
                **gathering.organiser_columns,
                gathering=gathering,
                position=position,
                kind=asked.kind.value,
                text=asked.text,
            )
            for position, asked in enumerate(questions)
        ]
    )


def _against_change(
    gathering: Gathering, questions: Sequence[Asked], *, is_anonymous: bool
) -> Iterable[Reason]:
    if gathering.feedbacksheets.exists():
        sentence = _("Somebody has answered already. The questions stay as they are.")
        yield Reason("answered", sentence)
    if not questions:
        yield Reason("no_question", _("Please ask at least one question."))
    if len(questions) > MOST_QUESTIONS:
        most = _("%(most)d questions are the most that are asked.") % {"most": MOST_QUESTIONS}
        yield Reason("too_many", most)
    if gathering.feedback_asked_at and is_anonymous != gathering.feedback_anonymous:
        sentence = _("People were told whether their answers carry their name. This stays.")
        yield Reason("promised", sentence, "is_anonymous")


def _against_asking(gathering: Gathering, at: datetime) -> Iterable[Reason]:
    if gathering.state not in OVER:
        yield Reason("not_over", _("Feedback is asked for after the gathering."))
    elif day_of(at) > last_day(gathering):
        yield Reason("too_late", _("The time for feedback is over."))
    if gathering.feedback_asked_at is not None:
        yield Reason("asked", _("Everybody was asked already."))
    if not gathering.asks_feedback:
        yield Reason("not_wanted", _("No feedback is asked for at this gathering."))


def _against_giving(
    gathering: Gathering, registration: Registration, at: datetime
) -> Iterable[Reason]:
    if registration.feedback_given_on is not None:
        yield Reason("given", _("Your feedback has arrived already."))
    if gathering.feedback_asked_at is None or not was_present(registration):
        yield Reason("not_asked", _("Feedback is given by those who were there."))
    if day_of(at) > last_day(gathering):
        yield Reason("too_late", _("The time for feedback is over."))


def _against_answers(
    questions: Mapping[int, FeedbackQuestion],
    said: Mapping[int, int | str],
    *,
    is_anonymous: bool,
    gathering: Gathering,
) -> Iterable[Reason]:
    if is_anonymous != gathering.feedback_anonymous or not said.keys() <= questions.keys():
        sentence = _("The questionnaire has changed meanwhile. Please look at it again.")
        yield Reason("changed", sentence)
        return
    if not said:
        yield Reason("empty", _("Please answer at least one question."))
    for pk, answer in said.items():
        fits = (
            answer in range(1, 6)
            if questions[pk].kind == AnswerKind.SCALE
            else isinstance(answer, str) and len(answer) <= LONGEST_ANSWER
        )
        if not fits:
            yield Reason("answer", _("Please check this answer."), f"answer_{pk}")


def _answer(
    sheet: FeedbackSheet, question: FeedbackQuestion, answer: int | str, *, is_anonymous: bool
) -> FeedbackAnswer:
    return FeedbackAnswer(
        pk=_drawn() if is_anonymous else None,
        gathering_id=sheet.gathering_id,
        programme_id=sheet.programme_id,
        carrier_id=sheet.carrier_id,
        sheet=sheet,
        question=question,
        value=answer if isinstance(answer, int) else None,
        text=answer if isinstance(answer, str) else "",
    )


def _drawn() -> int:
    """An id by lot: counted ones would say who answered before whom."""
    return secrets.randbits(_ID_BITS)


def _show_group(gathering: Gathering) -> None:
    """Let anonymous sheets into the results once enough wait: one alone would be recognised."""
    waiting = gathering.feedbacksheets.filter(is_shown=False)
    if waiting.count() >= MINIMUM_CELL:
        waiting.update(is_shown=True)


def _tell(
    gathering: Gathering, registration: Registration, link: str, by: Actor, at: datetime
) -> None:
    account = registration.account
    own = account.email if account is not None else ""
    queue_mail(
        to=registration.email or own,
        template="feedback_asked",
        context={
            "name": registration.name,
            "title": gathering.title,
            "is_anonymous": gathering.feedback_anonymous,
            "until": last_day(gathering),
            "link": link.replace("{token}", feedback_token(registration)),
        },
        language=registration.language,
        by=by,
        at=at,
        is_secret=True,
    )
