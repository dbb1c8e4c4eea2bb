"""Gatherings: kinds, series, the gathering itself, and what each carrier has to do with it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from patenwerk.core.models import StepTaken
from patenwerk.core.personal_data import NoPersonalData
from patenwerk.gatherings.enums import Audience, Mode, State
from patenwerk.gatherings.models.scope import OrganiserScoped
from patenwerk.organisations.models import Carrier, Word

STATES = [
    (State.DRAFT.value, _("draft")),
    (State.ANNOUNCED.value, _("announced")),
    (State.OPEN.value, _("open for registration")),
    (State.CLOSED.value, _("registration closed")),
    (State.HELD.value, _("has taken place")),
    (State.DOCUMENTED.value, _("documented")),
    (State.CANCELLED.value, _("cancelled")),
]
MODES = [
    (Mode.IN_PERSON.value, pgettext_lazy("gathering", "in person")),
    (Mode.ONLINE.value, _("online")),
    (Mode.BOTH.value, _("in person and online")),
]
AUDIENCES = [
    (Audience.PUBLIC.value, _("everybody")),
    (Audience.CIRCLE.value, _("the carriers' circle")),
    (Audience.INVITED.value, _("invited carriers")),
]


class GatheringKind(Word):
    """A kind of gathering: congress, network meeting, workshop."""

    class Meta(Word.Meta):
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="gathering_kind_code_once")
        ]


class Series(OrganiserScoped):
    """Gatherings that follow each other: what stays open in one stands on the next one's agenda."""

    personal_data = NoPersonalData("the name of a row of gatherings")

    name = models.CharField(_("name"), max_length=120)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "series"
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="series_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Gathering(OrganiserScoped):
    """One gathering of the circle, of a carrier, or open to everybody.

    ``seats_taken`` counts the seats of all registrations that hold one, so that the last seat is
    given once. ``uid`` and ``sequence`` are the calendar's: the same event, its latest version.
    """

    personal_data = NoPersonalData("an event's public announcement")

    kind = models.ForeignKey(GatheringKind, on_delete=models.PROTECT, related_name="gatherings")
    series = models.ForeignKey(
        Series, on_delete=models.PROTECT, null=True, blank=True, related_name="gatherings"
    )
    title = models.CharField(_("title"), max_length=160)
    about = models.TextField(_("what it is about"), blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=STATES, default=State.DRAFT.value, editable=False
    )
    mode = models.CharField(_("where people meet"), max_length=12, choices=MODES)
    audience = models.CharField(_("for whom"), max_length=12, choices=AUDIENCES)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place_name = models.CharField(_("place"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    join_link = models.URLField(_("link to join online"), blank=True)
    access = models.CharField(_("access and support on site"), max_length=200, blank=True)
    languages = models.CharField(_("languages"), max_length=120, blank=True)
    costs = models.CharField(_("costs"), max_length=120, blank=True)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    seats_taken = models.PositiveIntegerField(default=0, editable=False)
    seats_per_carrier = models.PositiveSmallIntegerField(
        _("seats per carrier"), null=True, blank=True
    )
    offer_hours = models.PositiveSmallIntegerField(_("hours to accept an offered seat"), default=48)
    closes_at = models.DateTimeField(_("registration until"), null=True, blank=True)
    proposals_until = models.DateField(_("proposals for the agenda until"), null=True, blank=True)
    answers_until = models.DateField(
        _("answers about needs are deleted after"), null=True, blank=True
    )
    asks_feedback = models.BooleanField(_("ask for feedback afterwards"), default=True)
    feedback_anonymous = models.BooleanField(_("feedback is anonymous"), default=True)
    feedback_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancel_reason = models.CharField(max_length=300, blank=True, editable=False)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    announced_at = models.DateTimeField(null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="gathering_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=F("seats_taken")),
                name="gathering_seats_are_there",
            ),
            models.CheckConstraint(
                condition=Q(state=State.CANCELLED) & ~Q(cancel_reason="")
                | ~Q(state=State.CANCELLED) & Q(cancel_reason=""),
                name="gathering_cancelled_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, announced_at__isnull=True)
                | Q(state=State.CANCELLED)
                | ~Q(state=State.DRAFT) & Q(announced_at__isnull=False),
                name="gathering_announced_has_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "starts_at"], name="gathering_by_start"),
            models.Index(fields=["series", "starts_at"], name="gathering_in_series"),
        ]

    def __str__(self) -> str:
        return self.title


class GatheringStep(StepTaken, OrganiserScoped):
    """One step of a gathering's life cycle."""

    personal_data = NoPersonalData("what happened to an event, by an account's id")

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="steps_taken")


class PartOfGathering(OrganiserScoped):
    """A row that hangs on one gathering and belongs to its organisers."""

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="%(class)ss")

    class Meta:
        abstract = True


class CarrierShare(PartOfGathering):
    """What one carrier has to do with a gathering: invited, with how many seats, or not coming.

    ``seats`` overrides the gathering's seats per carrier.
    """

    personal_data = NoPersonalData("what an organisation was offered and answered")

    of_carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="+")
    is_invited = models.BooleanField(_("invited"), default=False)
    seats = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    regret = models.CharField(_("why nobody can come"), max_length=300, blank=True)
    regretted_at = models.DateTimeField(null=True, blank=True)
    regretted_by_id = models.BigIntegerField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["of_carrier__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "of_carrier"], name="carrier_share_once"),
            models.CheckConstraint(
                condition=Q(regretted_at__isnull=False) | Q(regret=""),
                name="carrier_regret_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of_carrier} · {self.gathering}"
