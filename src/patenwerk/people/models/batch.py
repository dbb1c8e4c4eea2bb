"""What is done for many people at once: for whom, what was before, and what is since."""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.organisations.models import Account, SiteScoped
from patenwerk.people.enums import BatchKind, BatchState, RowState
from patenwerk.people.kernel.defaults import DAYS_TO_TAKE_BACK
from patenwerk.people.models.person import Person

_BACK = Entry(
    _("taking back what was done for many at once"),
    Basis.LEGITIMATE_INTEREST,
    Erasure.DELETE_ROW,
    DAYS_TO_TAKE_BACK,
)
_BY = replace(_BACK, erasure=Erasure.EMPTY)


class Batch(SiteScoped):
    """One thing that is done for many people of one site at once. It goes after its days
    (kernel.defaults).

    ``wishes`` is what is to be changed, as domain.batch_change reads it. ``version`` counts how
    often that was said: whoever has looked at an older preview looks again. ``checks_removed`` is
    how many record checks went with archiving: they do not come back.
    """

    personal_data = PersonalData(
        subject=("done_by", "undone_by"),
        fields={"done_by": _BY, "done_at": _BY, "undone_by": _BY, "undone_at": _BY},
        beside={
            "kind": "what is done, for everybody alike",
            "state": "steering of the work itself",
            "wishes": "what is wished for everybody alike",
            "chosen_at": "when people were chosen",
        },
    )

    kind = models.CharField(
        _("what"),
        max_length=8,
        choices=[
            (BatchKind.ARCHIVE.value, pgettext_lazy("many people", "archived")),
            (BatchKind.RESTORE.value, pgettext_lazy("many people", "brought back")),
            (BatchKind.CHANGE.value, pgettext_lazy("many people", "changed")),
        ],
    )
    state = models.CharField(
        _("state"),
        max_length=6,
        choices=[
            (BatchState.CHOSEN.value, pgettext_lazy("for many people", "not done yet")),
            (BatchState.DONE.value, pgettext_lazy("for many people", "done")),
            (BatchState.UNDONE.value, pgettext_lazy("for many people", "taken back")),
        ],
        default=BatchState.CHOSEN.value,
    )
    wishes = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    chosen_at = models.DateTimeField()
    done_by = models.ForeignKey(
        Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    checks_removed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-done_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state=BatchState.CHOSEN.value, done_at__isnull=True, undone_at__isnull=True
                )
                | Q(state=BatchState.DONE.value, done_at__isnull=False, undone_at__isnull=True)
                | Q(state=BatchState.UNDONE.value, done_at__isnull=False, undone_at__isnull=False),
                name="batch_state_has_its_moments",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "-done_at"], name="batch_of_site"),
            models.Index(fields=["state", "chosen_at"], name="batch_state_age"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class BatchRow(SiteScoped):
    """One of the people of a batch.

    ``before`` and ``after`` map each column that is concerned to what it says now, or said, and to
    what it is to say, or says since, as plain JSON; taken back, they are empty. ``reasons`` are the
    codes why somebody is left out, or stays; ``stays`` names the columns that were not taken back.
    """

    personal_data = PersonalData(
        subject="person",
        fields={
            "state": _BACK,
            "before": _BACK,
            "after": _BACK,
            "reasons": _BACK,
            "stays": _BACK,
        },
    )

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(
        max_length=8,
        choices=[(state.value, state.value) for state in RowState],
        default=RowState.CHOSEN.value,
    )
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    stays = models.JSONField(default=list)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "person"], name="batch_row_once"),
        ]
        indexes = [models.Index(fields=["batch", "state"], name="batch_row_state")]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.person_id}"
