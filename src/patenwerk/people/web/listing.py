from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from patenwerk.core.policy import may_in
from patenwerk.core.registrations import panels_for
from patenwerk.core.web.lists import ListPage
from patenwerk.organisations.models import Site
from patenwerk.people.domain.row_problems import level_in_words
from patenwerk.people.enums import Level, Side
from patenwerk.people.kernel.languages import language_name
from patenwerk.people.models import Person
from patenwerk.people.policy import EDIT_PERSON, MOVE, RECORD_CHECK, SEE_PERSON
from patenwerk.people.queries.person import PeopleFilter, people, sites_with_people, support_fields
from patenwerk.people.queries.record_check import (
    CheckStanding,
    is_too_young_for_check,
    standing_of,
)
from patenwerk.people.queries.settings import PeopleRules, rules_by_scope
from patenwerk.people.web.filters import FilterForm, filter_of
from patenwerk.people.web.tables import COLUMNS

LANGUAGES_SHOWN = 3


class PersonList(ListPage):
    see = do = SEE_PERSON
    list_name = "people:people"
    template = "people/people.html"
    fragment = "people/_rows.html"
    filter_form = FilterForm
    sheet_name = "people"
    sheet_columns = COLUMNS
    sites: list[Site]
    filters: PeopleFilter

    def filter_options(self) -> dict[str, Any]:
        self.sites = list(sites_with_people(self.actor))
        return {
            "sites": self.sites,
            "fields": list(support_fields(self.actor)),
            "sees_checks": self.actor.has(RECORD_CHECK),
        }

    def listed(self, said: dict[str, Any]) -> QuerySet[Person]:
        self.filters = filter_of(said)
        return people(self.actor, self.filters, self.today)

    def exported(self, rows: QuerySet[Person]) -> list[Person]:
        return list(rows.select_related("programme").prefetch_related("fields"))

    def context(self, page: Any) -> dict[str, Any]:
        return {
            "lines": self.lines(list(page.object_list)),
            "is_narrowed": self.filters != PeopleFilter(order=self.filters.order),
            "shows_sites": len(self.sites) > 1,
            "sees_checks": self.actor.has(RECORD_CHECK),
            "may_add": self.actor.has(EDIT_PERSON),
            "may_move": self.actor.has(MOVE),
        }

    def lines(self, shown: Sequence[Person]) -> list[dict[str, Any]]:
        panels = panels_for(self.list_name, self.actor, [one.pk for one in shown], self.today)
        rules = rules_by_scope(person.scope_ids for person in shown)
        return [
            {
                "person": person,
                "panels": panels[person.pk],
                "days": (self.today - person.waiting_since).days,
                "languages": languages_in_words(person, self.request.LANGUAGE_CODE),
                "check": self.check(person, rule),
            }
            for person, rule in zip(shown, rules, strict=True)
        ]

    def check(self, person: Person, rules: PeopleRules) -> CheckStanding | None:
        """None where the actor may not see it, and where there is none to be asked for."""
        if person.side != Side.MENTOR or not may_in(self.actor, RECORD_CHECK, person):
            return None
        stored = getattr(person, "record_check", None)
        if stored is None and is_too_young_for_check(person, self.today):
            return None
        return standing_of(stored, rules, self.today)


def languages_in_words(person: Person, display: str) -> str:
    """The best languages of a person in one line."""
    said = [
        f"{language_name(code, display)} ({level_in_words(Level(level))})"
        for code, level in person.languages.items()
    ]
    return ", ".join(said[:LANGUAGES_SHOWN]) + (" …" if len(said) > LANGUAGES_SHOWN else "")
