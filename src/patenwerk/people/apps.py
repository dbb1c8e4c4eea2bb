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
        from patenwerk.people.domain.consent import add_withdrawal_follower
        from patenwerk.people.domain.importing import MENTEES, MENTORS
        from patenwerk.people.domain.move import no_open_move, withdraw_without_consent
        from patenwerk.people.domain.person import add_archiving_guard
        from patenwerk.people.policy import MERGE, MOVE, RECORD_CHECK, SEE_PERSON, SET_RULES
        from patenwerk.people.queries.cards import (
            duplicates_card,
            moves_card,
            record_check_card,
            rules_panel,
        )
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
        day_cards.add(
            DayCard(
                name="people.moves",
                order=25,
                permission=MOVE,
                query=moves_card,
                template="people/cards/moves.html",
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
        add_archiving_guard(no_open_move)
        add_withdrawal_follower(withdraw_without_consent)
        kinds.add(MENTORS)
        kinds.add(MENTEES)
