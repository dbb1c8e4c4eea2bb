"""A dated release of figures: the programme level reads these, never live tables."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patenwerk.core.disclosure.publication import Publication
from patenwerk.core.personal_data import Basis, Entry, Erasure, NoPersonalData, PersonalData
from patenwerk.organisations.models import ProgrammeScoped
from patenwerk.reporting.enums import ReleaseState
from patenwerk.reporting.kernel.defaults import LOWEST_MINIMUM_CELL

_WHO = _("who published figures, and when")


class Release(ProgrammeScoped):
    """The published tables of one day, after disclosure control.

    ``published`` is ``core.disclosure``'s publication as JSON, ``names`` the words of its columns
    in both languages (table → code → [German, English]) as they were then; both are empty while
    the draft is being calculated by ``job_id``. ``settled_through`` is the last year divided into
    groups, ``rule_number`` the latest counting rule applied (0: the programme had none). Once
    published nothing of it changes.
    """

    personal_data = PersonalData(
        subject="published_by_id",
        fields={
            "notes": Entry(_WHO, Basis.PUBLIC_TASK, Erasure.KEEP, exported=False),
            "published_by_id": Entry(_WHO, Basis.PUBLIC_TASK, Erasure.EMPTY, 3650),
            "published_at": Entry(_WHO, Basis.PUBLIC_TASK, Erasure.KEEP),
        },
    )

    as_of = models.DateField(_("as of"))
    settled_through = models.PositiveSmallIntegerField(_("last year shown in groups"))
    state = models.CharField(
        max_length=10,
        choices=[
            (ReleaseState.DRAFT.value, _("draft")),
            (ReleaseState.PUBLISHED.value, _("published")),
        ],
        default=ReleaseState.DRAFT.value,
    )
    notes = models.TextField(_("note for readers"), blank=True)
    rule_number = models.PositiveSmallIntegerField(null=True, blank=True)
    minimum_cell = models.PositiveSmallIntegerField()
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published = models.JSONField(null=True, blank=True)
    names = models.JSONField(default=dict)
    job_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-as_of", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "as_of"],
                condition=Q(state=ReleaseState.PUBLISHED),
                name="release_day_once",
            ),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state=ReleaseState.DRAFT),
                name="release_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(state=ReleaseState.DRAFT, published_at__isnull=True)
                | Q(
                    state=ReleaseState.PUBLISHED,
                    published_at__isnull=False,
                    published__isnull=False,
                ),
                name="release_published_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(minimum_cell__gte=LOWEST_MINIMUM_CELL), name="release_minimum_cell"
            ),
        ]

    def __str__(self) -> str:
        return self.as_of.isoformat()

    @property
    def publication(self) -> Publication | None:
        """The tables; None while they are being calculated."""
        return None if self.published is None else Publication.from_json(self.published)


class ReleaseLedger(ProgrammeScoped):
    """The true counts behind a release, for the next one. In no page and no file, ever."""

    personal_data = NoPersonalData("counts of tandems, kept from everybody")

    release = models.OneToOneField(Release, on_delete=models.CASCADE, related_name="ledger")
    content = models.JSONField()

    class Meta:
        verbose_name_plural = "ledgers"

    def __str__(self) -> str:
        return f"ledger {self.release_id}"
