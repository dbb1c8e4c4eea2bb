"""Figures of the years before the installation, as they were reported."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import NoPersonalData
from patenwerk.organisations.models import Carrier, ProgrammeScoped
from patenwerk.reporting.enums import Dimension


class YearlyFigure(ProgrammeScoped):
    """New tandems of one year: a carrier's total, or its part in one Land or focus.

    Without a carrier: of those whose carrier is not known any more. ``code`` is the Land's or the
    focus' code, empty for a total. It is the programme's, not the carrier's: the office imports
    it and nobody else reads it before it is published.
    """

    personal_data = NoPersonalData("numbers of a whole year, imported by the programme office")

    year = models.PositiveSmallIntegerField(_("year"))
    reported_by = models.ForeignKey(
        Carrier, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    dimension = models.CharField(
        max_length=8,
        choices=[
            (Dimension.TOTAL.value, _("total")),
            (Dimension.LAND.value, _("by Land")),
            (Dimension.FOCUS.value, _("by focus")),
        ],
    )
    code = models.CharField(max_length=40, blank=True)
    count = models.PositiveIntegerField()
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ["year", "reported_by__name", "dimension", "code"]
        constraints = [
            models.UniqueConstraint(
                F("programme_id"),
                F("year"),
                Coalesce(F("reported_by_id"), 0),
                F("dimension"),
                F("code"),
                name="yearly_figure_once",
            ),
            models.CheckConstraint(
                condition=Q(dimension=Dimension.TOTAL, code="")
                | ~Q(dimension=Dimension.TOTAL) & ~Q(code=""),
                name="yearly_figure_part_has_code",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.dimension} {self.code}: {self.count}"
