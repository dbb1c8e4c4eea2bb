from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TandemsConfig(AppConfig):
    name = "patenwerk.tandems"
    label = "tandems"

    def ready(self) -> None:
        from patenwerk.core.registrations import (
            DayCard,
            NavigationItem,
            Panel,
            day_cards,
            navigation,
            panels,
        )
        from patenwerk.imports.domain.kinds import kinds
        from patenwerk.people.domain.merging import add_mover
        from patenwerk.people.domain.person import add_archiving_guard
        from patenwerk.people.queries.activity import add_activity_source
        from patenwerk.tandems.domain.archive import NO_OPEN_TANDEM
        from patenwerk.tandems.domain.closing_list import CLOSINGS
        from patenwerk.tandems.domain.meeting_list import MEETINGS
        from patenwerk.tandems.domain.member_list import MEMBERS
        from patenwerk.tandems.domain.merging import TandemMover
        from patenwerk.tandems.domain.tandem_list import TANDEMS
        from patenwerk.tandems.policy import MOVE_TANDEM, SEE_TANDEM
        from patenwerk.tandems.queries import cards
        from patenwerk.tandems.queries.tandem import activity_of, in_an_open_tandem

        navigation.add(
            NavigationItem(
                name="tandems.list",
                order=20,
                permission=SEE_TANDEM,
                label=_("Tandems"),
                icon="users",
                url_name="tandems:list",
                phone=True,
            )
        )
        for name, order, query, template, aside in (
            ("tandems.silent", 10, cards.silent_card, "tandems/_silent_card.html", False),
            ("tandems.consents", 15, cards.consent_card, "tandems/_consent_card.html", False),
            ("tandems.proposals", 20, cards.proposal_card, "tandems/_proposal_card.html", False),
            ("tandems.flock", 10, cards.flock_card, "tandems/_flock_card.html", True),
        ):
            permission = SEE_TANDEM if aside else MOVE_TANDEM
            day_cards.add(DayCard(name, order, permission, query, template, aside))
        panels.add(
            Panel(
                "people:person",
                "tandems.of_person",
                10,
                SEE_TANDEM,
                cards.person_panel,
                "tandems/_person_panel.html",
            )
        )
        panels.add(
            Panel(
                "people:people",
                "tandems.of_people",
                10,
                SEE_TANDEM,
                cards.list_panel,
                "tandems/_list_panel.html",
            )
        )
        for kind in (TANDEMS, MEMBERS, MEETINGS, CLOSINGS):
            kinds.add(kind)
        add_archiving_guard(NO_OPEN_TANDEM)
        add_mover(TandemMover())
        add_activity_source(activity_of, running=in_an_open_tandem)
