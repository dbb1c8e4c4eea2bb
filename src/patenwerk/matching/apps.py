from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "patenwerk.matching"
    label = "matching"
    verbose_name = _("Matching")

    def ready(self) -> None:
        from patenwerk.core.registrations import (
            DayCard,
            NavigationItem,
            Panel,
            day_cards,
            navigation,
            panels,
        )
        from patenwerk.matching.domain.decision import never_together
        from patenwerk.matching.domain.merging import MatchingMover
        from patenwerk.matching.domain.programme_round import withdraw_without_consent
        from patenwerk.matching.policy import DECIDE, SEE_MATCHING, SEE_PROGRAMME_ROUNDS
        from patenwerk.matching.queries.cards import person_panel, propose_panel, waiting_card
        from patenwerk.people.domain.consent import add_withdrawal_follower
        from patenwerk.people.domain.merging import add_mover
        from patenwerk.tandems.domain.tandem import add_pair_guard

        add_pair_guard(never_together)
        add_withdrawal_follower(withdraw_without_consent)
        add_mover(MatchingMover())
        navigation.add(
            NavigationItem(
                name="matching.home",
                order=30,
                permission=SEE_MATCHING,
                label=_("Matching"),
                icon="handshake",
                url_name="matching:home",
                phone=True,
            )
        )
        navigation.add(
            NavigationItem(
                name="matching.programme_rounds",
                order=35,
                permission=SEE_PROGRAMME_ROUNDS,
                label=_("Matching"),
                icon="handshake",
                url_name="matching:programme_rounds",
            )
        )
        day_cards.add(
            DayCard(
                name="matching.waiting",
                order=30,
                permission=SEE_MATCHING,
                query=waiting_card,
                template="matching/_waiting_card.html",
            )
        )
        panels.add(
            Panel(
                page="people:person",
                name="matching.partners",
                order=20,
                permission=SEE_MATCHING,
                query=person_panel,
                template="matching/_person_panel.html",
            )
        )
        panels.add(
            Panel(
                page="tandems:propose",
                name="matching.elsewhere",
                order=20,
                permission=DECIDE,
                query=propose_panel,
                template="matching/_propose_panel.html",
            )
        )
