"""Minutes: sections with every version, objections, and what was corrected afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from patenwerk.core.models import StepTaken
from patenwerk.core.personal_data import Basis, Entry, Erasure, NoPersonalData, PersonalData
from patenwerk.gatherings.enums import MinutesState, ObjectionState
from patenwerk.gatherings.models.agenda import AgendaItem
from patenwerk.gatherings.models.gathering import Gathering
from patenwerk.gatherings.models.scope import OrganiserScoped
from patenwerk.organisations.models import Carrier

_RECORD = Entry(
    _("the record of what a circle said and decided"),
    Basis.LEGITIMATE_INTEREST,
    Erasure.KEEP,
    3650,
)

MINUTES_STATES = [
    (MinutesState.DRAFT.value, _("draft")),
    (MinutesState.SENT.value, _("sent")),
    (MinutesState.OBJECTED.value, _("objections")),
    (MinutesState.APPROVED.value, _("approved")),
    (MinutesState.LOCKED.value, _("locked")),
]
OBJECTION_STATES = [
    (ObjectionState.OPEN.value, _("open")),
    (ObjectionState.ACCEPTED.value, pgettext_lazy("objection", "accepted")),
    (ObjectionState.REJECTED.value, _("not accepted")),
]


class Minutes(OrganiserScoped):
    """The minutes of one gathering. ``approved_in`` is the gathering that approved them."""

    personal_data = NoPersonalData("the frame of minutes; their words are in the sections")

    gathering = models.OneToOneField(Gathering, on_delete=models.CASCADE, related_name="minutes")
    state = models.CharField(
        max_length=12, choices=MINUTES_STATES, default=MinutesState.DRAFT.value, editable=False
    )
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    objections_until = models.DateField(_("objections until"), null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_in = models.ForeignKey(
        Gathering, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["-gathering__starts_at", "-pk"]
        verbose_name_plural = "minutes"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state=MinutesState.DRAFT, sent_at__isnull=True, objections_until__isnull=True
                )
                | ~Q(state=MinutesState.DRAFT)
                & Q(sent_at__isnull=False, objections_until__isnull=False),
                name="minutes_sent_with_term",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[MinutesState.APPROVED, MinutesState.LOCKED],
                    approved_at__isnull=False,
                )
                | ~Q(state__in=[MinutesState.APPROVED, MinutesState.LOCKED])
                & Q(approved_at__isnull=True),
                name="minutes_approved_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return str(self.gathering)


class PartOfMinutes(OrganiserScoped):
    """A row that hangs on minutes and belongs to their organisers."""

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="%(class)ss")

    class Meta:
        abstract = True


class MinutesStep(StepTaken, OrganiserScoped):
    """One step of minutes on their way to being the record."""

    personal_data = NoPersonalData("what happened to minutes, by an account's id")

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="steps_taken")


class Section(PartOfMinutes):
    """One section of the minutes, from an item of the agenda or free. ``version`` counts up."""

    personal_data = NoPersonalData("the work of a circle; its versions say who wrote what")

    item = models.ForeignKey(
        AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    heading = models.CharField(_("heading"), max_length=160)
    text = models.TextField(_("what was said"), blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.heading


class SectionVersion(PartOfMinutes):
    """A section's text as it was: what merging starts from, and what nobody can lose."""

    personal_data = PersonalData(
        subject="by_id",
        fields={"text": _RECORD, "at": _RECORD},
    )

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["section", "number"], name="section_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.section_id} · {self.number}"


class Objection(PartOfMinutes):
    """What a carrier objects to in minutes it was sent, and what became of it."""

    personal_data = PersonalData(
        subject="raised_by_id",
        fields={"text": _RECORD, "answer": _RECORD, "raised_at": _RECORD},
        beside={"state": "what became of it", "answered_at": "what became of it"},
    )

    section = models.ForeignKey(
        Section, on_delete=models.SET_NULL, null=True, blank=True, related_name="objections"
    )
    of_carrier = models.ForeignKey(
        Carrier, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("what should be different"))
    state = models.CharField(
        max_length=12, choices=OBJECTION_STATES, default=ObjectionState.OPEN.value, editable=False
    )
    answer = models.TextField(_("answer"), blank=True)
    raised_at = models.DateTimeField(editable=False)
    raised_by_id = models.BigIntegerField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["raised_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ObjectionState.OPEN, answered_at__isnull=True, answer="")
                | ~Q(state=ObjectionState.OPEN) & Q(answered_at__isnull=False) & ~Q(answer=""),
                name="objection_answered_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes_id} · {self.pk}"


class Correction(PartOfMinutes):
    """A dated note to locked minutes: the text itself stays as it was approved."""

    personal_data = PersonalData(
        subject="by_id",
        fields={"text": _RECORD, "at": _RECORD},
    )

    text = models.TextField(_("what is corrected"))
    at = models.DateTimeField(editable=False)
    by_id = models.BigIntegerField(null=True, editable=False)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.minutes_id} · {self.at:%Y-%m-%d}"
