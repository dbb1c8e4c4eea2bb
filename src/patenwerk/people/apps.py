from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "patenwerk.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from functools import partial

        from patenwerk.core.registrations import (
            DayCard,
            NavigationItem,
            Panel,
            RowAction,
            SearchSource,
            day_cards,
            navigation,
            panels,
            row_actions,
            search_sources,
        )
        from patenwerk.imports.domain.kinds import kinds
        from patenwerk.people.domain.batch import begin
        from patenwerk.people.domain.importing import MENTEES, MENTORS
        from patenwerk.people.enums import BatchKind
        from patenwerk.people.policy import (
            EDIT_PERSON,
            MERGE,
            RECORD_CHECK,
            SEE_PERSON,
            SET_RULES,
        )
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
        for kind, order, label, icon in (
            (BatchKind.CHANGE, 40, _("Change"), "pencil"),
            (BatchKind.ARCHIVE, 50, _("Archive"), "archive"),
            (BatchKind.RESTORE, 60, _("Bring back"), "archive-restore"),
        ):
            row_actions.add(
                RowAction(
                    page="people:people",
                    name=f"people.{kind}",
                    order=order,
                    permission=EDIT_PERSON,
                    label=label,
                    icon=icon,
                    start=partial(begin, kind),
                )
            )
        kinds.add(MENTORS)
        kinds.add(MENTEES)
