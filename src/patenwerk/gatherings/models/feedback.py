"""What participants say afterwards."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, NoPersonalData, PersonalData
from patenwerk.gatherings.enums import AnswerKind
from patenwerk.gatherings.models.gathering import PartOfGathering
from patenwerk.gatherings.models.registration import Registration

_SAID = Entry(_("making gatherings better"), Basis.CONSENT, Erasure.DELETE_ROW, 365)

ANSWER_KINDS = [
    (AnswerKind.SCALE.value, _("from 1 to 5")),
    (AnswerKind.TEXT.value, _("in words")),
]


class FeedbackQuestion(PartOfGathering):
    """One question of the short questionnaire."""

    personal_data = NoPersonalData("a question of the organisers")

    position = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("answered"), max_length=8, choices=ANSWER_KINDS)
    text = models.CharField(_("question"), max_length=200)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class FeedbackSheet(PartOfGathering):
    """One filled questionnaire.

    Anonymous ones name nobody, their ids are drawn by lot and ``given_on`` is the gathering's last
    day: neither order nor day tells who filled one. ``is_shown`` sheets stand in the results:
    anonymous ones join them in groups that are large enough.
    """

    personal_data = PersonalData(
        subject="registration__account",
        fields={"given_on": _SAID},
        beside={"is_shown": "whether it stands in the results"},
    )

    registration = models.OneToOneField(
        Registration, on_delete=models.CASCADE, null=True, blank=True, related_name="feedback"
    )
    given_on = models.DateField()
    is_shown = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return f"{self.gathering_id} · {self.pk}"


class FeedbackAnswer(PartOfGathering):
    """One answer on a sheet: a number from 1 (no) to 5 (yes), or words."""

    personal_data = PersonalData(
        subject="sheet__registration__account",
        fields={"text": _SAID},
    )

    sheet = models.ForeignKey(FeedbackSheet, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(FeedbackQuestion, on_delete=models.CASCADE, related_name="answers")
    value = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "question"], name="feedback_answer_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=1, value__lte=5),
                name="feedback_value_from_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} · {self.question_id}"
