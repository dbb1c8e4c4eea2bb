"""A person moves from one site to another one of the programme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.core.policy import Level
from patenwerk.organisations.models import SiteScoped
from patenwerk.people.enums import MoveState
from patenwerk.people.models.consent import Consent
from patenwerk.people.models.person import Person

_MOVED = Entry(_("handing a person over to another site"), Basis.CONSENT, Erasure.DELETE_ROW, 1095)


class Move(SiteScoped):
    """A person is to move, or has moved. Belongs to the site the person comes from.

    ``to_site`` decides; ``consent`` is what the proposal rests on. ``why`` is the sender's
    sentence, ``answer`` the receiver's. The row stays with both sites as their history.
    """

    personal_data = PersonalData(
        subject="person",
        fields={
            "to_site": _MOVED,
            "state": _MOVED,
            "consent": _MOVED,
            "why": _MOVED,
            "answer": _MOVED,
            "proposed_at": _MOVED,
            "proposed_by_id": _MOVED,
            "decided_at": _MOVED,
            "decided_by_id": _MOVED,
        },
    )

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="moves")
    to_carrier = models.ForeignKey(
        "organisations.Carrier", on_delete=models.PROTECT, related_name="+"
    )
    to_site = models.ForeignKey("organisations.Site", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[
            (MoveState.PROPOSED.value, pgettext_lazy("move", "waits for an answer")),
            (MoveState.ACCEPTED.value, pgettext_lazy("move", "has moved")),
            (MoveState.DECLINED.value, pgettext_lazy("move", "not taken in")),
            (MoveState.WITHDRAWN.value, pgettext_lazy("move", "taken back")),
        ],
        default=MoveState.PROPOSED.value,
    )
    consent = models.ForeignKey(
        Consent, on_delete=models.SET_NULL, null=True, blank=True, related_name="moves"
    )
    why = models.CharField(_("why"), max_length=300)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state=MoveState.PROPOSED.value),
                name="move_open_once",
            ),
            models.CheckConstraint(condition=~Q(to_site=F("site")), name="move_between_two_sites"),
            models.CheckConstraint(condition=~Q(why=""), name="move_says_why"),
            models.CheckConstraint(
                condition=~Q(state=MoveState.DECLINED.value) | ~Q(answer=""),
                name="move_declined_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state=MoveState.PROPOSED.value, decided_at__isnull=True)
                | (~Q(state=MoveState.PROPOSED.value) & Q(decided_at__isnull=False)),
                name="move_decision_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "state"], name="move_site_state"),
            models.Index(fields=["to_site", "state"], name="move_to_site_state"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.site_id} → {self.to_site_id}"


class ArrivingMove(Move):
    """The same row as the receiving site sees it: who may is asked of where the person goes."""

    scope_columns: ClassVar[Mapping[Level, str]] = {
        Level.PROGRAMME: "programme_id",
        Level.CARRIER: "to_carrier_id",
        Level.SITE: "to_site_id",
    }

    class Meta:
        proxy = True

    @property
    def scope_ids(self) -> Mapping[Level, int]:
        return {
            Level.PROGRAMME: self.programme_id,
            Level.CARRIER: self.to_carrier_id,
            Level.SITE: self.to_site_id,
        }
