"""What participants said afterwards, never in a group so small that one is recognised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from patenwerk.core.clock import day_of
from patenwerk.core.disclosure.minimum import MINIMUM_CELL
from patenwerk.core.links import said_by, signed_token
from patenwerk.core.policy import Actor, visible
from patenwerk.gatherings.enums import OVER, AnswerKind, State
from patenwerk.gatherings.models import (
    FeedbackAnswer,
    FeedbackQuestion,
    FeedbackSheet,
    Gathering,
    Registration,
)
from patenwerk.gatherings.policy import ORGANISE
from patenwerk.gatherings.queries.presence import present

SALT = "gatherings.feedback"
DAYS = 30
"""So many days after its end a gathering takes feedback."""
SCALE = range(1, 6)


def feedback_token(registration: Registration) -> str:
    """What opens the questionnaire of one participant without a login."""
    return signed_token({"registration": registration.pk}, purpose=SALT)


def registration_by_feedback_token(token: str) -> Registration | None:
    """Whose link it is; nothing for words that were not signed here."""
    pk = said_by(token, purpose=SALT).get("registration", 0)
    return Registration.objects.select_related("gathering__programme").filter(pk=pk).first()


def feedback_link() -> str:
    """The full address of the questionnaire, with ``{token}`` in it."""
    path = reverse("gatherings:give_feedback", args=["TOKEN"])
    return settings.PUBLIC_URL + path.replace("TOKEN", "{token}")


def last_day(gathering: Gathering) -> date:
    """The last day on which feedback is taken."""
    return day_of(gathering.ends_at) + timedelta(days=DAYS)


def gatherings_to_ask(at: datetime) -> QuerySet[Gathering]:
    """Gatherings that were held before today and whose participants were not asked yet."""
    today = day_of(at)
    recent = Gathering.objects.filter(
        state__in=OVER,
        asks_feedback=True,
        feedback_asked_at__isnull=True,
        ends_at__lt=at,
        ends_at__gt=at - timedelta(days=DAYS),
    )
    due = [gathering.pk for gathering in recent if day_of(gathering.ends_at) < today]
    return Gathering.objects.filter(pk__in=due).order_by("pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleResult:
    """How often each number from 1 to 5 was given, and their mean (None without an answer)."""

    question: FeedbackQuestion
    counts: tuple[int, ...]

    @property
    def answered(self) -> int:
        return sum(self.counts)

    @property
    def mean(self) -> float | None:
        if not self.answered:
            return None
        given = zip(SCALE, self.counts, strict=True)
        return sum(value * count for value, count in given) / self.answered

    @property
    def rows(self) -> list[tuple[int, int]]:
        """Number and count, the best first."""
        return list(zip(SCALE, self.counts, strict=True))[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One answer in words; ``name`` is empty where it is anonymous."""

    text: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextResult:
    """What was said to one question."""

    question: FeedbackQuestion
    answers: list[Said]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackResults:
    """The results of a gathering as they may be shown.

    ``given`` sheets have arrived, ``shown`` of them stand in the results, ``missing`` have to
    arrive before anything (more) is shown; ``asked`` people were there.
    """

    given: int
    shown: int
    missing: int
    asked: int
    scales: list[ScaleResult]
    texts: list[TextResult]


def feedback_results(gathering: Gathering, on: date) -> FeedbackResults:
    """Everything that was said and may be shown on a day: a fixed number of queries.

    Anonymous sheets appear from five on and in groups of five, so that nobody reads from the
    difference what the last one said; after the last day the rest joins those shown.
    """
    sheets = gathering.feedbacksheets
    counted = sheets.aggregate(given=Count("pk"), shown=Count("pk", filter=Q(is_shown=True)))
    given, shown = counted["given"], counted["shown"]
    if on > last_day(gathering) and shown:
        shown = given
    seen = sheets.all() if shown == given else sheets.filter(is_shown=True)
    questions = list(gathering.feedbackquestions.all())
    answers = _answers(seen) if shown else {}
    return FeedbackResults(
        given=given,
        shown=shown,
        missing=_missing(given, shown),
        asked=gathering.registrations.filter(present()).count(),
        scales=[
            ScaleResult(question=question, counts=_counts(answers.get(question.pk, [])))
            for question in questions
            if question.kind == AnswerKind.SCALE
        ],
        texts=[
            TextResult(question=question, answers=_said(answers.get(question.pk, [])))
            for question in questions
            if question.kind == AnswerKind.TEXT
        ],
    )


def feedback_panel(actor: Actor, ids: Sequence[int], on: date) -> Mapping[int, Mapping[str, Any]]:
    """Feedback on the organisers' page of a gathering: questions before, how many since."""
    own = Gathering.objects.filter(visible(actor, ORGANISE, Gathering), pk__in=ids).exclude(
        state=State.CANCELLED
    )
    counted = own.annotate(
        given=Count("feedbacksheets", distinct=True),
        shown=Count("feedbacksheets", filter=Q(feedbacksheets__is_shown=True), distinct=True),
    )
    return {
        row.pk: {
            "gathering": row,
            "given": row.given,
            "has_results": row.shown > 0,
            "missing": _missing(row.given, row.shown),
            "until": last_day(row),
            "is_over": on > last_day(row),
            "may_ask": row.state in OVER
            and row.asks_feedback
            and row.feedback_asked_at is None
            and on <= last_day(row),
        }
        for row in counted
    }


def _missing(given: int, shown: int) -> int:
    waiting = given - shown
    if shown and not waiting:
        return 0
    return MINIMUM_CELL - waiting


def _answers(sheets: QuerySet[FeedbackSheet]) -> dict[int, list[FeedbackAnswer]]:
    """Answers by question; anonymous ones in the order of their ids, which were drawn by lot."""
    found: dict[int, list[FeedbackAnswer]] = {}
    rows = FeedbackAnswer.objects.filter(sheet__in=sheets).annotate(
        name=F("sheet__registration__name")
    )
    for answer in rows.order_by("name", "pk"):
        found.setdefault(answer.question_id, []).append(answer)
    return found


def _counts(answers: Sequence[FeedbackAnswer]) -> tuple[int, ...]:
    values = [answer.value for answer in answers]
    return tuple(values.count(value) for value in SCALE)


def _said(answers: Sequence[Any]) -> list[Said]:
    return [Said(text=answer.text, name=answer.name or "") for answer in answers if answer.text]
