"""A matching round, what it suggests, and who was left over."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from patenwerk.core.personal_data import Basis, Entry, Erasure, NoPersonalData, PersonalData
from patenwerk.core.policy import Level
from patenwerk.jobs.models import Job
from patenwerk.matching.enums import RoundState, SuggestionState
from patenwerk.matching.kernel.codes import Changed, Why
from patenwerk.matching.models.programme_round import ProgrammeRound
from patenwerk.organisations.models import CarrierScoped, Site, SiteScoped
from patenwerk.people.models import Person
from patenwerk.tandems.models import Tandem

_FIT = Entry(_("finding a fitting partner"), Basis.CONTRACT, Erasure.DELETE_ROW, 365)


class Round(CarrierScoped):
    """One search for the best pairs of a site, or of a whole carrier (``site`` empty).

    ``sites`` are those whose waiting people it looks at; mentors may come from other sites of
    their networks. With a ``programme_round`` it holds the part of that one which concerns the
    site, and its mentors may come from anywhere in the programme. ``bound`` is what no other set
    of pairs can exceed in score, ``missing`` how many pairs more could exist at most, ``gap`` how
    far the total is from the bound. ``weights`` holds the settings as they were. ``prices`` (of
    mentors, by the person's id), ``bonus`` and ``shift`` are the certificate: what the bound is
    computed from, and what a later round goes on from. ``kept`` is how many pairs of the round
    before have stayed, None where there was none.
    """

    personal_data = NoPersonalData("figures of a calculation; the people stand in its suggestions")

    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sites = models.ManyToManyField(Site, related_name="+")
    programme_round = models.ForeignKey(
        ProgrammeRound, on_delete=models.CASCADE, null=True, blank=True, related_name="rounds"
    )
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=[
            (RoundState.RUNNING.value, pgettext_lazy("round", "is being calculated")),
            (RoundState.READY.value, pgettext_lazy("round", "waits for decisions")),
            (RoundState.CLOSED.value, pgettext_lazy("round", "closed")),
            (RoundState.FAILED.value, pgettext_lazy("round", "failed")),
        ],
        default=RoundState.RUNNING.value,
    )
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    matched = models.PositiveIntegerField(default=0)
    considered = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    bound = models.BigIntegerField(default=0)
    gap = models.FloatField(default=0)
    prices = models.JSONField(default=dict)
    bonus = models.BigIntegerField(default=0)
    shift = models.PositiveSmallIntegerField(default=0)
    kept = models.PositiveIntegerField(null=True)
    refreshed_at = models.DateTimeField(null=True)
    weights = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                F("carrier_id"),
                Coalesce(F("site_id"), 0),
                condition=Q(state=RoundState.RUNNING.value),
                name="round_running_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.site or self.carrier} {self.created_at:%Y-%m-%d}"

    @property
    def scope_ids(self) -> Mapping[Level, int]:
        found = {Level.PROGRAMME: self.programme_id, Level.CARRIER: self.carrier_id}
        if self.site_id is not None:
            found[Level.SITE] = self.site_id
        return found


class Suggestion(SiteScoped):
    """A mentor proposed for a mentee. Belongs to the mentee's site, whose coordinators decide.

    ``reasons`` is a list of ``{"code": …, "value": …}`` as in matching.queries.wording.
    """

    personal_data = PersonalData(
        subject=("mentee", "mentor"),
        fields={
            "reasons": _FIT,
            "decided_at": _FIT,
            "decided_by_id": _FIT,
            "why": _FIT,
            "state": _FIT,
        },
    )

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="suggestions")
    mentor = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    mentee = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    reasons = models.JSONField(default=list)
    position = models.PositiveIntegerField()
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[
            (SuggestionState.OPEN.value, _("waits for a decision")),
            (SuggestionState.TAKEN.value, _("proposed to both")),
            (SuggestionState.DECLINED.value, _("not followed")),
            (SuggestionState.WITHDRAWN.value, _("not possible any more")),
        ],
        default=SuggestionState.OPEN.value,
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True)
    why = models.TextField(_("why"), blank=True)
    tandem = models.ForeignKey(
        Tandem, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "mentor", "mentee"], name="suggestion_pair_once"
            ),
            models.CheckConstraint(
                condition=Q(state=SuggestionState.OPEN.value, decided_at__isnull=True)
                | (~Q(state=SuggestionState.OPEN.value) & Q(decided_at__isnull=False)),
                name="suggestion_decision_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=SuggestionState.DECLINED.value) | ~Q(why=""),
                name="suggestion_declined_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["mentee", "state"], name="suggestion_mentee_state"),
            models.Index(fields=["mentor", "state"], name="suggestion_mentor_state"),
            models.Index(fields=["site", "state"], name="suggestion_site_state"),
        ]

    def __str__(self) -> str:
        return f"{self.mentee} + {self.mentor}"


class LeftOverPerson(SiteScoped):
    """Somebody with an open place whom a round found no partner for, and why.

    ``limits`` is the smallest set of limits that stands in the way; relaxing it opens ``opens``
    partners. ``excluded`` counts how many of the other side break each limit.
    """

    personal_data = PersonalData(
        subject="person", fields={"why": _FIT, "limits": _FIT, "excluded": _FIT}
    )

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="left_over")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=20, choices=[(why.value, why.value) for why in Why])
    feasible = models.PositiveIntegerField(default=0)
    limits = models.JSONField(default=list)
    opens = models.PositiveIntegerField(default=0)
    excluded = models.JSONField(default=dict)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "person"], name="left_over_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.why}"


class SuggestionChange(SiteScoped):
    """A mentee whose suggestion is another one than before the round, or than before it was
    brought up to date. Belongs to the mentee's site.

    ``before`` and ``now`` are mentors, empty where there was or is none; ``limits`` are those that
    keep the two of before apart.
    """

    personal_data = PersonalData(
        subject=("mentee", "before", "now"), fields={"why": _FIT, "limits": _FIT}
    )

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="changes")
    mentee = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    before = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    now = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    why = models.CharField(max_length=20, choices=[(why.value, why.value) for why in Changed])
    limits = models.JSONField(default=list)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(before__isnull=False) | Q(now__isnull=False),
                name="suggestion_change_of_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.mentee}: {self.why}"
