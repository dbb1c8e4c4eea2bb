"""The agenda: items, what carriers proposed, what changed, and the documents to it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, NoPersonalData, PersonalData
from patenwerk.gatherings.enums import Access, AgendaEvent, ItemState, Licence
from patenwerk.gatherings.models.gathering import PartOfGathering
from patenwerk.organisations.models import Carrier

_PROGRAMME = Entry(_("an agenda says who speaks"), Basis.LEGITIMATE_INTEREST, Erasure.KEEP, 3650)

ITEM_STATES = [
    (ItemState.PROPOSED.value, _("proposed")),
    (ItemState.ACCEPTED.value, _("on the agenda")),
    (ItemState.DECLINED.value, _("not this time")),
]
AGENDA_EVENTS = [
    (AgendaEvent.ADDED.value, _("added")),
    (AgendaEvent.CHANGED.value, _("changed")),
    (AgendaEvent.MOVED.value, _("moved")),
    (AgendaEvent.REMOVED.value, _("removed")),
]
LICENCES = [
    (Licence.ALL_RIGHTS.value, _("all rights reserved")),
    (Licence.CC_BY.value, "CC BY 4.0"),
    (Licence.CC_BY_SA.value, "CC BY-SA 4.0"),
    (Licence.CC_0.value, "CC0 1.0"),
]
ACCESSES = [
    (Access.EVERYBODY.value, _("everybody")),
    (Access.REGISTERED.value, _("those registered")),
    (Access.CIRCLE.value, _("the carriers' circle")),
    (Access.ORGANISERS.value, _("the organisers")),
]


class AgendaItem(PartOfGathering):
    """One item: proposed by a carrier or set by the organisers, with its minutes.

    Its time of day follows from the beginning of the gathering and the items before it;
    ``starts_at`` pins it to a moment of its own.
    """

    personal_data = PersonalData(
        subject="created_by_id",
        fields={"speaker": _PROGRAMME},
        beside={
            "title": "what is talked about",
            "text": "what is talked about",
            "decline_reason": "why an item has to wait",
            "state": "steering of the agenda",
            "starts_at": "steering of the agenda",
            "created_at": "steering of the agenda",
        },
    )

    position = models.PositiveSmallIntegerField(default=0, editable=False)
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("what it is about"), blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    starts_at = models.DateTimeField(_("begins at"), null=True, blank=True)
    speaker = models.CharField(_("who speaks"), max_length=160, blank=True)
    proposed_by = models.ForeignKey(
        Carrier, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=12, choices=ITEM_STATES, editable=False)
    decline_reason = models.CharField(max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    created_by_id = models.BigIntegerField(null=True, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ItemState.DECLINED) & ~Q(decline_reason="")
                | ~Q(state=ItemState.DECLINED) & Q(decline_reason=""),
                name="agenda_item_declined_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AgendaChange(PartOfGathering):
    """What happened to the agenda after it was announced, for everybody to see."""

    personal_data = NoPersonalData("what changed on an agenda")

    event = models.CharField(max_length=12, choices=AGENDA_EVENTS)
    title = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.title}: {self.get_event_display()}"


class Material(PartOfGathering):
    """A file or a link to a gathering or one item of its agenda, with its licence and access."""

    personal_data = NoPersonalData("a document to an agenda")

    item = models.ForeignKey(
        AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="materials"
    )
    title = models.CharField(_("title"), max_length=160)
    file = models.FileField(_("file"), upload_to="materials/", blank=True)
    media_type = models.CharField(max_length=100, blank=True, editable=False)
    size = models.PositiveBigIntegerField(default=0, editable=False)
    link = models.URLField(_("link"), blank=True)
    licence = models.CharField(_("licence"), max_length=12, choices=LICENCES)
    access = models.CharField(_("who may open it"), max_length=12, choices=ACCESSES)
    added_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file="") & ~Q(link="") | ~Q(file="") & Q(link=""),
                name="material_is_file_or_link",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ending(self) -> str:
        """What kind of file it is, as people call it: »PDF«; empty for a link."""
        return str(self.file.name or "").rpartition(".")[2].upper()
