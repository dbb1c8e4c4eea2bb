"""Who comes: registrations, and what participants were asked and answered."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from patenwerk.core.models import EncryptedTextField, StepTaken
from patenwerk.core.personal_data import Basis, Entry, Erasure, NoPersonalData, PersonalData
from patenwerk.core.policy import Level
from patenwerk.gatherings.enums import HOLDING, Need, Seat
from patenwerk.gatherings.models.gathering import Gathering, PartOfGathering
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Account, Carrier

_COMING = Entry(_("taking part in a gathering"), Basis.CONTRACT, Erasure.REPLACE, 365)
_PROOF = Entry(_("evidence of who took part"), Basis.LEGITIMATE_INTEREST, Erasure.KEEP, 1825)
_NEED = Entry(_("being able to take part; kept apart"), Basis.CONSENT, Erasure.DELETE_ROW, 0)

SEATS = [
    (Seat.SEATED.value, _("has a seat")),
    (Seat.WAITING.value, _("on the waiting list")),
    (Seat.OFFERED.value, _("a seat is offered")),
    (Seat.SUBSTITUTE.value, _("substitute")),
    (Seat.DECLINED.value, _("cannot come")),
]
NEEDS = [
    (Need.FOOD.value, _("food")),
    (Need.ACCESS.value, _("access")),
    (Need.INTERPRETING.value, _("interpreting")),
    (Need.SIGN_LANGUAGE.value, _("sign language")),
    (Need.OTHER.value, _("something else")),
]


class Registration(models.Model):
    """One person, or one group under one name, at a gathering.

    It belongs to the carrier whose people they are; guests belong to none and are reached by the
    organisers alone. ``seats`` is more than one for group places. ``waiting_since`` is the
    place in the queue; it stays while a seat is offered, and becomes later when the offer ran out.
    """

    scope_columns: ClassVar[Mapping[Level, str]] = {Level.CARRIER: "carrier_id"}
    personal_data = PersonalData(
        subject=("account", "email"),
        fields={
            "name": _COMING,
            "email": _COMING,
            "organisation": _COMING,
            "language": _COMING,
            "state": _PROOF,
            "seats": _PROOF,
            "attended": _PROOF,
            "listed_at": _COMING,
            "waiting_since": _COMING,
            "offered_until": _COMING,
            "created_at": _PROOF,
        },
        beside={
            "feedback_given_on": "that feedback was given, never what was said",
        },
    )

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="registrations")
    carrier = models.ForeignKey(
        Carrier, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), blank=True)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    language = models.CharField(
        _("language"),
        max_length=5,
        choices=[(Language.GERMAN.value, "Deutsch"), (Language.ENGLISH.value, "English")],
        default=Language.GERMAN.value,
    )
    seats = models.PositiveSmallIntegerField(_("seats"), default=1)
    state = models.CharField(max_length=12, choices=SEATS, editable=False)
    waiting_since = models.DateTimeField(null=True, blank=True, editable=False)
    offered_until = models.DateTimeField(null=True, blank=True, editable=False)
    listed_at = models.DateTimeField(null=True, blank=True)
    attended = models.BooleanField(_("was there"), null=True, blank=True)
    feedback_given_on = models.DateField(null=True, blank=True, editable=False)
    form_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                F("gathering_id"),
                Lower("email"),
                condition=~Q(email="") & ~Q(state=Seat.DECLINED),
                name="registration_once_per_address",
            ),
            models.CheckConstraint(condition=Q(seats__gte=1), name="registration_has_a_seat"),
            models.CheckConstraint(
                condition=Q(state__in=[Seat.WAITING, Seat.OFFERED], waiting_since__isnull=False)
                | ~Q(state__in=[Seat.WAITING, Seat.OFFERED]) & Q(waiting_since__isnull=True),
                name="registration_waits_since",
            ),
            models.CheckConstraint(
                condition=Q(state=Seat.OFFERED, offered_until__isnull=False)
                | ~Q(state=Seat.OFFERED) & Q(offered_until__isnull=True),
                name="registration_offer_has_end",
            ),
        ]
        indexes = [
            models.Index(fields=["gathering", "state", "waiting_since"], name="registration_queue"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_ids(self) -> Mapping[Level, int]:
        return {} if self.carrier_id is None else {Level.CARRIER: self.carrier_id}

    @property
    def holds_a_seat(self) -> bool:
        """Whether its seats are taken from the capacity."""
        return self.state in HOLDING


class RegistrationStep(StepTaken):
    """One step of a registration: seated, waiting, offered, declined."""

    scope_columns: ClassVar[Mapping[Level, str]] = {Level.CARRIER: "carrier_id"}
    personal_data = PersonalData(
        subject="registration__account",
        fields={
            "step": _COMING,
            "from_state": _COMING,
            "to_state": _COMING,
            "at": _COMING,
            "reason": _COMING,
            "note": _COMING,
        },
    )

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="steps_taken"
    )
    carrier = models.ForeignKey(
        Carrier, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )


class Question(PartOfGathering):
    """What participants are asked. ``choices`` holds one possible answer per line, or nothing."""

    personal_data = NoPersonalData("a question of the organisers")

    position = models.PositiveSmallIntegerField(_("order"), default=0)
    need = models.CharField(_("about"), max_length=16, choices=NEEDS)
    text = models.CharField(_("question"), max_length=200)
    choices = models.TextField(_("answers to choose from, one per line"), blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def lines(self) -> list[str]:
        """The answers to choose from."""
        return [line.strip() for line in self.choices.splitlines() if line.strip()]


class Answer(PartOfGathering):
    """What one participant needs. Read by the organisers alone, deleted after the day set."""

    personal_data = PersonalData(
        subject="registration__account",
        fields={"text": _NEED, "consented_at": _NEED},
    )

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    text = EncryptedTextField(_("answer"))
    consented_at = models.DateTimeField()

    class Meta:
        ordering = ["question__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "question"], name="answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.question_id} · {self.registration_id}"
