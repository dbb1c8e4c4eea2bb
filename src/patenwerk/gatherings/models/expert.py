"""Experts who agreed to be in the directory, and what they contributed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, NoPersonalData, PersonalData
from patenwerk.gatherings.enums import ContributionState, Sector
from patenwerk.gatherings.models.gathering import Gathering
from patenwerk.organisations.enums import Language
from patenwerk.organisations.models import Carrier, ProgrammeScoped, SupportField

_DIRECTORY = Entry(_("finding experts for workshops"), Basis.CONSENT, Erasure.EMPTY, 0)

SECTORS = [
    (Sector.POLITICS.value, _("politics")),
    (Sector.ADMINISTRATION.value, _("administration")),
    (Sector.BUSINESS.value, _("business")),
    (Sector.SCIENCE.value, _("science")),
    (Sector.CIVIL_SOCIETY.value, _("civil society")),
]
CONTRIBUTION_STATES = [
    (ContributionState.INVITED.value, _("invited")),
    (ContributionState.ACCEPTED.value, _("accepted")),
    (ContributionState.DECLINED.value, _("declined")),
    (ContributionState.HELD.value, _("held")),
]


class Expert(ProgrammeScoped):
    """Somebody who can be asked for a workshop. In the directory by consent only.

    Until ``consented_on`` the person was asked and has not answered; the network office alone
    sees the row. Withdrawing the consent empties it; what was contributed stays without the name.
    """

    personal_data = PersonalData(
        subject="email",
        fields={
            "name": _DIRECTORY,
            "email": _DIRECTORY,
            "phone": _DIRECTORY,
            "organisation": _DIRECTORY,
            "sector": _DIRECTORY,
            "about": _DIRECTORY,
            "topics": _DIRECTORY,
            "words": _DIRECTORY,
            "consented_on": _DIRECTORY,
            "withdrawn_on": _DIRECTORY,
            "language": _DIRECTORY,
        },
        beside={"created_at": "steering of the directory"},
    )

    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    sector = models.CharField(_("comes from"), max_length=16, choices=SECTORS, blank=True)
    about = models.TextField(_("in a few sentences"), blank=True)
    topics = models.JSONField(_("topics"), default=list, blank=True)
    fields = models.ManyToManyField(SupportField, blank=True, related_name="+")
    recommended_by = models.ForeignKey(
        Carrier, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    language = models.CharField(
        _("language"),
        max_length=5,
        choices=[(Language.GERMAN.value, "Deutsch"), (Language.ENGLISH.value, "English")],
        default=Language.GERMAN.value,
    )
    consented_on = models.DateField(_("agreed on"), null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True, editable=False)
    words = models.TextField(editable=False, blank=True)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) & ~Q(name="")
                | Q(
                    withdrawn_on__isnull=False,
                    consented_on__isnull=False,
                    name="",
                    email="",
                    phone="",
                    organisation="",
                    about="",
                    words="",
                ),
                name="expert_only_with_consent",
            ),
            models.CheckConstraint(
                condition=Q(consented_on__isnull=False) | ~Q(email=""),
                name="expert_asked_has_address",
            ),
            models.UniqueConstraint(
                F("programme_id"),
                Lower("email"),
                condition=~Q(email=""),
                name="expert_once_per_address",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("no longer in the directory"))


class Contribution(ProgrammeScoped):
    """What an expert was invited to or gave: at one of our gatherings, or before."""

    personal_data = NoPersonalData(
        "a title and a day, by an account's id; the name goes with the expert's own row"
    )

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="contributions")
    gathering = models.ForeignKey(
        Gathering, on_delete=models.PROTECT, null=True, blank=True, related_name="contributions"
    )
    title = models.CharField(_("what"), max_length=160)
    held_on = models.DateField(_("when"))
    state = models.CharField(max_length=12, choices=CONTRIBUTION_STATES)
    invited_by_id = models.BigIntegerField(null=True, editable=False)

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["expert", "gathering", "title"], name="contribution_once"
            )
        ]

    def __str__(self) -> str:
        return self.title
