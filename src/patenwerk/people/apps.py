from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "patenwerk.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from patenwerk.core.registrations import (
            DayCard,
            NavigationItem,
            Panel,
            SearchSource,
            day_cards,
            navigation,
            panels,
            search_sources,
        )
        from patenwerk.imports.domain.kinds import kinds
        from patenwerk.people.domain.importing import MENTEES, MENTORS
        from patenwerk.people.policy import MERGE, RECORD_CHECK, SEE_PERSON, SET_RULES
        from patenwerk.people.queries.cards import duplicates_card, record_check_card, rules_panel
        from patenwerk.people.queries.search import people_found

        navigation.add(
            NavigationItem(
                name="people.people",
                order=20,
                permission=SEE_PERSON,
                label=_("People"),
                icon="contact-round",
                url_name="people:people",
                phone=True,
            )
        )
        day_cards.add(
            DayCard(
                name="people.record_checks",
                order=60,
                permission=RECORD_CHECK,
                query=record_check_card,
                template="people/cards/record_checks.html",
            )
        )
        day_cards.add(
            DayCard(
                name="people.duplicates",
                order=70,
                permission=MERGE,
                query=duplicates_card,
                template="people/cards/duplicates.html",
                aside=True,
            )
        )
        search_sources.add(
            SearchSource(
                name="people.people",
                order=20,
                permission=SEE_PERSON,
                label=_("People"),
                query=people_found,
            )
        )
        panels.add(
            Panel(
                page="organisations:carrier",
                name="people.rules",
                order=20,
                permission=SET_RULES,
                query=rules_panel,
                template="people/_rules_panel.html",
            )
        )
        kinds.add(MENTORS)
        kinds.add(MENTEES)
