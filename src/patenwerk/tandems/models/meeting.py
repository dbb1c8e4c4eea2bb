"""A meeting of a tandem."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.organisations.models import SiteScoped
from patenwerk.tandems.enums import MeetingPlace
from patenwerk.tandems.models.tandem import Participant, Tandem

_EVIDENCE = Entry(_("evidence for the funding"), Basis.LEGAL_DUTY, Erasure.KEEP, 1825)

PLACES = [
    (MeetingPlace.IN_PERSON.value, _("in person")),
    (MeetingPlace.ONLINE.value, _("online")),
    (MeetingPlace.PHONE.value, _("by phone")),
]


class Meeting(SiteScoped):
    """A meeting: day, length, place or online, who came, topic."""

    personal_data = PersonalData(
        subject="tandem__participants__person",
        fields={
            "held_on": _EVIDENCE,
            "minutes": _EVIDENCE,
            "place": _EVIDENCE,
            "topic": Entry(_("accompanying the tandem"), Basis.CONTRACT, Erasure.EMPTY, 365),
            "came": _EVIDENCE,
        },
        beside={"created_at": "when it was logged"},
    )

    tandem = models.ForeignKey(Tandem, on_delete=models.CASCADE, related_name="meetings")
    held_on = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(_("length in minutes"))
    place = models.CharField(
        _("where"),
        max_length=12,
        choices=PLACES,
        default=MeetingPlace.IN_PERSON.value,
    )
    topic = models.CharField(_("what they did"), max_length=200, blank=True)
    came = models.ManyToManyField(Participant, related_name="+")
    #: Made by the form once, so that a second tap on »save« does not log a second meeting.
    form_key = models.UUIDField(unique=True)
    logged_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=1440), name="meeting_length_plausible"
            ),
        ]
        indexes = [models.Index(fields=["tandem", "held_on"], name="meeting_tandem_day")]

    def __str__(self) -> str:
        return f"{self.held_on}, {self.minutes} min"
