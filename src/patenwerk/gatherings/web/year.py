from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.dates import MONTHS
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from patenwerk.core.web.lists import SheetColumn, sheet_answer
from patenwerk.core.web.views import PolicedView
from patenwerk.gatherings.policy import SEE_YEAR
from patenwerk.gatherings.queries.year import year_at_a_glance

FIRST_YEAR = 2000
YEARS_AHEAD = 5


class YearPage(PolicedView):
    see = do = SEE_YEAR
    template = "gatherings/year.html"
    gathering_columns: ClassVar[list[SheetColumn]] = [
        SheetColumn(_("Day"), lambda row: row.day),
        SheetColumn(_("Gathering"), lambda row: row.gathering.title),
        SheetColumn(_("Kind"), lambda row: row.gathering.kind.name_in(get_language() or "de")),
        SheetColumn(_("State"), lambda row: row.gathering.get_state_display()),
        SheetColumn(_("People"), lambda row: row.people),
        SheetColumn(_("Carriers"), lambda row: row.carriers),
        SheetColumn(_("Guests"), lambda row: row.guests),
    ]
    carrier_columns: ClassVar[list[SheetColumn]] = [
        SheetColumn(_("Carrier"), lambda row: row.carrier.name),
        SheetColumn(_("People"), lambda row: row.people),
        SheetColumn(_("Share in percent"), lambda row: round(row.share, 1)),
        SheetColumn(_("Gatherings"), lambda row: row.gatherings),
        SheetColumn(_("Last there before this year"), lambda row: row.last_came),
    ]

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        found = year_at_a_glance(self.actor, self.year(), self.today)
        kind = request.GET.get("format", "")
        if kind in {"xlsx", "csv"}:
            name = f"{found.year}-{self.today.isoformat()}"
            if request.GET.get("part") == "carriers":
                rows = found.came + found.absent
                return sheet_answer(kind, f"traeger-{name}", self.carrier_columns, rows)
            return sheet_answer(kind, f"treffen-{name}", self.gathering_columns, found.gatherings)
        return self.page(
            {
                "found": found,
                "kinds": [
                    (kind.name_in(get_language() or "de"), tally) for kind, tally in found.kinds
                ],
                "most_of_a_kind": max((tally.total for _kind, tally in found.kinds), default=0),
                "months": [(MONTHS[month], tally) for month, tally in found.months],
                "most_in_a_month": max(tally.total for _month, tally in found.months),
                "most_people": max([found.guests, *(row.people for row in found.came)]),
                "held_by_year": [(row.year, row.tally.held) for row in found.compared],
                "people_by_year": [(row.year, row.people) for row in found.compared],
                "gathering_files": self.files(found.year, "gatherings"),
                "carrier_files": self.files(found.year, "carriers"),
            }
        )

    def year(self) -> int:
        """The year in the address; anything else is the running one."""
        said = self.request.GET.get("year", "")
        if said.isascii() and said.isdecimal():
            year = int(said[:5])
            if FIRST_YEAR <= year <= self.today.year + YEARS_AHEAD:
                return year
        return self.today.year

    def files(self, year: int, part: str) -> list[tuple[str, str]]:
        return [
            (kind.upper(), f"?year={year}&part={part}&format={kind}") for kind in ("xlsx", "csv")
        ]
