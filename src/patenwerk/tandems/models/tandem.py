"""A tandem, its participants and its steps."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patenwerk.core.models import StepTaken
from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.organisations.kernel.groups import LARGEST_GROUP
from patenwerk.organisations.models import Focus, SiteScoped, SupportField, TandemKind
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.tandems.enums import Acceptance, EndReason, State

_EVIDENCE = Entry(_("evidence for the funding"), Basis.LEGAL_DUTY, Erasure.KEEP, 1825)
_ACCOMPANY = Entry(_("accompanying the tandem"), Basis.CONTRACT, Erasure.EMPTY, 365)

STATES = [
    (State.PROPOSED.value, _("proposed")),
    (State.AGREED.value, _("agreed")),
    (State.TRIAL.value, _("trial")),
    (State.ACTIVE.value, _("active")),
    (State.PAUSED.value, _("paused")),
    (State.ENDED.value, _("ended")),
]
END_REASONS = [
    (EndReason.GOAL_REACHED.value, _("the goal is reached")),
    (EndReason.TIME_OVER.value, _("the agreed time is over")),
    (EndReason.DECLINED.value, _("one side said no")),
    (EndReason.MOVED_AWAY.value, _("moved away")),
    (EndReason.NO_TIME.value, _("no time any more")),
    (EndReason.NO_CONTACT.value, _("contact broke off")),
    (EndReason.DID_NOT_FIT.value, _("the two did not fit")),
    (EndReason.BY_ORGANISATION.value, _("ended by the organisation")),
    (EndReason.OTHER.value, _("another reason")),
]


class Tandem(SiteScoped):
    """Mentor and mentee, from the coordinator's decision on. The site is the lead site.

    A group tandem has several mentees (a family, a class, a group) or several mentors; ``name`` is
    what it is called and ``places`` how many mentees it takes. Who took part when stands with the
    participants.

    ``file_id`` is the number in the site's own spreadsheet; ``taken_over_at`` is set where the
    tandem came from a list: what was before then stands as it stood there.

    ``founded_on`` is the day of the first meeting. ``last_meeting_on`` and ``meeting_count`` are
    written with each meeting, so that lists need not count. A restart is a new episode with
    ``previous`` set.
    """

    personal_data = PersonalData(
        subject="participants__person",
        fields={
            "why": _ACCOMPANY,
            "founded_on": _EVIDENCE,
            "ended_on": _EVIDENCE,
            "end_reason": _EVIDENCE,
            "last_meeting_on": _EVIDENCE,
            "expected_end_on": _ACCOMPANY,
            "state": _EVIDENCE,
            "created_at": _EVIDENCE,
            "file_id": _EVIDENCE,
            "name": _ACCOMPANY,
        },
        beside={"taken_over_at": "when a list was read"},
    )

    file_id = models.CharField(_("number in your list"), max_length=60, blank=True)
    kind = models.ForeignKey(TandemKind, on_delete=models.PROTECT, related_name="+")
    focus = models.ForeignKey(Focus, on_delete=models.PROTECT, related_name="+")
    field = models.ForeignKey(SupportField, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"), max_length=12, choices=STATES, default=State.PROPOSED.value
    )
    name = models.CharField(_("name of the group"), max_length=80, blank=True)
    places = models.PositiveSmallIntegerField(_("places for who is accompanied"), default=1)
    why = models.TextField(_("why these two"), blank=True)
    founded_on = models.DateField(_("first meeting"), null=True, blank=True)
    expected_end_on = models.DateField(_("expected until"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(
        _("reason for the end"), max_length=20, choices=END_REASONS, blank=True
    )
    episode = models.PositiveSmallIntegerField(default=1, editable=False)
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="next"
    )
    meeting_count = models.PositiveIntegerField(default=0, editable=False)
    last_meeting_on = models.DateField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    taken_over_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "file_id"],
                condition=~Q(file_id=""),
                name="tandem_file_id_once",
            ),
            models.CheckConstraint(
                condition=Q(places__gte=1, places__lte=LARGEST_GROUP), name="tandem_places_1_to_50"
            ),
            models.CheckConstraint(
                condition=Q(state=State.ENDED, ended_on__isnull=False) & ~Q(end_reason="")
                | ~Q(state=State.ENDED) & Q(ended_on__isnull=True, end_reason=""),
                name="tandem_end_has_day_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(meeting_count=0, founded_on__isnull=True, last_meeting_on__isnull=True)
                | Q(meeting_count__gte=1, founded_on__isnull=False, last_meeting_on__isnull=False),
                name="tandem_meetings_agree",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "state"], name="tandem_site_state"),
            models.Index(fields=["carrier", "state"], name="tandem_carrier_state"),
        ]

    def __str__(self) -> str:
        return f"Tandem {self.pk}"

    @property
    def sign(self) -> str:
        """How far the two half-discs are apart: the look's name for the state."""
        return "closed" if self.state == State.ENDED else self.state


class Participant(SiteScoped):
    """One person in a tandem, with that person's own site and what it says to the proposal.

    Who leaves and comes back has a row for each time. A substitute is a mentor who stands in when
    another one cannot come: that takes no place of the person's capacity. ``why`` is what was said
    where somebody was asked into a group that runs.
    """

    personal_data = PersonalData(
        subject="person",
        fields={
            "acceptance": _ACCOMPANY,
            "answered_on": _ACCOMPANY,
            "joined_on": _EVIDENCE,
            "left_on": _EVIDENCE,
            "side": _EVIDENCE,
            "is_substitute": _EVIDENCE,
            "why": _ACCOMPANY,
        },
    )

    tandem = models.ForeignKey(Tandem, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="participations")
    side = models.CharField(
        max_length=8,
        choices=[(Side.MENTEE.value, _("is accompanied")), (Side.MENTOR.value, _("accompanies"))],
    )
    is_substitute = models.BooleanField(_("stands in"), default=False)
    why = models.TextField(_("why in this group"), blank=True)
    acceptance = models.CharField(
        _("answer"),
        max_length=8,
        choices=[
            (Acceptance.OPEN.value, _("not answered yet")),
            (Acceptance.ACCEPTED.value, _("said yes")),
            (Acceptance.DECLINED.value, _("said no")),
        ],
        default=Acceptance.OPEN.value,
    )
    answered_on = models.DateField(null=True, blank=True)
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["side", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tandem", "person"],
                condition=Q(left_on__isnull=True),
                name="participant_there_once",
            ),
            models.CheckConstraint(
                condition=Q(is_substitute=False) | Q(side=Side.MENTOR),
                name="participant_substitute_accompanies",
            ),
            models.CheckConstraint(
                condition=Q(acceptance=Acceptance.OPEN, answered_on__isnull=True)
                | ~Q(acceptance=Acceptance.OPEN) & Q(answered_on__isnull=False),
                name="participant_answer_has_day",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=models.F("joined_on")),
                name="participant_leaves_after_joining",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.get_side_display()})"


class TandemStep(StepTaken, SiteScoped):
    """One step of a tandem's life cycle."""

    personal_data = PersonalData(
        subject="tandem__participants__person",
        fields={
            "step": _EVIDENCE,
            "from_state": _EVIDENCE,
            "to_state": _EVIDENCE,
            "at": _EVIDENCE,
            "reason": _EVIDENCE,
            "note": _ACCOMPANY,
        },
    )

    tandem = models.ForeignKey(Tandem, on_delete=models.CASCADE, related_name="steps_taken")
