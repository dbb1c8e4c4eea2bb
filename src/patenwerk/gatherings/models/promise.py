"""What a circle decided and promised, and what happened since."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patenwerk.core.models import StepTaken
from patenwerk.core.personal_data import Basis, Entry, Erasure, NoPersonalData, PersonalData
from patenwerk.gatherings.enums import CommitmentKind, CommitmentState, DecisionState
from patenwerk.gatherings.models.gathering import PartOfGathering, Series
from patenwerk.gatherings.models.minutes import Section
from patenwerk.gatherings.models.scope import OrganiserScoped
from patenwerk.organisations.models import Account, Carrier

_PROMISED = Entry(
    _("who promised what in a circle"), Basis.LEGITIMATE_INTEREST, Erasure.REPLACE, 3650
)
_TOLD = Entry(_("what became of a promise"), Basis.LEGITIMATE_INTEREST, Erasure.KEEP, 3650)

DECISION_STATES = [
    (DecisionState.IN_FORCE.value, _("in force")),
    (DecisionState.CARRIED_OUT.value, _("carried out")),
    (DecisionState.REPLACED.value, _("replaced")),
    (DecisionState.WITHDRAWN.value, _("withdrawn")),
]
COMMITMENT_KINDS = [
    (CommitmentKind.TASK.value, _("task")),
    (CommitmentKind.ACTIVITY.value, _("joint activity")),
]
COMMITMENT_STATES = [
    (CommitmentState.OPEN.value, _("open")),
    (CommitmentState.DONE.value, _("done")),
    (CommitmentState.DROPPED.value, _("dropped")),
]


class Decision(PartOfGathering):
    """One decision of a gathering, with its grounds. ``number`` counts within the gathering.

    ``words`` holds the folded words of text and grounds: the register is searched in them.
    """

    personal_data = NoPersonalData("what a circle decided")

    section = models.ForeignKey(
        Section, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    number = models.PositiveSmallIntegerField(editable=False)
    text = models.TextField(_("decision"))
    grounds = models.TextField(_("grounds"), blank=True)
    decided_on = models.DateField(_("decided on"))
    state = models.CharField(
        max_length=12, choices=DECISION_STATES, default=DecisionState.IN_FORCE.value, editable=False
    )
    replaced_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces"
    )
    words = models.TextField(editable=False)

    class Meta:
        ordering = ["-decided_on", "gathering", "number"]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "number"], name="decision_number_once"),
            models.CheckConstraint(
                condition=Q(state=DecisionState.REPLACED, replaced_by__isnull=False)
                | ~Q(state=DecisionState.REPLACED) & Q(replaced_by__isnull=True),
                name="decision_replaced_by_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decided_on.year}-{self.gathering_id}/{self.number}"


class DecisionStep(StepTaken, OrganiserScoped):
    """One change of what a decision is worth."""

    personal_data = NoPersonalData("what became of a decision, by an account's id")

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="steps_taken")


class Commitment(PartOfGathering):
    """A task or a joint activity that somebody promised in a gathering.

    ``of_carrier`` is the carrier that promised; empty means the organisers themselves.
    ``partners`` are further carriers of a joint activity. ``series`` repeats the gathering's:
    what is open stands on the next agenda of the series.
    """

    personal_data = PersonalData(
        subject="account",
        fields={
            "owner": _PROMISED,
            "due_on": _TOLD,
            "settled_on": _TOLD,
            "state": _TOLD,
            "reminded_at": _PROMISED,
        },
        beside={
            "kind": "what was promised",
            "text": "what was promised",
            "words": "what was promised",
            "created_at": "steering",
        },
    )

    section = models.ForeignKey(
        Section, on_delete=models.SET_NULL, null=True, blank=True, related_name="commitments"
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.SET_NULL, null=True, blank=True, related_name="commitments"
    )
    series = models.ForeignKey(
        Series, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=COMMITMENT_KINDS)
    text = models.CharField(_("what"), max_length=300)
    owner = models.CharField(_("who"), max_length=120, blank=True)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    of_carrier = models.ForeignKey(
        Carrier, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    partners = models.ManyToManyField(Carrier, blank=True, related_name="+")
    due_on = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(
        max_length=12, choices=COMMITMENT_STATES, default=CommitmentState.OPEN.value, editable=False
    )
    settled_on = models.DateField(null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    words = models.TextField(editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=CommitmentState.OPEN, settled_on__isnull=True)
                | ~Q(state=CommitmentState.OPEN) & Q(settled_on__isnull=False),
                name="commitment_settled_has_day",
            ),
        ]
        indexes = [
            models.Index(fields=["series", "state"], name="commitment_open_in_series"),
            models.Index(fields=["of_carrier", "state"], name="commitment_of_carrier"),
        ]

    def __str__(self) -> str:
        return self.text


class CommitmentStep(StepTaken, OrganiserScoped):
    """One step of a promise: done, dropped, taken up again."""

    personal_data = PersonalData(
        subject="by_id",
        fields={
            "step": _TOLD,
            "from_state": _TOLD,
            "to_state": _TOLD,
            "at": _TOLD,
            "reason": _TOLD,
            "note": _TOLD,
        },
    )

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="steps_taken")


class Progress(OrganiserScoped):
    """What happened to a promise since: a dated note by whoever knows."""

    personal_data = PersonalData(
        subject="by_id",
        fields={"text": _TOLD, "at": _TOLD},
    )

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="progress")
    text = models.CharField(_("what happened since"), max_length=500)
    at = models.DateTimeField(editable=False)
    by_id = models.BigIntegerField(null=True, editable=False)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "progress"

    def __str__(self) -> str:
        return self.text
