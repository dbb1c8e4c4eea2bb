from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from patenwerk.core.policy import may_in
from patenwerk.core.sheets.writing import write_csv, write_xlsx
from patenwerk.core.web.views import PolicedView
from patenwerk.people.domain.row_problems import level_in_words
from patenwerk.people.enums import Level, Side
from patenwerk.people.kernel.languages import language_name
from patenwerk.people.models import Person
from patenwerk.people.policy import EDIT_PERSON, RECORD_CHECK, SEE_PERSON
from patenwerk.people.queries.person import PeopleFilter, people, sites_with_people, support_fields
from patenwerk.people.queries.record_check import standing_of
from patenwerk.people.queries.settings import rules_by_scope
from patenwerk.people.web.filters import FilterForm
from patenwerk.people.web.tables import headers, rows

PER_PAGE = 50
LANGUAGES_SHOWN = 3


class Filtered(PolicedView, abstract=True):
    """What list and export share: the same filter under the same policy."""

    see = do = SEE_PERSON

    def filter_form(self) -> FilterForm:
        return FilterForm(
            self.request.GET,
            sites=list(sites_with_people(self.actor)),
            fields=list(support_fields(self.actor)),
            sees_checks=self.actor.has(RECORD_CHECK),
        )


class PersonList(Filtered):
    template = "people/people.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = self.filter_form()
        filters = form.filters()
        found = people(self.actor, filters, self.today)
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        query = request.GET.copy()
        query.pop("page", None)
        context = {
            "form": form,
            "page": page,
            "lines": self.lines(list(page.object_list)),
            "query": query.urlencode(),
            "is_narrowed": filters != PeopleFilter(order=filters.order),
            "shows_sites": len(form.sites) > 1,
            "sees_checks": self.actor.has(RECORD_CHECK),
            "may_add": self.actor.has(EDIT_PERSON),
        }
        if getattr(request, "htmx", False):
            return render(request, "people/_rows.html", context)
        return self.page(context)

    def lines(self, shown: Sequence[Person]) -> list[dict[str, Any]]:
        rules = rules_by_scope(person.scope_ids for person in shown)
        return [
            {
                "person": person,
                "days": (self.today - person.waiting_since).days,
                "languages": languages_in_words(person, self.request.LANGUAGE_CODE),
                "check": standing_of(getattr(person, "record_check", None), rule, self.today)
                if person.side == Side.MENTOR and may_in(self.actor, RECORD_CHECK, person)
                else None,
            }
            for person, rule in zip(shown, rules, strict=True)
        ]


class Export(Filtered, abstract=True):
    """The whole list, not a page of it."""

    def exported(self) -> list[Person]:
        found = people(self.actor, self.filter_form().filters(), self.today)
        return list(found.select_related("programme").prefetch_related("fields"))

    def file(self, content: bytes, kind: str, ending: str) -> HttpResponse:
        name = f"{_('people')}-{self.today.isoformat()}.{ending}"
        return HttpResponse(
            content,
            content_type=kind,
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "no-store",
            },
        )


class ExportWorkbook(Export):
    def get(self, request: HttpRequest) -> HttpResponse:
        content = write_xlsx(headers(), rows(self.exported()), title=_("People"))
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return self.file(content, kind, "xlsx")


class ExportText(Export):
    def get(self, request: HttpRequest) -> HttpResponse:
        content = write_csv(headers(), rows(self.exported()))
        return self.file(content, "text/csv; charset=utf-8", "csv")


def languages_in_words(person: Person, display: str) -> str:
    """The best languages of a person in one line."""
    said = [
        f"{language_name(code, display)} ({level_in_words(Level(level))})"
        for code, level in person.languages.items()
    ]
    return ", ".join(said[:LANGUAGES_SHOWN]) + (" …" if len(said) > LANGUAGES_SHOWN else "")
