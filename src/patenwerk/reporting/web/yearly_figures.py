from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from patenwerk.core.sheets.writing import write_csv
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.views import ObjectFormPage
from patenwerk.organisations.models import Programme
from patenwerk.reporting.domain.yearly_figures import (
    COLUMNS,
    FigureRow,
    import_yearly_figures,
    read_yearly_figures,
    remove_yearly_figures,
)
from patenwerk.reporting.models import YearlyFigure
from patenwerk.reporting.policy import IMPORT_FIGURES
from patenwerk.reporting.queries.release import imported_years, names_of
from patenwerk.reporting.web.forms import FiguresFileForm, FiguresTextForm

DIMENSION_WORDS = dict(YearlyFigure._meta.get_field("dimension").flatchoices)


class YearlyFigures(ObjectFormPage):
    """What was imported, and a file in two steps: look at what was understood, then take it."""

    model = Programme
    see = do = IMPORT_FIGURES
    form_class = FiguresFileForm
    template = "reporting/yearly_figures.html"

    def context(self) -> dict[str, Any]:
        return {"programme": self.object, "years": imported_years(self.object)}

    def form(self, *data: Any) -> Any:
        if data and "text" in data[0]:
            return FiguresTextForm(data[0])
        return super().form(*data)

    def page(self, context: Any, *, status: int = 200) -> HttpResponse:
        form = context["form"]
        if isinstance(form, FiguresTextForm):
            # What went wrong at the second step is said above the first one's form.
            problems = [str(error) for errors in form.errors.values() for error in errors]
            context = {**context, "form": FiguresFileForm(), "problems": problems}
        return super().page(context, status=status)

    def perform(self, form: Any) -> str | HttpResponse:
        if isinstance(form, FiguresTextForm):
            rows = import_yearly_figures(
                programme=self.object,
                data=form.cleaned_data["text"].encode(),
                by=self.actor,
                at=self.now,
            )
            self.said(
                ngettext(
                    "%(count)s figure was taken over.",
                    "%(count)s figures were taken over.",
                    len(rows),
                )
                % {"count": len(rows)}
            )
            return reverse("reporting:yearly_figures", args=[self.object.pk])
        rows = read_yearly_figures(
            programme=self.object, data=form.cleaned_data["file"], at=self.now
        )
        return self.preview(rows)

    def preview(self, rows: list[FigureRow]) -> HttpResponse:
        """The figures as understood, to be taken over or not."""
        language = 0 if (get_language() or "de").startswith("de") else 1
        names = names_of(self.object)
        known = {year for year, _total in imported_years(self.object)}
        years = sorted({row.year for row in rows})
        self.template = "reporting/yearly_preview.html"  # type: ignore[misc]
        return super().page(
            {
                "programme": self.object,
                "form": FiguresTextForm(initial={"text": _as_text(rows)}),
                "replaced": [year for year in years if year in known],
                "totals": [
                    (year, sum(row.count for row in rows if row.year == year and not row.code))
                    for year in years
                ],
                "rows": [
                    (
                        row.year,
                        row.carrier.name if row.carrier else _("carrier not known"),
                        DIMENSION_WORDS[row.dimension.value],
                        names[row.dimension][row.code][language] if row.code else "",
                        row.count,
                    )
                    for row in rows
                ],
            }
        )


class TakeBack(ObjectFormPage):
    """The last imported year is taken back."""

    model = Programme
    see = do = IMPORT_FIGURES
    form_class = ConfirmForm
    template = "reporting/take_back.html"

    def last_year(self) -> int | None:
        years = [year for year, _total in imported_years(self.object)]
        return max(years, default=None)

    def context(self) -> dict[str, Any]:
        return {"programme": self.object, "year": self.last_year()}

    def perform(self, form: Any) -> str:
        remove_yearly_figures(
            programme=self.object, year=self.last_year() or 0, by=self.actor, at=self.now
        )
        self.said(_("The year was taken back."))
        return reverse("reporting:yearly_figures", args=[self.object.pk])


def _as_text(rows: list[FigureRow]) -> str:
    """The figures in the import's own format, to be sent back by the preview."""
    header = [words[0] for words in COLUMNS.values()]
    lines = [
        (
            row.year,
            row.carrier.name if row.carrier else "",
            row.dimension.value,
            row.code,
            row.count,
        )
        for row in rows
    ]
    return write_csv(header, lines).decode("utf-8-sig")
