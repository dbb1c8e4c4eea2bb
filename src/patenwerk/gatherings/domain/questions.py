"""What participants are asked, what they need, and when that is forgotten.

Answers tell about health and belief: they are given with a consent of their own, read by the
organisers on one page alone, and deleted after the day set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import BERLIN, day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.gatherings.domain.seats import lock_gathering
from patenwerk.gatherings.enums import OVER, Need, Seat, State
from patenwerk.gatherings.models import Answer, Gathering, Question, Registration
from patenwerk.jobs.domain.handlers import job_name

DELETE_ANSWERS = job_name("gatherings.delete_answers")
LONGEST = 300
"""Letters of an answer: a need is said in a few words."""


class CannotAsk(Refusal):
    """The questions stay as they are."""


class CannotAnswer(Refusal):
    """The answers were not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question; ``pk`` names the one it changes. ``choices``: an answer per line, or none."""

    need: Need
    text: str
    choices: str = ""
    pk: int | None = None


def set_questions(
    *, gathering: Gathering, questions: Sequence[Asked], by: Actor, at: datetime
) -> None:
    """Ask these questions, in this order, and no others; answers to a removed one are deleted.

    Locks the gathering. Raises :class:`CannotAsk` when it is over or cancelled, or when a choice
    is longer than an answer can be (field ``choices-n``).
    """
    locked = lock_gathering(gathering.pk)
    reasons = [*_no_questions_now(locked), *_too_long(questions)]
    if reasons:
        raise CannotAsk(reasons)
    kept = {row.pk: row for row in locked.questions.all()}
    named = {asked.pk for asked in questions}
    locked.questions.exclude(pk__in=[pk for pk in named if pk is not None]).delete()
    for position, asked in enumerate(questions):
        row = kept.get(asked.pk or 0) or Question(gathering=locked, **locked.organiser_columns)
        row.position, row.need, row.text, row.choices = (
            position,
            asked.need.value,
            asked.text,
            asked.choices,
        )
        row.save()
    record(
        by=by,
        at=at,
        action="gatherings.set_questions",
        things=[locked],
        details={"questions": len(questions)},
    )


def answer(
    *,
    registration: Registration,
    answers: Mapping[int, str],
    consents: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Keep what somebody needs, in place of what was said before; nothing said keeps nothing.

    ``answers``: a question's id → words. Locks the gathering. Raises :class:`CannotAnswer`
    without consent, for an answer that was not offered (field ``question-id``), for a declined
    registration, or when answers are not kept any more.
    """
    locked = lock_gathering(registration.gathering_id)
    said = {pk: text.strip() for pk, text in answers.items() if text.strip()}
    questions = {row.pk: row for row in locked.questions.filter(pk__in=said)}
    reasons = [
        *_not_kept(locked, registration, at),
        *_not_offered(questions, said),
    ]
    if said and not consents:
        sentence = _("Please agree that we keep this, or leave all fields empty.")
        reasons.append(Reason("consent", sentence, "consents"))
    if reasons:
        raise CannotAnswer(reasons)
    registration.answers.all().delete()
    Answer.objects.bulk_create(
        Answer(
            gathering=locked,
            **locked.organiser_columns,
            registration=registration,
            question=questions[pk],
            text=text,
            consented_at=at,
        )
        for pk, text in said.items()
    )
    record(
        by=by,
        at=at,
        action="gatherings.answer",
        things=[registration],
        scope=locked,
        details={"questions": sorted(said)},
    )


def record_look(*, gathering: Gathering, by: Actor, at: datetime) -> None:
    """Write down that somebody read what participants need, each time anew."""
    record(by=by, at=at, action="gatherings.see_needs", things=[gathering])


def kept_until(gathering: Gathering) -> date:
    """The last day on which answers are kept: the one set, else the gathering's own."""
    return gathering.answers_until or day_of(gathering.ends_at)


def delete_old_answers(*, by: Actor, at: datetime) -> int:
    """Delete the answers whose last day has passed or whose gathering was cancelled; how many."""
    today = day_of(at)
    midnight = datetime(today.year, today.month, today.day, tzinfo=BERLIN)
    over = Q(answers_until__lt=today) | Q(answers_until__isnull=True, ends_at__lt=midnight)
    old = Gathering.objects.filter(
        over | Q(state=State.CANCELLED), pk__in=Answer.objects.values("gathering_id")
    )
    gatherings = list(old.order_by("pk"))
    removed = 0
    for gathering in gatherings:
        count, _kinds = gathering.answers.all().delete()
        removed += count
        record(
            by=by,
            at=at,
            action="gatherings.delete_answers",
            things=[gathering],
            details={"answers": count},
        )
    return removed


def _no_questions_now(gathering: Gathering) -> Iterable[Reason]:
    if gathering.state in {*OVER, State.CANCELLED}:
        yield Reason("over", _("The gathering is over or was cancelled."))


def _too_long(questions: Sequence[Asked]) -> Iterable[Reason]:
    for place, asked in enumerate(questions):
        if any(len(line) > LONGEST for line in asked.choices.splitlines()):
            sentence = _("An answer can have %(count)d letters.") % {"count": LONGEST}
            yield Reason("too_long", sentence, f"choices-{place}")


def _not_kept(gathering: Gathering, registration: Registration, at: datetime) -> Iterable[Reason]:
    state = gathering.registrations.values_list("state", flat=True).get(pk=registration.pk)
    if state == Seat.DECLINED:
        yield Reason("declined", _("This registration was cancelled."))
    if gathering.state == State.CANCELLED or kept_until(gathering) < day_of(at):
        yield Reason("too_late", _("Answers are not kept any more for this gathering."))


def _not_offered(questions: Mapping[int, Question], said: Mapping[int, str]) -> Iterable[Reason]:
    for pk, text in said.items():
        question = questions.get(pk)
        if question is None:
            yield Reason("unknown", _("This question is not asked any more."))
        elif question.lines and text not in question.lines:
            yield Reason("not_offered", _("Please choose one of the answers."), f"question-{pk}")
        elif len(text) > LONGEST:
            sentence = _("An answer can have %(count)d letters.") % {"count": LONGEST}
            yield Reason("too_long", sentence, f"question-{pk}")
