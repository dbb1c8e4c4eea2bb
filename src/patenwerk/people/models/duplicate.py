"""Two entries that may be one person, entries that were made one, and what tells across sites."""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.organisations.models import SiteScoped
from patenwerk.people.enums import PairState
from patenwerk.people.kernel.defaults import DAYS_TO_UNDO
from patenwerk.people.models.person import Person

_ONCE = Entry(
    _("keeping each person once (Art. 5 (1) d GDPR)"),
    Basis.LEGITIMATE_INTEREST,
    Erasure.DELETE_ROW,
)
_UNDONE = replace(_ONCE, retention_days=DAYS_TO_UNDO)


class PossibleDuplicate(SiteScoped):
    """Two people of one site and side who may be one; what was decided about them is remembered.

    ``score`` is how likely they are one person, in units of people.kernel.likeness.
    """

    personal_data = PersonalData(
        subject=("first", "second"),
        fields={"state": _ONCE, "score": _ONCE, "decided_at": _ONCE, "decided_by_id": _ONCE},
        beside={"found_at": "when the two were compared"},
    )

    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=[
            (PairState.OPEN.value, pgettext_lazy("two entries", "not decided")),
            (PairState.NOT_THE_SAME.value, _("two people")),
            (PairState.MERGED.value, pgettext_lazy("two entries", "merged")),
        ],
        default=PairState.OPEN.value,
    )
    score = models.IntegerField(default=0)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="possible_duplicate_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="possible_duplicate_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state=PairState.OPEN.value, decided_at__isnull=True)
                | (~Q(state=PairState.OPEN.value) & Q(decided_at__isnull=False)),
                name="possible_duplicate_decision_has_time",
            ),
        ]
        indexes = [models.Index(fields=["site", "state"], name="possible_duplicate_site")]

    def __str__(self) -> str:
        return f"{self.first_id} / {self.second_id}"


class Merge(SiteScoped):
    """One entry went into another. The row holds what is needed to take them apart again.

    ``values`` maps each column that was taken over to what it said before and says since;
    ``moved`` is what each app moved, by its name. ``presence`` says who of the two was archived
    since when. Undone, it remembers none of that; after its time (kernel.defaults.DAYS_TO_UNDO) the
    row goes with the entry.
    """

    personal_data = PersonalData(
        subject=("kept", "dropped"),
        fields={
            "values": _UNDONE,
            "moved": _UNDONE,
            "presence": _UNDONE,
            "merged_at": _UNDONE,
            "merged_by_id": _UNDONE,
            "undone_at": _UNDONE,
            "undone_by_id": _UNDONE,
        },
    )

    kept = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="merges")
    dropped = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    values = models.JSONField(default=dict)
    moved = models.JSONField(default=dict)
    presence = models.JSONField(default=dict)
    merged_at = models.DateTimeField()
    merged_by_id = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-merged_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dropped"], condition=Q(undone_at__isnull=True), name="merge_in_force_once"
            ),
            models.CheckConstraint(condition=~Q(kept=F("dropped")), name="merge_of_two"),
        ]
        indexes = [models.Index(fields=["merged_at"], name="merge_age")]

    def __str__(self) -> str:
        return f"{self.dropped_id} → {self.kept_id}"


class PersonFingerprint(SiteScoped):
    """What somebody may have in common with an entry at another site, under a key.

    ``digest`` is computed with the installation's key from names with birth date, phone or
    address; nothing can be read from it. It is compared and never shown.
    """

    personal_data = PersonalData(subject="person", fields={"digest": _ONCE})

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="fingerprints")
    digest = models.CharField(max_length=32)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "digest"], name="person_fingerprint_once")
        ]
        indexes = [models.Index(fields=["digest"], name="person_fingerprint_digest")]

    def __str__(self) -> str:
        return f"{self.person_id}"
